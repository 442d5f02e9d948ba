"""Decisions in a list by time: ``{% decision_rows fold.rows day_query today %}``, each written in one go."""

import datetime
from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from portal.publishing.templatetags.publishing import address_of, day, listed
from therapies.decisions import Decision
from therapies.models import ApprovalEvent
from therapies.timeline import HistoryStep

from .life_lines import life_line

register = template.Library()


@register.simple_tag
def decision_rows(rows: Iterable[Decision], day_query: str, today: datetime.date) -> SafeString:
    """``day_query`` keeps a past day in addresses."""
    past = escape(day_query)
    return mark_safe("".join(_row(row, past, today) for row in rows))  # noqa: S308 - each part is escaped


def _row(row: Decision, past: str, today: datetime.date) -> str:
    step, event = row.step, row.step.event
    change = f'\n<p class="tags">{escape(capfirst(step.change))}</p>' if step.change else ""
    partners = f", together with {escape(listed(step.terms.partners))}" if step.terms.partners else ""
    return f"""
<li class="use{" off" if event.is_end else ""}" id="e{event.pk}"><div>
<p class="setting">{_whose(event, past)}</p>
<p class="tags">{escape(step.terms.headline)}{partners}</p>{change}</div><div>{life_line(row.use, today)}
<p class="when">{_when(step)}{grounds(event, today)}</p></div></li>"""


def _whose(event: ApprovalEvent, past: str) -> str:
    therapy, cancer = event.indication.therapy, event.indication.cancer
    name = escape(capfirst(therapy.name))
    return f"""<a href="{address_of(therapy.slug, "therapies:detail")}{past}"><strong>{name}</strong></a> ·
<a href="{address_of(cancer.slug, "therapies:cancer")}{past}">{escape(cancer.name)}</a>"""


def _when(step: HistoryStep) -> str:
    source, dated = step.event.source, day(step.event.date, step.event.precision)
    if source.url:
        return f'<a href="{escape(source.url)}">{step.word} {dated}</a>'
    return f"{step.word}\n{dated}"


def grounds(event: ApprovalEvent, today: datetime.date) -> str:
    """What a reader should know of a decision beside its day: who tells it, who checked it, whether it is new."""
    told = ""
    if not event.source.official:
        several = f"{event.sources} sources" if event.sources > 1 else "source"  # type: ignore[attr-defined]
        told = f" ({several} outside FDA)"
    if event.alone:  # type: ignore[attr-defined]
        told += " (confirmed by the person who entered it)"
    if event.is_new_on(today):
        told += ' <span class="badge new">new</span>'
    return told
