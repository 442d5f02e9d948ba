"""Content that comes with the software: reading its files, and loading it without touching what people edited.

The loader remembers the values of every row that it wrote, by field. A row that holds something else in one of these
fields was edited by staff, and one that is gone was removed by staff: both are left alone. Fields that the software
gained since are not among them, so they freeze nothing.
"""

import datetime
import hashlib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import models

from . import actions, values
from .models import Change, Fact, Page, ShippedRow, Source
from .prose import from_markdown


class ContentError(Exception):
    """A shipped file is not as it should be; the message names the file."""


def read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path}: {error}") from None


def read_text(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """A Markdown file as its front matter and its parts by heading, still as Markdown."""
    match = re.fullmatch(r"\+\+\+\n(.*?)\n\+\+\+\n(.*)", path.read_text(), re.S)
    if not match:
        raise ContentError(f"{path} does not begin with TOML front matter between +++ lines.")
    try:
        front = tomllib.loads(match[1])
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path}: {error}") from None
    pieces = re.split(r"^## (.+)$", match[2], flags=re.M)
    return front, {head.strip(): body.strip() for head, body in zip(pieces[1::2], pieces[2::2], strict=True)}


class Loader:
    """Writes shipped rows. ``counts`` says afterwards what happened, by outcome."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._ledger = {s.key: s for s in ShippedRow.objects.all()}
        self._tables: dict[type[models.Model], dict[int, models.Model]] = {}

    def source(self, entry: dict[str, Any]) -> Source:
        """The source that ``entry`` describes: title, kind, url, official, read (a date), read_as."""
        fresh = Source(
            title=entry["title"][:300],
            url=entry.get("url", ""),
            official=entry.get("official", False),
            read_on=entry.get("read"),
            read_as=entry.get("read_as", "")[:400],
            kind=Source.Kind(entry.get("kind", "other")),
        )
        name = hashlib.sha256(f"{fresh.title}\n{fresh.url}\n{fresh.read_as}".encode()).hexdigest()
        return self.once(fresh, f"publishing.source:{name}", natural=("title", "url", "read_as"))

    def once(self, fresh: Any, key: str, *, natural: tuple[str, ...]) -> Any:
        """The row that was made from ``fresh`` when it first came; from then on it belongs to staff."""
        row = self._shipped(fresh, key) or self._alike(fresh, natural)
        if row is None:
            fresh.save()
            row = fresh
            self._table(type(fresh), ())[fresh.pk] = fresh
        if key not in self._ledger:
            self._remember(key, row, {})
        return row

    def row(
        self, fresh: Any, key: str, *, natural: tuple[str, ...] = ("slug",), many: dict[str, list[Any]] | None = None
    ) -> Any:
        """Create or update the row that is shipped under ``key``.

        ``natural`` names the fields that tell a row which staff made by themselves. Returns the row as it is now,
        or None when staff removed it.
        """
        if isinstance(fresh, Page):
            fresh.shipped_as = key.partition(":")[2]
        several = many or {}
        if key not in self._ledger:
            if (theirs := self._alike(fresh, natural, several)) is not None:
                self.counts["made by staff, left alone"] += 1
                return theirs
            fresh.save()
            self._set_many(fresh, several)
            self._remember(key, fresh, shipped_values(fresh, several))
            self.counts["new"] += 1
            return fresh
        found = self._shipped(fresh, key, several)
        if found is None:
            self.counts["removed by staff, left alone"] += 1
            return None
        known, wanted = self._ledger[key].values, shipped_values(fresh, several)
        now = shipped_values(found, {name: list(getattr(found, name).all()) for name in several})
        if wanted.items() <= known.items():
            self.counts["unchanged"] += 1
        elif known.items() <= now.items():
            for name in wanted.keys() - several.keys():
                setattr(found, name, getattr(fresh, name))
            found.save()
            self._set_many(found, several)
            self._remember(key, found, wanted)
            self.counts["updated"] += 1
        else:
            self.counts["edited by staff, left alone"] += 1
        return found

    def fact(self, fresh: Fact, key: str, *, natural: tuple[str, ...], doubt: str = "", settles: str = "") -> Any:
        """Create or update a fact; one that carries a ``doubt`` waits as a change until a person settles it."""
        pending = self._change(key)
        if not doubt:
            if pending is not None and pending.is_rejected:
                self.counts["rejected by staff, left alone"] += 1
                return None
            if pending is not None and pending.is_pending:
                pending.delete()
                del self._ledger[f"change:{key}"]
                ShippedRow.objects.filter(key=f"change:{key}").delete()
            return self.row(fresh, key, natural=natural)
        if pending is not None or key in self._ledger or self._alike(fresh, natural) is not None:
            self.counts["unchanged"] += 1
            return None
        given = {name: getattr(fresh, name) for name in values.kept_names(type(fresh)) if name != "source"}
        told: dict[str, Any] = {"doubt": doubt, "settles": settles}
        if fresh.source_id:
            given["source"] = told["source"] = fresh.source
        change = actions.propose_new(type(fresh), given, by=None, **told)
        self._remember(f"change:{key}", change, {})
        self.counts["pending"] += 1
        return None

    def _change(self, key: str) -> Change | None:
        entry = self._ledger.get(f"change:{key}")
        return self._table(Change, ()).get(entry.row) if entry else None

    def shipped(self, model: type[Page]) -> dict[str, Any]:
        """Pages by their names in the files, those that staff made by their slugs."""
        rows = list(model._default_manager.all())
        return {row.slug: row for row in rows} | {row.shipped_as: row for row in rows if row.shipped_as}

    def _table(self, model: type[models.Model], many: Iterable[str]) -> dict[int, Any]:
        """All rows of a model as they were before loading, read once."""
        if model not in self._tables:
            rows = model._default_manager.prefetch_related(*many)
            self._tables[model] = {row.pk: row for row in rows}
        return self._tables[model]

    def _shipped(self, fresh: Any, key: str, many: Iterable[str] = ()) -> Any:
        entry = self._ledger.get(key)
        return self._table(type(fresh), many).get(entry.row) if entry else None

    def _alike(self, fresh: Any, natural: tuple[str, ...], many: Iterable[str] = ()) -> Any:
        wanted = [getattr(fresh, name) for name in natural]
        rows = self._table(type(fresh), many).values()
        return next((row for row in rows if [getattr(row, name) for name in natural] == wanted), None)

    def text(
        self,
        page: Page,
        parts: Mapping[str, str | list[str]],
        sources: list[dict[str, Any]],
        written: datetime.date | None = None,
    ) -> None:
        """Publish the shipped wording of a page, unless it is there already or somebody here wrote on the page.

        A part that is a list is stored one item a line. ``written`` is the day on which the text was written.
        """
        rich = {part.name for part in page.parts if part.is_rich}

        def stored(name: str, value: str | list[str]) -> str:
            if isinstance(value, list):
                return "\n".join(value)
            return from_markdown(value) if name in rich else " ".join(value.split())

        text = {name: stored(name, value) for name, value in parts.items()}
        key = f"text:{page.page_kind}:{page.shipped_as}"
        wanted = hashlib.sha256(json.dumps([text, sources], sort_keys=True, default=str).encode()).hexdigest()
        if key in self._ledger and self._ledger[key].values == {"digest": wanted}:
            self.counts["text unchanged"] += 1
        elif edition := actions.ship(page, text=text, sources=[self.source(s) for s in sources], written_on=written):
            self._remember(key, edition, {"digest": wanted})
            self.counts["text published"] += 1
        else:
            self.counts["text edited by staff, left alone"] += 1

    @staticmethod
    def _set_many(row: models.Model, many: dict[str, list[models.Model]]) -> None:
        for name, rows in many.items():
            getattr(row, name).set(rows)

    def _remember(self, key: str, row: Any, shipped: dict[str, Any]) -> None:
        self._ledger[key] = ShippedRow(key=key, row=row.pk, values=shipped)
        self._ledger[key].save()


#: Columns that say who did what and when, or what follows from other columns.
NOT_SHIPPED = {"id", "page_ptr", "page_kind", "confirmed_at", "change", "because", "shipped_as"}


def shipped_values(row: models.Model, many: dict[str, list[models.Model]]) -> dict[str, Any]:
    """What was shipped, by field, as plain data."""
    fields = [field for field in row._meta.concrete_fields if field.name not in NOT_SHIPPED]
    found = {field.name: values.to_plain(getattr(row, field.attname)) for field in fields}
    return found | {name: sorted(other.pk for other in rows) for name, rows in many.items()}
