"""A notice as it was read becomes the values of a form, each with the words that it was read from."""

import json
import re
from typing import Any

from ..fda.wording import Draft
from .names import NamesOfOurs


def from_notice(draft: Draft, names: NamesOfOurs) -> dict[str, Any]:
    """The values of a draft's form, with the words that each was read from. What was not found stays empty."""
    values: dict[str, Any] = {}
    words: dict[str, str] = {}

    def put(name: str, value: Any, read_from: str) -> None:
        values[name], words[name] = value, read_from

    if draft.therapy:
        put("therapy", names.therapies[draft.therapy.value].name, draft.therapy.words)
    elif draft.drug:
        put("therapy", draft.drug.split("(")[0].split(",")[0].strip()[:150], draft.drug)
    cancers = [(names.cancers[read.value].name, read.words) for read in draft.cancers if read.value in names.cancers]
    if cancers:
        put("cancer", *cancers[0])
    if cancers[1:]:
        put("also", "; ".join(name for name, _ in cancers[1:]), ", ".join(told for _, told in cancers[1:]))
    if draft.use and draft.kind:
        put("setting", shortened(draft), draft.use)
    if draft.setting:
        put("stage", draft.setting.value, draft.setting.words)
    if draft.biomarkers:
        told = ", ".join(read.words for read in draft.biomarkers)
        put("biomarkers", [read.value for read in draft.biomarkers], told)
    if draft.combination:
        put("combination", "; ".join(draft.combination)[:200], ", ".join(draft.combination))
    if draft.children:
        put("children", True, draft.children.words)
    for name in ("kind", "date", "application"):
        if found := getattr(draft, name):
            put(name, found.value, found.words)
    return values | {"read": json.dumps(words)}


def shortened(draft: Draft) -> str:
    """The use without its partner drugs, which have a field of their own, and without the opening that all share."""
    text = draft.use
    if draft.combination:
        masked = re.sub(r"\([^()]*\)", lambda found: "·" * len(found[0]), text)
        end = re.search(r",?\s+(?=(?:for|as)\b)", masked)
        text = text[end.end() :] if end else text
    text = re.sub(r"\s*\([^()]*\)", "", text)
    text = re.sub(r"^for (?:the treatment of )?", "", text, flags=re.IGNORECASE)
    text = re.sub(r",? as (?:detected|determined) by an FDA-\w+ test", "", text).strip(" ,.")
    return (text[:1].upper() + text[1:])[:250]
