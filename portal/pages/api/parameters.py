"""What an address of the API can be asked: each parameter with its schema and how it is read, for every table alike.

Filters are the columns that a table declares as such. Whatever cannot be read is a problem that says so; nothing is
dropped in silence, since rows for another question than was asked look like an answer.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.http import QueryDict

from portal.publishing.open_data.declaring import BOOLEAN, INTEGER, DataField, DataTable, Day, Place, past
from therapies.forms import PastDayField

from .problems import Problem

USUAL, MOST = 50, 200  # rows of a page
NUMBER = re.compile("[0-9]{1,9}")
LONGEST = 500  # characters of a value
TRUE_FALSE = {"true": True, "false": False}


class Parameter(NamedTuple):
    """``read`` makes of the text what is asked, and raises Problem."""

    name: str
    about: str
    schema: dict[str, Any]
    read: Callable[[str], Any]


class ListAsked(NamedTuple):
    """The rows that somebody asks for. ``after`` is the place of the last one that they have."""

    on: Day
    filters: dict[str, str]
    after: Place | None
    limit: int


def of_row(table: DataTable) -> tuple[Parameter, ...]:
    return (ON,) if table.has_history else ()


def of_list(table: DataTable) -> tuple[Parameter, ...]:
    return (*of_row(table), *map(_filter, table.filters.values()), LIMIT, _cursor(table))


def list_asked(table: DataTable, query: QueryDict) -> ListAsked:
    told = _read(table, of_list(table), query)
    filters = {name: told[name] for name in table.filters if name in told}
    return ListAsked(told.get("on"), filters, told.get("cursor"), told.get("limit", USUAL))


def day_asked(table: DataTable, query: QueryDict) -> Day:
    return _read(table, of_row(table), query).get("on")


def nothing_asked(query: QueryDict) -> None:
    for name in query:
        raise _unknown(name, ())


def cursor_after(table: DataTable, place: Place) -> str:
    """A place in a table as a cursor. It is signed, so that nobody relies on what is in it, or writes one."""
    return _signer(table).sign_object([*place])


def _signer(table: DataTable) -> Signer:
    return Signer(sep=".", salt=f"portal.api.{table.name}")


def _read(table: DataTable, known: tuple[Parameter, ...], query: QueryDict) -> dict[str, Any]:
    by_name, told = {one.name: one for one in known}, {}
    for name, values in query.lists():
        if name not in by_name:
            raise _unknown(name, tuple(by_name), table)
        if len(values) > 1:
            raise Problem("repeated-parameter", f"“{name}” was given {len(values)} times.", parameter=name)
        if not values[0] or len(values[0]) > LONGEST or "\0" in values[0]:
            raise _bad(name, "It is empty, too long, or holds what no text can hold. Leave it out to ask for all.")
        told[name] = by_name[name].read(values[0])
    return told


def _unknown(name: str, known: tuple[str, ...], table: DataTable | None = None) -> Problem:
    if name == "on" and table and not table.has_history:
        return Problem(
            "unknown-parameter",
            f"We have “{table.name}” as they are today only, so they can’t be asked for a day.",
            parameter=name,
            allowed=[*known],
        )
    said = f"“{name[:100]}” is no parameter of this address."
    return Problem("unknown-parameter", said, parameter=name[:100], allowed=[*known])


def _bad(name: str, said: str, **told: Any) -> Problem:
    return Problem("bad-value", f"{name}: {said}", parameter=name, **told)


# Each of them -----------------------------------------------------------------------------


def _day(text: str) -> Day:
    """A past day; None for today, whose rows are as readers see them now."""
    try:
        return past(PastDayField().clean(text))
    except ValidationError as error:
        raise Problem("bad-date", " ".join(error.messages), parameter="on") from error


ON = Parameter(
    "on",
    "A past day: the rows as they stood then, as far as this site knows them today. Without it they are today’s.",
    {"type": "string", "format": "date"},
    _day,
)


def _limit(text: str) -> int:
    return int(_whole_number("limit", range(1, MOST + 1))(text))


LIMIT = Parameter(
    "limit", "How many rows at most.", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, _limit
)


def _cursor(table: DataTable) -> Parameter:
    def read(text: str) -> Place:
        try:
            return tuple(_signer(table).unsign_object(text))
        except (BadSignature, ValueError) as error:
            raise Problem("bad-cursor", f"This is no cursor of “{table.name}”.", parameter="cursor") from error

    about = "Where to go on. It stands in “next” of the page before; what is in it may change at any time."
    return Parameter("cursor", about, {"type": "string", "minLength": 1}, read)


def _filter(field: DataField) -> Parameter:
    if field.one_of:
        schema: dict[str, Any] = {"type": "string", "enum": [*field.one_of]}
        return Parameter(field.name, _only(field), schema, _one_of(field.name, field.one_of))
    if field.kind == BOOLEAN:
        return Parameter(field.name, _only(field), {"type": "boolean"}, _one_of(field.name, TRUE_FALSE))
    if field.kind == INTEGER:
        allowed = field.within or range(1_000_000_000)
        schema = {"type": "integer", "minimum": allowed[0], "maximum": allowed[-1]}
        return Parameter(field.name, _only(field), schema, _whole_number(field.name, allowed))
    schema = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    return Parameter(field.name, _only(field), schema, lambda text: text)


def _only(field: DataField) -> str:
    key = f" A key of “{field.to}”." if field.to else ""
    return f"{field.leaves or 'Only rows with this value.'} {field.about}{key}"


def _one_of(name: str, allowed: Mapping[str, Any]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise _bad(name, f"“{text}” is none of its values.", allowed=[*allowed])
        return text

    return read


def _whole_number(name: str, allowed: range) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not NUMBER.fullmatch(text) or int(text) not in allowed:
            raise _bad(name, f"Write a whole number from {allowed[0]} to {allowed[-1]}.")
        return str(int(text))

    return read
