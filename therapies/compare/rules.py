"""What could be one of our therapies at all: FDA's files hold every drug, and most are not. Each rule says its reason.

A name only suggests. Where a stem decides, the reason says "perhaps".
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ..fda import cells

#: FDA's words on licence and marketing, and the word that we record for the same.
STATUS = {
    "Rx": "marketed",
    "OTC": "marketed",
    "Disc": "discontinued",
    "Voluntarily Revoked": "withdrawn",
    "Revoked": "withdrawn",
}
CANCER = re.compile(
    r"cancer|carcinom|tumou?r|leuk[ae]mia|lymphoma|melanoma|myeloma|sarcoma|neoplas|metasta|glioma|blastoma|malignan|mesothelioma",
    re.IGNORECASE,
)
#: Biologics that words in the proper name tell apart.
WORDS = [
    (r"allerg|pollen|\bmites?\b|mold|insect|epitheli|venom|dander|feather|\bfood", "an allergenic extract"),
    (
        r"globulin|antiveni|antitoxin|immune fab|immune f\(ab|\bfab\b",
        "antibodies from blood, or against a venom or toxin",
    ),
    (
        r"albumin|plasma|antihemophilic|coagula|factor [vix]|thrombin|fibrin|hemin\b|esterase|proteinase inhibitor|"
        r"protein c\b|adamts13|von willebrand|antithrombin",
        "a product of blood or for clotting",
    ),
    (r"skin test|tuberculin|patch test|candida albicans|test antigen", "a test on the skin"),
    (r"cord blood|progenitor cells, cord|hpc", "stem cells from cord blood"),
    (
        r"keratinocytes|chondrocytes|fibroblasts|thymus|tissue|vessel|microbiota",
        "living tissue or germs for another disease",
    ),
    (r"botulinumtoxin|botulinum toxin", "a nerve toxin"),
    (r"insulin|somatropin|gonadotropin|follitropin|tropin\b|parathyroid|glutide|glucagon", "a hormone"),
    (r"ase\b|ase (?:alfa|beta|pegol)", "an enzyme, perhaps"),
    (r"poetin|grastim|gramostim", "a growth factor for blood cells, perhaps"),
    (r"cept\b", "a receptor fusion protein, perhaps"),
    (r"parvovec", "a gene therapy for an inherited disease, perhaps"),
    (r"(?<!cancer )(?<!tumor )vaccine|toxoid", "a vaccine against an infection"),
]
#: Stems of names, and what they suggest.
STEMS = [
    (r"\b\w*(?:mab|tug|bart|mig)\b", "an antibody"),
    (r"\b(?!treatment|supplement|management|development|assessment|requirement)\w+ment\b", "a fragment of an antibody"),
    (r"\b\w+leucel\b|\bt[ -]cells?\b", "a cell therapy"),
    (r"\b\w+(?:repvec|adenovec|herpavec)\b", "a virus or gene therapy"),
    (r"\b\w+fusp\b", "a fusion protein that engages immune cells"),
    (r"\b(?:\w*leukin|\w+(?<!s)kin|\w+kicept)\b", "a messenger of the immune system"),
    (r"interferon", "an interferon"),
    (r"\b\w+(?:tox|sudotox|diftitox)\b", "an immunotoxin"),
    (r"\bbcg live\b|\bbacillus calmette", "a bacterial immunotherapy"),
    (r"cancer vaccine|tumou?r vaccine", "a cancer vaccine"),
]


@cache
def left_out() -> dict[str, str]:
    """The names in ``not_ours.toml``, each with its reason."""
    groups = tomllib.loads((Path(__file__).parent / "not_ours.toml").read_text())["groups"]
    return {" ".join(name.split()): group["why"] for group in groups for name in group["names"].split(",")}


def could_be_ours(kind: str, names: Iterable[str], use: str) -> tuple[bool, str]:
    """Whether a drug that matches none of ours may be a new therapy, with the reason."""
    several = [name for name in names if name]
    known = left_out()
    parts = cells.parts(several)
    bases = [*(cells.base(name) for name in several), *parts, " ".join(parts)]
    for base in bases:
        if base in known:
            return False, f"Looked at and not kept: {known[base]}."
    if kind == "ANDA":
        return False, "A generic copy (ANDA); we keep no generics."
    if kind == "NDA":
        return False, "A drug under an NDA, not a biologic, and none of our names."
    text = cells.key(" ; ".join(several))
    if parts:  # a drug with its carrier is no enzyme
        text = cells.CARRIER.sub("", text)
    if use and not CANCER.search(use):
        return False, "The use in this file names no cancer."
    for words, why in WORDS:
        if re.search(words, text):
            return False, f"A biologic of a class that we do not keep: {why}."
    for words, why in STEMS:
        if found := re.search(words, text):
            also = "; its use in this file names a cancer" if use else ""
            return True, f"Perhaps {why}: the name holds “{found[0]}”{also}. A person must look."
    if kind == "BLA":
        return False, "A biologic whose name has no stem of a class that we keep."
    return False, "None of our names, and no stem of a class that we keep: a small molecule, perhaps."


def drug_words(text: str) -> list[str]:
    """The names outside of brackets where a notice names the approved drug."""
    plain = re.sub(r"\([^()]*\)", " ", text)
    return [part.strip() for part in re.split(r",|\band\b|\bor\b|\n", plain) if part.strip()][:6]


def status(presentations: list[tuple[str, str]]) -> str:
    """One word for all presentations of a brand: on the market if one is, revoked only if all are."""
    licensed = [status for status, licensure in presentations if "revoked" not in licensure.lower()]
    if not licensed:
        revoked = [licensure for _, licensure in presentations if licensure]
        return min(revoked) if revoked else ""
    for word in ("Rx", "OTC", "Disc"):
        if word in licensed:
            return word
    return next((word for word in licensed if word), "")
