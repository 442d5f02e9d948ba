"""What acts in a notice: the verbs with which FDA does something, on which day.

All else is passed over: banner, way through the site, headings, trials, dosage, what was approved before or after.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from . import sentences
from .naming import Read
from .sentences import masked

#: What FDA does, as it writes it. "Traditional" and "full" are said of approvals that were accelerated before.
VERB = re.compile(
    r"""\b(?:
    (?P<accelerated>(?:grant(?:ed|s|ing)|g[ai]ves?)\ (?:an?\ |the\ )?accelerated\ approvals?\ (?:to|for|of))
    |(?P<converted>convert(?:ed|s|ing)\ (?:the\ |its\ )?(?:accelerated\ )?approvals?\ to\ (?:regular|traditional|full)
            \ approval\ (?:of|for|to)
        |grant(?:ed|s|ing)\ (?:traditional|full|standard)\ approvals?\ (?:to|for|of)
        |convert(?:ed|s|ing)\ (?:the\ |its\ )?(?:accelerated\ )?approvals?\ (?:of|for|to)
        |convert(?:ed|s|ing)\ to\ (?:regular|traditional|full)\ approval)
    |grant(?:ed|s|ing)\ (?P<named>[\w-]+(?:\ [\w-]+){0,3}(?:\ \([^()]{1,80}\))?)\ (?:(?P<accelerated_>accelerated)
        |(?P<regular_>regular)|(?P<converted_>traditional|full))\ approval\b
    |(?P<regular>(?:grant(?:ed|s|ing)|g[ai]ves?)\ (?:an?\ )?(?:(?:regular|supplemental|expanded|new)\ )?
            approvals?\ (?:to|for|of)
        |(?:expand|extend|broaden)(?:ed|s|ing)\ (?:the\ )?(?:approved\ )?
            (?:indications?|approvals?|uses?|labels?)\ (?:of|for)
        |approve[ds]|licensed)
    |(?P<withdrawn>(?:(?:with(?:drew|draw(?:s|n|ing)?)|revok(?:ed?|es|ing)|rescind(?:ed|s|ing)?)\b
            |(?P<noun>(?:withdrawal|revocation)\ of\b))(?:\ (?:the|its|their)\b)?
            (?:(?:\ (?!for\b|from\b)[\w.-]+(?:\ \([^()\n]{1,60}\))?){0,4}?\ (?:approvals?|indications?|licen[sc]es?)\b
            (?:\ (?:of|for|to)\b)?|(?(noun)(?!)|)))
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
#: The kinds of events that its groups are not called after.
KINDS = {"accelerated": "accelerated-approval", "regular": "approval"}
#: Who acts. In a withdrawal the company may.
FDA = re.compile(r"\b(?:FDA|Administration|Agency|CBER|CDER)\b(?!-)", re.IGNORECASE)
#: Words straight before a verb that make it history, another's description, or something yet to come.
NOT_YET = re.compile(
    r"\b(?:previously|prior|earlier|initially|originally|currently|already|was|were|had been|first|FDA-|not|newly"
    r"|propos\w+|plans?|intends?|recommend\w*|request\w*|consider\w*|may|might|would|should|if|until|be|been|being"
    r"|propos\w+ to|plans? to|intends? to|request\w* to|whether to)[\s-]*$",
    re.IGNORECASE,
)
#: "Approved" before these words tells of a test, a dose or a paper.
ELSEWHERE = re.compile(
    r"\s*(?:test|companion|device|by|under|in the|dose|therap(?:y|ies)|drugs?\b|products?|indications?|uses?|labeling"
    r"|(?:this|these|that|the same) (?:indications?|uses?)"
    r"|(?:an? |the |new |safety |two |several |updated |modified |revised )*"
    r"(?:companion|complementary|diagnostic|device|in vitro|labeling|label changes|warnings?|protocol"
    r"|REMS|risk evaluation|manufacturing|facility|application))\b",
    re.IGNORECASE,
)
#: Words behind a verb that tell an earlier act: "… for this indication in 2021".
EARLIER = re.compile(r"[^.\n]*\b(?:to|for) (?:this|these|the same) (?:indications?|uses?)\b", re.IGNORECASE)
#: A sentence about an act: "This is the first time the agency has approved …".
REMARK = re.compile(r"\s*(?:This|It) (?:is|was|marks|represents)\b")
HEADING = re.compile(r"(?:\d\.\s+)?(?:The )?(?:U\.?S\.? )?FDA (?:[A-Za-z-]+ )?(?:approves|grants|converts|withdraws)\b")
#: What stands before "approved" where it is a verb: not so in "the approved uses", "all approved indications".
ACTOR = re.compile(
    r"(?:\b(?:FDA|Administration|Agency|Research|has|have|today|now|also|and|it|we|just|\w{2,12}ly)|[),’\d])\s*$",
    re.IGNORECASE,
)
#: Where what FDA did ends, and why it did so begins.
AFTER = re.compile(
    r"^(?:(?:view |see |the )?full prescribing information|(?:the )?(?:major |main |primary )?efficacy"
    r"|approval (?:was|is|of)"
    r"|(?:the|this|these|today[’']s) (?:approval|review|application|recommended|most common|safety|prescribing|trial"
    r"|study|result)|recommended|expedited|background|healthcare professionals|health care professionals)\b",
    re.IGNORECASE | re.MULTILINE,
)
#: Another date in a sentence that says so is another act's.
BEFORE = re.compile(
    r"\b(?:previous|initial|original|earlier|first|dated|since|received)\w*\b[^.]{0,60}$", re.IGNORECASE
)
MOST = 24  # acts of one text, those of other days included


@dataclass(frozen=True, slots=True)
class Act:
    """One verb with the sentence that it stands in."""

    verb: re.Match[str]
    start: int
    end: int

    @property
    def group(self) -> str:
        return (self.verb.lastgroup or "regular").rstrip("_")


def acts(text: str, today: datetime.date) -> list[Act]:
    """Where FDA acts, on one day. Headings are read only where nothing else acts: "FDA approves" tells no kind."""
    found = list(islice((act for span in sentences.spans(text) for act in _acts_within(text, *span)), MOST))
    whole = [act for act in found if not _is_heading(text, act)] or [act for act in found if act.group != "regular"]
    if not whole:
        return []
    end, that = AFTER.search(text, whole[0].end), day(text, whole[0], today)
    told = [act for act in whole if not end or act.start < end.start()]
    return [act for act in told if (own := day(text, act, today)) is None or that is None or own.value == that.value]


def day(text: str, act: Act, today: datetime.date) -> Read | None:
    """The day in the sentence that acts: before the verb, or behind it, but not another decision's."""
    for found in sentences.DATE.finditer(text, act.start, act.end):
        if found.start() > act.verb.end() and BEFORE.search(text, act.verb.end(), found.start()):
            continue
        if own := sentences.day(found, today):
            start = found.start() - 3 if text[: found.start()].lower().endswith("on ") else found.start()
            return Read(own.isoformat(), text[start : found.end()])
    return None


def _acts_within(text: str, start: int, end: int) -> Iterator[Act]:
    sentence, actor = masked(text[start:end]), FDA.search(text, start, end)
    if REMARK.match(text, start, end):
        return
    earlier = False  # an act of FDA in this sentence, with which “and granted …” goes on
    for verb in VERB.finditer(text, start, end):
        place = verb.start()
        if sentence[place - start] == sentences.HIDDEN or _is_no_act(text, verb, start, end):
            continue
        if earlier and verb[0].split()[0].endswith("ing"):  # "approved an application …, expanding the approved use"
            continue
        if earlier or verb.lastgroup == "withdrawn" or (actor and actor.start() < place):
            earlier = True
            yield Act(verb, start, end)


def _is_no_act(text: str, verb: re.Match[str], start: int, end: int) -> bool:
    """History, plans, descriptions of other things, and approvals of tests and papers."""
    place, behind = verb.start(), verb.end()
    if NOT_YET.search(text, max(start, place - 24), place):
        return True
    if verb.lastgroup != "withdrawn" and ELSEWHERE.match(text, behind):
        return True
    if verb[0].lower() in ("approved", "approves") and not ACTOR.search(text, max(start, place - 16), place):
        return True
    is_accelerated = verb.lastgroup in ("accelerated", "accelerated_")
    return is_accelerated and bool(EARLIER.match(text, behind - 3, min(end, behind + 200)))


def _is_heading(text: str, act: Act) -> bool:
    start, end = text.rfind("\n", 0, act.start + 1) + 1, text.find("\n", act.start + 1)
    line = text[start : end if end > 0 else len(text)].rstrip()
    return bool(HEADING.match(line)) and not line.endswith((".", ":", ";")) and not sentences.DATE.search(line)
