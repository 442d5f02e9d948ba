"""Where the dates and facts of a page come from: ``{% fact_sources rows %}``, those too that are not on the web.

A page has dozens, so each is written in one go, as its uses are.
"""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from portal.publishing.models import Source
from portal.publishing.templatetags.publishing import day

register = template.Library()
ALONE = " A fact from this source was confirmed by the person\nwho entered it."


@register.simple_tag
def fact_sources(sources: Iterable[Source]) -> SafeString:
    return mark_safe("".join(map(_row, sources)))  # noqa: S308 - each part is escaped


def _row(source: Any) -> str:
    """A source that may be ``alone``, as ``reading.sources`` has them."""
    title = escape(source.title)
    link = f'<a href="{escape(source.url)}">{title}</a>' if source.url else title
    read_on = f", {day(source.read_on)}" if source.read_on else ""
    read = f" Read from:\n{escape(source.read_as)}{read_on}." if source.read_as else ""
    badge = "official" if source.official else "secondary"
    alone = ALONE if getattr(source, "alone", False) else ""
    return f'\n<li>{link}\n<span class="badge">{badge}</span>{read}{alone}</li>'
