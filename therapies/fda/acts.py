"""What acts in a notice: the verbs with which FDA does something, on one day.

All else is passed over: banner, way through the site, headings, trials, dosage, what was approved before or after.
"""

import datetime
import re
from collections.abc import Iterator
from itertools import islice, pairwise

from . import sentences
from .act_days import ANNOUNCED, day, is_of_another_day, is_of_same_day
from .act_verbs import VERB, Act
from .sentences import masked

#: Who acts. In a withdrawal the company may.
FDA = re.compile(r"\b(?:FDA|Administration|Agency|CBER|CDER)\b(?!-)", re.IGNORECASE)
#: Words straight before a verb that make it history, another's description, or something yet to come.
NOT_YET = re.compile(
    r"\b(?:previously|prior|earlier|initially|originally|currently|already|was|were|had been|first|FDA-|not|newly"
    r"|propos\w+|plans?|intends?|recommend\w*|request\w*|consider\w*|may|might|would|should|if|until|be|been|being"
    r"|seek(?:s|ing)?|propos\w+ to|plans? to|intends? to|request\w* to|whether to"
    r"|for (?:the )?(?:FDA|agency) to|proce(?:dure|eding)s to)[\s-]*$",
    re.IGNORECASE,
)
PLANNED = re.compile(r"(?:plan|intend)", re.IGNORECASE)
#: What is under way is none of it: "announced that it was withdrawing the indication".
UNDER_WAY = re.compile(r"(?:is|was|were|are)\b", re.IGNORECASE)
#: A decision that was announced with the day on which it takes effect: "will be withdrawn as of October 15, 2010".
WILL_BE = re.compile(r"\bwill be $", re.IGNORECASE)
AS_OF = re.compile(rf",? (?:effective )?(?:as of|on) (?:{sentences.DATE.pattern})", re.IGNORECASE)
#: A company takes back what FDA had not answered: "withdrew its supplemental application".
UNANSWERED = re.compile(r"\s*(?:[\w-]+ ){0,5}?(?:applications?|submissions?|filings?|sBLAs?)\b", re.IGNORECASE)
ASKED = re.compile(r"\bsupplemental (?:[\w-]+ ){0,3}applications?\b[^.\n]*$", re.IGNORECASE)
#: No drug is named: rules on licenses, and what becomes of an application that nobody answers for.
OF_NONE = re.compile(r"\bof an? (?:[\w-]+ )?(?:licen[sc]e|application|approval|indication)\b", re.IGNORECASE)
LAPSED = re.compile(r"\b(?:consider|deem)\w*\b[^.;\n]{0,120}$", re.IGNORECASE)
UNAPPROVED = re.compile(r"[^;\n]{0,60}\b(?:21 CFR )?314\.65\b")
#: What FDA did once, said in passing: "tislelizumab, which FDA approved for this use".
IN_PASSING = re.compile(
    r"\b(?:which|(?<!announced )(?<!announces )(?<!day )(?<!said )(?<!reported )(?<!you )that|whom?|what)"
    r" (?:the )?(?:U\.?S\.? )?(?:FDA|agency)(?: has| had)? $",
    re.IGNORECASE,
)
#: What may stand between: "was voluntarily withdrawn". But a company that "was voluntarily withdrawing" acts.
ADVERB = re.compile(r" (?:\w+ly|later|since|then) $")
#: An alert names a drug by what it was approved for: "is investigating a risk with Samplin (samplinib) approved to …".
ALERTED = re.compile(
    r"\b(?:FDA\)?|Administration|Agency) (?:is|are|has been|continues to) (?:also )?(?:re-?)?"
    r"(?:investigat|evaluat|review|inform|alert|warn|notif|advis|remind|communicat|aware)",
    re.IGNORECASE,
)
#: What is "FDA approved" has been so, and "a new FDA approved drug" is called so: no act.
STATE = re.compile(
    r"\b(?:(?:is|are|was|were|been|be)(?: now| also| currently)?|an?|new|only|first|other|all|any|every)"
    r" (?:US |U\.S\. )?FDA[ -]$",
    re.IGNORECASE,
)
#: "Approved" before these words tells of a test, a dose or a paper.
ELSEWHERE = re.compile(
    r"\s*(?:test|companion|device|by|under|for (?:priority |standard |expedited )?review|in the|"
    r"in (?:\w+ ){1,2}indications|dose|therap(?:y|ies)|drugs?\b"
    r"|products?|indications?"
    r"|labeling(?! extension)"
    r"|uses?\b(?! (?:of|in combination|with)\b)"
    r"|(?:(?:more than|over|almost|nearly|about|at least|some) )?"
    r"(?:\d+|five|six|seven|eight|nine|ten|eleven|twelve|several|dozens of|many) (?:[\w-]+ ){0,3}"
    r"(?:products|drugs|therapies|indications|inhibitors|treatments|medicines|antibodies|vaccines)"
    r"|(?:this|these|that|the same) (?:new )?(?:indications?|uses?|dos(?:e|es|ing|age)|schedules?|regimens?"
    r"|applications?)\b|(?:previously|earlier(?! today))\b"
    r"|an? (?:new )?(?:[\w-]+ )?dosage form\b"
    r"|new (?:[\w-]+ ){0,4}?(?:dosage forms?|formulations?|strengths?|tablets|capsules|granules|pellets|vials)\b"
    r"|(?:an? |the |new |safety |two |several |updated |modified |revised |drug )*"
    r"(?:companion|complementary|diagnostic|device|in vitro|labeling(?! extension)|label changes|warnings?|protocol"
    r"|REMS|risk evaluation|manufacturing|facility|application))\b",
    re.IGNORECASE,
)
#: Approved, and no use of a drug: that a restriction ends or changes, and that an indication goes.
RESTRICTION = re.compile(
    r"\s*(?:no|nothing|(?:the |an? )?removal of [^.;\n]{0,60}indications?"
    r"|(?:the )?addition of [^.;\n]{0,40}?(?:data|results|information|findings)"
    r"|(?:the |an? )?(?:\w+ )?(?:elimination|removal|modification|change|update|revision|release|reduction|transfer)s?"
    r" (?:of|to|in|from|for)\b[^.;\n]{0,60}?\b(?:REMS|risk evaluation|warnings?|label(?:ing)?|prescribing information"
    r"|package inserts?|facilit(?:y|ies)|requirements?|monitoring|protocol|manufactur\w+))\b",
    re.IGNORECASE,
)
#: A test under whatever name: "a new use for the Sample IHC kit". What comes before a preposition is approved itself.
TEST = re.compile(
    r"\s*(?:(?:the |an? )?(?:\w+ )?(?:use|indication)s? (?:for|of) )?"
    r"(?:(?!(?:for|in|with|as|to|plus|and)\b)(?:\([^()]*\)|(?:[^\s.(]|\.(?=\S))+) ){0,10}?"
    r"(?:kits?(?! \((?-i:[a-z]))|assays?|tests?|panels?|devices?|\w*Dx|(?:companion|complementary) diagnostics?"
    r"|(?:[\w-]*HIFU|imaging|ultrasound|surgical|ablation|laser|radiation|radiotherapy|cooling|navigation|detection)"
    r" systems?)\b(?!-)",
    re.IGNORECASE,
)
#: Words behind a verb that tell an earlier act: "… for this indication in 2021".
EARLIER = re.compile(r"[^.\n]*\b(?:to|for) (?:this|these|the same) (?:indications?|uses?)\b", re.IGNORECASE)
#: A sentence about an act, or of an earlier one: "This is the first time the agency has approved …".
REMARK = re.compile(
    r"\s*(?:(?:This|It) (?:is|was|marks|represents)|Earlier (?:this|that|in)|Last (?:year|month|week)|Previously,)\b"
)
HEADING = re.compile(
    r"(?:(?:\d\.|[•*+–-])\s+)?(?:[^\n.:]{3,60}: )?(?:The )?(?:U\.?S\.? )?(?:FDA|Food and Drug Administration)"
    r" (?:[a-z-]+ )?"
    r"(?:approves|grants|converts|withdraws|expands|extends|broadens)\b"
    r"|(?-i:(?:[A-Z][\w.&’']*+ ){1,4}(?:Voluntarily )?Withdraws)\b",
    re.IGNORECASE,
)
#: Links to other notices are a list of headings. Where nothing else acts it is news in brief.
IN_LIST = re.compile(r"[•*+–-]\s")
#: A heading tells in the present tense what its text tells in the past.
PRESENT = re.compile(r"(?:approves|grants|converts|withdraws|expands|extends|broadens|gives)\b", re.IGNORECASE)
#: What FDA does with devices: "cleared the expanded use of a cooling cap".
CLEARED = re.compile(r"\b(?:clear(?:s|ed|ing)|510\(k\))(?![\w-])", re.IGNORECASE)
#: A page on doses that approves no use, and says so.
DOSE = re.compile(r"\b(?:dos(?:e|es|ing|age)|schedules?|infusions?|formulations?)\b", re.IGNORECASE)
INDICATIONS_STAY = re.compile(
    r"\b(?:no|without) changes? (?:to|in|of) (?:the |any )?(?:currently )?(?:approved )?(?:indications?|uses?)\b"
    r"|\b(?:indications?|uses) (?:(?:is|are|was|were|has|have) not (?:been )?changed|(?:do|does|did) not change"
    r"|(?:remains?|is|are) (?:unchanged|the same))\b",
    re.IGNORECASE,
)
#: What told of the act before: "The FDA approved Samplin based on the results of …".
BECAUSE = re.compile(
    r"\s*[\w-]+(?: [\w-]+)?(?: \([^()\n]{1,80}\))?,? (?:based (?:up)?on|on the (?:basis|strength) of)\b", re.IGNORECASE
)
#: What stands before a verb that is a noun or an adjective there.
ARTICLE = re.compile(r"\b(?:an?|the|approval for) $", re.IGNORECASE)
#: What stands before "approved" where it is a verb: not so in "the approved uses", "all approved indications".
ACTOR = re.compile(
    r"(?:\b(?:FDA|Administration|Agency|Research|Excellence|has|have|today|yesterday|last week|\w{3,6}day"
    r"|now|also|and|it|we|just|\w{2,12}ly)|[),’\d])\s*$",
    re.IGNORECASE,
)
#: Where what FDA did ends, and why it did so begins.
AFTER = re.compile(
    r"^(?:(?:view |see |the )?full prescribing information|(?:the )?(?:major |main |primary )?efficacy"
    r"|approval (?:was|is|of)"
    r"|(?:the|this|these|today[’']s) (?:approval|review|application|recommended|most common|safety|prescribing|trial"
    r"|study|result)|recommended|expedited|background|healthcare professionals|health care professionals)\b"
    r"|\b(?-i:FOR FURTHER INFORMATION CONTACT|SUPPLEMENTARY INFORMATION)\b",
    re.IGNORECASE | re.MULTILINE,
)
#: How an alert begins that bears its day: "[9/8/2020] The FDA is alerting …".
DATELINE = re.compile(rf"^\W*(?P<when>{sentences.DATE.pattern})\W", re.MULTILINE | re.IGNORECASE)
#: A page that tells of several decisions, each with a day of its own: "an update on two recent FDA drug approvals".
SEVERAL = re.compile(
    r"\b(?:two|three|four|updates? on(?: some)? recent) (?:[\w-]+ ){0,3}FDA (?:[\w-]+ ){0,3}approvals\b"
    r"|\b(?:two|three|four|several|some) (?:[\w-]+ ){0,2}updates on (?:recent )?(?:FDA )?(?:[\w-]+ ){0,3}approvals\b"
    r"|\b(?:two|three|four|several) recent (?:[\w-]+ ){0,4}approvals\b|\bupdates on recent (?:[\w-]+ ){0,4}approvals\b",
    re.IGNORECASE,
)
#: The same without a word: a list of news, each line with its day.
EACH_DATED = re.compile(
    rf"(?:^|(?<=[.:] ))\s*(?P<item>[•·*–-]\s*On (?:\w+day, )?)?(?:{sentences.DATE.pattern})"
    r"(?(item)| [–—-] (?:the )?(?:U\.?S\.? )?(?:FDA|Food and Drug)\b)",
    re.MULTILINE | re.IGNORECASE,
)
#: A list of notices, each a line that begins with its day. Lines of one drug tell what became of it instead.
BY_DAY = re.compile(
    rf"^(?:On (?:{sentences.DATE.pattern}), (?:the )?(?:U\.?S\.? )?(?:FDA|Food and Drug Administration)\b"
    rf"|The (?:U\.?S\.? )?FDA on {sentences.MONTH} \d)",
    re.MULTILINE,
)
#: The link to the whole notice, a line of its own behind each of several.
LINK = re.compile(
    r"^(?:More [Ii]nformation|Read (?:[Mm]ore|Article|(?:the |FDA[’']s )?(?:full )?(?:FDA )?announcement))\W*$",
    re.MULTILINE,
)
#: What the government takes back and is no approval: "marked the guidance as withdrawn", "withdraws its proposed rule".
PAPER = re.compile(r"\s*(?:[\w-]+ ){0,4}?(?:guidances?|guidelines?|rules?|proposals?|polic(?:y|ies)|drafts?)\b", re.I)
AS = re.compile(r"\bas $", re.IGNORECASE)
#: What FDA calls one of its lists: "visit the verified and withdrawn AA indication pages".
OF_A_PAGE = re.compile(r"\s+(?:pages?|lists?|listings?|tables?)\b", re.IGNORECASE)
#: Texts on an approval of long ago: of a patent's term, of a voucher that it earned, of who was in its trials.
RECKONED = re.compile(
    r"\bDetermination of Regulatory Review Period\b|\bregulatory review period for\b"
    r"|\bIssuance of (?:a )?Priority Review Voucher\b|\bDrugs? Trials? Snapshot Summary\b",
    re.IGNORECASE,
)
MOST = 24  # acts of one text, those of other days included
TITLE_AT_MOST = 600  # characters; a page whose title is a sentence cuts it off


