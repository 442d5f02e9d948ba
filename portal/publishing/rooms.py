"""What a room of the house tells the rest of it: its pages, what texts may quote, what it loads, where it stands.

A room is a Django app whose ``AppConfig`` is a ``Room``. Everything that goes over all rooms asks ``declared()``: the
sitemap, the freshness page, the menu, addresses that moved or are gone, the loader, "where used", the dashboard of
staff, the tests. Nothing lists the rooms but ``INSTALLED_APPS``.
"""

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import AppConfig, apps
from django.urls import reverse

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from . import coach, doubts, prose
    from .linked_data import Thing
    from .models import Fact, Page
    from .open_data.declaring import DataTable
    from .shipping import Loader
    from .work import WorkList


class Weight(NamedTuple):
    """How much it counts for a search that words hold a name of such a page, and that its text holds the words."""

    named: float = 1.0
    told: float = 1.0


class Asked(NamedTuple):
    """How people ask for a page of a kind, such as “thyroid cancer”. Words are as the search folds them."""

    head: frozenset[str]  # cancer, tumor
    of: frozenset[str]  # thyroid, small intestine
    wider: tuple[str, ...] = ()  # addresses of pages that may help where there is none
    #: What else than ``of`` it may be, beside the head: the symbol of a gene, as in “BRCA mutation”.
    symbol: re.Pattern[str] | None = None
    #: What is one without a word beside it: thymoma.
    alone: frozenset[str] = frozenset()


class PageNamed(NamedTuple):
    """A page that a question names."""

    slug: str
    title: str


#: By the label of their model, as they follow each other in the question.
type PagesNamed = Mapping[str, Sequence[PageNamed]]
#: Takes the pages that a question names, and the question; answers a query and what the link to it says, two empty
#: words where nothing fits, or None where the tool is of no use then.
type Fill = Callable[[PagesNamed, str], tuple[str, str] | None]


class Untold(NamedTuple):
    """What the site does not tell, as the end of “We don’t have a page about …”, and whom to ask about it."""

    what: str
    ask: str
    see: tuple[str, ...] = ()  # addresses of pages that may help


class PageKind(NamedTuple):
    """A kind of page. ``show`` is its public view, which previews borrow: it takes the request and the page."""

    model: "type[Page]"
    show: "Callable[[HttpRequest, Any], HttpResponse]"
    #: Whether each has an address of its own, for the sitemap; a section of the home page has none.
    has_address: bool = True
    #: Whether editors may begin new pages of this kind; those of others come with the software or with facts.
    editors_add: bool = False
    #: What readers call such a page.
    called: str = ""
    #: The fields or expressions (at most three) that hold further names of it, one a line. The search finds a page by
    #: its title whatever stands here; the catalogue of therapies also suggests pages of kinds that say something here.
    found_by: tuple[Any, ...] = ()
    #: What the search reads of such pages beside their words, from tables of their own, given the keys of some pages:
    #: the key of the page, what sort of name it is (“brand name”) or nothing for a text, and the name or the text.
    also_found_by: "Callable[[Collection[int]], Iterable[tuple[int, str, str]]] | None" = None
    #: How the search calls several of them; the plural of its model if it says nothing.
    several: str = ""
    weight: Weight = Weight()
    asked: Asked | None = None


class MenuEntry(NamedTuple):
    """A line of the site's menu: the name of its address and its words, in the order of ``place``."""

    name: str
    words: str
    place: int
    part: str = ""  # of the page at that address


class DeskPlace(NamedTuple):
    """A screen of the desk: the name of its address, its words, its order, and what a person must be allowed there."""

    address: str
    words: str
    place: int
    asks: tuple[tuple[str, Any], ...]  # verbs and models


class Errand(NamedTuple):
    """What staff often come to do: its words, the permission it takes, the address of an empty form, its order."""

    words: str
    permission: str
    address: str
    place: int


