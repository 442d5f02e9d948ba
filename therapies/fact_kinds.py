"""The kinds of fact that a source may tell of a therapy apart from its approved uses. Adding one is one entry here.

Public pages, the search of the catalogue, the forms at the desk, files, and the search for sentences in doubt read
what an entry says; none of them lists kinds of its own.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from django.core.exceptions import ValidationError


@dataclass(frozen=True)
class Traits:
    """What a kind of fact is like. What an entry does not say does not apply."""

    label: str
    #: A therapy may have several of it; of any other kind a release may change the value.
    several: bool = False
    #: Two values of it would tell patients two things, so a second one is refused.
    exclusive: bool = False
    #: A name that FDA's files and people use for the therapy.
    is_name: bool = False
    #: A name that texts may call the therapy by; codes and suffixes are for files.
    in_texts: bool = False
    #: A name that a search reads, though files do not use it.
    searched: bool = False
    #: The catalogue can be narrowed by its values: how the sentence above the list says one, “with the target {}”.
    narrows: str = ""
    #: Readers see it among the facts of the therapy.
    shown: bool = True
    #: What a text may claim beside the therapy's name, by the keys of ``desk/doubts.py``.
    claims: tuple[str, ...] = ()
    #: Whether it affects patients when it has this value: then a change needs a reason.
    affects_patients: Callable[[str], bool] = lambda value: False
    #: The values that are allowed, where there are few.
    choices: tuple[str, ...] = ()
    #: Its value for a product in one of FDA's files, from the brand and the number there; None where a file tells none.
    from_product: Callable[[str, str], str] | None = None
    #: Its day is one on which FDA approved something, so a file that has that day tells nothing new.
    dates_approval: bool = False
    #: Its value is the number of an FDA application; a file's brand that is new to us comes with it.
    is_number: bool = False
    #: Values that say that it is not sold. Without a day of its own a fact of this kind tells of today alone.
    unsold: tuple[str, ...] = ()
    #: It stands under an FDA application of its own, whose number is in the column beside its value.
    numbered: bool = False
    #: What readers see for some of its values: several that are one thing to them are told in the same words.
    said: Mapping[str, str] = field(default_factory=dict, hash=False)
    #: The value as it is stored; raises ValidationError with what to do.
    cleaned: Callable[[str], str] = str.strip
    help: str = ""


def application_number(value: str) -> str:
    """The number as it is stored. Raises ValidationError with what to do."""
    number = re.sub(r"[\s-]", "", value).upper()
    if not re.fullmatch(r"(BLA|NDA)\d{6}", number):
        raise ValidationError("Write the number as FDA does: BLA or NDA and six digits, for example BLA125514.")
    return number


def _brand(brand: str, number: str) -> str:
    return brand


#: Values of a kind that is told of every therapy: there is none of it, or nobody read whether there is.
NONE, UNKNOWN = "none", "unknown"

#: How sources write the one route into a vein.
VEIN = ("intravenous", "intravenous infusion")

NAMED = ("a name",)
HOW_IT_WORKS = ("how it works",)
HOW_IT_IS_GIVEN = ("how it is given",)


class FactKind(StrEnum):
    """Values are stored in ``TherapyFact.kind``."""

    BRAND = (
        "brand",
        Traits("Brand name", several=True, is_name=True, in_texts=True, from_product=_brand, claims=NAMED),
    )
    SUFFIX_NAME = (
        "suffix-name",
        Traits("Name with FDA’s four-letter suffix", several=True, is_name=True, claims=NAMED),
    )
    ABBREVIATION = "abbreviation", Traits("Abbreviation", several=True, is_name=True, in_texts=True, claims=NAMED)
    SYNONYM = "synonym", Traits("Other name", several=True, is_name=True, in_texts=True, claims=NAMED)
    CODE = "code", Traits("Development code", several=True, is_name=True, claims=NAMED)
    PAGE_NAME = "page-name", Traits("Name on the 2019 page", several=True, searched=True)
    MISSPELLING = "misspelling-on-page", Traits("Misspelling on the 2019 page", several=True, searched=True)
    BIOSIMILAR = (
        "biosimilar",
        Traits(
            "Brand of a biosimilar",
            several=True,
            searched=True,
            in_texts=True,
            from_product=_brand,
            claims=("copies",),
        ),
    )
    TARGET = "target", Traits("Target", several=True, narrows="with the target {}", claims=HOW_IT_WORKS)
    MECHANISM = "mechanism", Traits("How it works, in one line", claims=HOW_IT_WORKS)
    ROUTE = (
        "route",
        Traits("How it is given", claims=HOW_IT_IS_GIVEN, said=dict.fromkeys(VEIN, "intravenous (into a vein)")),
    )
    APPLICATION = (
        "application",
        Traits(
            "FDA application number",
            several=True,
            from_product=lambda brand, number: number,
            dates_approval=True,
            is_number=True,
            cleaned=application_number,
            help="For example BLA125514.",
        ),
    )
    FORM = (
        "form",
        Traits(
            "Later form of the same drug",
            several=True,
            from_product=lambda brand, number: brand or number,
            dates_approval=True,
            numbered=True,
            claims=HOW_IT_IS_GIVEN,
        ),
    )
    APPLICANT = "applicant", Traits("Company that holds the license", claims=("who makes it",))
    FIRST_APPROVAL = (
        "first-approval",
        Traits("First US approval, for another use", dates_approval=True, claims=("first", "a year")),
    )
    SUPPLEMENT = "supplement", Traits("Change of use at FDA, not yet explained", several=True, shown=False)
    MARKET_STATUS = (
        "market-status",
        Traits(
            "Whether it is sold",
            exclusive=True,
            claims=("sold", "approved", "withdrawn", "treats"),
            affects_patients=lambda value: value != "marketed",
            choices=("marketed", "discontinued", "withdrawn", "unknown"),
            unsold=("discontinued", "withdrawn"),
        ),
    )
    BOXED_WARNING = (
        "boxed-warning",
        Traits("Boxed warning", exclusive=True, claims=("boxed warning",), affects_patients=lambda value: True),
    )
    SIDE_EFFECTS = (
        "side-effects",
        Traits("Common side effects", claims=("side effects",), help="Separate with semicolons."),
    )
    RECORD = "record", Traits("The record as a whole")

    traits: Traits

    def __new__(cls, value: str, traits: Traits | None = None) -> Self:
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.traits = traits or Traits(value)  # every member has some; a look-up by value gives none
        return kind

    @property
    def label(self) -> str:
        return self.traits.label

    def clean(self, value: str) -> str:
        """The value as it is stored. Raises ValidationError with what to do."""
        value = self.traits.cleaned(value)
        if self.traits.choices and value not in self.traits.choices:
            raise ValidationError(f"Write one of: {', '.join(self.traits.choices)}.")
        return value


def of_product(brand: str, number: str) -> dict[str, str]:
    """What a product in one of FDA's files may be to us: the value by each kind that it could be recorded as."""
    told = {kind.value: kind.traits.from_product for kind in FactKind if kind.traits.from_product}
    return {kind: value for kind, make in told.items() if (value := make(brand, number))}


def choices() -> list[tuple[str, str]]:
    return [(kind.value, kind.label) for kind in FactKind]


def those(wanted: Callable[[Traits], Any]) -> tuple[FactKind, ...]:
    """The kinds whose traits are ``wanted``: ``those(lambda t: t.is_name)``."""
    return tuple(kind for kind in FactKind if wanted(kind.traits))


NAMES = those(lambda traits: traits.is_name)
IN_TEXTS = those(lambda traits: traits.in_texts)
SEARCHED = those(lambda traits: traits.is_name or traits.searched)
NARROWING = those(lambda traits: traits.narrows)
SEVERAL = those(lambda traits: traits.several)
EXCLUSIVE = those(lambda traits: traits.exclusive)
SHOWN = those(lambda traits: traits.shown)
APPLICATIONS = those(lambda traits: traits.is_number)
SOLD = those(lambda traits: traits.unsold)
NUMBERED = those(lambda traits: traits.numbered)
APPROVAL_DAYS = those(lambda traits: traits.dates_approval)
HIDDEN = those(lambda traits: not traits.shown)
