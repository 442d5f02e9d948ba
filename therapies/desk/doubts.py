"""What a change of one of our facts may make untrue in a text: which names to look for, and beside which words.

A sentence that names the therapy and the cancer is suspect for much; one that names the therapy alone for less;
one that names the cancer alone only where it counts therapies, or says that there is none, one, or a first.
"""

import re
from collections.abc import Iterator

from portal.publishing.doubts import NamesInFacts, Search
from portal.publishing.models import Governed

from ..fact_kinds import NAMES, FactKind
from ..models import ApprovalEvent, Cancer, Indication, Therapy, TherapyFact

NUMBER = r"(?<![\w:*-])(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|both|dozens?)"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"

#: What a sentence may say, in the words of our texts.
SAYS: dict[str, str] = {
    "a year": rf"\b(?:(?:{MONTHS}) (?:\d{{1,2}}, )?)?(?:19[89]|20\d)\d\b",
    "a number": rf"\b{NUMBER}\b",
    "a count of uses": rf"\b(?:{NUMBER}|many|only one|one) (?:[\w-]+ ){{0,3}}"
    r"(?:uses|approvals|cancers|kinds of cancer|types of cancer)\b",
    "a count of therapies": rf"\b(?:{NUMBER}|one) (?:[\w-]+ ){{0,3}}"
    r"(?:therapies|therapy|immunotherapies|immunotherapy|drugs?|medicines?|treatments?|antibod(?:y|ies)|vaccines?)\b",
    "approved": r"\b(?:not |never |no longer |yet |been |first )*(?:approved|approves|licensed|allow(?:ed|s))\b",
    "not approved": r"\b(?:not (?:yet )?(?:been )?approved|has not approved|never (?:been )?approved|unapproved"
    r"|not (?:an )?approved|no (?:[\w-]+ ){0,3}(?:is |are |has been |have been )?approved|no approv\w+"
    r"|no (?:[\w-]+ ){0,2}(?:immunotherapy|therapy|drug|medicine|vaccine|treatment)"
    r"|no (?:[\w-]+ )?role|experimental|(?:\w+n['’]t|not) (?:[\w-]+ ){0,2}(?:approve[ds]?|standard))\b",
    "only": r"\b(?:only(?! (?:if|when|from) [^.]{0,20}?\b(?:at least|age)\b)|sole|no other|alone among)\b",
    "first": r"\b(?:first(?! (?:the|line|doses?|treatments?|infusions?|hours?|days?|weeks?|months?|signs?)\b)"
    r"|earliest|newest|latest|most recent|until now|so far|to date)\b",
    "first of its kind": r"\b(?:first|newest|latest|only|sole) (?:[\w-]+ ){0,4}"
    r"(?:therapy|immunotherapy|drug|medicine|vaccine|antibody|approved|approval)\b",
    "the newest": r"\b(?:newest|latest|most recent|last approv\w+|until now|so far|to date)\b",
    "withdrawn": r"\b(?:withdr[ae]w\w*|revoked|taken back|ended)\b",
    "sold": r"\b(?:sold|available|on the market|market|stopped|discontinu\w+|no longer|can(?:not)? get|obtainable)\b",
    "treats": r"\b(?:treats?|used (?:for|to|in|against|after|before)"
    r"|works? against|for (?:people|adults|children|some)|(?:can|may) (?:get|have) it|may come next|is an option)\b",
    "early results": r"\b(?:accelerated|early results|approved (?:\w+ ){0,3}early|confirm\w*"
    r"|(?:further|more) (?:stud\w+|research)|regular approval|full approval)\b",
    "boxed warning": r"\b(?:box(?:ed)? warnings?|black.box|strongest warning|box on (?:its|the) label)\b",
    "side effects": r"\b(?:side effects?|most common|often cause[sd]?)\b",
    "a name": r"\b(?:brand(?: names?)?|sold as|also called|known as|called)\b",
    "copies": r"\b(?:biosimilars?|copy|copies|generics?)\b",
    "how it works": r"\b(?:targets?|binds?|attach(?:es)?|blocks?|sticks? to|recogni[sz]es?|locks? onto)\b",
    "how it is given": r"\b(?:infusions?|IVs?|shots?|injections?|injected|drips?|veins?|under the skin"
    r"|pills?|by mouth|given)\b",
    "who makes it": r"\b(?:made by|maker|manufacturer|company|sold by)\b",
}

