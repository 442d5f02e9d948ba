"""What the terms mean that a page links to: ``{% meanings met.values figures %}``.

The home page has dozens, so each is written in one go: a template takes eight times as long.
"""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from portal.pages.glossary import Entry
from portal.publishing.prose import Figures
from portal.publishing.templatetags.publishing import short

register = template.Library()


@register.simple_tag
def meanings(terms: Iterable[Entry], figures: Figures) -> SafeString:
    """Each is opened by the mark beside its word."""
    return mark_safe("".join(_meaning(term, figures) for term in terms))  # noqa: S308 - each part is escaped


def _meaning(term: Entry, figures: Figures) -> str:
    here, name = f"term-{escape(term.slug)}", escape(term.name)
    say = f'<p class="say">Say <b>{escape(term.say)}</b></p>' if term.say else ""
    more = f'<a href="{escape(term.address)}">More<span class="visually-hidden"> about “{name}”</span></a>'
    close = f'<button type="button" popovertarget="{here}" popovertargetaction="hide">Close</button>'
    return f"""
<dialog class="meaning" id="{here}" popover aria-labelledby="{here}-name">
<p id="{here}-name" tabindex="-1" autofocus><strong>{capfirst(name)}</strong></p>
{say}
<p>{short(term.in_short, figures)}</p>
<p class="inline">{more} {close}</p>
</dialog>"""