def acts(text: str, today: datetime.date, published: datetime.date | None = None) -> list[Act]:
    """Where FDA acts, on one day. Headings are read only where nothing else acts: "FDA approves" tells no kind."""
    if RECKONED.search(text):
        return []
    found = list(islice((act for span in sentences.spans(text) for act in _acts_within(text, *span)), MOST))
    found = [act for act in found if not any(_runs_into(text, act, other) for other in found)]
    found = [act for act in found if not _is_title_of_another(text, act, found)]
    whole = [act for act in found if not _is_heading(text, act)] or [
        act for act in found if act.group != "regular" or IN_LIST.match(text, act.start)
    ]
    whole = [act for act in whole if not PRESENT.match(act.verb[0]) or _is_line(text, act)] or whole
    if not whole or whole[0].goes_on or _is_of_doses_alone(text, whole[0]):
        return []
    whole = [whole[0], *(act for act in whole[1:] if not _looks_back(text, act))]
    if SEVERAL.search(text, 0, whole[0].start) or len(EACH_DATED.findall(text)) > 1 or _is_list_by_day(text, whole):
        return [act for act in whole if day(text, act, today) or is_of_same_day(text, act)]
    end, that = AFTER.search(text, whole[0].end), day(text, whole[0], today)
    told = [act for act in whole if not end or act.start < end.start()]
    if not published and (dateline := DATELINE.search(text, 0, whole[0].start)):
        published = sentences.day(dateline, today)
    known = datetime.date.fromisoformat(that.value) if that else published
    if whole[0].group == "withdrawn" and not that:  # what it tells of days is how that was approved once
        told = [act for act in told if act.group == "withdrawn" or not day(text, act, today)]
    return [act for act in told if not is_of_another_day(text, act, that, known, today)]


