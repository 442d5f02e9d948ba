"""Content that comes with the software: reading its files, and loading it without touching what people edited.

The loader remembers a digest of every row that it wrote. A row that no longer matches its
digest was edited by staff, and one that is gone was removed by staff: both are left alone.
"""

import hashlib
import json
import re
import tomllib
from collections import Counter
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
        self._ledger = dict(ShippedRow.objects.values_list("key", "digest"))
        self._sources: dict[tuple[str, str, str], Source] = {
            (s.title, s.url, s.read_as): s for s in Source.objects.all()
        }

    def source(self, entry: dict[str, Any]) -> Source:
        """The source that ``entry`` describes: title, url, official, read (a date), read_as."""
        key = (entry["title"][:300], entry.get("url", ""), entry.get("read_as", "")[:400])
        if key not in self._sources:
            title, url, read_as = key
            self._sources[key] = Source.objects.create(
                title=title, url=url, read_as=read_as, official=entry.get("official", False), read_on=entry.get("read")
            )
        return self._sources[key]

    def row(
        self,
        found: models.Model | None,
        fresh: models.Model,
        key: str,
        many: dict[str, list[models.Model]] | None = None,
    ) -> Any:
        """Create or update one row; ``found`` is the row in the database, if any.

        Returns the row that stands now, or None when staff removed it.
        """
        many = many or {}
        wanted = digest(fresh, many)
        known = self._ledger.get(key)
        if found is None:
            if known:
                self.counts["removed by staff, left alone"] += 1
                return None
            fresh.save()
            self._set_many(fresh, many)
            self._remember(key, wanted)
            self.counts["new"] += 1
            return fresh
        if known == wanted:
            self.counts["unchanged"] += 1
            return found
        if known != digest(found, {name: list(getattr(found, name).all()) for name in many}):
            self.counts["edited by staff, left alone"] += 1
            return found
        for field in shipped_fields(fresh):
            setattr(found, field.attname, getattr(fresh, field.attname))
        found.save()
        self._set_many(found, many)
        self._remember(key, wanted)
        self.counts["updated"] += 1
        return found

    def text(self, page: Page, parts: dict[str, str], sources: list[dict[str, Any]]) -> None:
        """Publish the shipped wording of a page, unless it stands already or somebody here wrote on the page."""
        model: type[Edition] = page.editions.model
        text = {
            name: from_markdown(value)
            if isinstance(model._meta.get_field(name), ProseField)
            else " ".join(value.split())
            for name, value in parts.items()
        }
        key = f"{model._meta.label_lower}:{page.slug}"
        wanted = hashlib.sha256(json.dumps([text, sources], sort_keys=True, default=str).encode()).hexdigest()
        if self._ledger.get(key) == wanted:
            self.counts["text unchanged"] += 1
        elif actions.ship(page, text=text, sources=[self.source(s) for s in sources]):
            self._remember(key, wanted)
            self.counts["text published"] += 1
        else:
            self.counts["text edited by staff, left alone"] += 1

    @staticmethod
    def _set_many(row: models.Model, many: dict[str, list[models.Model]]) -> None:
        for name, rows in many.items():
            getattr(row, name).set(rows)

    def _remember(self, key: str, value: str) -> None:
        self._ledger[key] = value
        ShippedRow.objects.update_or_create(key=key, defaults={"digest": value})


#: Fields that say who touched a row and when; they are not part of what was shipped.
STAMPS = {"recorded_at", "confirmed_at"}


def shipped_fields(row: models.Model) -> list[models.Field]:
    return [f for f in row._meta.concrete_fields if not f.primary_key and f.name not in STAMPS]


def digest(row: models.Model, many: dict[str, list[models.Model]]) -> str:
    values = {f.attname: str(getattr(row, f.attname)) for f in shipped_fields(row)}
    values["confirmed"] = str(bool(getattr(row, "confirmed_at", None)))
    values |= {name: str(sorted(other.pk for other in rows)) for name, rows in many.items()}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
