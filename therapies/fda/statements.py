"""What each act of a notice tells: what FDA did, to which drug, for which uses."""

import datetime
import re
from dataclasses import replace

from . import disease, sentences, stages
from .act_days import day, day_before, day_behind, day_beside, day_of_year, is_of_same_day
from .act_kinds import kind_of
from .act_verbs import Act
from .naming import Finder, Read, Vocabulary
from .repeated import WHOM, Statement, add, is_how
from .subjects import SUM, drugs, is_nameless, named_later, named_plainly, of_combination, split
from .uses import NEXT, of_two_indications, parted, uses

#: A test is approved beside the drug, and is no use of it.
TEST = re.compile(r"as (?:an? )?(?:\w+ )?(?:companion|complementary) diagnostic", re.IGNORECASE)
#: The drug is told in the next sentence: "granted accelerated approval to a treatment for patients whose …".
UNNAMED = re.compile(r"^(?:an?|the) (?:[\w-]+ ){0,4}(?:treatment|therapy|drug|medicine|product)$", re.IGNORECASE)
INDICATED = re.compile(r"(?P<drug>\b[A-Z][\w-]+ \([^()\n]{3,80}\)) (?:is|are) indicated (?P<use>[^\n]+)")
#: News tells first of "certain types" of a cancer or of none, then of which: "X is now approved to treat …".
CERTAIN = re.compile(
    r"\b(?:certain (?:[\w-]+ ){0,4}?(?:types|forms|kinds|patients|adults|people|children)|multiple types)\b",
    re.IGNORECASE,
)
NOW = re.compile(
    r"\b(?P<drug>[A-Z][\w-]+|(?:The|This) (?:drug|therapy|medicine|treatment|product|antibody))(?: \([^()\n]{3,80}\))?"
    r"(?:, an? [^,.]{3,60},)? (?:is(?: now)?(?: approved| indicated)?|can now be used|has been approved)"
    r"(?: a (?:fixed )?combination of [^.\n]{3,160},)?"
    r"(?: in the (?:U\.S\.|United States))? (?P<use>(?:to treat|for|in|as)\b[^\n]+)"
)
#: A title's words may be all that the first sentence tells: "Samplin's new use is intended for patients with …".
NEW_USE = re.compile(r"\b(?P<drug>[A-Z][\w-]+)(?:[’']s)? new (?:use|indication) is (?:intended )?(?P<use>for\b[^\n]+)")
#: The same told of some of those patients only, or of what the drug is given with.
INTENDED = re.compile(
    r"\b(?P<drug>[A-Z][\w-]+) is (?:intended|specifically indicated)"
    r" (?P<use>for (?:the treatment of )?patients\b[^.\n]+)"
    r"|\bIntended (?P<use_>for patients\b[^.\n]+), (?P<drug_>[A-Z][\w-]+) is (?P<with>combined with [^.\n]+)"
)
#: A brand with the name of its drug.
BRANDED = re.compile(r"\b(?!FDA\b|NDA\b|BLA\b)[A-Z][\w-]+ \((?!the\b)[a-z]{3}[\w ,/-]{1,80}\)")
#: The drug of the sentence before.
PRONOUN = re.compile(
    r"it|(?:the|[A-Z][\w-]+[’']s) (?:drug|therapy|medicine|antibody|treatment)(?: so-called)?", re.IGNORECASE
)
#: Uses that are only counted, before each is told: "approved X to treat three types of cancer. FDA approved it for …".
COUNTED_KINDS = re.compile(r"\b(?:two|three|four|several) (?:types|kinds|forms) of\b", re.IGNORECASE)
#: No drug, but where one was sold: "has withdrawn the indication from the US market".
NOWHERE = re.compile(r"(?:from|in|within)\b")
#: Drugs without a name.
NO_NAME = re.compile(r"(?:their|its|some|several|many|certain) [a-z -]+")
#: A license that ends with all its uses tells of them as history: "Samplin was approved in 2016 for patients with …".
ONCE = re.compile(
    r"\b(?:approv\w+|licensed|indicated)\b.*?(?P<use>(?:in combination with [^,.;]{3,80},? )?"
    r"(?:for (?:the (?:\w+ )?treatment of|(?:use )?in|certain|adults?|people|(?:\w+ )?patients)|to treat)\b.*)"
)
#: News that tells of the kind of a drug alone: "approved the first melanoma drug in years. The drug, samplimab, …".
KIND_ALONE = re.compile(
    r"(?:an?|the|its) (?:(?:first|new|second|only) )+(?P<of>(?:[\w-]+ ){1,4})(?:drug|medicine|treatment|therapy)\b"
)
APPOSED = re.compile(
    r"\s*(?:The|This) (?:new )?(?:drug|medicine|treatment|therapy),"
    r" (?P<drug>[\w-]+(?: [\w-]+)?(?: \([^()\n]{3,60}\))?),"
)
#: The drug of the sentence before: "granted approval to its maker for the drug’s use to treat patients with …".
ITS_USE = re.compile(r"for (?:the (?:drug|medicine|treatment|therapy|product)[’']s|its) use (?=to|in|as|for)")
#: What is approved beside the drug, and what says once more of what: "As part of this approval, FDA also approved …".
BESIDE = re.compile(
    r"\s*(?:As part of|Along with|Together with|In conjunction with|Concurrent(?:ly)? with|With)"
    r" (?:this|the|today[’']s|these) (?:approvals?|actions?|decisions?),"
)
SPECIFIED = re.compile(r"\s*(?:Specifically|In particular|That is),")
#: A copy of a drug is licensed, for uses that the drug has.
BIOSIMILAR = re.compile(
    r"(?<!\bor )(?<!\bor a )(?<!\bor an )\bbiosimilars? (?:to|of|for|product)\b"
    r"|\bas (?:an? )?(?:[\w-]+ ){0,2}biosimilars?\b"
    r"|\bgeneric (?:versions?|equivalents?|copies|copy) (?:of|to)\b",
    re.IGNORECASE,
)
#: "converted the accelerated approval of … to regular approval": the verb again, at the other end of the sentence.
CONVERTED_TO = re.compile(r",?\s+to\s+(?:an?\s+)?(?:regular|traditional|full)\s+approval\b", re.IGNORECASE)
#: Sentences behind the one that acts, which tell its uses or whom they are for.
COUNTED = re.compile(
    r"\s*(?:The (?:first|second|third|fourth)(?: (?:indication|approval|use))?\b[^.;]{0,90}?\b(?:is|was)\s+(?=for\b)"
    r"|[A-Z][\w-]+(?: [\w-]+){0,2} was approved for use (?=in\b|as\b))"
)
CRITERION = re.compile(
    r"\s*(?:(?:Eligible )?(?:Patients|Tumors?)(?! with)\b[^.]{0,60}\b(?:must|should)\b"
    r"|(?:Because of [^.,]{3,60}, )?(?:the )?use of [A-Z][\w-]+ should (?:generally )?be"
    r" (?:reserved|limited) (?:for|to)\b"
    r"|(?:It|The (?:product|treatment|therapy|drug|medicine)|(?P<drug>(?-i:[A-Z])[\w-]+))"
    r" (?:is intended for use|(?:may|can|is to) be used) in\b"
    r"|(?:This|The) (?:approval|(?:combination )?treatment|indication) is (?:approved |indicated )?for"
    r" (?=adult|pediatric|patients|children|women|men\b)"
    r"(?![^.]{0,120}\bwith\b))",
    re.IGNORECASE,
)
#: A list may break a sentence without a colon: "patients who / • have received …".
BULLETED = re.compile(r"\s*(?:[•·*–-]\s|\(?\d[.)]\s)")
#: How a line begins that goes on with a list of uses.
ITEM = re.compile(
    rf"{BULLETED.pattern}"
    r"|\s*(?:[a-z]|Use\b|Adults?\b|Pediatric\b|Patients\b|As an? |In combination |For |(?:The )?[Tt]reatment of)"
)
LONGEST = 4_000  # characters of one statement; FDA's longest have half of that