def _is_list_by_day(text: str, found: list[Act]) -> bool:
    """Whether many lines are notices of their own: each has a title, or is of another drug."""
    lines = [line.start() for line in BY_DAY.finditer(text)]
    if len(lines) < 2:
        return False
    above = [text.rfind("\n", 0, place - 1) + 1 for place in lines]
    if all(LINK.search(text, *span) for span in pairwise(lines)) or all(HEADING.match(text, one) for one in above):
        return True
    drugs = {text[act.verb.end() :].split(maxsplit=1)[0] for act in found if act.start in lines}
    is_most = 3 * len(lines) >= text.count("\n") + 1
    return is_most and (len(drugs) == len(lines) or all(HEADING.match(text, one) for one in above[1:]))


def _is_of_doses_alone(text: str, act: Act) -> bool:
    return bool(DOSE.search(text, act.start, act.end) and INDICATIONS_STAY.search(text, act.end))


def _looks_back(text: str, act: Act) -> bool:
    """Whether a later sentence gives the reason of what was told, or is what somebody says of it."""
    quoted = text.count("“", 0, act.verb.start()) > text.count("”", 0, act.verb.start())
    return quoted or bool(BECAUSE.match(text, act.verb.end(), act.end))


def _acts_within(text: str, start: int, end: int) -> Iterator[Act]:
    sentence, actor = masked(text[start:end]), FDA.search(text, start, end)
    if REMARK.match(text, start, end):
        return
    earlier = False  # an act of FDA in this sentence, with which “and granted …” goes on
    for verb in VERB.finditer(text, start, end):
        place = verb.start()
        if sentence[place - start] == sentences.HIDDEN or _is_no_act(text, verb, start, end):
            continue
        if not earlier and (verb.lastgroup or "").endswith("__"):  # "granted …, and accelerated approval to …"
            continue
        if earlier and verb[0].split()[0].endswith("ing"):  # "approved an application …, expanding the approved use"
            continue
        if earlier and ARTICLE.search(text, start, place):  # "approved an expanded use of …"
            continue
        is_announced = verb["by"] and ANNOUNCED.search(text, start, place)
        if (
            earlier
            or verb.lastgroup == "withdrawn"
            or verb["also"]
            or verb["also_"]
            or verb["added"]
            or verb["got"]
            or is_announced
            or (actor and actor.start() < place)
        ):
            earlier = True
            yield Act(verb, start, end)


