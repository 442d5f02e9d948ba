"""How the registers of trials write a search in an address. All that this site knows of their grammar is here.

It was read in the registers' own code and in addresses that others recorded, not asked live: ``tests/test_trials.py``
holds it to those. A code that a register does not know finds nothing there without a word, so none is made of what
people type.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from .places import HOME, Place

CLINICAL_TRIALS_GOV = "https://clinicaltrials.gov/search"
NCI = "https://www.cancer.gov/research/participate/clinical-trials-search/r"
#: By which somebody sees whether the registers still answer there.
ADDRESSES = (CLINICAL_TRIALS_GOV, f"{NCI}?loc=0&rl=2")


@dataclass(frozen=True)
class TrialSearch:
    """What a register is to look for, in its own words."""

    condition: str = ""
    drug: str = ""
    drug_codes: tuple[str, ...] = ()  # what the same drug is called while it is studied: MK-3475
    words: str = ""
    place: Place | None = None
    miles: int = 50
    recruiting: bool = True
    children: bool = False
    nci_type: str = ""  # codes of the NCI Thesaurus: one that its search has as a main type, or one of a subtype
    nci_subtype: str = ""


def clinical_trials_gov(search: TrialSearch) -> str:
    # “OR” is the register’s own word between terms of which one is enough
    drug = " OR ".join((search.drug, *search.drug_codes)) if search.drug else ""
    query = {"cond": search.condition, "term": search.words, "intr": drug} | _around(search)
    narrowed = ["ages:child"] * search.children + ["status:rec"] * search.recruiting
    return _address(CLINICAL_TRIALS_GOV, query | {"aggFilters": ",".join(narrowed)})


def _around(search: TrialSearch) -> dict[str, str]:
    """``locStr`` is what the register shows; by itself it filters nothing. A distance is one from a city."""
    place = search.place
    if not place:
        return {}
    parts = {"locStr": place.short, "country": place.country, "state": place.state, "city": place.city}
    return parts | ({"distance": str(search.miles)} if place.city else {})


def nci(search: TrialSearch) -> str:
    """The advanced search of the National Cancer Institute (NCI). It measures a distance from a ZIP code only, so of
    a city without one it takes those trials that are in the city itself.

    It takes a subtype in no other parameter than ``st``: in the place of a main type that is an error there.
    """
    place = search.place
    code = {"t": search.nci_type, "st": search.nci_subtype}
    said = search.drug or search.words
    query = code | {"loc": "0", "q": said if any(code.values()) else search.condition or said, "rl": "2"}
    if place and place.zip_code:
        query |= {"loc": "1", "z": place.zip_code, "zp": str(search.miles)}
    elif place:
        query |= {"loc": "2", "lcnty": place.country, "lcty": place.city, "lst": place.code}
    return _address(NCI, query)


def asks_nci(search: TrialSearch) -> bool:
    """Its search is made for people in the US, so we send nobody there who looks elsewhere."""
    return not search.place or search.place.country == HOME


def _address(base: str, query: dict[str, str]) -> str:
    told = {name: value for name, value in query.items() if value}
    return f"{base}?{urlencode(told, quote_via=quote, safe=':,')}"
