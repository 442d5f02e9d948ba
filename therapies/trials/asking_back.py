"""What somebody may have meant, where the form knows several of a name, or none: links that ask anew."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst

from portal.publishing.search import finding

from ..models import Biomarker, Cancer, Therapy
from . import places
from .forms import LONGEST, TrialsForm
from .places import Place

#: By the field: what a page of it is called and several, of which model they are, and where all of them are.
KINDS: Mapping[str, tuple[str, str, type[Any], str]] = {
    "cancer": ("cancer", "All cancers", Cancer, "therapies:cancers"),
    "therapy": ("therapy", "All therapies", Therapy, "therapies:index"),
    "result": ("test result", "All test results", Biomarker, "therapies:biomarkers"),
}
SEVERAL = 5
ABROAD = "Several places in the US have this name. If yours is in another country, type only the country."


class Way(NamedTuple):
    words: str
    address: str


class AskedBack(NamedTuple):
    """A question of ours, with its answers."""

    heading: str
    note: str
    ways: list[Way]


def places_meant(form: TrialsForm) -> AskedBack | None:
    """Which place of this name it is, or another that is written nearly so. None where no other comes into question."""
    typed = form.data.get("place", "").strip()
    if not typed or len(typed) > LONGEST:
        return None
    place, several = places.found(typed), places.namesakes(typed)
    if place:
        others = [one for one in several if one != place]
        if place.city and not places.is_known(place):
            others = places.alike(typed)
        return AskedBack(f"Not {place}?", "", _ways(form, others)) if others else None
    near = places.alike(typed)
    if several:
        shown = [*several, *(one for one in near if places.is_large(one))]
        return AskedBack(f"Which {several[0].city} do you mean?", ABROAD, [*_ways(form, shown), *_anywhere(form)])
    heading = "Did you mean one of these places?" if near else "Search without this place"
    ways = [*_ways(form, near), *_anywhere(form)]
    return AskedBack(heading, "", ways) if ways else None


def names_meant(form: TrialsForm) -> list[AskedBack]:
    """For each name that the form does not know, what is called nearly so, and the list of all."""
    return [_named(form, name) for name in KINDS if name in form.errors]


def lists() -> AskedBack:
    """Where there is nothing to search for: what somebody can begin with."""
    ways = [Way(several, reverse(index)) for _, several, _, index in KINDS.values()]
    return AskedBack("Where to begin", "", ways)


def _named(form: TrialsForm, field: str) -> AskedBack:
    called, several, model, index = KINDS[field]
    found, label = finding.find(form.data[field][:100]), model._meta.label_lower
    said = {f" {word} " for words in found.forms for word in words}  # in its names, not somewhere in its text
    entries = [match.entry for match in found.matches if match.entry.kind == label]
    entries = [entry for entry in entries if any(word in entry.heads for word in said)]
    ways = [
        Way(str(capfirst(one.title)), _asked_with(form, field, one.address.rstrip("/").rpartition("/")[2]))
        for one in entries[:SEVERAL]
    ]
    heading = f"Which {called} do you mean?" if ways else f"We have no {called} of this name"
    return AskedBack(heading, "", [*ways, Way(several, reverse(index))])


def _ways(form: TrialsForm, meant: list[Place]) -> list[Way]:
    return [Way(str(place), _asked_with(form, "place", place.short)) for place in meant]


def _anywhere(form: TrialsForm) -> Iterator[Way]:
    if any(form.data.get(name) for name in KINDS):
        yield Way("Search anywhere in the world", _asked_with(form, "place", ""))


def _asked_with(form: TrialsForm, name: str, value: str) -> str:
    told = {field: form.data.get(field, "") for field in form.fields} | {name: value}
    return f"{reverse('therapies:trials')}?{urlencode({field: said for field, said in told.items() if said})}"