def _is_no_act(text: str, verb: re.Match[str], start: int, end: int) -> bool:
    """History, plans, descriptions of other things, and approvals of tests and papers."""
    place, behind = verb.start(), verb.end()
    if verb[0].lower() in ("approved", "approves") and not ACTOR.search(text, max(start, place - 16), place):
        return True
    is_bare = not re.search("approv|indicat|authori|licen", verb[0], re.IGNORECASE)
    is_asked = is_bare or "supplemental" in verb[0]  # "withdrawal of the supplemental Biologics License Application"
    if text[max(start, place - 2) : place].strip() == ")" and ALERTED.search(text, start, place):
        return True
    if (
        IN_PASSING.search(text, start, place)
        or STATE.search(text, start, place)
        or CLEARED.search(text, max(start, place - 200), place)
        or (is_asked and UNANSWERED.match(text, behind))
    ):
        return True
    if verb.lastgroup == "withdrawn" and is_bare and ASKED.search(text, start, place):
        return True
    if verb["noun"] and OF_NONE.search(verb[0]):
        return True
    if verb.lastgroup == "withdrawn" and OF_A_PAGE.match(text, behind):
        return True
    if verb.lastgroup == "withdrawn" and is_bare and (AS.search(text, start, place) or PAPER.match(text, behind)):
        return True
    if verb.lastgroup == "withdrawn" and (LAPSED.search(text, start, place) or UNAPPROVED.match(text, behind)):
        return True
    adverb = None if verb[0].split()[0].endswith("ing") else ADVERB.search(text, start, place)
    before = (NOT_YET.search(text, max(start, end - 24), end) for end in (place, adverb.start() if adverb else place))
    if is_bare and WILL_BE.search(text, start, place) and AS_OF.match(text, behind):
        return False
    is_own = adverb and adverb[0] == " voluntarily "  # a company tells what it will do itself
    is_doing = verb[0].lower().startswith("withdrawing")
    if any(
        found and not (is_own and PLANNED.match(found[0])) and not (is_doing and UNDER_WAY.match(found[0]))
        for found in before
    ):
        return True
    if verb.lastgroup != "withdrawn" and any(p.match(text, behind) for p in (ELSEWHERE, RESTRICTION, TEST)):
        return True
    is_accelerated = verb.lastgroup in ("accelerated", "accelerated_")
    return is_accelerated and bool(EARLIER.match(text, behind - 3, min(end, behind + 200)))


