"""What a question fills into the tool that it asks for: “compare keytruda and opdivo”, “trials for melanoma”."""

import re

from django.utils.http import urlencode
from django.utils.text import get_text_list

from portal.publishing.rooms import PagesNamed

from .comparing import AT_MOST
from .names_in_sentences import within
from .trials import places
from .visit import THERAPIES

type Filled = tuple[str, str] | None  # a query, and the words of the link

THERAPY, CANCER, RESULT = "therapies.therapy", "therapies.cancer", "therapies.biomarker"
WHERE = re.compile(r"\b(?:in|near|around)\s+(.+)", re.IGNORECASE)
LONGEST_PLACE = 4  # words


def comparison(named: PagesNamed, typed: str) -> Filled:
    therapies, cancers = named.get(THERAPY, ())[:AT_MOST], named.get(CANCER, ())[:1]
    if not therapies:
        return None
    words = f"Compare {get_text_list([within(one.title) for one in therapies], 'and')}"
    words += " with another therapy" if len(therapies) == 1 else "".join(f" for {within(c.title)}" for c in cancers)
    told = [("therapy", one.slug) for one in therapies] + [("cancer", one.slug) for one in cancers]
    return urlencode(told), words


def trials(named: PagesNamed, typed: str) -> Filled:
    fields = {"cancer": (CANCER, "for"), "therapy": (THERAPY, "with"), "result": (RESULT, "that mention")}
    query, words = {}, "Find clinical trials"
    for field, (kind, before) in fields.items():
        for one in named.get(kind, ())[:1]:
            query[field] = one.slug
            words += f" {before} {within(one.title)}"
    if not query:
        return "", ""
    if place := _place(typed):
        query["place"] = place.zip_code or place.short
        words += f" near {place}"
    return urlencode(query), words


def visit(named: PagesNamed, typed: str) -> Filled:
    chosen = {"cancer": named.get(CANCER, ())[:1], "therapy": named.get(THERAPY, ())[:THERAPIES]}
    chosen["result"] = named.get(RESULT, ())
    told = {field: ",".join(one.slug for one in several) for field, several in chosen.items() if several}
    about = [within(one.title) for several in chosen.values() for one in several]
    words = f"A sheet for your visit about {get_text_list(about, 'and')}" if about else ""
    return urlencode(told).replace("%2C", ","), words


def _place(typed: str) -> places.Place | None:
    """A ZIP code, or the place that stands after “near”: a large one, since there is a town that is called Early. A
    state in two letters is one in capitals only: “near me” is not Maine.
    """
    if zip_code := re.search(r"\b\d{5}\b", typed):
        return places.found(zip_code[0])
    for said in WHERE.findall(typed):
        words = said.split()[:LONGEST_PLACE]
        for end in range(len(words), 0, -1):
            written = " ".join(words[:end]).strip(" ?.!,")
            place = places.found(written) if len(written) > 2 or written.isupper() else None
            if place and (not place.city or place.zip_code or places.is_large(place) or "," in written):
                return place
    return None


#: By the name of the tool's address.
FILLS = {"therapies:trials": trials, "therapies:compare": comparison, "therapies:my-visit": visit}
