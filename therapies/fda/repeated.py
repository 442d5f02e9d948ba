"""A statement of a notice, and whether it tells once more what the one before told: then the two become one."""

import re
from dataclasses import dataclass, replace

from . import disease
from .act_verbs import KINDS
from .naming import Read, Vocabulary

#: Whom a use is for, or with what: a statement that has neither names a drug alone.
WHOM = re.compile(r"\b(?:patients?|adults?|children|people|in combination|monotherapy|single agent)\b", re.IGNORECASE)
#: What is left of a drug that news names in its second sentence: "… to a new drug from Sample Pharma. It approved X …".
FROM = re.compile(r"(?:from|by|made by|developed by) [A-Z]")
#: The same where a company has it: "Sample Pharma’s new drug".
NEW_DRUG = re.compile(
    r"(?:[A-Z][\w.&-]*(?: [A-Z][\w.&-]*){0,2}[’']s (?:\([^()]*\) )?|an? )new (?:[\w-]+ ){0,2}"
    r"(?:drug|medicine|therapy|treatment)$"
)
#: What is left of a statement that names its drug no more: "granted accelerated approval for the drug and …".
AGAIN = re.compile(r"(?:and|but|based|because)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """What FDA did, to which drug, for which uses. No kind: it licensed a copy, and decided nothing on the drug."""

    kind: Read | None
    subject: str
    uses: tuple[str, ...]
    date: Read | None = None
    application: Read | None = None  # where one letter answers several, the one that asked for these uses


def add(told: list[Statement], new: Statement, vocabulary: Vocabulary) -> None:
    """What tells of a decision once more is none: a withdrawal from the market, or that a company got the approval."""
    last = told[-1] if told else None
    if last is None or last.kind is None or new.kind is None:
        told.append(new)
    elif new.kind.value == last.kind.value == "withdrawn":
        told_more = [bool(WHOM.search(" ".join(one.uses))) for one in (last, new)]
        if not any(last.uses) or told_more == [False, True]:
            told[-1] = replace(last, subject=last.subject or new.subject, uses=new.uses)
    elif _names(last.subject, new, vocabulary):
        is_told = vocabulary.cancer_finder.find(" ".join(new.uses))
        told[-1] = replace(last, subject=new.subject, uses=new.uses if is_told else last.uses)
    elif new.kind.value not in KINDS.values() or not _is_the_same(told, new, vocabulary):
        told.append(new)
    elif new.kind.value == KINDS["accelerated"] and last.kind.value == KINDS["regular"]:
        told[-1] = replace(last, kind=new.kind)


def is_how(last: Statement, new: Statement, vocabulary: Vocabulary) -> bool:
    """Whether a statement says how that approval was made which the one before told, and tells its use in full.

    "FDA has approved X to treat adults with a rare disease. FDA has granted accelerated approval for X to treat …".
    Where both name a cancer, the two may be of different patients.
    """
    if not (last.kind and new.kind) or [last.kind.value, new.kind.value] != [KINDS["regular"], KINDS["accelerated"]]:
        return False
    if not last.subject or _first_word(last.subject) != _first_word(new.subject):
        return False
    is_one = len(last.uses) == len(new.uses) == 1 and (new.date is None or last.date == new.date)
    return is_one and not any(disease.cancers(one.uses[0], (), vocabulary) for one in (last, new))


def _first_word(subject: str) -> str:
    return subject.casefold().partition(" ")[0]


def _names(unnamed: str, new: Statement, vocabulary: Vocabulary) -> bool:
    """Whether a statement names what the one before told of as somebody's new drug."""
    is_unnamed = not unnamed or FROM.match(unnamed) or NEW_DRUG.match(unnamed)
    is_regular = new.kind is not None and new.kind.value == KINDS["regular"]
    return bool(is_unnamed and is_regular and vocabulary.therapy_finder.find(new.subject))


def _is_the_same(told: list[Statement], new: Statement, vocabulary: Vocabulary) -> bool:
    """Whether a statement names no use, and no drug but those that were told."""
    words = " ".join([new.subject, *new.uses])
    if WHOM.search(words) or vocabulary.cancer_finder.find(words) or vocabulary.biomarker_finder.different(words):
        return False
    before = " ".join(" ".join([one.subject, *one.uses]) for one in told)
    named = {read.value for read in vocabulary.therapy_finder.different(words)}
    known = {read.value for read in vocabulary.therapy_finder.different(before)}
    if named:
        return named <= known
    if AGAIN.match(new.subject):
        return True
    first = re.match(r"(?:the )?([\w-]{4,})", new.subject)
    return first is not None and first[1].casefold() in before.casefold()
