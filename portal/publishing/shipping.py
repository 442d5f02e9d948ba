"""Content that comes with the software: reading its files, and loading it without touching what people edited.

The loader remembers a digest of every row that it wrote. A row that no longer matches its
digest was edited by staff, and one that is gone was removed by staff: both are left alone.
"""

import hashlib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import models

from . import actions
from .models import Edition, Page, ShippedRow, Source
from .prose import ProseField, from_markdown


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
        """The source that ``entry`` describes: title, url, official, read (a date), read_as."""
        fresh = Source(
            title=entry["title"][:300],
            url=entry.get("url", ""),
            official=entry.get("official", False),
            read_on=entry.get("read"),
            read_as=entry.get("read_as", "")[:400],
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
            self._remember(key, row, "")
        return row

    def row(
        self, fresh: Any, key: str, *, natural: tuple[str, ...] = ("slug",), many: dict[str, list[Any]] | None = None
    ) -> Any:
        """Create or update the row that is shipped under ``key``.

        ``natural`` names the fields that tell a row which staff made by themselves. Returns
        the row that stands now, or None when staff removed it. Its ``shipped_as`` is the last part of the key:
        the name in the files, whatever staff call the row since.
        """
        found = self._row(fresh, key, natural, many or {})
        if found is not None:
            found.shipped_as = key.partition(":")[2]
        return found

    def _row(self, fresh: Any, key: str, natural: tuple[str, ...], many: dict[str, list[Any]]) -> Any:
        if key not in self._ledger:
            if (theirs := self._alike(fresh, natural, many)) is not None:
                self.counts["made by staff, left alone"] += 1
                return theirs
            fresh.save()
            self._set_many(fresh, many)
            self._remember(key, fresh, digest(fresh, many))
            self.counts["new"] += 1
            return fresh
        found = self._shipped(fresh, key, many)
        if found is None:
            self.counts["removed by staff, left alone"] += 1
            return None
        known, wanted = self._ledger[key].digest, digest(fresh, many)
        if known == wanted:
            self.counts["unchanged"] += 1
        elif known != digest(found, {name: list(getattr(found, name).all()) for name in many}):
            self.counts["edited by staff, left alone"] += 1
        else:
            for field in shipped_fields(fresh):
                setattr(found, field.attname, getattr(fresh, field.attname))
            found.save()
            self._set_many(found, many)
            self._remember(key, found, wanted)
            self.counts["updated"] += 1
        return found

    def shipped(self, model: type[Page]) -> dict[str, Any]:
        """Pages by their names in the files, those that staff made by their slugs."""
        prefix = f"{model._meta.label_lower}:"
        rows = model._default_manager.in_bulk()
        shipped = {key.removeprefix(prefix): e.row for key, e in self._ledger.items() if key.startswith(prefix)}
        return {row.slug: row for row in rows.values()} | {slug: rows[pk] for slug, pk in shipped.items() if pk in rows}

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

    def text(self, page: Page, parts: dict[str, str | list[str]], sources: list[dict[str, Any]]) -> None:
        """Publish the shipped wording of a page, unless it stands already or somebody here wrote on the page.

        A part that is a list is stored one item a line.
        """
        model: type[Edition] = page.editions.model

        def stored(name: str, value: str | list[str]) -> str:
            if isinstance(value, list):
                return "\n".join(value)
            is_rich = isinstance(model._meta.get_field(name), ProseField)
            return from_markdown(value) if is_rich else " ".join(value.split())

        text = {name: stored(name, value) for name, value in parts.items()}
        key = f"{model._meta.label_lower}:{page.shipped_as}"
        wanted = hashlib.sha256(json.dumps([text, sources], sort_keys=True, default=str).encode()).hexdigest()
        if key in self._ledger and self._ledger[key].digest == wanted:
            self.counts["text unchanged"] += 1
        elif edition := actions.ship(page, text=text, sources=[self.source(s) for s in sources]):
            self._remember(key, edition, wanted)
            self.counts["text published"] += 1
        else:
            self.counts["text edited by staff, left alone"] += 1

    @staticmethod
    def _set_many(row: models.Model, many: dict[str, list[models.Model]]) -> None:
        for name, rows in many.items():
            getattr(row, name).set(rows)

    def _remember(self, key: str, row: Any, value: str) -> None:
        self._ledger[key] = ShippedRow(key=key, row=row.pk, digest=value)
        self._ledger[key].save()


#: Fields that say who touched a row and when; they are not part of what was shipped.
STAMPS = {"recorded_at", "confirmed_at"}


def shipped_fields(row: models.Model) -> list[models.Field]:
    return [f for f in row._meta.concrete_fields if not f.primary_key and f.name not in STAMPS]


def digest(row: models.Model, many: dict[str, list[models.Model]]) -> str:
    values = {f.attname: str(getattr(row, f.attname)) for f in shipped_fields(row)}
    values["confirmed"] = str(bool(getattr(row, "confirmed_at", None)))
    values |= {name: str(sorted(other.pk for other in rows)) for name, rows in many.items()}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