class Panel(NamedTuple):
    """A part of a page that stands above the rooms: a template of the room's, and what it shows."""

    template: str
    context: dict[str, Any]


@dataclass(frozen=True)
class Declaration:
    """Everything that a room tells. What it has nothing of, it leaves out."""

    pages: tuple[PageKind, ...] = ()
    #: Tables of dated facts, by the names under which the freshness page counts them.
    facts: "Mapping[str, type[Fact]]" = field(default_factory=dict)
    #: Addresses without a row of their own, by name, each with what people call it: for the sitemap and for links.
    fixed_addresses: Mapping[str, str] = field(default_factory=dict)
    #: By what else the search finds some of them: what people ask with who want that page.
    asked_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: What fills one of them in with the pages that a question names: “trials for melanoma”.
    fills: Mapping[str, Fill] = field(default_factory=dict)
    #: What the query of an address may hold, by the name of the address. Anything else in it changes no page, and is
    #: dropped before a page is made.
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: How addresses begin whose answers may be of any size: they are streamed, and nobody keeps them.
    streamed: tuple[str, ...] = ()
    #: How addresses begin that programs ask: there, what nobody knows is an error and not dropped, and whoever has an
    #: answer made is counted.
    for_programs: tuple[str, ...] = ()
    #: Forms that anybody may send without a cookie, by the name of the address: bytes of the largest that it reads.
    open_forms: Mapping[str, int] = field(default_factory=dict)
    menu: tuple[MenuEntry, ...] = ()
    #: What its pages tell machines, by the name of the address. Any other page says of itself that it is one.
    things: "Mapping[str, Thing]" = field(default_factory=dict)
    #: Module of its public addresses.
    urls: str = ""
    #: Screens at the desk, and the module of their addresses.
    desk: tuple[DeskPlace, ...] = ()
    desk_urls: str = ""
    #: What waits for a person in this room, and what people often come to do: for the dashboard.
    work: "Callable[[HttpRequest], Iterable[WorkList]] | None" = None
    errands: tuple[Errand, ...] = ()
    #: What it shows on pages that stand above the rooms, by the name of their address; None where it has nothing.
    panels: "Mapping[str, Callable[[HttpRequest], Panel | None]]" = field(default_factory=dict)
    #: Loads the content that comes with the software.
    load: "Callable[[Loader], None] | None" = None
    #: Words for which a search reads others, too: what people say for what texts say.
    said_for: Mapping[str, str] = field(default_factory=dict)
    #: Words, one or several, that people ask with and no page answers, for as long as no page is called so.
    untold: Mapping[str, Untold] = field(default_factory=dict)
    #: What texts may quote: provider and its live numbers by name.
    live_numbers: "tuple[tuple[type, Mapping[str, prose.Figure]], ...]" = ()
    #: Of which kind of page the argument of a live number is the slug.
    quotes: Mapping[str, str] = field(default_factory=dict)
    #: Further lines of the editor's Insert menu.
    insertions: "Callable[[], Iterable[prose.Insertion]] | None" = None
    #: Puts links into every rich text that readers see.
    linker: "prose.Linker | None" = None
    #: Names that texts cannot do without, words that readers find explained, and counts better not typed.
    names: "coach.Words | None" = None
    terms: "coach.Words | None" = None
    typed: Mapping[str, str] = field(default_factory=dict)
    #: What it gives away as tables: faq/open_data.py.
    open_data: "tuple[DataTable, ...]" = ()
    #: The day through which somebody looked for news of the facts, which files of them say; None where nobody told.
    checked_through: Callable[[], datetime.date | None] | None = None
    #: What a change may make untrue in texts.
    doubts: "doubts.Find | None" = None


class Declaring(AppConfig):
    """What a room and the floor have in common."""

    def declare(self) -> Declaration:
        """Import what is needed inside, since models are ready only when this is called."""
        raise NotImplementedError

    @cached_property
    def declared(self) -> Declaration:
        return self.declare()


