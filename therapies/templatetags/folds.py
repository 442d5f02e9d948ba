"""Uses under their cancers, each of which opens by itself: ``{% folds groups %}``, for a drug with many cancers.

Each is written in one go, as the uses in it are.
"""

import datetime
from collections.abc import Iterable
from html import escape

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from portal.publishing.templatetags.publishing import address_of
from therapies.models import Cancer
from therapies.names_in_sentences import within
from therapies.timeline import Use

from .uses import written

register = template.Library()


@register.simple_tag
def folds(groups: Iterable[tuple[Cancer, list[Use]]]) -> SafeString:
    """The address of a cancer leads to the list inside, which opens the fold."""
    today = timezone.localdate()
    return mark_safe("".join(_fold(cancer, rows, today) for cancer, rows in groups))  # noqa: S308 - each part is escaped


def _fold(cancer: Cancer, rows: list[Use], today: datetime.date) -> str:
    role, number = (' role="none"', "1 use") if len(rows) == 1 else ("", f"{len(rows)} uses")
    all_for = f"All immunotherapies for {escape(within(cancer.name))}"
    return f"""<details class="fold of-cancer prints"><summary><h3>{escape(cancer.name)}</h3>
<span class="badge"><span class="visually-hidden">: </span>{number}</span></summary>
<ul id="for-{cancer.slug}"{role}>{written(rows, today)}</ul>
<p class="on-screen"><a class="more" href="{address_of(cancer.slug, "therapies:cancer")}">{all_for}</a></p></details>
"""
