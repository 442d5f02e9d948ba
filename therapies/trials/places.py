"""Places that people type: a ZIP code, a US city, its state, or a country."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from portal.publishing.folding import fold

HOME = "United States"
ZIP_CODE = re.compile(r"(\d{5})(?:-?\d{4})?")
#: A ZIP code that stands after its city or before it: “Boston, MA 02115”, “ZIP code 02115”.
WITH_ZIP_CODE = re.compile(r"(?P<before>.*?\D)??[\s,:]*\b(?P<code>\d{5})(?:-?\d{4})?\b[\s,]*(?P<after>\D*)")
LINE = re.compile(r"^\d{5} (.+), (..)$", re.MULTILINE)
#: What people write for a place that the list calls otherwise.
ALSO = {
    "dc": "washington, dc",
    "washington dc": "washington, dc",
    "district of columbia": "washington, dc",
    "nyc": "new york city",
    "new york, ny": "new york city, ny",
    "new york, new york": "new york city, ny",
    "la": "los angeles",
    "philly": "philadelphia",
    "uk": "united kingdom",
    "england": "united kingdom",
    "scotland": "united kingdom",
    "wales": "united kingdom",
    "great britain": "united kingdom",
    "holland": "netherlands",
    "us": "united states",
    "usa": "united states",
    "america": "united states",
}
#: The blank between initials: “L.A.”, “Washington, D.C.”
INITIALS = re.compile(r"(?<=\b[^\W\d_]) (?=[^\W\d_]\b)")
#: What is written short in the names of cities.
SHORT = (
    (re.compile(r"\bsaint\b"), "st"),
    (re.compile(r"\bft\b(?= \w)"), "fort"),
    (re.compile(r"\bmt\b(?= \w)"), "mount"),
)
LONG_NAME = 8  # letters from which a name may be two edits away
SHORTEST = 4
LARGEST = 1_000_000  # how large a state or a country counts beside cities
SEVERAL = 6  # places that are offered for a misspelling


class Place(NamedTuple):
    country: str
    state: str = ""
    code: str = ""  # of the state
    city: str = ""
    zip_code: str = ""

    def __str__(self) -> str:
        named = ", ".join(part for part in (self.city, self.state) if part) or self.country
        return f"{named} (ZIP code {self.zip_code})" if self.zip_code else named

    @property
    def short(self) -> str:
        """As a register shows it: “Boston, MA”. Typed here, it is found as this place."""
        return f"{self.city}, {self.code}" if self.city else str(self)


class _City(NamedTuple):
    name: str
    code: str  # of the state
    size: int  # how many ZIP codes it has
    large: int = 0  # its place among those with 100,000 people or more, from 1


class _Known(NamedTuple):
    """All that this site knows of places, by names as ``_plain`` writes them."""

    states: Mapping[str, tuple[str, str]]  # code and name, by both
    cities: Mapping[str, Sequence[_City]]
    countries: Mapping[str, str]

    def in_state(self, name: str, code: str) -> Place | None:
        return next((self.place(city) for city in self.cities.get(name, ()) if city.code == code), None)

    def place(self, city: _City) -> Place:
        return Place(HOME, self.states[city.code.lower()][1], city.code, city.name)


def found(typed: str) -> Place | None:
    """The place that somebody means; None where we know none of that name, or several. A state goes before a city.

    A city that stands with its state is taken as it is typed: our list has only those with a ZIP code of their own.
    """
    if zip_code := WITH_ZIP_CODE.fullmatch(typed.strip()):
        return _of_zip_code(zip_code["code"], beside=f"{zip_code['before'] or ''} {zip_code['after']}")
    known, words = _known(), _words(typed)
    if words == HOME.lower():
        return Place(HOME)
    if words in known.states:
        code, state = known.states[words]
        return Place(HOME, state, code)
    city, state = _parted(words)
    if state:
        code, name = known.states[state]
        if place := known.in_state(city, code):
            return place
        if "," in words and re.fullmatch(r"[^\W\d_](?:[^\W\d_]|[ .'’-])*", city):
            return Place(HOME, name, code, city.title())
    if words in known.countries:
        return Place(known.countries[words])
    cities = known.cities.get(words, ())
    several = [city for city in cities if city.large] or cities
    return known.place(several[0]) if len(several) == 1 else None


def namesakes(typed: str) -> list[Place]:
    """The cities with just this name: large ones first, then by their states. Empty where the state is told, too."""
    known = _known()
    cities = sorted(known.cities.get(_words(typed), ()), key=lambda city: (not city.large, city.large))
    return [known.place(city) for city in cities]


def alike(typed: str) -> list[Place]:
    """Places with a name that somebody may have misspelled, the nearest first; in one state, if one is told."""
    known, words = _known(), _words(typed)
    city, state = _parted(words)
    if state:
        code = known.states[state][0]
        here = [name for name, cities in known.cities.items() if any(one.code == code for one in cities)]
        near = [known.in_state(name, code) for name in _near(city, here, known)]
    elif country := _country_of(words, known):  # “Berlin, Germany”: registers find the country
        near = [Place(country)]
    elif "," in words:  # the state is misspelled: “Boston, Masachusetts”
        name, _, rest = (part.strip() for part in words.partition(","))
        near = [known.in_state(name, known.states[one][0]) for one in _near(rest, known.states, known)]
    else:
        names = _near(words, [*known.states, *known.countries, *known.cities], known)
        near = [found(name) for name in names if name in known.states or name in known.countries]
        near += [place for name in names for place in namesakes(name)[:2]]
    return [*dict.fromkeys(place for place in near if place)][:SEVERAL]


def is_known(place: Place) -> bool:
    """Whether this is a city of our list, not only one that somebody typed with its state."""
    return _known().in_state(_plain(place.city), place.code) is not None


def is_large(place: Place) -> bool:
    return any(city.large and city.code == place.code for city in _known().cities.get(_plain(place.city), ()))


def _near(word: str, among: Iterable[str], known: _Known) -> list[str]:
    """Names an edit away, or two from a long one; with the same beginning first, and then the largest."""
    if len(word) < SHORTEST:
        return []

    def size(name: str) -> int:
        if name in known.states or name in known.countries:
            return LARGEST
        return max(city.size for city in known.cities[name])

    far = 2 if len(word) >= LONG_NAME else 1
    close = process.extract(word, [*dict.fromkeys(among)], scorer=OSA.distance, score_cutoff=far, limit=None)
    several = [(away, name[0] != word[0], -size(name), name) for name, away, _ in close if away]
    return [name for *_, name in sorted(several) if len(name) >= SHORTEST][:SEVERAL]


def _country_of(words: str, known: _Known) -> str:
    country = words.rpartition(", ")[2] if "," in words else ""
    return known.countries.get(ALSO.get(country, country), "")


def _of_zip_code(zip_code: str, beside: str) -> Place | None:
    """The city of a ZIP code; None where the words beside it name another place, since one of the two is wrong."""
    line = re.search(rf"^{zip_code} (.+), (..)$", _zip_codes(), re.MULTILINE)
    if not line:
        return None
    place = _known().in_state(_plain(line[1]), line[2])
    if not place or not (_words(beside) in ("", "zip", "zip code") or _is_said(place, beside)):
        return None
    return place._replace(zip_code=zip_code)


def _is_said(place: Place, words: str) -> bool:
    """Whether words name this city, or its state with whatever part of it."""
    named = found(words)
    return place in namesakes(words) or bool(named and named.state == place.state)


def _words(typed: str) -> str:
    words = re.sub(r",? (usa?|united states)$", "", _plain(typed))
    if words == "la" and typed.strip() == "LA":  # Louisiana, in capitals
        return words
    return ALSO.get(words, words)


def _parted(words: str) -> tuple[str, str]:
    """A city and its state, or two empty words."""
    city, _, state = words.rpartition(",") if "," in words else words.rpartition(" ")
    return (city.strip(), state.strip()) if city and state.strip() in _known().states else ("", "")


def _plain(typed: str) -> str:
    words = re.sub(r"\s*,\s*", ", ", re.sub(r"[\s.'’-]+", " ", fold(typed))).strip(" ,")
    words = INITIALS.sub("", words)
    for short, other in SHORT:
        words = short.sub(other, words)
    return words


@cache
def _zip_codes() -> str:
    return (Path(__file__).parent / "zip_codes.txt").read_text()


@cache
def _known() -> _Known:
    told: dict[str, Any] = tomllib.loads((Path(__file__).parent / "places.toml").read_text())
    states = {key.lower(): (code, name) for code, name in told["states"].items() for key in (code, name)}
    cities: dict[tuple[str, str], _City] = {}
    for (name, code), size in sorted(Counter(LINE.findall(_zip_codes())).items()):
        cities.setdefault((_plain(name), code), _City(name, code, size))
    for large, line in enumerate(told["cities"], 1):
        name, _, code = line.rpartition(", ")
        here = _plain(name), code
        written = "New York" if name == "New York City" else name
        cities[here] = _City(written, code, cities[here].size if here in cities else 1, large)
    by_name: dict[str, list[_City]] = defaultdict(list)
    for (name, _), city in sorted(cities.items(), key=lambda one: told["states"][one[0][1]]):
        by_name[name].append(city)
    return _Known(states, dict(by_name), {_plain(name): name for name in told["countries"]})
