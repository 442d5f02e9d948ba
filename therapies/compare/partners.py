"""Whether two lists of partner drugs name the same ones, where a word for a group answers for the drugs of it."""

import re
from collections.abc import Sequence, Set

from ..fda import cells

#: Chemotherapy by the words for its groups. What is not here must be named alike on both sides.
GROUPS = {
    "platinum": {"cisplatin", "carboplatin", "oxaliplatin"},
    "fluoropyrimidine": {"fluorouracil", "capecitabine"},
    "taxane": {"paclitaxel", "docetaxel", "cabazitaxel", "nab paclitaxel", "paclitaxel protein bound"},
    "anthracycline": {"doxorubicin", "pegylated liposomal doxorubicin", "daunorubicin", "epirubicin", "idarubicin"},
}
OTHERS = {
    *("bendamustine", "busulfan", "chlorambucil", "clofarabine", "cyclophosphamide", "cytarabine", "dacarbazine"),
    *("eribulin", "etoposide", "fludarabine", "gemcitabine", "ifosfamide", "irinotecan", "leucovorin"),
    *("melphalan", "mercaptopurine", "methotrexate", "mitoxantrone", "pemetrexed", "temozolomide", "topotecan"),
    *("trifluridine", "vinblastine", "vincristine", "vinorelbine"),
}
#: The same drug by other names, and regimens by their letters.
NAMES = {
    "folinic acid": ("leucovorin",), "fu": ("fluorouracil",), "il 2": ("aldesleukin",),
    "interleukin 2": ("aldesleukin",), "gm csf": ("sargramostim",), "13 cis retinoic acid": ("isotretinoin",),
    "granulocyte macrophage colony stimulating factor": ("sargramostim",),
    "chop": ("cyclophosphamide", "doxorubicin", "vincristine", "prednisone"),
    "chp": ("cyclophosphamide", "doxorubicin", "prednisone"), "cvp": ("cyclophosphamide", "vincristine", "prednisone"),
    "r chp": ("rituximab", "cyclophosphamide", "doxorubicin", "prednisone"), "bacillus calmette guérin": ("bcg",),
    "fc": ("fludarabine", "cyclophosphamide"), "folfox": ("leucovorin", "fluorouracil", "oxaliplatin"),
    "folfiri": ("leucovorin", "fluorouracil", "irinotecan"),
    "folfirinox": ("leucovorin", "fluorouracil", "irinotecan", "oxaliplatin"),
    "flot": ("fluorouracil", "leucovorin", "oxaliplatin", "docetaxel"),
}  # fmt: skip
CHEMOTHERAPY = OTHERS.union(*GROUPS.values())


def same_partners(ours: Sequence[str], label: Sequence[str]) -> bool:
    """Whether both name the same drugs. “Chemotherapy” of one side answers for drugs of it that the other names."""
    one, other = _plain(ours), _plain(label)
    if not (one and other):
        return one == other
    return _is_answered(one, other) and _is_answered(other, one)


def _is_answered(names: Set[str], others: Set[str]) -> bool:
    """Whether each name is there on the other side, as it is, in a word for its group, or as a drug of its group."""
    return all(name in others or _stands_for(name, others) or _is_meant(name, others) for name in names)


def _stands_for(umbrella: str, others: Set[str]) -> bool:
    """Whether drugs on the other side are what a word for a group may mean: “platinum chemotherapy” has a platinum."""
    if groups := _groups(umbrella):
        return all(any(group in _groups(name) or name in GROUPS[group] for name in others) for group in groups)
    return "chemotherapy" in umbrella and any(name in CHEMOTHERAPY or _groups(name) for name in others)


def _is_meant(drug: str, others: Set[str]) -> bool:
    """Whether a word for a group on the other side means this drug, or this word for a smaller group."""
    groups = _groups(drug) or {group for group, drugs in GROUPS.items() if drug in drugs}
    if groups and any(groups & _groups(name) for name in others):
        return True
    return (drug in CHEMOTHERAPY or bool(groups)) and any("chemotherapy" in name for name in others)


def _groups(name: str) -> set[str]:
    return {group for group in GROUPS if group in name}


def _plain(names: Sequence[str]) -> frozenset[str]:
    """Each drug by one name. What carries an injection under the skin is none."""
    told = (re.sub(r"(?:,? |^)with or without ", "; perhaps ", name) for name in names)
    parts = (part for name in told for part in re.split(r"[,;]|(?:^| )(?:and|or|then|therapy with)(?= |$)", name))
    known = (NAMES.get(plain, (plain,)) for part in parts if (plain := _bare(part)))
    return frozenset(name for drugs in known for name in drugs if not cells.CARRIER.search(name))


def _bare(name: str) -> str:
    """“a rituximab product (any)” and “platinum-based” without what says nothing."""
    name = re.sub(
        r"\(.*?\)|-(?:based|containing)|-(?!alfa)[a-z]{4}$"
        r"|\b(?:an?|either|products?|5-|first[- ]line|intravenous|afterwards?|after surgery)\b",
        " ",
        name.casefold(),
    )
    return " ".join(re.sub(r"radiotherapy|radiation therapy", "radiation", name).replace("-", " ").split())
