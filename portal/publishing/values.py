"""Values of a row as plain data: how a change holds them, compares them, and says them to people.

A reference to a row that a pending change will add is ``{"change": <key of that change>}``.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import models
from django.utils.text import capfirst

from . import moments
from .models import Change, Fact

type Plain = Any  # what JSON can hold


def to_plain(value: Any) -> Plain:
    """A date as ISO, a row as its key, rows as a sorted list of keys; anything else as it is."""
    if isinstance(value, Change):
        return {"change": value.pk}
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, models.QuerySet)):
        return sorted((to_plain(one) for one in value), key=_place)
    return value


def _place(key: Plain) -> tuple[bool, Any]:
    """Keys stand as `of_row` sorts them, so that the same rows are no change. What waits for a proposal is last."""
    waits = isinstance(key, dict)
    return waits, key["change"] if waits else key


def of_row(row: models.Model, names: Iterable[str]) -> dict[str, Plain]:
    """The values that a stored row has now. One query for each many-to-many field."""
    found = {}
    for name in names:
        field: Any = row._meta.get_field(name)
        if field.many_to_many:
            keys = getattr(row, name).values_list("pk", flat=True) if row.pk else ()
            found[name] = sorted(keys)
        else:
            found[name] = to_plain(getattr(row, field.attname))
    return found


def resolved(value: Plain) -> Plain:
    """A key in the place of a reference. Raises LookupError while that row is not there."""
    if isinstance(value, list):
        return [resolved(one) for one in value]
    if isinstance(value, dict):
        row = Change.objects.filter(pk=value["change"]).values_list("row", flat=True).first()
        if row is None:
            raise LookupError(value["change"])
        return row
    return value


def written(row: models.Model, values: Mapping[str, Plain]) -> dict[str, list[Any]]:
    """Put plain values on a row in memory; answer those of many-to-many fields, which the caller stores."""
    several = {}
    for name, value in values.items():
        field: Any = row._meta.get_field(name)
        if field.many_to_many:
            several[name] = value
        else:
            column = field.target_field if field.is_relation else field
            setattr(row, field.attname, column.to_python(value))
    return several


def primary_key(sent: str) -> int:
    """A primary key as it was sent; 0 where it is none."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 18 else 0


def stored(change: Change) -> Any:
    """The row as it is; None before it is there, and once it is gone."""
    return change.governed._default_manager.filter(pk=change.row).first() if change.row else None


def imagined(change: Change) -> Any:
    """The row as it would be, in memory only: for names, and for rules that judge it beside others."""
    row = stored(change) or change.governed()
    for name, value in change.after.items():
        field: Any = row._meta.get_field(name)
        if isinstance(value, dict):
            setattr(row, name, imagined(Change.objects.get(pk=value["change"])))
        elif not field.many_to_many:
            written(row, {name: value})
    return row


#: Columns that follow from others, or that confirming sets.
STAMPS = {"page_ptr", "page_kind", "shipped_as", "confirmed_at", "change"}


def kept_names(model: type[models.Model]) -> list[str]:
    """The fields of a model that say something: not its key, and not the stamps that confirming sets."""
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    stamps = STAMPS | ({"because"} if issubclass(model, Fact) else set())
    return [field.name for field in fields if field.name not in stamps and not getattr(field, "primary_key", False)]


def label(model: type[models.Model], name: str) -> str:
    return str(capfirst(getattr(model._meta.get_field(name), "verbose_name", name)))


def in_words(model: type[models.Model], name: str, value: Plain) -> str:
    """A value as people read it; empty for none."""
    field: Any = model._meta.get_field(name)
    if value in (None, "", []):
        return ""
    if isinstance(value, dict):
        return Change.objects.get(pk=value["change"]).about
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.is_relation:
        keys = value if isinstance(value, list) else [value]
        rows = field.related_model._default_manager.in_bulk([key for key in keys if not isinstance(key, dict)])
        told = [
            in_words(model, name, key) if isinstance(key, dict) else str(rows.get(key, "a row that is gone"))
            for key in keys
        ]
        return ", ".join(sorted(told))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateField):
        return moments.day(field.to_python(value))
    return str(value)


def old_and_new(change: Change) -> Iterator[tuple[str, str, str]]:
    """Fields with their old and new values as people read them, rows by the names that they have now."""
    for name in {**change.before, **change.after}:
        old, new = (in_words(change.governed, name, held.get(name)) for held in (change.before, change.after))
        yield name, old, new


def differences(change: Change) -> str:
    """“Date: January 1, 2024 → February 1, 2024; Note: nothing → …”, for the audit trail."""
    return "; ".join(
        f"{label(change.governed, name)}: {old or 'nothing'} → {new or 'nothing'}"
        for name, old, new in old_and_new(change)
        if change.before.get(name) != change.after.get(name)
    )
