"""What a room of the house tells the rest of it: its pages, what texts may quote, what it loads, where it stands.

A room is a Django app whose ``AppConfig`` is a ``Room``. Everything that goes over all rooms asks ``declared()``: the
sitemap, the freshness page, the menu, addresses that moved or are gone, the loader, "where used", the dashboard of
staff, the tests. Nothing lists the rooms but ``INSTALLED_APPS``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import AppConfig, apps
from django.urls import reverse

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from . import coach, doubts, prose
    from .models import Fact, Page
    from .shipping import Loader
    from .work import WorkList


class PageKind(NamedTuple):
    """A kind of page. ``show`` is its public view, which previews borrow: it takes the request and the page."""

    model: "type[Page]"
    show: "Callable[[HttpRequest, Any], HttpResponse]"
    #: Whether each has an address of its own, for the sitemap; a section of the home page has none.
    has_address: bool = True
    #: Whether editors may begin new pages of this kind; those of others come with the software or with facts.
    editors_add: bool = False
    #: What readers call such a page, and the fields or expressions (at most three) that hold its names, one a line:
    #: by these somebody finds it who types one. The first is its title.
    called: str = ""
    found_by: tuple[Any, ...] = ()


class MenuEntry(NamedTuple):
    """A line of the site's menu: the name of its address and its words, in the order of ``place``."""

    name: str
    words: str
    place: int
    part: str = ""  # of the page at that address

    @property
    def path(self) -> str:
        return reverse(self.name)


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
    #: What the query of an address may hold, by the name of the address. Anything else in it changes no page, and is
    #: dropped before a page is made.
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    menu: tuple[MenuEntry, ...] = ()
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


def every() -> list[Room]:
    """The rooms, those below first, so that what they load is there for those above."""
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


@cache
def parameters() -> dict[str, tuple[str, ...]]:
    """What the queries of public addresses may hold, by the name of the address."""
    return {name: known for room in _on_site() for name, known in room.declared.parameters.items()}


def panels(address: str, request: "HttpRequest") -> list[Panel]:
    """What the rooms show on the page at an address that stands above them."""
    shown = (room.declared.panels[address](request) for room in _on_site() if address in room.declared.panels)
    return [panel for panel in shown if panel]


def _on_site() -> list[Room]:
    """The rooms in the order of the site."""
    return sorted((c for c in apps.get_app_configs() if isinstance(c, Room)), key=lambda room: room.place)
