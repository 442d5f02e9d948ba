"""Uses in a list: ``{% uses rows %}``, each with its life line and the same in words.

A page has dozens of them, so a row is written in one go: with its forty tags, a template takes five times as long.
"""

import datetime
from collections.abc import Iterable
from html import escape  # that of Django looks for words to translate first, hundreds of times a page
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from portal.publishing.templatetags.publishing import address_of, day, listed
from therapies.models import ApprovalEvent, Cancer
from therapies.timeline import HistoryStep, Use

from .decision_rows import grounds
from .life_lines import life_line

register = template.Library()


@register.simple_tag
def uses(rows: Iterable[Use], **options: Any) -> SafeString:
    return mark_safe(written(rows, timezone.localdate(), **options))  # noqa: S308 - each part is escaped


def written(
    rows: Iterable[Use],
    today: datetime.date,
    *,
    show_therapy: bool = False,
    show_cancer: bool = False,
    of: Cancer | None = None,
    past: str = "",
) -> str:
    """``of`` is the cancer on whose page they stand, where only others are named; ``past`` keeps the day of a past page
    in addresses.
    """
    past, told = escape(past), []
    for use in rows:
        treatment = f"{_treatment(use, past)}: " if show_therapy else ""
        named = show_cancer or (of is not None and _is_of_another(use, of))
        cancer = f"{escape(use.indication.cancer.name)}.\n" if named else ""
        unsold = "No longer sold for this use in the US. " if show_therapy and use.in_force and not use.is_sold else ""
        told.append(_row(use, treatment, f"{cancer}{unsold}{_conditions(use, past)}", today))
    return "".join(told)


def _is_of_another(use: Use, cancer: Cancer) -> bool:
    """Whether a use is for a cancer that neither the title of the page nor its own words name."""
    own = use.indication.cancer
    return own.pk != cancer.pk and own.name.lower() not in use.terms.headline.lower()


def _row(use: Use, treatment: str, conditions: str, today: datetime.date) -> str:
    number, terms, story = use.number, use.terms, use.story
    behind = "changes and sources" if any(step.change for step in story) else "sources"
    summary = f"In medical terms, with {behind}" if terms.plainly else capfirst(behind)
    setting = f"<p>{escape(terms.setting)}</p>\n" if terms.plainly else ""
    return f"""
<li class="use{"" if use.in_force else " off"}" id="use-{number}">
<div>
<p class="setting" id="u{number}">{treatment}{escape(terms.headline)}</p>
<p class="tags" id="t{number}">{conditions}</p>
<details class="terms"><summary id="s{number}" aria-labelledby="s{number} u{number} t{number}">{summary}</summary>
{setting}{_origins(story)}
{_doubts(story)}</details>
</div>
<div>
{life_line(use, today)}
<p class="when">{_when(story, today)}</p>
</div>
</li>
"""


def _treatment(use: Use, past: str) -> str:
    """Its drugs, each with its brands: “A with B, C and D”."""
    drugs: list[str] = []
    for one in (use, *use.twins):
        therapy = one.indication.therapy
        name = therapy.name if drugs else capfirst(therapy.name)
        link = _link(f"<strong>{escape(name)}</strong>", "detail", therapy.slug, past)
        drugs.append(f"{link}\n({escape(', '.join(one.brands))})" if one.brands else link)
    between = ["", " with ", *[",\n"] * (len(drugs) - 3), " and "]
    return "".join(f"{before}{drug}" for before, drug in zip(between, drugs, strict=False))


def _conditions(use: Use, past: str) -> str:
    """What goes with it: other drugs, tests, and whom it is for."""
    others, tests = use.others, [_link(escape(test.name), "biomarker", test.slug, past) for test in use.biomarkers]
    told = f"Together with {escape(listed(others))}. " if others else ""
    told += f"Needs a test:\n{', '.join(tests)}.\n" if tests else ""
    told += "Children’s use included. " if use.terms.children else ""
    return told + ("On the partner drug’s label.\n" if use.indication.partner_label and not use.twins else "")


def _link(words: str, view: str, slug: str, past: str) -> str:
    return f'<a href="{address_of(slug, f"therapies:{view}")}{past}">{words}</a>'


def _when(story: Iterable[HistoryStep], today: datetime.date) -> str:
    """The decisions on it in a row, oldest first."""
    return " · ".join(f"{word} {_day(event)}{grounds(event, today)}" for word, event, _, _ in story)


def _origins(story: Iterable[HistoryStep]) -> str:
    """A paragraph for each decision: a link to its own page, for whom it changed the use, and a link to its source."""
    told = []
    for word, event, _, change in story:
        source = f"<cite>{escape(event.source.title)}</cite>"
        if event.source.url:
            source = f'<a href="{escape(event.source.url)}">{source}</a>'
        changed = f"{escape(change)}<br>\n" if change else ""
        told.append(f"<p>{_link(f'{word} {_day(event)}', 'event', event.short_id, '')}:\n{changed}{source}</p>")
    return "\n".join(told)


def _doubts(story: Iterable[HistoryStep]) -> str:
    """Those for which another source gives another day."""
    others = ((event.other_day, event.why_ours) for _, event, _, _ in story if event.other_day)  # type: ignore[attr-defined]
    return "".join(f'<p class="tags">Another source gives {day(other)}. {escape(why)}</p>\n' for other, why in others)


def _day(event: ApprovalEvent) -> SafeString | str:
    return day(event.date, event.precision)
