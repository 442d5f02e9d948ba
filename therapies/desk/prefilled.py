"""A notice as it was read, as the values of a form, each with the words that it was read from."""

import json
import re
from typing import Any

from ..fda import sentences
from ..fda.naming import Read
from ..fda.wording import Draft
from .names import NamesOfOurs


def from_notice(draft: Draft, names: NamesOfOurs) -> dict[str, Any]:
    """The values of a draft's form, with the words that each was read from. What was not found stays empty."""
    found: dict[str, tuple[Any, str]] = {}
    combination, partner = _beside_ours(draft)
    if partner:
        found["therapy"] = names.therapies[partner.value].name, partner.words
    elif draft.therapy and (draft.kind or not draft.drug):  # a copy is asked for by its own name
        found["therapy"] = names.therapies[draft.therapy.value].name, draft.therapy.words
    elif draft.drug:
        found["therapy"] = _plain_name(draft.drug), draft.drug
    cancers = [(names.cancers[read.value].name, read.words) for read in draft.cancers if read.value in names.cancers]
    if cancers:
        found["cancer"] = cancers[0]
    if cancers[1:]:
        found["also"] = "; ".join(name for name, _ in cancers[1:]), ", ".join(told for _, told in cancers[1:])
    if draft.use and draft.kind:
        found["setting"] = _shortened(draft), draft.use
    if draft.setting:
        found["stage"] = draft.setting.value, draft.setting.words
    if draft.biomarkers:
        told = ", ".join(read.words for read in draft.biomarkers)
        found["biomarkers"] = [read.value for read in draft.biomarkers], told
    if combination:
        told = ", ".join([*([draft.drug] if partner else []), *draft.combination])
        found["combination"] = "; ".join(combination)[:200], told
    if draft.children:
        found["children"] = True, draft.children.words
    for name in ("kind", "date", "application") if draft.kind else ("application",):  # no decision has no day
        if read := getattr(draft, name):
            found[name] = read.value, read.words
    words = {name: told for name, (_, told) in found.items()}
    return {name: value for name, (value, _) in found.items()} | {"read": json.dumps(words)}


def _beside_ours(draft: Draft) -> tuple[tuple[str, ...], Read | None]:
    """The partners, and our therapy where it is the only one of them that is ours: we keep its uses with others."""
    if draft.therapy or not draft.kind or len(draft.partners) != 1:
        return draft.combination, None
    partner = draft.partners[0]
    others = [name for name in draft.combination if partner.words.casefold() not in name.casefold()]
    return (*filter(None, [_plain_name(draft.drug)]), *others), partner


def _plain_name(drug: str) -> str:
    return drug.split("(")[0].split(",")[0].strip()[:150]


def _shortened(draft: Draft) -> str:
    """The use without its partner drugs, which have a field of their own, and without the opening that all share."""
    text = draft.use[: sentences.spans(draft.use)[0][1]]
    if draft.combination:
        masked = re.sub(r"\([^()]*\)", lambda found: "·" * len(found[0]), text)
        end = re.search(r",?\s+(?=(?:for|as)\b)", masked)
        text = text[end.end() :] if end else text
    text = re.sub(r"\s*\([^()]*\)", "", text)
    text = re.sub(r"^for (?:the treatment of )?", "", text, flags=re.IGNORECASE)
    text = re.sub(r",? as (?:detected|determined) by an FDA-\w+ test", "", text).strip(" ,.")
    return (text[:1].upper() + text[1:])[:250]