def statements(
    text: str,
    found: list[Act],
    vocabulary: Vocabulary,
    today: datetime.date,
    title: str = "",
    published: datetime.date | None = None,
) -> list[Statement]:
    """What FDA did, in its order. Two that tell the same of one drug are one."""
    told: list[Statement] = []
    finder, before, own = vocabulary.therapy_finder, 0, None
    for act, following in zip(found, [*found[1:], None], strict=False):
        rest = f"{act.named}{_rest(text, act, following)}"
        if act.group == "converted":
            rest = CONVERTED_TO.sub("", rest)
        subject, use = of_combination(*named_later(*split(rest), finder), finder)
        if act.group == "withdrawn":
            subject, use = _withdrawn(text, act, rest, subject, use, vocabulary)
        if UNNAMED.match(subject) and (named_next := INDICATED.search(text, act.end, act.end + LONGEST)):
            subject, use = named_next["drug"], _with_criterion(named_next["use"])
        subject, use = _named_beside(text, act, subject, use, finder)
        use = _now(subject, use, text[act.end : act.end + LONGEST], vocabulary)
        if told and PRONOUN.fullmatch(subject):
            subject = (told.pop() if COUNTED_KINDS.search(" ".join(told[-1].uses)) else told[-1]).subject
        subject = named_plainly(subject, finder)
        if not subject and told and (act.verb.lastgroup or "").endswith("__"):
            subject = told[-1].subject  # "granted Samplin regular approval for … and accelerated approval for …"
        if len(subject) > 400 or TEST.match(use) or (following and SUM.match(subject)):
            continue
        if told and not use and BESIDE.match(text, act.start) and not finder.find(subject):
            continue
        two = of_two_indications(text[act.start : act.end], vocabulary) if act.group == "withdrawn" else []
        told_uses = tuple(two or uses(use, subject, vocabulary))
        if (told or act.group == "withdrawn") and _is_of_nothing(subject, told_uses, vocabulary):
            continue
        until = next((one.start for one in found if one.start > act.start), len(text))
        is_copy = BIOSIMILAR.search(text, act.verb.end(), act.end)
        kind = None if is_copy else kind_of(text, act, until, title, told_uses, vocabulary)
        if kind and kind.value == "converted" and not use:
            told_uses = tuple(uses(_once(subject, text[act.end : act.end + LONGEST], vocabulary), subject, vocabulary))
        is_new = not before or "\n" in text[before : act.start]  # what goes on in one line is of one day
        is_new = is_new and not is_of_same_day(text, act)
        of_week = day_before(text, act, published) if len(found) > 1 else None
        of_week = of_week or day_of_year(text, act, told[0].date if told else None, today)
        own = _own_day(text, act, today) or of_week or (None if is_new else own)
        before = act.end
        if told and SPECIFIED.match(text, act.start) and _is_of_same_drug(told[-1].subject, subject, finder):
            told[-1] = replace(told[-1], uses=told_uses)
            continue
        new = Statement(kind, subject, told_uses, own)
        if told and not is_of_same_day(text, act) and is_how(told[-1], new, vocabulary):
            told[-1] = replace(new, date=own or told[-1].date)
            continue
        add(told, new, vocabulary)
    return told