def _runs_into(text: str, act: Act, other: Act) -> bool:
    """Whether it is a heading that lost its line end: "FDA approves X for melanoma On May 3, the FDA approved X …"."""
    if other.start != act.start or other.verb.start() <= act.verb.start() or not PRESENT.match(act.verb[0]):
        return False
    return bool(FDA.search(text, act.verb.end(), other.verb.start()))


def _line(text: str, place: int) -> tuple[int, str]:
    """The line that holds this place, and where it begins."""
    start, end = text.rfind("\n", 0, place + 1) + 1, text.find("\n", place + 1)
    return start, text[start : end if end > 0 else len(text)].rstrip()


def _is_line(text: str, act: Act) -> bool:
    """Whether its sentence is a whole line. A heading that lost its line end is not."""
    start, line = _line(text, act.start)
    return act.start <= start + 1 and act.end >= start + len(line)


def _title_s_words(text: str, act: Act) -> str:
    """What it does in the words of its line, where that is short and ends in no full stop: a title, cut off or not."""
    end = text.find("\n", act.start + 1)
    end = end if end > 0 else len(text)
    if end - act.start > TITLE_AT_MOST:
        return ""
    line = text[act.start : end].rstrip()
    is_text = line.endswith((".", ":", ";")) or sentences.DATE.search(line)
    return "" if is_text else line[act.verb.start() - act.start :]


def _is_title_of_another(text: str, act: Act, found: list[Act]) -> bool:
    """Whether a later line tells it once more: "FDA approved X for patients with advanced", and below with the day."""
    told = re.match(rf"{re.escape(act.verb[0])} [\w-]+", _title_s_words(text, act))
    below = text.find("\n", act.start + 1)
    return told is not None and any(
        other.start >= below > 0 and text.startswith(told[0], other.verb.start()) for other in found
    )


def _is_heading(text: str, act: Act) -> bool:
    start, line = _line(text, act.start)
    heading = HEADING.match(line)
    if not heading or line.endswith((".", ":", ";")) or sentences.DATE.search(line):
        return False
    # A copy that lost its line ends goes on behind the heading in the past tense.
    return act.verb.start() < start + heading.end() or bool(PRESENT.match(act.verb[0]))
