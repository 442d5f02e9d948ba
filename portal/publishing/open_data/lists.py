"""Lists of keys as tables of two columns: what spreadsheets and databases, which know no lists, can join."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .. import rooms
from .declaring import LIST, DataField, DataRow, DataTable, Day


@dataclass(frozen=True)
class ListTable:
    """One list of a table, a row for each key in it."""

    of: DataTable
    field: DataField
    to: DataTable

    @property
    def name(self) -> str:
        return f"{self.of.one}_{self.field.name}"

    @property
    def title(self) -> str:
        return f"{self.of.title}: {self.field.name.replace('_', ' ')}"

    @property
    def about(self) -> str:
        return f"One row of “{self.to.name}” that one row of “{self.of.name}” names in its list “{self.field.name}”."

    @property
    def has_history(self) -> bool:
        return self.of.has_history

    @property
    def columns(self) -> tuple[DataField, ...]:
        """The key of the table, of several columns if need be, and the key that the list holds."""
        keys = tuple(self.of.by_name[name] for name in self.of.order)
        if len(keys) == 1:
            keys = (DataField(self.of.one, keys[0].about, to=self.of.name, by=self.of.order[0]),)
        return (*keys, DataField(self.to.one, self.field.about, to=self.to.name))

    @property
    def order(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.columns)

    def stream(self, on: Day = None) -> Iterator[DataRow]:
        for row in self.of.stream(on):
            for key in row[self.field.name]:
                yield dict(zip(self.order, (*self.of.place(row), key), strict=True))


type AnyTable = DataTable | ListTable


def of_day(on: Day) -> dict[str, DataTable]:
    """The tables that can be had of a day, by name."""
    return {name: table for name, table in rooms.open_tables().items() if table.has_history or on is None}


def with_lists(on: Day) -> dict[str, AnyTable]:
    """The same, and their lists as tables."""
    tables = of_day(on)
    found: dict[str, AnyTable] = dict(tables)
    found |= {one.name: one for table in tables.values() for one in _lists(table, tables)}
    return found


def _lists(table: DataTable, tables: Mapping[str, DataTable]) -> Iterator[ListTable]:
    for field in table.fields:
        if field.kind == LIST and field.to:
            yield ListTable(table, field, tables[field.to])
