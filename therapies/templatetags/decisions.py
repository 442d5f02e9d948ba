"""What lists tell of each decision."""

import datetime

from django import template
from django.utils.safestring import SafeString, mark_safe

from therapies.models import ApprovalEvent

register = template.Library()


@register.filter
def grounds(event: ApprovalEvent, today: datetime.date) -> SafeString:
    """What a reader should know of a decision beside its day: who tells it, who checked it, whether it is new."""
    told = ""
    if not event.source.official:
        several = f"{event.sources} sources" if event.sources > 1 else "source"  # type: ignore[attr-defined]
        told = f" ({several} outside FDA)"
    if event.alone:  # type: ignore[attr-defined]
        told += " (confirmed by the person who entered it)"
    if event.is_new_on(today):
        told += ' <span class="badge new">new</span>'
    return mark_safe(told)  # noqa: S308 - our words and a number
