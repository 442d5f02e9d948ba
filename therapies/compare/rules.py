"""What could be one of our therapies at all: FDA's files hold every drug, and most are none of ours.

A name only suggests. Where a stem decides, a person must look.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ..fda import cells
from .reasons import Reason

CANCER = re.compile(
    r"cancer|carcinom|tumou?r|leuk[ae]mia|lymphoma|melanoma|myeloma|sarcoma|neoplas|metasta|glioma|blastoma|malignan|mesothelioma",
    re.IGNORECASE,
)
#: Stems of names that suggest a class of ours.
STEMS = {
    "antibody": r"\b\w*(?:mab|tug|bart|mig)\b",
    "antibody-fragment": r"\b(?!treatment|supplement|management|development|assessment|requirement)\w+ment\b",
    "cell-therapy": r"\b\w+leucel\b|\bt[ -]cells?\b",
    "virus": r"\b\w+(?:repvec|adenovec|herpavec)\b",
    "immune-fusion": r"\b\w+fusp\b",
    "cytokine": r"\b(?:\w*leukin|\w+(?<!s)kin|\w+kicept)\b",
    "interferon": r"interferon",
    "immunotoxin": r"\b\w+(?:tox|sudotox|diftitox)\b",
    "bacteria": r"\bbcg live\b|\bbacillus calmette",
    "cancer-vaccine": r"cancer vaccine|tumou?r vaccine",
}


@cache
def groups_left_out() -> dict[str, dict[str, str]]:
    """The groups of ``not_ours.toml`` by key: why each was left out, and its names, or words that tell a name."""
    return tomllib.loads((Path(__file__).parent / "not_ours.toml").read_text())


@cache
def names_left_out() -> dict[str, str]:
    """The group of each name."""
    groups = {key: group["names"] for key, group in groups_left_out().items() if "names" in group}
    return {" ".join(name.split()): key for key, names in groups.items() for name in names.split(",")}


def scope_of(application_kind: str, names: Iterable[str], use: str) -> tuple[Reason, dict[str, str]]:
    """Whether a drug that matches none of ours may be a new therapy: the rule that says so, with its arguments."""
    several = [name for name in names if name]
    parts = cells.parts(several)
    for base in [*(cells.base(name) for name in several), *parts, " ".join(parts)]:
        if group := names_left_out().get(base):
            return Reason.LEFT_OUT, {"group": group}
    if application_kind == "ANDA":
        return Reason.GENERIC, {}
    if application_kind == "NDA":
        return Reason.NOT_A_BIOLOGIC, {}
    if use and not CANCER.search(use):
        return Reason.USE_WITHOUT_CANCER, {}
    text = cells.key(" ; ".join(several))
    if parts:  # a drug with its carrier is no enzyme
        text = cells.CARRIER.sub("", text)
    for group, told in groups_left_out().items():
        if "words" in told and re.search(told["words"], text):
            return Reason.OTHER_GROUP, {"group": group}
    for group, stem in STEMS.items():
        if found := re.search(stem, text):
            reason = Reason.NAME_AND_USE_FIT if use else Reason.NAME_FITS_CLASS
            return reason, {"group": group, "stem": found[0]}
    is_biologic = application_kind == "BLA"
    return Reason.BIOLOGIC_FITS_NO_CLASS if is_biologic else Reason.NAME_FITS_NO_CLASS, {}
