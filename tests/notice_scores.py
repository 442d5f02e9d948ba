"""How well FDA's real notices are read: each beside what a person read in it (``tests/notices/expected.toml``)."""

import datetime
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from therapies.desk.paste import taken_apart
from therapies.fda.naming import Vocabulary
from therapies.fda.wording import Draft, drafts

FOLDER = Path(__file__).parent / "notices"
CONTENT = Path(__file__).parents[1] / "therapies" / "content"
TODAY = datetime.date(2026, 11, 24)
NAMES = ("brand", "suffix-name", "abbreviation", "synonym", "code")
#: The fields that a draft fills in, and whether each holds one value or several.
FIELDS = {
    "therapy": False,
    "kind": False,
    "date": False,
    "cancers": True,
    "biomarkers": True,
    "stage": False,
    "partners": True,
    "children": False,
    "application": False,
}


@cache
def vocabulary() -> Vocabulary:
    """The names that the software ships, without a database."""
    therapies = {}
    for path in sorted((CONTENT / "therapies").glob("*.toml")):
        told = tomllib.loads(path.read_text())
        aliases = [fact["value"] for fact in told.get("facts", []) if fact["kind"] in NAMES]
        therapies[path.stem] = [told["name"], *aliases]
    listed = tomllib.loads((CONTENT / "vocabulary.toml").read_text())

    def names(kind: str) -> dict[str, list[str]]:
        several = sorted(listed[kind], key=lambda one: one["name"])
        return {
            one["slug"]: [one["name"], one.get("plain_name", one["name"]), *one.get("synonyms", [])] for one in several
        }

    return Vocabulary(therapies, names("cancers"), names("biomarkers"))


@cache
def expected() -> dict[str, dict[str, Any]]:
    return tomllib.loads((FOLDER / "expected.toml").read_text())


def values(draft: Draft) -> dict[str, Any]:
    """A draft as the values of its fields."""
    one = {"therapy": draft.therapy, "kind": draft.kind, "date": draft.date, "application": draft.application}
    single = {name: read.value if read else "" for name, read in one.items()}
    several = {name: {read.value for read in getattr(draft, name)} for name in ("cancers", "biomarkers", "partners")}
    stage = draft.setting.value if draft.setting else ""
    return single | several | {"stage": stage, "children": draft.children is not None, "drug": draft.drug}


def read(name: str) -> list[dict[str, Any]]:
    """The uses that the reader finds in a notice: drafts that tell no decision are none."""
    notice = taken_apart((FOLDER / f"{name}.txt").read_text(), TODAY)
    return [values(draft) for draft in drafts(notice, vocabulary(), TODAY) if draft.kind]


@dataclass
class Score:
    """Shares of what is right: of notices for their number of uses, of expected uses for each field."""

    notices: int = 0
    counted: int = 0
    uses: int = 0
    right: Counter[str] = field(default_factory=Counter)
    prefilled: int = 0
    wrong: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        wanted, found = expected()[name]["uses"], read(name)
        self.notices += 1
        self.counted += len(wanted) == len(found)
        if len(wanted) != len(found):
            self.faults.append(f"{name}: {len(found)} uses, {len(wanted)} expected")
        self.uses += len(wanted)
        empty = values_of_nothing()
        for place in range(max(len(wanted), len(found))):
            right = empty | wanted[place] if place < len(wanted) else {}
            self._compare(f"{name}[{place}]", right, found[place] if place < len(found) else empty)

    def _compare(self, name: str, right: dict[str, Any], told: dict[str, Any]) -> None:
        for what, is_several in FIELDS.items():
            wanted = set(right.get(what, ())) if is_several else right.get(what, "")
            got = told[what]
            surplus = got - wanted if is_several else ({got} if got and got != wanted else set())
            self.prefilled += len(got) if is_several else bool(got)
            self.wrong += len(surplus)
            if right:
                self.right[what] += got == wanted
            if surplus or (right and got != wanted):
                self.faults.append(f"{name} {what}: {got or 'nothing'}, not {wanted or 'nothing'}")
        if right.get("drug") and not told["drug"].startswith(right["drug"]):
            self.faults.append(f"{name} drug: {told['drug']}, not {right['drug']}")

    def share(self, what: str) -> float:
        return self.right[what] / self.uses

    def __str__(self) -> str:
        shares = ", ".join(f"{what} {self.share(what):.1%}" for what in FIELDS)
        return (
            f"{self.notices} notices, number of uses right {self.counted / self.notices:.1%}; of {self.uses} uses: "
            f"{shares}; wrong among {self.prefilled} values filled in {self.wrong / self.prefilled:.1%}"
        )


def values_of_nothing() -> dict[str, Any]:
    return {what: set() if is_several else "" for what, is_several in FIELDS.items()} | {"children": False, "drug": ""}


def score(*groups: str, every: int = 1) -> Score:
    """The score of these groups, or of every so many of their notices."""
    total = Score()
    for name in [name for name, told in expected().items() if told.get("group", "tuned") in groups][::every]:
        total.add(name)
    return total
