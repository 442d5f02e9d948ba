"""Queries that are put together once, and asked again and again with other keys.

Django takes up to five times as long to put together what a page asks as the database takes to answer. What differs
from one page of a kind to the next is a key or two.
"""

import copy
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.http import Http404

type Number = int | Key
TOLD = "%s"


class Key(Expression):
    """Stands in a query for the key of a row, or its name in an address, that is known when it is asked."""

    def __init__(self, name: str) -> None:
        super().__init__(output_field=BigIntegerField())
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return TOLD, (self,)


class Prepared[Row]:
    """A query by some keys. ``make`` takes each by its name, as it is or as what stands for it, and may depend on
    nothing else that changes while the process lives: neither on today’s date nor on rows.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Row]], *keys: str) -> None:
        self.make = make
        self.keys = keys

    def ask(self, **keys: int | str) -> list[Row]:
        """The rows for these keys. One query."""
        queryset, compiler, sql, params = _put_together(self)
        bound = copy.copy(compiler)
        bound.connection = connections[DEFAULT_DB_ALIAS]
        told = tuple(keys[one.name] if isinstance(one, Key) else one for one in params)
        bound.as_sql = lambda *args, **options: (sql, told)  # type: ignore[method-assign]
        query = copy.copy(queryset.query)
        query.get_compiler = lambda *args, **options: bound  # type: ignore[method-assign]
        asked = queryset.all()
        asked._query = query  # type: ignore[attr-defined]
        return list(asked)

    def first(self, **keys: int | str) -> Row:
        """The first row for these keys. Raises Http404 where there is none."""
        rows = self.ask(**keys)
        if not rows:
            raise Http404
        return rows[0]


@cache
def _put_together(prepared: Prepared) -> tuple[QuerySet, SQLCompiler, str, tuple[Any, ...]]:
    queryset = prepared.make(**{name: Key(name) for name in prepared.keys})
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, params = _with_constants(*compiler.as_sql())
    return queryset, compiler, sql, params


def _with_constants(sql: str, params: Iterable[Any]) -> tuple[str, tuple[Any, ...]]:
    """The query with its own words and numbers in it, and what is left to tell at each question.

    SQLite plans a query anew whenever it is told what an index with a condition hangs on, such as that an edition is
    published: a third of what the answer takes. What stands in the query it need not be told.
    """
    several = tuple(params)
    places = tuple(map(_constant, several))
    left = (one for one, place in zip(several, places, strict=True) if place == TOLD)
    return sql.replace("%%", "%%%%") % places, tuple(left)


def _constant(one: Any) -> str:
    if isinstance(one, str):
        return f"'{str(one).replace("'", "''").replace('%', '%%')}'"
    return str(one) if type(one) is int else TOLD  # each database has its own yes and no
