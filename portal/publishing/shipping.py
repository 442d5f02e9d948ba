"""Loading the content that comes with the software, without touching what people edited.

The loader remembers the values of every row that it wrote, by field. A row that holds something else in one of these
fields was edited by staff, and one that is gone was removed by staff: both are left alone. Fields that the software
gained since are not among them, so they freeze nothing.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from . import actions, values
from .content_files import ContentError, read_text, stored
from .models import Change, Fact, Page, ShippedRow, Source

type Several = Mapping[str, list[Any]]  # rows that another one points to, by field
NONE: Several = {}
SOURCE, TEXT = "publishing.source:", "text:"  # begin the keys of sources, and of the texts of pages


def given[Row: models.Model](model: type[Row], entry: Mapping[str, Any], **told: Any) -> Row:
    """A new row with what ``entry`` has under the names of the model's columns, and what is ``told`` besides."""
    columns = {field.name for field in model._meta.concrete_fields if not field.primary_key}
    return model(**{name: value for name, value in entry.items() if name in columns} | told)


class Loader:
    """Writes shipped rows. ``counts`` says afterwards what happened, by outcome."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._ledger = {s.key: s for s in ShippedRow.objects.all()}
        self._unkept: set[str] = set()  # keys whose entries the table does not hold yet
        self._sources: dict[tuple[tuple[str, Any], ...], Source] = {}  # by what a file says of each
        self._named: set[str] = set()  # keys of the sources and texts that files named in this run
        self._tables: dict[type[models.Model], dict[int, models.Model]] = {}
        self._naturals: dict[type[models.Model], dict[tuple[str, ...], dict[Any, Any]]] = {}

    def source(self, entry: dict[str, Any]) -> Source:
        """The source that ``entry`` describes: title, kind, url, official, read and as_of (dates), read_as.

        Several files may describe one. Where one of them tells no day of reading, that of another stands.
        """
        as_told = tuple(sorted(entry.items()))
        if as_told in self._sources:
            return self._sources[as_told]
        cut = {"title": entry["title"][:300], "read_as": entry.get("read_as", "")[:400]}
        fresh = given(Source, entry, **cut, read_on=entry.get("read"))
        key = SOURCE + hashlib.sha256(f"{fresh.title}\n{fresh.url}\n{fresh.read_as}".encode()).hexdigest()
        self._named.add(key)
        row = self.once(fresh, key, natural=("title", "url", "read_as"))
        told = {name: value for name, value in shipped_values(fresh, NONE).items() if value is not None}
        if self._is_untouched(row, key) and not told.items() <= self._ledger[key].values.items():
            for name in told:
                setattr(row, name, getattr(fresh, name))
            self._write(row, key, NONE, shipped_values(row, NONE))
            self.counts["updated"] += 1
        self._sources[as_told] = row
        return row

    def remove_uncited_sources(self) -> None:
        """Remove what an earlier release named, nothing cites now, and nobody here edited. Call it at the end.

        A release corrects the title or address of a source by naming another one. What a person here put another one in
        the place of stays: readers are told both.
        """
        former = {self._ledger[key].row: key for key in self._ledger.keys() - self._named if key.startswith(SOURCE)}
        rows = Source.objects.filter(pk__in=former)
        for relation in Source._meta.get_fields(include_hidden=True):
            if relation.one_to_many:  # of a list it is the table between that points here
                field: Any = relation.remote_field
                cited = field.model._base_manager.exclude(**{field.name: None}).values(field.attname)
                rows = rows.exclude(pk__in=cited)
        proposed = {change.after.get("source") for change in Change.objects.pending()}
        for row in rows.exclude(pk__in=[key for key in proposed if key]):
            if self._is_untouched(row, former[row.pk]) and not row.was_named():
                self._ledger.pop(former[row.pk]).delete()
                row.delete()
                self.counts["uncited sources removed"] += 1

    def note_dropped_texts(self) -> None:
        """Remember which texts an earlier release had and this one lacks. Call it at the end.

        A file may be missing by mistake, so no page goes with it: readers still see it until a person unpublishes it.
        """
        for key in self._ledger.keys() - self._named:
            if key.startswith(TEXT) and ShippedRow.DROPPED not in self._ledger[key].values:
                entry = self._ledger[key]
                self._remember_as(key, entry.row, entry.values | {ShippedRow.DROPPED: timezone.localdate().isoformat()})
                self.counts["texts dropped, for a person to unpublish"] += 1

    def keep_ledger(self) -> None:
        """Write down what was shipped in this run, in few statements. Call it at the end."""
        entries = [self._ledger[key] for key in self._unkept if key in self._ledger]
        ShippedRow.objects.bulk_create(
            entries, batch_size=500, update_conflicts=True, unique_fields=["key"], update_fields=["row", "values"]
        )
        self._unkept.clear()

    def once(self, fresh: Any, key: str, *, natural: tuple[str, ...]) -> Any:
        """The row that was made from ``fresh`` when it first came; from then on it belongs to staff."""
        row = self._shipped(type(fresh), key) or self._alike(fresh, natural)
        if row is None:
            self._write(fresh, key, NONE, shipped_values(fresh, NONE))
            row = self._table(type(fresh))[fresh.pk] = fresh
            self._by_natural(type(fresh), natural)[attrgetter(*natural)(fresh)] = fresh
        elif key not in self._ledger:
            self._remember(key, row, {})
        return row

    def pages(self, model: type[Page], folder: Path) -> None:
        """Create or update a page for each text of a folder, with the columns that its front matter has."""
        for path in sorted(folder.glob("*.md")):
            front, sections = read_text(path)
            self.page(given(model, front, slug=path.stem), front, sections)

    def page(self, fresh: Page, front: Mapping[str, Any], sections: Mapping[str, str], many: Several = NONE) -> Any:
        """Create or update a page, and its text where it has one. None when staff removed the page.

        A page that is this site's own, or was loaded as data, keeps its own text.
        """
        fresh.shipped_as = fresh.slug
        key = f"{fresh._meta.label_lower}:{fresh.slug}"
        page = self.row(fresh, key, natural=("slug",), many=many)
        if page and sections and self.wrote(key):
            self.text(page, front, sections)
        return page

    def row(self, fresh: Any, key: str, *, natural: tuple[str, ...], many: Several = NONE) -> Any:
        """Create or update the row that is shipped under ``key``.

        ``natural`` names the fields that tell a row which staff made by themselves. Returns the row as it is now,
        or None when staff removed it.
        """
        wanted = shipped_values(fresh, many)
        if key not in self._ledger:
            if (theirs := self._alike(fresh, natural)) is not None:
                self.counts["made by staff, left alone"] += 1
                return theirs
            self._write(fresh, key, many, wanted)
            self.counts["new"] += 1
            return fresh
        found = self._shipped(type(fresh), key)
        if found is None:
            self.counts["removed by staff, left alone"] += 1
            return None
        known = self._ledger[key].values
        now = shipped_values(found, {name: list(getattr(found, name).all()) for name in many})
        if wanted.items() <= known.items():
            self.counts["unchanged"] += 1
        elif known.items() <= now.items():
            for name in wanted.keys() - many.keys():
                setattr(found, name, getattr(fresh, name))
            if isinstance(found, Fact):
                found.tell_anew()
            self._write(found, key, many, wanted)
            self.counts["updated"] += 1
        else:
            self.counts["edited by staff, left alone"] += 1
        return found

    def wrote(self, key: str) -> bool:
        """Whether the row under ``key`` is the software's, and not one like it that staff made by themselves."""
        return key in self._ledger

    def fact(self, fresh: Fact, key: str, *, natural: tuple[str, ...], doubt: str = "", settles: str = "") -> Any:
        """Create or update a fact; one that carries a ``doubt`` waits as a change until a person settles it.

        Returns the fact as readers see it, or None.
        """
        waits = f"change:{key}"
        pending = self._shipped(Change, waits)
        if doubt:
            self._take_back(type(fresh), key)
            if pending and pending.is_pending and not _still_says(pending, fresh, doubt, settles):
                pending.delete()
                self._ledger.pop(waits).delete()
                pending = None
            if pending or key in self._ledger or self._alike(fresh, natural) is not None:
                self.counts["unchanged"] += 1
                return None
            names = [name for name in values.kept_names(type(fresh)) if name not in NOT_SHIPPED | {"source"}]
            given = {name: getattr(fresh, name) for name in names}
            told: dict[str, Any] = {"doubt": doubt, "settles": settles}
            if fresh.source_id:
                given["source"] = told["source"] = fresh.source
            self._remember(waits, actions.propose_new(type(fresh), given, by=None, **told), {})
            self.counts["pending"] += 1
        elif pending and pending.is_rejected:
            self.counts["rejected by staff, left alone"] += 1
        elif pending and pending.is_confirmed:
            self.counts["confirmed by staff, left alone"] += 1
            return self._table(type(fresh)).get(pending.row)
        else:
            if pending and pending.is_pending:
                pending.delete()
                self._ledger.pop(waits).delete()
            return self.row(fresh, key, natural=natural)
        return None

    def known(self, under: str) -> set[str]:
        """Keys that begin so, of facts that this release or an earlier one shipped, in doubt or not."""
        starts = (under, f"change:{under}")
        return {key.removeprefix("change:") for key in self._ledger if key.startswith(starts)}

    def shipped_value(self, key: str, name: str) -> Any:
        """What was shipped under a key in one field, as plain data; of a doubt, what it proposes."""
        if key in self._ledger:
            return self._ledger[key].values.get(name)
        doubt = self._shipped(Change, f"change:{key}")
        return doubt.after.get(name) if doubt else None

    def rekey(self, moves: Mapping[str, str]) -> None:
        """Give rows other keys, with what hangs on them and what is doubted of them."""
        moved = {}
        for old, new in moves.items():
            for key in list(self._ledger):
                base = key.removeprefix("change:")
                if base == old or base.startswith(f"{old}:"):
                    moved[key] = (key.replace(old, new, 1), self._ledger.pop(key))
        ShippedRow.objects.filter(key__in=moved).delete()
        for new, entry in moved.values():
            self._remember_as(new, entry.row, entry.values)

    def drop(self, model: type[models.Model], key: str, *, unless: Callable[[Any], bool] = lambda row: False) -> None:
        """Take back what this release tells no more: a fact or what hangs on one, or the doubt that waits.

        ``unless`` says of a row whether something of this site rests on it, so that it stays.
        """
        waits = f"change:{key}"
        pending = self._shipped(Change, waits)
        if pending and pending.is_pending:
            pending.delete()
            self._ledger.pop(waits).delete()
            self.counts["taken back"] += 1
        if (found := self._shipped(model, key)) is not None and unless(found):
            self.counts["staff built on it, left alone"] += 1
        else:
            self._take_back(model, key)

    def _take_back(self, model: type[models.Model], key: str) -> None:
        """Remove a row of an earlier release and what hangs on it, unless staff edited it: readers still see it."""
        found = self._shipped(model, key)
        if found is not None and not (self._is_untouched(found, key) and not self._bears_others(found, key)):
            self.counts["edited by staff, left alone"] += 1
        elif found is not None:
            row = found.pk
            try:
                found.delete()
            except models.ProtectedError:
                self.counts["others rest on it, left alone"] += 1
                return
            del self._table(model)[row]
            self._naturals.pop(model, None)
            for gone in [one for one in self._ledger if one == key or one.startswith(f"{key}:")]:
                self._ledger.pop(gone).delete()
            self.counts["taken back"] += 1

    def shipped(self, model: type[Page]) -> dict[str, Any]:
        """Pages by their names in the files, those that staff made by their slugs."""
        rows = list(model._default_manager.all())
        return {row.slug: row for row in rows} | {row.shipped_as: row for row in rows if row.shipped_as}

    def text(self, page: Page, front: Mapping[str, Any], sections: Mapping[str, str]) -> None:
        """Publish the shipped wording of a page, unless it is there already or somebody here wrote on the page.

        A part stands in the front matter under its name, as a list with an item for each line, or a list of cells for
        each row of a table; or in a section under its name or title.
        """
        names = {part.name.replace("_", " ").capitalize(): part.name for part in page.parts}
        names |= {part.title: part.name for part in page.parts}
        onward = {f"onward_{name}": value for name, value in front.get("onward", {}).items()}
        given = {**front, **onward, **{names[heading]: text for heading, text in sections.items()}}
        text = {part.name: stored(part, given.get(part.name, "")) for part in page.parts}
        entries = front.get("sources", [])
        key = f"{TEXT}{page.page_kind}:{page.shipped_as}"
        wanted = hashlib.sha256(json.dumps([text, entries], sort_keys=True, default=str).encode()).hexdigest()
        self._named.add(key)
        if key in self._ledger and self._ledger[key].values == {"digest": wanted}:
            self.counts["text unchanged"] += 1
            return
        sources = [self.source(entry) for entry in entries]
        try:
            edition = actions.ship(page, text=text, sources=sources, written_on=front.get("written"))
        except ValidationError as error:
            raise ContentError(f"{key} is not as it should be. {actions.in_words(error)}") from None
        if edition:
            self._remember(key, edition, {"digest": wanted})
            self.counts["text published"] += 1
        else:
            self.counts["text edited by staff, left alone"] += 1

    def _table(self, model: type[models.Model]) -> dict[int, Any]:
        """All rows of a model as they were before loading, read once."""
        if model not in self._tables:
            rows = model._default_manager.prefetch_related(*(field.name for field in model._meta.many_to_many))
            self._tables[model] = {row.pk: row for row in rows}
        return self._tables[model]

    def _shipped(self, model: type[models.Model], key: str) -> Any:
        entry = self._ledger.get(key)
        return self._table(model).get(entry.row) if entry else None

    def _is_untouched(self, row: models.Model, key: str) -> bool:
        """Whether a row that the loader wrote still says what it wrote. Of one that staff made it knows no values."""
        known = self._ledger[key].values
        many = {
            field.name: list(getattr(row, field.name).all()) for field in row._meta.many_to_many if field.name in known
        }
        return bool(known) and known.items() <= shipped_values(row, many).items()

    def _bears_others(self, row: models.Model, key: str) -> bool:
        """Whether something hangs on a row, and would go with it, that staff made or edited."""
        hung = [one for one in self._ledger if one.startswith(f"{key}:")]
        for relation in row._meta.related_objects:
            if relation.on_delete is models.CASCADE:
                for one in relation.related_model._base_manager.filter(**{relation.field.name: row.pk}):
                    if not any(self._ledger[k].row == one.pk and self._is_untouched(one, k) for k in hung):
                        return True
        return False

    def _alike(self, fresh: Any, natural: tuple[str, ...]) -> Any:
        return self._by_natural(type(fresh), natural).get(attrgetter(*natural)(fresh))

    def _by_natural(self, model: type[models.Model], natural: tuple[str, ...]) -> dict[Any, Any]:
        """The rows of ``_table`` by what tells them apart; of two alike, the first."""
        known = self._naturals.setdefault(model, {})
        if natural not in known:
            told = attrgetter(*natural)
            known[natural] = {told(row): row for row in reversed(self._table(model).values())}
        return known[natural]

    def _write(self, row: Any, key: str, many: Several, shipped: dict[str, Any]) -> None:
        is_new = row._state.adding
        row.save()
        if not is_new:
            self._naturals.pop(type(row), None)
        for name, rows in many.items():
            if not is_new:
                getattr(row, name).set(rows)
            elif rows:
                getattr(row, name).add(*rows)
        self._remember(key, row, shipped)

    def _remember(self, key: str, row: Any, shipped: dict[str, Any]) -> None:
        self._remember_as(key, row.pk, shipped)

    def _remember_as(self, key: str, row: int, shipped: dict[str, Any]) -> None:
        self._ledger[key] = ShippedRow(key=key, row=row, values=shipped)
        self._unkept.add(key)


#: Columns that say who did what and when, or what follows from other columns.
NOT_SHIPPED = {"id", "page_ptr", "page_kind", "confirmed_at", "change", "because", "shipped_as", "short_id"}


def _still_says(pending: Change, fresh: Fact, doubt: str, settles: str) -> bool:
    """Whether a doubt that waits is what this release tells: its value, its source, and why it is in doubt."""
    told = shipped_values(fresh, NONE)
    same = all(told[name] == value for name, value in pending.after.items() if name in told)
    return same and (pending.doubt, pending.settles) == (doubt, settles)


def shipped_values(row: models.Model, many: Several) -> dict[str, Any]:
    """What was shipped, by field, as plain data."""
    fields = [field for field in row._meta.concrete_fields if field.name not in NOT_SHIPPED]
    found = {field.name: values.to_plain(getattr(row, field.attname)) for field in fields}
    return found | {name: sorted(other.pk for other in rows) for name, rows in many.items()}
