"""What the floor gives away: the sources of what readers see, and the words of pages."""

import datetime
from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When

from .. import actions, rooms
from ..models import ENGLISH, Edition, Page, Source
from .declaring import BOOLEAN, DATE, LIST, OBJECT, DataField, DataRow, DataTable, Day, told


def _cited(on: Day) -> QuerySet:
    """Sources that a public row names on a day, and today those of public texts."""
    tables = [table for table in rooms.open_tables().values() if table.cites and (table.has_history or on is None)]
    named = [Q(pk__in=table.cites(on)) for table in tables if table.cites]
    return Source.objects.filter(reduce(or_, named, Q(pk__in=[])))


SOURCES = DataTable(
    name="sources",
    title="Sources",
    one="source",
    about="One document that a fact or a text on this site rests on.",
    model=Source,
    rows=_cited,
    fields=(
        DataField(
            "id", "Stays with the source, also when its title or address is corrected.", column="short_id", unique=True
        ),
        DataField("title", "What it is called."),
        DataField("url", "Its address on the web.", required=False),
        DataField("kind", "What sort of document it is.", one_of=told(Source.Kind.choices), narrows=True),
        DataField(
            "official",
            "Whether it is a record of FDA or of another government body.",
            BOOLEAN,
            narrows=True,
        ),
        DataField("read_on", "The day on which somebody read it; empty if nobody noted that.", DATE, required=False),
        DataField("as_of", "The last day that it tells of, if that is earlier.", DATE, required=False),
        DataField("read_as", "Which copy was read, and how.", required=False),
    ),
)


def _live(on: Day) -> QuerySet[Edition]:
    """The texts of pages that stand in a public table, as readers see them now."""
    tables = [table for table in rooms.open_tables().values() if issubclass(table.model, Page)]
    kinds = [(table.model._meta.label_lower, table.name) for table in tables]
    table = Case(*(When(page__page_kind=kind, then=Value(name)) for kind, name in kinds), default=Value(""))
    return Edition.objects.live().filter(language=ENGLISH).annotate(table=table).exclude(table="")


def _ship(row: DataRow, keys: Mapping[str, Mapping[Any, Any]]) -> None:
    """The verb for texts that nobody here wrote."""
    page = Page.objects.get(pk=keys[row["table"]][row["id"]]).specific
    sources = Source.objects.filter(pk__in=[keys["sources"][key] for key in row["sources"]])
    actions.ship(page, text=row["words"], sources=sources, written_on=datetime.date.fromisoformat(row["dated"]))


TEXTS = DataTable(
    name="texts",
    title="Texts of pages",
    one="text",
    about="The words of one page, as readers see them today.",
    model=Edition,
    rows=_live,
    order=("table", "id"),
    has_history=False,
    build=_ship,
    cites=lambda on: _live(on).order_by().values("sources"),
    fields=(
        DataField("table", "The table in which the page stands.", narrows=True),
        DataField("id", "Its key in that table.", column="page__slug"),
        DataField(
            "words",
            "Its parts by name. Rich text is HTML; a live number stands as its name in double brackets.",
            OBJECT,
        ),
        DataField("dated", "The day of its words.", DATE),
        DataField(
            "reviewed_as",
            "The medical professionals who reviewed it; empty if none did.",
            required=False,
            derived=True,
        ),
        DataField(
            "sources",
            "Keys of the sources that its authors read, or name for further reading.",
            LIST,
            to="sources",
            by="short_id",
        ),
    ),
)
TABLES = (SOURCES, TEXTS)
