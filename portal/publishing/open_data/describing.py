"""The Frictionless data package: every table with its columns, keys and what points where, and the license.

https://specs.frictionlessdata.io/: whatever reads such packages needs no word of ours.
"""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from .. import rooms
from ..addresses import absolute
from .declaring import LIST, DataField, Day
from .lists import AnyTable, with_lists

#: What the software and what came with it are under, as LICENSE says.
LICENSE_FILE = Path(settings.BASE_DIR) / "LICENSE"
LICENSE = {
    "name": "BSD-3-Clause",
    "title": "BSD 3-Clause License, copyright (c) 2026, the portal’s contributors",
    "path": "https://opensource.org/license/bsd-3-clause",
}
#: Raised when a table or a column gets another name or meaning.
FORMAT = 1


def column(field: DataField) -> dict[str, Any]:
    """A column in the words of Table Schema."""
    constraints: dict[str, Any] = {}
    if field.required:
        constraints["required"] = True
    if field.unique:
        constraints["unique"] = True
    if field.one_of:
        constraints["enum"] = list(field.one_of)
    told: dict[str, Any] = {"name": field.name, "type": "array" if field.kind == LIST else field.kind}
    told["description"] = " ".join(filter(None, [field.about, _said(field)]))
    if field.unit:
        told["unit"] = field.unit
    return told | ({"constraints": constraints} if constraints else {})


def _said(field: DataField) -> str:
    """What the values of a code mean."""
    if not field.one_of or all(value == words for value, words in field.one_of.items()):
        return ""
    return "; ".join(f"{value}: {words}" for value, words in field.one_of.items()) + "."


def schema(table: AnyTable, tables: Mapping[str, AnyTable]) -> dict[str, Any]:
    keys = [
        {"fields": [f.name], "reference": {"resource": "" if f.to == table.name else f.to, "fields": [_key(tables, f)]}}
        for f in table.columns
        if f.to and f.kind != LIST
    ]
    told: dict[str, Any] = {"fields": [column(field) for field in table.columns], "primaryKey": list(table.order)}
    return told | ({"foreignKeys": keys} if keys else {}) | {"missingValues": [""]}


def _key(tables: Mapping[str, AnyTable], field: DataField) -> str:
    (key,) = tables[field.to].order
    return key


def resource(table: AnyTable, tables: Mapping[str, AnyTable], path: str, **told: Any) -> dict[str, Any]:
    return {
        "name": table.name,
        "path": path,
        "profile": "tabular-data-resource",
        "title": table.title,
        "description": table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **told,
        "schema": schema(table, tables),
    }


def _checked(through: datetime.date | None) -> str:
    """Nobody takes the day of the data for the day of the newest decision that we looked for."""
    return f"FDA decisions were checked through {through.isoformat()}; later ones may be missing. " if through else ""


def package(on: Day, resources: list[dict[str, Any]], **told: Any) -> dict[str, Any]:
    day, checked = (on or timezone.localdate()).isoformat(), rooms.checked_through()
    return {
        "profile": "tabular-data-package",
        "name": "us-cancer-immunotherapy-approvals",
        "title": "Immunotherapies for cancer and what FDA approved them for",
        "description": "Every therapy, use and FDA decision that this site tells of, dated and sourced, "
        f"{'as of' if on else 'as it was on'} {day}. {_checked(checked)}It is education, not medical advice.",
        "homepage": absolute(reverse("data")),
        "version": day,
        "licenses": [LICENSE],
        "sources": [
            {"title": "Each fact names its source in the table “sources”", "path": absolute(reverse("data"))},
        ],
        "keywords": ["cancer", "immunotherapy", "FDA", "approval history"],
        "portal": {
            "format": FORMAT,
            "day": day,
            "is_past": on is not None,
            "checked_through": checked.isoformat() if checked else None,
            **told,
        },
        "resources": resources,
    }


def online(on: Day) -> dict[str, Any]:
    """The package whose files lie on this site."""
    tables, query = with_lists(on), f"?on={on.isoformat()}" if on else ""
    return package(
        on,
        [
            resource(table, tables, absolute(reverse("data-file", args=[name, "csv"])) + query)
            for name, table in tables.items()
        ],
    )
