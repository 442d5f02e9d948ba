"""Template tags that every page uses."""

import datetime
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from portal.publishing import citations, links, tables
from portal.publishing import prose as prose_module
from portal.publishing.feed_formats import FORMATS
from portal.publishing.references import Reference

register = template.Library()


@register.filter
def prose(html: str, figures: prose_module.Figures) -> SafeString:
    """A rich text with its figures and links to terms: ``{{ edition.about|prose:figures }}``. It is one section."""
    return prose_module.render(html, figures, linked=True)


@register.filter
def short(text: str, figures: prose_module.Figures) -> SafeString:
    """A text without markup, with its figures."""
    return prose_module.render(escape(text), figures)


#: Any text without markup, dates included, for titles and descriptions.
register.filter("plain", prose_module.plain)


@register.filter(expects_localtime=True)
@lru_cache(maxsize=4096)
def day(value: datetime.date, precision: str = "day") -> SafeString | str:
    """A date as a ``<time>``: “May 15, 2026”; “May 2026” where only the month is known; “by May 2026” where it had
    come by then.
    """
    if not value:
        return ""
    if precision != "day":
        by = "by " if precision == "by" else ""
        return format_html('{}<time datetime="{}">{}</time>', by, f"{value:%Y-%m}", formats.date_format(value, "F Y"))
    return format_html('<time datetime="{}">{}</time>', f"{value:%Y-%m-%d}", formats.date_format(value))


@register.filter
@lru_cache(maxsize=4096)
def address_of(name: str, view: str) -> str:
    """The address of a page by its name there, for rows of which a page has many: ``{% url %}`` works each out anew."""
    return reverse(view, args=[name])


@register.filter
def at_most(value: datetime.date | None, latest: datetime.date | None) -> datetime.date | None:
    """A day, or the latest one that it may be."""
    return min(value, latest) if value and latest else value


@register.simple_tag
def options(pages: Iterable[Reference]) -> SafeString:
    """Pages to choose from in a ``<select>``."""
    told = (f'<option value="{page.slug}">{escape(page.name)}</option>' for page in pages)
    return mark_safe("".join(told))  # noqa: S308 - each part is escaped


@register.simple_tag
def feeds(address: str, *args: str) -> list[tuple[str, str, str]]:
    """What each format of a feed is called, its type, and where it is, by the name of the feed's address."""
    return [
        (kind.called, kind.content_type.partition(";")[0], reverse(address, args=[*args, form]))
        for form, kind in FORMATS.items()
    ]


@register.simple_block_tag
def stacks(content: SafeString) -> SafeString:
    """A table whose rows stack on a phone: ``{% stacks %}<table>…</table>{% endstacks %}``."""
    return format_html('<div class="stacks">{}</div>', SafeString(tables.stacked(content)))


@register.simple_block_tag
def signposted(content: SafeString) -> SafeString:
    """A page on which each link to another site bears a sign and says so: nobody has to remember it."""
    return SafeString(links.signposted(content, urlsplit(settings.SITE_ADDRESS).netloc))


@register.simple_tag
def site_address(safe: str | None = None) -> str:
    """Where the portal stands, whatever host a request names; with ``""``, as part of another address."""
    return settings.SITE_ADDRESS if safe is None else quote(settings.SITE_ADDRESS, safe)


@register.filter
def startswith(text: str, beginning: str) -> bool:
    return text.startswith(beginning)


@register.filter
def semicolons(text: str) -> list[str]:
    """A fact that lists several things, as a list."""
    return [part.strip() for part in re.split(r";\s*", text) if part.strip()]


@register.filter
def listed(names: Sequence[str]) -> str:
    """Names as people write them: “A and B”, “A, B, and C”; “A, plus B or C” where one of them is a choice itself."""
    if len(names) > 1 and any(re.search(", | and | or ", name) for name in names):
        return ", plus ".join(names)
    *others, last = names
    return f"{', '.join(others)}{',' if others[1:] else ''} and {last}" if others else last


@register.simple_tag(takes_context=True)
def again(context: Context, block: str) -> SafeString:
    """A block of the page once more: Django's ``partial`` would show what the base template has in it."""
    page: Any = context.render_context
    told = page.setdefault("told again", {})
    if block not in told:
        found = page[BLOCK_CONTEXT_KEY].get_block(block)
        told[block] = found.render(context) if found else SafeString("")
    return told[block]


@register.simple_tag(takes_context=True)
def cited(
    context: Context, title: str, day: datetime.date | None, as_of: datetime.date | None
) -> list[tuple[str, SafeString]]:
    """The page in each style of citation, on the day of the visit."""
    page = _citation(context, title, day, f"{context['request'].path}{context.get('list_query', '')}", as_of)
    return [(style.name, SafeString(style.write(page))) for style in citations.STYLES]


@register.simple_tag(takes_context=True)
def citation_file(context: Context, title: str, path: str, ending: str) -> SafeString:
    """A fact for a reference manager. What programs read is no HTML, so nothing in it is escaped."""
    written = {one.ending: one.write for one in citations.FILES}[ending]
    return mark_safe(written(_citation(context, title, context["frame"].site.facts_checked_to, path)))  # noqa: S308 - no page


def _citation(
    context: Context, title: str, day: datetime.date | None, path: str, as_of: datetime.date | None = None
) -> citations.Citation:
    address = f"{settings.SITE_ADDRESS}{path}"
    version = str(context.get("fact_version") or "")
    return citations.Citation(title, context["frame"].site.name, day, address, timezone.localdate(), as_of, version)