def _is_of_nothing(subject: str, told_uses: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    """Whether an end has neither a drug nor a cancer: "four companies have withdrawn indications for their drugs"."""
    is_unnamed = not subject or (NO_NAME.fullmatch(subject) and not vocabulary.therapy_finder.find(subject))
    return bool(is_unnamed) and not any(disease.cancers(use, (), vocabulary) for use in told_uses)


def _named_beside(text: str, act: Act, subject: str, use: str, finder: Finder) -> tuple[str, str]:
    """The drug where a sentence beside names it, and this one tells its kind or its maker alone."""
    if finder.find(subject):
        return subject, use
    if (kind := KIND_ALONE.match(subject)) and (apposed := APPOSED.match(text, act.end)):
        return apposed["drug"], use or f"for {kind['of'].strip()}"
    if (its := ITS_USE.match(use)) and (named := drugs(text[: act.start], finder)):
        return named[-1].words, use[its.end() :]
    return subject, use


def _is_of_same_drug(one: str, other: str, finder: Finder) -> bool:
    first, second = ({read.value for read in finder.different(subject)} for subject in (one, other))
    return bool(first) and first == second


def _own_day(text: str, act: Act, today: datetime.date) -> Read | None:
    """The day in the sentence that acts, alone beside it, or behind the last line of the list that it opens."""
    if beside := day(text, act, today) or day_beside(text, act, today):
        return beside
    last, place = None, act.end
    if text[act.start : act.end].rstrip().endswith(":"):
        while item := ITEM.match(text, place):
            last, place = item.start(), text.find("\n", item.end()) + 1 or len(text)
    return None if last is None else day_behind(text, last, today)


def _now(subject: str, use: str, behind: str, vocabulary: Vocabulary) -> str:
    """The use as a sentence behind tells it whole, if that is of the same drug and cancers."""
    told = NOW.search(behind) if CERTAIN.search(use) or not WHOM.search(use) else NEW_USE.search(behind)
    is_same = told and (" " in told["drug"] or told["drug"].casefold() in subject.casefold())
    if not told or not is_same:
        return _intended(subject, use, behind)
    whole = _with_criterion(told["use"])
    known, named = ({read.value for read in disease.cancers(words, (), vocabulary)} for words in (use, whole))
    named |= {base for (_, base), narrower in vocabulary.narrower.items() if narrower in named}
    if CERTAIN.search(use):
        return whole
    if not known <= named:
        return use
    first, second = stages.stage(use), stages.stage(whole)
    is_lost = first is not None and (second is None or second.value != first.value)
    return f"{use.rstrip(' .')} {whole}" if is_lost else whole


def _intended(subject: str, use: str, behind: str) -> str:
    """The use with whom of its patients the drug is intended for: "Samplin is intended for patients who …"."""
    told = INTENDED.search(behind)
    drug = told and (told["drug"] or told["drug_"])
    if not told or not drug or drug.casefold() not in subject.casefold():
        return use
    together = f" {told['with']}," if told["with"] else ""
    return f"{use.rstrip(' .')}{together} {told['use'] or told['use_']}"


def _with_criterion(told: str) -> str:
    """The first sentence, with one behind it that tells whom its use is for."""
    spans = sentences.spans(told)
    whole = told[: spans[0][1]]
    if len(spans) > 1 and CRITERION.match(told, *spans[1]):
        whole = f"{whole.rstrip()} {told[slice(*spans[1])].strip()}"
    return whole


def _withdrawn(text: str, act: Act, rest: str, subject: str, use: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """The drug and its use may stand anywhere: "the breast cancer indication for Avastin", "Avastin's indication".

    Where the sentence lacks one of them, it is looked for in those around.
    """
    finder, names_cancer = vocabulary.therapy_finder, vocabulary.cancer_finder.find
    named = drugs(text[act.start : act.end], finder)
    if named and not finder.find(subject):
        subject = named[0].words
    if not names_cancer(use) and names_cancer(rest):
        use = rest
    if not finder.find(subject) and names_cancer(subject):
        subject, use = "", rest
    if is_nameless(subject, finder) or NOWHERE.match(subject):
        branded = BRANDED.search(text, act.start, act.end) or BRANDED.search(text, 0, act.start)
        ours = drugs(text[: act.start], finder)
        subject = branded[0] if branded else ours[0].words if ours else ""
    if subject and not names_cancer(use):
        around = text[act.end : act.end + LONGEST], text[max(0, act.start - LONGEST) : act.start]
        use = next(filter(None, (_once(subject, told, vocabulary) for told in around)), use)
        if names_cancer(act.verb[0]) and not names_cancer(use):
            use = act.verb[0]  # "to withdraw the lymphoma indication of Samplin"
    return subject, use


def _once(subject: str, behind: str, vocabulary: Vocabulary) -> str:
    """What a drug was approved for, in the first sentence behind its end that names it with a cancer."""
    behind, name = " ".join(behind.split()), subject.split()[0]
    for start, end in sentences.spans(behind):
        found = ONCE.search(behind, start, end) if name.casefold() in behind[start:end].casefold() else None
        if found and vocabulary.cancer_finder.find(found["use"]):
            return found["use"]
    return ""


def _rest(text: str, act: Act, following: Act | None) -> str:
    """The sentence behind its verb, the lines of a list that it opens, and the sentences that tell its uses."""
    if following and following.start == act.start:
        return re.sub(r",?\s+and(?:\s+also)?\s*$", "", text[act.verb.end() : following.verb.start()])
    limit = min(following.start if following else len(text), act.end + LONGEST)
    rest, place = text[act.verb.end() : act.end], act.end
    is_broken = not rest.rstrip().endswith((".", "?", "!")) and BULLETED.match(text, act.end)
    is_list = rest.rstrip().endswith(":") or is_broken
    for start, end in sentences.spans(text[act.end : limit]):
        sentence = text[place + start : place + end]
        if not sentence.strip():
            continue
        if counted := COUNTED.match(sentence):
            rest = "\n".join([rest.rstrip(), *parted(NEXT, sentence[counted.end() :])])
        elif is_list and ITEM.match(sentence):
            rest = f"{rest.rstrip()}\n{sentence}"
        elif (whom := CRITERION.match(sentence)) and (whom["drug"] or "") in rest:
            rest = f"{rest.rstrip()} {sentence}"
        else:
            break
    return rest[:LONGEST]
