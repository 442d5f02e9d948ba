"""A data package read back into an empty portal: the same facts and texts, or nothing.

What is loaded belongs to the site, as if its own staff had entered it: no release of the software alters it. Nobody
confirmed it here, so nothing that one person confirmed alone elsewhere is taken over; and no reviewer of a text comes
along, since nobody reviewed it here.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from .. import actions, audit, rooms
from ..counted import count_rows
from ..models import Governed
from ..search import indexing
from . import counting
from .declaring import LIST, DataField, DataRow, DataTable
from .packages import DataPackage, PackageError, opened


def load(path: Path) -> dict[str, int]:
    """Load a package; answers the number of rows by table. Raises PackageError, and then nothing was written."""
    with opened(path) as package:
        try:
            with transaction.atomic():
                _refuse_unless_empty()
                built = _Rebuilding(package).build()
                _compare(package, built)
                detail = ", ".join(f"{number} {name}" for name, number in built.items())
                audit.note("loaded data", by=None, name="the software", detail=detail)
        except ValidationError as error:
            raise PackageError(f"It holds what can’t be: {actions.in_words(error)}") from error
        except (DatabaseError, UnicodeError, OverflowError) as error:
            raise PackageError(f"The database doesn’t take it: {error}") from error
    return built


def _refuse_unless_empty() -> None:
    for table in rooms.open_tables().values():
        if table.model._default_manager.exists():
            name = table.model._meta.verbose_name_plural
            raise PackageError(f"This portal is not empty: it has {name}. Load data into a new one.")


def _compare(package: DataPackage, built: dict[str, int]) -> None:
    """Raises PackageError where what is there now says something else than the package, or where readers don't see a
    row of it, such as a source that nothing names.
    """
    for name, number in built.items():
        now = counting.count(rooms.open_tables()[name], None)
        if (now.rows, now.digest) != (number, package.resources[name]["digest"]):
            raise PackageError(f"What came of {name}.csv is not what it says, so nothing was kept.")


def _named(table: DataTable, row: DataRow) -> str:
    """A row in a message: its table and its key."""
    return f"In {table.name}.csv, “{' '.join(map(str, table.place(row)))[:80]}”"


class _Rebuilding:
    """Rows made of a package, those first to which others point."""

    def __init__(self, package: DataPackage) -> None:
        self.package = package
        self.now = timezone.now()
        #: Primary keys by the keys of the tables.
        self.keys: dict[str, dict[Any, Any]] = {}
        self.tables = rooms.open_tables()

    def build(self) -> dict[str, int]:
        whole = [table for table in self.tables.values() if table.is_whole]
        built = {table.name: sum(1 for _ in self._table(table)) for table in whole}
        for model in {table.model for table in whole}:
            if issubclass(model, Governed) and model.check_against is not Governed.check_against:
                for row in model._default_manager.all():
                    row.check_against(None)
        indexing.rebuild()
        count_rows()
        return built

    def _table(self, table: DataTable) -> Iterator[None]:
        keys = self.keys.setdefault(table.name, {})
        waiting: list[DataRow] = []
        for row in self.package.rows(table):
            if row.get("confirmed_alone"):
                raise PackageError(
                    f"{_named(table, row)} was confirmed by one person alone. Here nobody could tell, so a second "
                    "person must confirm it first."
                )
            if self._waits(table, row):
                waiting.append(row)
                continue
            self._row(table, row, keys)
            yield
        for row in waiting:
            self._row(table, row, keys)
            yield

    def _waits(self, table: DataTable, row: DataRow) -> bool:
        """Whether it points to a row of its own table, which may come later."""
        return any(field.to == table.name and row[field.name] for field in table.fields)

    def _row(self, table: DataTable, row: DataRow, keys: dict[Any, Any]) -> None:
        if table.build:
            try:
                table.build(row, self.keys)
            except (KeyError, ObjectDoesNotExist) as error:
                raise PackageError(f"{_named(table, row)} leads to what isn’t there: {error}") from None
            return
        made, several = self._made(table, row)
        try:
            made.full_clean()
        except ValidationError as error:
            raise PackageError(f"{_named(table, row)} can’t be: {actions.in_words(error)}") from error
        made.save()
        for name, others in several.items():
            getattr(made, name).set(others)
        if len(table.order) == 1:
            keys[row[table.order[0]]] = made.pk

    def _made(self, table: DataTable, row: DataRow) -> tuple[models.Model, dict[str, list[Any]]]:
        made, several = table.model(), {}
        for field in table.fields:
            if field.derived:
                continue
            value, column = row[field.name], table.model._meta.get_field(field.attribute)
            if field.kind == LIST and field.to:
                several[field.attribute] = [self._pointed(field, key) for key in value]
            elif field.kind == LIST:
                setattr(made, field.attribute, field.separator.join(value))
            elif field.to:
                setattr(made, column.attname, self._pointed(field, value) if value else None)  # type: ignore[union-attr]
            else:
                setattr(made, field.attribute, "" if value is None and not column.null else value)
        return made, several

    def _pointed(self, field: DataField, key: Any) -> Any:
        try:
            return self.keys[field.to][key]
        except KeyError:
            raise PackageError(f"“{field.name}” names “{key}”, which is not among the {field.to}.") from None
