"""What this portal corrected in a row that readers see: old and new, from changes that a second person confirmed."""

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple

from . import values
from .models import Change, Governed, Page, PageQuerySet
from .models.sources import Source


class Correction(NamedTuple):
    """One field of one change. Who asked for it, and why, stays among staff."""

    day: datetime.datetime
    what: str
    old: str
    new: str


def of(row: Governed, names: Iterable[str]) -> list[Correction]:
    """The newest first. One query where there are none."""
    shown = set(names)
    confirmed = Change.objects.of(row).filter(verb=Change.Verb.CHANGE, confirmed_at__isnull=False)
    return [
        Correction(change.confirmed_at, values.label(type(row), name), old, new)
        for change in confirmed.order_by("-confirmed_at", "-pk")
        for name in change.after
        if name in shown
        and change.before.get(name) != change.after[name]
        and (old := _said(row, name, change.before.get(name))) != (new := _said(row, name, change.after[name]))
    ]


def removed_on(model: type[Governed], short_id: str) -> datetime.datetime | None:
    """When a fact that readers had was taken away, if two people took it away and nobody put it back."""
    gone = Change.objects.to(model).filter(verb=Change.Verb.REMOVE, confirmed_at__isnull=False)
    return (
        gone.filter(before__short_id=short_id).order_by("-confirmed_at").values_list("confirmed_at", flat=True).first()
    )


def _said(row: Governed, name: str, value: Any) -> str:
    """A value as readers may see it: of other pages only those that are public."""
    model: Any = row._meta.get_field(name).related_model
    if model is None or issubclass(model, Source):
        return values.in_words(type(row), name, value)
    keys = value if isinstance(value, list) else [value]
    pages: PageQuerySet = model._default_manager.published() if issubclass(model, Page) else model.objects.none()
    return ", ".join(sorted(str(page) for page in pages.filter(pk__in=[key for key in keys if isinstance(key, int)])))
