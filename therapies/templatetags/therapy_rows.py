"""The rows of the catalogue: ``{% therapy_rows rows day_query %}``. It has a hundred, so each is written in one go."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from portal.publishing.templatetags.publishing import address_of
from therapies.catalogue.record import TherapyRow

register = template.Library()
NEW = ' <em class="badge new">new decision</em>'


@register.simple_tag
def therapy_rows(rows: Iterable[TherapyRow], day_query: str) -> SafeString:
    """``day_query`` keeps a past day in addresses."""
    past = escape(day_query)
    return mark_safe("".join(_row(row, past) for row in rows))  # noqa: S308 - each part is escaped


def _row(row: TherapyRow, past: str) -> str:
    link = f'<a href="{address_of(row.slug, "therapies:detail")}{past}">{escape(capfirst(row.name))}</a>'
    brands = f" <span>{escape(', '.join(row.brands))}</span>" if row.brands else ""
    head = f"<h3>{link}{brands}{NEW if row.is_new else ''}</h3>"
    return f'<li class="row"><div>{head}<p>{row.summary}</p></div>{row.line}</li>\n'
