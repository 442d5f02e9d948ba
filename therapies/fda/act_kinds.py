"""Which kind of decision an act is: its verb tells, or what the notice says of the approval around it."""

import re
from collections.abc import Sequence

from . import disease, sentences, stages
from .act_verbs import KINDS, Act
from .naming import Read, Vocabulary

#: That the approval was accelerated before, told after the decision.
ONCE_ACCELERATED = re.compile(
    r"(?:previous|prior|initial|original|receiv|was|were|had|since)\w*\b[^.\n]{0,80}\baccelerated approval"
    r"|accelerated approval[^.\n]{0,90}\b(?:in|on|since) (?:\d{1,2} )?(?:\w+ )?(?:\d{1,2}, )?(?:19|20)\d\d"
    r"|\b(?:in|on) (?:\d{1,2} )?(?:\w+ )?(?:\d{1,2}, )?(?:19|20)\d\d,[^.\n]{0,80}accelerated approval"
    r"|(?:confirmatory|convert)\w*[^.\n]{0,80}accelerated approval",
    re.IGNORECASE,
)
SAME_ACCELERATED = re.compile(
    r"accelerated approval[^.\n]{0,60}\b(?:this|these|the same) (?:indications?|uses?|combination|regimen)"
    r"|accelerated approval[^.\n]{0,120}\b(?:is|was|has been) (?:now )?converted to\b"
    r"|\b(?:this|today[’']s|the current) approval (?:amends|modifies|replaces|revises|converts)\b"
    r"[^.\n]{0,80}\baccelerated approval",
    re.IGNORECASE,
)
#: What was never approved before converts nothing.
NEW_USE = re.compile(r"\b(?:new|additional|second) (?:indication|use)", re.IGNORECASE)
#: The same said of this decision: "granted the application priority review and accelerated approval".
GRANTED_NOW = re.compile(
    r"\b(?:designations?|review)\b[^.\n]{0,60}\band accelerated approval\b"
    r"|\bunder (?:the )?(?:FDA[’']s )?accelerated approval (?:regulations|program|pathway), this (?:indication|use)\b",
    re.IGNORECASE,
)
PATHWAY = r"(?:(?:the|an?|its|our|FDA[’']s|agency[’']s) ){0,3}(?:regulations for )?accelerated approval"
#: How an approval that is called no more than that was accelerated: "approved under the accelerated approval pathway".
UNDER_ACCELERATED = re.compile(
    rf"\b(?:under|through|via|using|according to|pursuant to) {PATHWAY}|\(accelerated approval\)", re.IGNORECASE
)
#: The same in a sentence of its own, which names no disease: that would be of another decision.
WAS_ACCELERATED = re.compile(
    r"[^\n]{0,120}?\b(?:is|are|was|were|received|has been) (?:being )?"
    r"(?:approved |granted |taken |approving [\w-]+ )?(?:under |through |via |using )?"
    rf"{PATHWAY}(?: (?:pathway|program|regulations|provisions|process))?(?=[,.;]| based| because| on the basis|$)",
    re.IGNORECASE,
)
#: The same said of the decision before it, which names no other: "The accelerated approval was based on …".
THE_ACCELERATED = re.compile(
    r"\s*(?:The|This) accelerated approval (?:was|is) (?:based|granted|supported)\b(?![^.\n]*\b(?:19|20)\d\d\b)"
)
#: A title that tells the kind, above a text that says no more than "approved".
REGULAR = re.compile(r"\bgrants (?:regular|traditional|full) approval\b", re.IGNORECASE)
#: A sentence with one of these tells of an earlier decision.
EARLIER = re.compile(r"\b(?:previous|initial|original|prior|first|earlier)\w*\b", re.IGNORECASE)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


#: The words of an approval, which would read as what patients "previously received".
RECALLED = re.compile(
    r"\b(?:(?:previously|initially|originally|first|prior|had|has|was|were) ){0,3}(?:received?|granted|given)"
    r" (?:\w+ ){0,2}accelerated approval\b|\b(?:prior|previous) accelerated approval\b",
    re.IGNORECASE,
)


def kind_of(text: str, act: Act, until: int, title: str, uses: Sequence[str], vocabulary: Vocabulary) -> Read:
    """Its kind, with the words that tell it. A regular approval of what was accelerated before converts it.

    "Granted traditional approval" converts too, unless what the notice recalls was for another use, or only the
    decision behind it is said to have been accelerated.
    """
    is_granted = act.group == "converted" and act.verb[0].startswith("grant")
    if is_granted and SAME_ACCELERATED.search(text, until) and not ONCE_ACCELERATED.search(text, act.end, until):
        return Read(KINDS["regular"], act.verb[0])
    if is_granted and _recalls(ONCE_ACCELERATED, text, act.end, until, uses, vocabulary) is False:
        return Read(KINDS["regular"], act.verb[0])
    if act.group == "regular" and not NEW_USE.search(act.verb[0]):
        is_named = "regular" in act.verb[0].lower() or bool(REGULAR.search(title))
        once = ONCE_ACCELERATED if is_named else SAME_ACCELERATED
        if now := GRANTED_NOW.search(text, act.end, until):
            return Read(KINDS["accelerated"], now[0])
        if _recalls(once, text, act.end, until, uses, vocabulary):
            return Read("converted", act.verb[0])
        if not is_named and (how := _accelerated(text, act, until)):
            return Read(KINDS["accelerated"], how)
    return Read(KINDS.get(act.group, act.group), act.verb[0])


def _recalls(
    once: re.Pattern[str], text: str, start: int, until: int, uses: Sequence[str], vocabulary: Vocabulary
) -> bool | None:
    """Whether a sentence recalls an accelerated approval of these uses. None where it recalls none at all."""
    recalled = None
    for first, last in sentences.spans(text[start:until]):
        if once.search(text, start + first, start + last):
            recalled = not _is_of_another_use(text[start + first : start + last], uses, vocabulary)
            if recalled:
                return True
    return recalled


def _is_of_another_use(sentence: str, uses: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether a sentence names other cancers than each use does, or another point of treatment."""
    sentence = RECALLED.sub("", sentence)
    once = _cancers(sentence, vocabulary)
    stage, is_maintenance = stages.stage(sentence), "maintenance" in sentence
    for use in uses:
        cancers = _cancers(use, vocabulary)
        now = stages.stage(use)
        is_other_cancer = bool(once and cancers) and once.isdisjoint(cancers)
        is_other_stage = bool(stage and now and stage.value != now.value)
        is_other_turn = bool(once) and is_maintenance != ("maintenance" in use)
        if not (is_other_cancer or is_other_stage or is_other_turn):
            return False
    return bool(uses)


def _cancers(words: str, vocabulary: Vocabulary) -> set[str]:
    return {read.value for read in disease.cancers(words, disease.biomarkers(words, vocabulary), vocabulary)}


def _accelerated(text: str, act: Act, until: int) -> str:
    """The words behind the verb that tell how it was approved: in its sentence, or in one about it."""
    if under := UNDER_ACCELERATED.search(text, act.verb.end(), act.end):
        return under[0]
    behind = text[act.end : until]
    for start, end in sentences.spans(behind):
        if the := THE_ACCELERATED.match(behind, start, end):
            return the[0].strip()
        found = WAS_ACCELERATED.match(behind, start, end)
        if found and not EARLIER.search(behind, start, found.end()) and not YEAR.search(behind, start, end):
            return found[0].strip()
    return ""
