"""What somebody looks for, in a sentence and as links: the search itself first, then wider ones."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from ..fact_kinds import FactKind
from ..models import Cancer, Therapy, TherapyFact
from ..names_in_sentences import within
from . import registers
from .registers import TrialSearch


class RegisterLink(NamedTuple):
    words: str
    address: str


class TrialQuestion:
    """``told`` are the cleaned values of the form, with pages in the place of their slugs."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.cancer: Cancer | None = told["cancer"]
        self.parent: Cancer | None = told["parent"]  # none where readers have no page of it
        self.therapy, self.result, self.place = told["therapy"], told["result"], told["place"]
        self.search = TrialSearch(
            condition=self.cancer.ctgov_condition if self.cancer else "",
            **codes(self.cancer),
            drug=self.therapy.name if self.therapy else "",
            drug_codes=codes_of(self.therapy) if self.therapy else (),
            words=searched(self.result.name) if self.result else "",
            place=self.place,
            miles=int(told["miles"] or 50),
            recruiting=told["which"] != "all",
            children=told["age"] == "child",
        )

    @property
    def said(self) -> str:
        return f"We’ll search for {self._in_words(self.search)}."

    @property
    def address(self) -> str:
        return registers.clinical_trials_gov(self.search)

    @property
    def nci(self) -> RegisterLink | None:
        """Beside a place, NCI's search takes a code and words, or words alone, so the link says what it asks for."""
        if not registers.asks_nci(self.search):
            return None
        what, mentioned = "studies", self.search.drug or self.search.words
        if self.cancer:
            what += f" of {within(self.cancer.name)}"
        if mentioned and (not self.cancer or self.cancer.nci_code):
            what += f" that mention {mentioned}"
        where = f" in {self.place}" if self.place else ""
        if self.place and self.place.zip_code:
            where = f" within {self.search.miles} miles of ZIP code {self.place.zip_code}"
        query = replace(self.search, condition=self.cancer.name if self.cancer else "")
        return RegisterLink(f"{what}{where}", registers.nci(query))

    @property
    def wider(self) -> list[RegisterLink]:
        found = {search: self._in_words(search, name) for search, name in self._wider() if search != self.search}
        return [RegisterLink(words, registers.clinical_trials_gov(search)) for search, words in found.items()]

    def _wider(self) -> Iterator[tuple[TrialSearch, str]]:
        if self.place:
            yield replace(self.search, place=None), ""
        if self.cancer:
            any_immunotherapy = replace(self.search, drug="", drug_codes=(), words="immunotherapy")
            yield any_immunotherapy, ""
            yield replace(any_immunotherapy, words=""), ""
            if parent := self.parent:
                yield replace(any_immunotherapy, condition=parent.ctgov_condition), parent.name
        elif self.therapy and self.result:
            yield replace(self.search, words=""), ""

    def _in_words(self, search: TrialSearch, cancer: str = "") -> str:
        name = cancer or (self.cancer.name if self.cancer else "")
        said = f"studies of {within(name)}" if search.condition else "studies"
        if search.drug:
            said += f" with {search.drug}"
        if search.words == "immunotherapy":
            said += " with any immunotherapy"
        elif search.words:
            said += f" that mention {search.words}"
        said += " for children and teens" * search.children
        if search.place:
            said += f" within {search.miles} miles of {search.place}" if search.place.city else f" in {search.place}"
        elif self.place:
            said += " anywhere in the world"
        return said + (", looking for volunteers now" if search.recruiting else ", also finished ones")


def codes(cancer: Cancer | None) -> dict[str, str]:
    """The code of a cancer where NCI's search takes it, if it has one."""
    if not (cancer and cancer.nci_code):
        return {}
    return {"nci_type" if cancer.nci_level == Cancer.NciLevel.MAIN else "nci_subtype": cancer.nci_code}


def codes_of(therapy: Therapy) -> tuple[str, ...]:
    """The codes by which studies call a drug. One with a blank or a sign in it could be read as several words."""
    facts = TherapyFact.objects.filter(therapy=therapy, kind=FactKind.CODE).values_list("value", flat=True)
    codes = [code.strip() for value in facts for code in value.split(";")]
    return tuple(sorted(code for code in codes if re.fullmatch(r"[A-Za-z0-9-]+", code)))


def searched(result: str) -> str:
    """A test result as studies call it: “High c-Met protein” is c-Met there, and “CD19-positive” is CD19."""
    plain = re.sub(r" ?\([^()]*\)|[- ]positive\b|^High | protein$", "", result)
    return plain.strip() or result