class Room(Declaring):
    """Base of every room. ``below`` names the rooms that it may read through string keys, the nearest first."""

    below: tuple[str, ...] = ()
    #: Its order on the site, where all rooms are told one after another.
    place = 100


def declarations() -> list[Declaration]:
    """What the rooms and the floor tell, as ``INSTALLED_APPS`` names them."""
    return [config.declared for config in apps.get_app_configs() if isinstance(config, Declaring)]


def in_loading_order() -> list[Room]:
    """Every room, those below first, so that what they load is there for those above."""
    rooms = {room.name: room for room in _on_site()}
    below = TopologicalSorter({name: room.below for name, room in rooms.items()})
    return [rooms[name] for name in below.static_order() if name in rooms]


def page_kinds() -> list[PageKind]:
    return [kind for room in _on_site() for kind in room.declared.pages]


def page_kind(label: str) -> PageKind:
    """A kind of page by the label of its model. Raises LookupError when no room declares it."""
    return {kind.model._meta.label_lower: kind for kind in page_kinds()}[label]


def fact_tables() -> "dict[str, type[Fact]]":
    return {name: model for room in _on_site() for name, model in room.declared.facts.items()}


def fixed_addresses() -> dict[str, str]:
    return {name: words for room in _on_site() for name, words in room.declared.fixed_addresses.items()}


def asked_with() -> dict[str, tuple[str, ...]]:
    return {name: words for room in _on_site() for name, words in room.declared.asked_with.items()}


@cache
def fills() -> dict[str, Fill]:
    return {name: fill for room in _on_site() for name, fill in room.declared.fills.items()}


@cache
def untold() -> dict[str, Untold]:
    return {said: what for room in _on_site() for said, what in room.declared.untold.items()}


@cache
def said_for() -> dict[str, str]:
    """What people say, and what texts say for it."""
    return {said: meant for room in _on_site() for said, meant in room.declared.said_for.items()}


@cache
def parameters() -> dict[str, tuple[str, ...]]:
    """What the queries of public addresses may hold, by the name of the address."""
    return {name: known for room in _on_site() for name, known in room.declared.parameters.items()}


@cache
def streamed() -> tuple[str, ...]:
    """How addresses begin whose answers are streamed."""
    return tuple(start for room in _on_site() for start in room.declared.streamed)


@cache
def for_programs() -> tuple[str, ...]:
    """How addresses begin that programs ask."""
    return tuple(start for room in _on_site() for start in room.declared.for_programs)


@cache
def things() -> "dict[str, Thing]":
    """What pages tell machines, by the name of the address."""
    return {name: thing for room in _on_site() for name, thing in room.declared.things.items()}


@cache
def open_forms() -> dict[str, int]:
    """Bytes of the largest form that anybody may send to an address, by its path."""
    return {reverse(name): most for room in _on_site() for name, most in room.declared.open_forms.items()}


def panels(address: str, request: "HttpRequest") -> list[Panel]:
    """What the rooms show on the page at an address that stands above them."""
    shown = (room.declared.panels[address](request) for room in _on_site() if address in room.declared.panels)
    return [panel for panel in shown if panel]


def checked_through() -> datetime.date | None:
    """The day through which somebody looked for news of the facts."""
    return next((one.checked_through() for one in declarations() if one.checked_through), None)


def open_tables() -> "dict[str, DataTable]":
    """The public tables by name, those to which others point first, and last those that tell of the rows of others."""
    told = {table.name: table for one in declarations() for table in one.open_data}
    plain = {name for name, table in told.items() if not table.build}
    points_to = {
        name: ({f.to for f in table.fields if f.to} | (plain if table.build else set())) - {name}
        for name, table in told.items()
    }
    return {name: told[name] for name in TopologicalSorter(points_to).static_order()}


def _on_site() -> list[Room]:
    """The rooms in the order of the site."""
    return sorted((c for c in apps.get_app_configs() if isinstance(c, Room)), key=lambda room: room.place)
