"""What acts in a notice: the sentences in which FDA does something, to which drug, for which uses, on which day.

All else is passed over: banner, way through the site, headings, trials, dosage, what was approved before or after.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from . import sentences
from .naming import Finder, Read, Vocabulary
from .sentences import masked
from .uses import uses

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
    r"(?:\b(?:FDA|Administration|Agency|Research|has|have|today|now|also|and|it|we|recently|formally)|[),’])\s*$",
    re.IGNORECASE,
)
#: A test is approved beside the drug, and is no use of it.
TEST = re.compile(r"as (?:an? )?(?:\w+ )?(?:companion|complementary) diagnostic", re.IGNORECASE)
#: Where what FDA did ends, and why it did so begins.
AFTER = re.compile(
    r"^(?:(?:view |see |the )?full prescribing information|(?:the )?(?:major |main |primary )?efficacy"
    r"|approval (?:was|is|of)"
    r"|(?:the|this|these|today[’']s) (?:approval|review|application|recommended|most common|safety|prescribing"
    r"|drug trial|trial"
    r"|study|result)|recommended|expedited|background|healthcare professionals|health care professionals|reference id"
    r"|content of labeling|“|\")",
    re.IGNORECASE | re.MULTILINE,
)
#: Another date in a sentence that says so is another act's.
BEFORE = re.compile(
    r"\b(?:previous|initial|original|earlier|first|dated|since|received)\w*\b[^.]{0,60}$", re.IGNORECASE
)
#: That the approval was accelerated before, told after the decision.
ONCE_ACCELERATED = re.compile(
    r"(?:previous|prior|initial|original|receiv|was|were|had|since)\w*\b[^.\n]{0,80}\baccelerated approval"
    r"|accelerated approval[^.\n]{0,90}\b(?:in|on|since) (?:\w+ )?(?:\d{1,2}, )?(?:19|20)\d\d"
    r"|\bin (?:\w+ )?(?:19|20)\d\d,[^.\n]{0,80}accelerated approval|confirmatory[^.\n]{0,80}accelerated approval|convert\w*[^.\n]{0,60}accelerated approval",
    re.IGNORECASE,
)
SAME_ACCELERATED = re.compile(
    r"accelerated approval[^.\n]{0,60}\b(?:this|these|the same) (?:indications?|uses?|combination|regimen)",
    re.IGNORECASE,
)
#: Where the name of the drug ends and the use begins.
USE = re.compile(
    r"\b(?:in combination|each in combination|combined with|plus|with or without|with|for|as|followed by"
    r"|to treat|to improve|to reduce|to prevent|to include"
    r"|in(?= (?:adult|patient|pediatric|children|the treatment|prior|previous|metastatic|advanced)))\b"
    r"|,(?= an? [a-z])|;(?=\s)",
    re.IGNORECASE,
)
#: Where the drug should stand, other things may: "approved the following: …", "a new dosing regimen for …".
NAMELESS = re.compile(
    r"\b(?:following|dos(?:e|es|ing|age)|regimens?|indications?|uses?|applications?|patients|adults|approvals?)\b"
    r"|^(?:the|its)?\s*$",
    re.IGNORECASE,
)
#: What may stand before the name of a drug.
INTRODUCED = re.compile(
    r"^(?:the|an?) (?:[\w-]+ ){0,2}(?:medicine|drug|product|combination of|use of) ?", re.IGNORECASE
)
#: The drug is told in the next sentence: "granted accelerated approval to a treatment for patients whose …".
UNNAMED = re.compile(r"^(?:an?|the) (?:[\w-]+ ){0,4}(?:treatment|therapy|drug|medicine|product)$", re.IGNORECASE)
INDICATED = re.compile(r"(?P<drug>\b[A-Z][\w-]+ \([^()\n]{3,80}\)) (?:is|are) indicated (?P<use>[^\n]+)")
#: "converted the accelerated approval of … to regular approval": the verb again, at the other end of the sentence.
CONVERTED_TO = re.compile(r",?\s+to\s+(?:an?\s+)?(?:regular|traditional|full)\s+approval\b", re.IGNORECASE)
#: Sentences behind the one that acts, which tell its uses or whom they are for.
COUNTED = re.compile(
    r"\s*The (?:first|second|third|fourth)(?: (?:indication|approval|use))?\b[^.;]{0,90}?\b(?:is|are"
    r"|was)\s+(?=for\b)",
    re.IGNORECASE,
)
CRITERION = re.compile(r"\s*(?:Eligible )?(?:Patients|Tumors?)(?! with)\b[^.]{0,60}\b(?:must|should)\b", re.IGNORECASE)
#: How a line begins that goes on with a list of uses.
BULLET = re.compile(r"\s*(?:[•·*–-]\s|\(?\d[.)]\s)")
ITEM = re.compile(
    rf"{BULLET.pattern}|\s*(?:[a-z]|Use\b|Adults?\b|Pediatric\b|Patients\b|As an? |In combination |For |(?:The )?[Tt]reatment of)"
)
LONGEST = 4_000  # characters of one statement; FDA's longest have half of that
MOST = 40  # acts of one text, those of other days included


@dataclass(frozen=True, slots=True)
class Statement:
    """What FDA did, to which drug, for which uses."""

    kind: Read | None
    subject: str
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """One verb with the sentence that it stands in."""

    verb: re.Match[str]
    start: int
    end: int

    @property
    def group(self) -> str:
        return (self.verb.lastgroup or "regular").rstrip("_")


def acts(text: str) -> list[Act]:
    """Where FDA acts. Headings are read only where nothing else acts: they never tell the kind of an approval."""
    found = list(islice((act for span in sentences.spans(text) for act in _acts_within(text, *span)), MOST))
    whole = [act for act in found if not _is_heading(text, act)]
    return whole or [act for act in found if act.group != "regular"]


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


def statements(text: str, found: list[Act], vocabulary: Vocabulary) -> list[Statement]:
    """What FDA did, in its order. Two that tell the same of one drug are one."""
    told: list[Statement] = []
    finder = vocabulary.therapy_finder
    for act, following in zip(found, [*found[1:], None], strict=False):
        rest = f"{act.verb['named'] or ''}{_rest(text, act, following)}"
        if act.group == "converted":
            rest = CONVERTED_TO.sub("", rest)
        subject, use = named_later(*split(rest), finder)
        if act.group == "withdrawn":
            subject, use = _withdrawn(rest, subject, use, text[act.start : act.end], vocabulary)
        if UNNAMED.match(subject) and (named_next := INDICATED.search(text, act.end, act.end + LONGEST)):
            subject, use = named_next["drug"], named_next["use"][: sentences.spans(named_next["use"])[0][1]]
        subject = INTRODUCED.sub("", subject)
        if len(subject) > 400 or TEST.match(use):
            continue
        kind = _kind(text, act, following.start if following else len(text))
        _add(told, Statement(Read(kind, act.verb[0]), subject, tuple(uses(use, subject, vocabulary))))
    return told


def _withdrawn(rest: str, subject: str, use: str, sentence: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """The drug and its use may stand anywhere: "the breast cancer indication for Avastin", "Avastin's indication"."""
    named = vocabulary.therapy_finder.find(sentence)
    if named and not vocabulary.therapy_finder.find(subject):
        subject = named[0][1].words
    is_told = vocabulary.cancer_finder.find(use) or not vocabulary.cancer_finder.find(rest)
    return subject, use if is_told else rest


def _kind(text: str, act: Act, until: int) -> str:
    """A regular approval of what was accelerated before converts it, whatever the verb."""
    once = ONCE_ACCELERATED if "regular" in act.verb[0].lower() else SAME_ACCELERATED
    is_confirmed = act.group == "regular" and once.search(text, act.end, until)
    return "converted" if is_confirmed else KINDS.get(act.group, act.group)


def _add(told: list[Statement], new: Statement) -> None:
    """A withdrawal is often told twice, of the approval and of the market: once it tells the uses."""
    last = told[-1] if told else None
    if last and new.kind and last.kind and new.kind.value == last.kind.value == "withdrawn":
        if not any(last.uses):
            told[-1] = Statement(last.kind, last.subject or new.subject, new.uses)
        return
    told.append(new)


def _rest(text: str, act: Act, following: Act | None) -> str:
    """The sentence behind its verb, the lines of a list that it opens, and the sentences that tell its uses."""
    limit = min(len(text), act.end + LONGEST)
    if following:
        limit = following.verb.start() if following.start == act.start else following.start
        rest = text[act.verb.end() : min(act.end, limit)]
        return re.sub(r",?\s+and(?:\s+also)?\s*$", "", rest) if following.start == act.start else rest
    rest, place = text[act.verb.end() : act.end], act.end
    is_list = rest.rstrip().endswith(":")
    for start, end in sentences.spans(text[act.end : limit]):
        sentence = text[place + start : place + end]
        if not sentence.strip():
            continue
        if counted := COUNTED.match(sentence):
            rest = f"{rest.rstrip()}\n{sentence[counted.end() :]}"
        elif is_list and ITEM.match(sentence):
            rest = f"{rest.rstrip()}\n{sentence}"
        elif CRITERION.match(sentence):
            rest = f"{rest.rstrip()} {sentence}"
        else:
            break
    return rest[:LONGEST]


def split(rest: str) -> tuple[str, str]:
    """The drug and the rest. Brackets may hold any word ("Padcev, Astellas for …"), so they are masked first."""
    found = USE.search(masked(rest))
    return (rest[: found.start()].strip(" ,"), rest[found.start() :].strip()) if found else (rest.strip(" ,."), "")


def named_later(subject: str, use: str, finder: Finder) -> tuple[str, str]:
    """The drug and its use where the statement names the drug within the use only."""
    if NAMELESS.search(masked(subject)) and not finder.find(subject):
        for place, _ in finder.find(use):
            if re.search(r"(?:^|\b(?:for|of|to|in) )$", use[:place]):
                drug, rest = split(use[place:])
                return drug, rest or use
    return subject, use