#: By kind of event: what is looked for beside therapy and cancer, beside the therapy alone, beside the cancer alone.
EVENTS: dict[str, tuple[tuple[str, ...], ...]] = {
    ApprovalEvent.Kind.APPROVAL: (
        ("a year", "approved", "not approved", "only", "first", "a count of uses", "withdrawn"),
        ("not approved", "only", "the newest", "a count of uses"),
        ("not approved", "first of its kind", "a count of therapies"),
    ),
    ApprovalEvent.Kind.WITHDRAWN: (
        ("a year", "approved", "only", "first", "a count of uses", "treats", "withdrawn"),
        ("the newest", "a count of uses", "withdrawn"),
        ("first of its kind", "a count of therapies"),
    ),
    ApprovalEvent.Kind.CONVERTED: (
        ("a year", "approved", "early results", "withdrawn"),
        ("early results",),
        ("early results",),
    ),
}
EVENTS[ApprovalEvent.Kind.ACCELERATED] = EVENTS[ApprovalEvent.Kind.APPROVAL]
EVENTS[ApprovalEvent.Kind.REVOKED] = EVENTS[ApprovalEvent.Kind.WITHDRAWN]


def find(row: Governed) -> Iterator[Search]:
    """Searches for a fact, a decision or a use, the closest first. Nothing for rows of which texts do not speak."""
    if isinstance(row, TherapyFact):
        if claims := FactKind(row.kind).traits.claims:
            yield _search(claims, _therapy(row.therapy))
    elif isinstance(row, ApprovalEvent):
        yield from _of_decision(row)
    elif isinstance(row, Indication) and row.pk:
        for event in row.events.all():
            yield from _of_decision(event)


def _of_decision(event: ApprovalEvent) -> Iterator[Search]:
    therapy, cancer = _therapy(event.indication.therapy), _cancer(event.indication.cancer)
    if event.takes_back:  # whatever is said of the two together
        yield _search((), NamesInFacts(therapy.names), cancer)
    if event.kind == event.Kind.NARROWED:  # the therapy and the cancer by themselves stay what they were
        return
    both, alone, others = EVENTS[event.kind]
    yield _search(both, therapy, cancer)
    yield _search((*alone, *_beginning(event)), therapy)
    yield _search(others, cancer)


def _beginning(event: ApprovalEvent) -> tuple[str, ...]:
    """What is said of a therapy's beginning is in doubt only when this decision would be its first, or was."""
    earlier = ApprovalEvent.objects.filter(indication__therapy=event.indication.therapy.pk, date__lt=event.date)
    begins = not earlier.exclude(pk=event.pk).exists()
    return ("first", "a year") if begins and event.kind in event.GRANTS else ()


def _search(claims: tuple[str, ...], *named: NamesInFacts) -> Search:
    return Search(named, tuple(re.compile(SAYS[claim], re.IGNORECASE) for claim in claims))


def _therapy(therapy: Therapy) -> NamesInFacts:
    """By its name and every alias; and on its own page."""
    kinds = [*NAMES, FactKind.PAGE_NAME]
    aliases = therapy.facts.filter(kind__in=kinds).values_list("value", flat=True) if therapy.pk else ()
    return NamesInFacts([therapy.name, *(name for value in aliases for name in value.split(";"))], [therapy.pk])


def _cancer(cancer: Cancer) -> NamesInFacts:
    """By its names, its synonyms and the larger cancer that it is a kind of; and on its own page."""
    several = [cancer, cancer.parent] if cancer.parent else [cancer]
    names = [name for one in several for name in one.names]
    return NamesInFacts(names, [cancer.pk])
