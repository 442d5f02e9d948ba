"""What acts in a notice: the verbs with which FDA does something, on which day.

All else is passed over: banner, way through the site, headings, trials, dosage, what was approved before or after.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from . import cells, sentences
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
        |convert(?:ed|s|ing)\ to\ (?:regular|traditional|full)\ approval
        |announc(?:ed|es|ing)\ the\ conversion\ of\ (?:the\ )?accelerated\ approvals?\ (?:of|for|to)
        |convert(?:ed|s|ing)\ (?P<named_>[\w-]+(?:\ [\w-]+){0,3}(?:\ \([^()]{1,80}\))?)\ from\ accelerated
            \ (?:approval\ )?to\ (?:regular|traditional|full)\ approval)
    |grant(?:ed|s|ing)\ (?P<named>[\w-]+(?:\ [\w-]+){0,3}(?:\ \([^()]{1,80}\))?)\ (?:(?P<accelerated_>accelerated)
        |(?P<regular_>regular)|(?P<converted_>traditional|full))\ approval\b
    |(?<=\band\ )(?:(?P<accelerated__>accelerated)|(?P<regular__>regular)|(?P<converted__>traditional|full))
        \ approvals?\ (?:to|for|of)
    |(?P<regular>(?:grant(?:ed|s|ing)|g[ai]ves?)\ (?:an?\ )?(?:(?:regular|supplemental|expanded|new)\ )?
            approvals?\ (?:and\ expanded\ labeling\ )?(?:to|for|of)
        |(?:expand|extend|broaden)(?:ed|s|ing)\ (?:the\ )?(?:approved\ )?
            (?:indications?|approvals?|uses?|labels?)\ (?:of|for)
        |(?:modif(?:ied|ies)|chang(?:ed|es)|revis(?:ed|es))\ the\ (?:recommended\ )?dos(?:ag)?(?:e|ing)
            (?:\ (?:regimens?|schedules?))?\ (?:of|for)
        |(?<![\w-])(?P<also>[\w-]++(?:\ [\w-]++)??(?:\ \([^()]{1,80}\))?)\ was\ also\ approved(?=\ (?:for|to|in)\b)
        |(?<=\bthat\ )(?P<by>[\w-]++(?:\ [\w-]++)??(?:\ \([^()]{1,80}\))?)\ (?:was|has\ been)\ approved\ by\ the
            \ (?:U\.?S\.?\ )?(?:FDA|Food\ and\ Drug\ Administration)(?:\ \(FDA\))?(?=\ (?:on|for|to|in|as)\b)
        |approve[ds]|(?<!-)licensed)
    |(?:(?<=\bin\ addition,\ )(?P<got>[\w-]++(?:\ [\w-]++)??(?:\ \([^()]{1,80}\))?)\ (?:also\ )?received
        \ (?:(?P<_accelerated>accelerated)|(?P<_regular>regular)|(?P<_converted>traditional|full))\ approval
        (?=\ (?:for|to)\b))
    |(?P<withdrawn>withdrawal\ from\ the\ (?:U\.?S\.?\ |American\ |United\ States\ )?market
            \ of(?:\ the\ (?:drug|product))?
        |(?:(?:with(?:drew|draw(?:s|n|ing)?)|revok(?:ed?|es|ing)|rescind(?:ed|s|ing)?)\b
            |(?P<noun>(?:withdrawal|revocation)\ of\b))(?:\ (?:the|its|their)\b)?
            (?:(?:\ (?!for\b|from\b)[\w.-]+(?:\ \([^()\n]{1,60}\))?){0,4}?
                \ (?:approvals?|indications?|authori[sz]ations?|licen[sc]es?(?!\ application)
                    |(?(noun)new\ drug\ applications?|(?!)))\b
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
PLANNED = re.compile(r"(?:plan|intend)", re.IGNORECASE)
#: A company takes back what FDA had not answered: "withdrew its supplemental application".
UNANSWERED = re.compile(r"\s*(?:[\w-]+ ){0,5}?(?:applications?|submissions?|filings?|sBLAs?)\b", re.IGNORECASE)
ASKED = re.compile(r"\bsupplemental (?:[\w-]+ ){0,3}applications?\b[^.\n]*$", re.IGNORECASE)
#: What FDA did once, said in passing: "tislelizumab, which FDA approved for this use".
IN_PASSING = re.compile(
    r"\b(?:which|(?<!announced )(?<!announces )(?<!announced today )(?<!said )(?<!reported )that|whom?)"
    r" (?:the )?(?:U\.?S\.? )?(?:FDA|agency)(?: has| had)? $",
    re.IGNORECASE,
)
#: What may stand between: "was voluntarily withdrawn". But a company that "was voluntarily withdrawing" acts.
ADVERB = re.compile(r" (?:\w+ly|later|since|then) $")
#: "Approved" before these words tells of a test, a dose or a paper.
ELSEWHERE = re.compile(
    r"\s*(?:test|companion|device|by|under|in the|dose|therap(?:y|ies)|drugs?\b|products?|indications?"
    r"|labeling(?! extension)"
    r"|uses?\b(?! (?:of|in combination|with)\b)"
    r"|(?:(?:more than|over|almost|nearly|about|at least|some) )?"
    r"(?:\d+|five|six|seven|eight|nine|ten|eleven|twelve|several|dozens of|many) (?:[\w-]+ ){0,3}"
    r"(?:products|drugs|therapies|indications|inhibitors|treatments|medicines|antibodies|vaccines)"
    r"|(?:this|these|that|the same) (?:new )?(?:indications?|uses?|dos(?:e|es|ing|age)|schedules?|regimens?)\b"
    r"|(?:an? |the |new |safety |two |several |updated |modified |revised )*"
    r"(?:companion|complementary|diagnostic|device|in vitro|labeling(?! extension)|label changes|warnings?|protocol"
    r"|REMS|risk evaluation|manufacturing|facility|application))\b",
    re.IGNORECASE,
)
#: Approved, and no use of a drug: that a restriction ends or changes, and that an indication goes.
RESTRICTION = re.compile(
    r"\s*(?:no|nothing|(?:the |an? )?removal of [^.;\n]{0,60}indications?"
    r"|(?:the |an? )?(?:\w+ )?(?:elimination|removal|modification|change|update|revision|release|reduction|transfer)s?"
    r" (?:of|to|in|from|for)\b[^.;\n]{0,60}?\b(?:REMS|risk evaluation|warnings?|label(?:ing)?|prescribing information"
    r"|facilit(?:y|ies)|requirements?|monitoring|protocol|manufactur\w+))\b",
    re.IGNORECASE,
)
#: A test under whatever name: "a new use for the Sample IHC kit". What comes before a preposition is approved itself.
TEST = re.compile(
    r"\s*(?:(?:the |an? )?(?:\w+ )?(?:use|indication)s? (?:for|of) )?"
    r"(?:(?!(?:for|in|with|as|to|plus|and)\b)(?:\([^()]*\)|(?:[^\s.(]|\.(?=\S))+) ){0,10}?"
    r"(?:kits?|assays?|tests?|panels?|devices?|\w*Dx)\b(?!-)",
    re.IGNORECASE,
)
#: Words behind a verb that tell an earlier act: "… for this indication in 2021".
EARLIER = re.compile(r"[^.\n]*\b(?:to|for) (?:this|these|the same) (?:indications?|uses?)\b", re.IGNORECASE)
#: A sentence about an act, or of an earlier one: "This is the first time the agency has approved …".
REMARK = re.compile(
    r"\s*(?:(?:This|It) (?:is|was|marks|represents)|Earlier (?:this|that|in)|Last (?:year|month|week)|Previously,)\b"
)
HEADING = re.compile(
    r"(?:\d\.\s+)?(?:[^\n.:]{3,60}: )?(?:The )?(?:U\.?S\.? )?(?:FDA|Food and Drug Administration) (?:[a-z-]+ )?"
    r"(?:approves|grants|converts|withdraws|expands)\b",
    re.IGNORECASE,
)
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
ALSO = re.compile(r"\balso $", re.IGNORECASE)
#: What stands before a verb that is a noun or an adjective there.
ARTICLE = re.compile(r"\b(?:an?|the) $", re.IGNORECASE)
ANNOUNCED = re.compile(r"\bannounce[ds]\b", re.IGNORECASE)
#: What stands before "approved" where it is a verb: not so in "the approved uses", "all approved indications".
ACTOR = re.compile(
    r"(?:\b(?:FDA|Administration|Agency|Research|Excellence|has|have|today|now|also|and|it|we|just|\w{2,12}ly)|[),’\d])\s*$",
    re.IGNORECASE,
)
#: Where what FDA did ends, and why it did so begins.
AFTER = re.compile(
    r"^(?:(?:view |see |the )?full prescribing information|(?:the )?(?:major |main |primary )?efficacy"
    r"|approval (?:was|is|of)|for further information contact|supplementary information"
    r"|(?:the|this|these|today[’']s) (?:approval|review|application|recommended|most common|safety|prescribing|trial"
    r"|study|result)|recommended|expedited|background|healthcare professionals|health care professionals)\b",
    re.IGNORECASE | re.MULTILINE,
)
#: Another date in a sentence that says so is another act's.
BEFORE = re.compile(
    r"\b(?:previous|initial|original|earlier|first|dated|since|received)\w*\b[^.]{0,60}$", re.IGNORECASE
)
#: A month or a year that stands alone dates what came before: "approved Samplimab in March 2011".
MONTH_OR_YEAR = re.compile(
    rf"\b(?:in|since|during) (?:(?:early|mid|late)[- ])?(?:(?P<month>{sentences.MONTH}),? (?:of )?)?"
    r"(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
#: How an alert begins that bears its day: "[9/8/2020] The FDA is alerting …".
DATELINE = re.compile(rf"^\W*(?P<when>{sentences.DATE.pattern})\W", re.MULTILINE | re.IGNORECASE)
#: A day that stands alone behind the act, in its line: "… cancer. April 16, 2021.", "More Information (June 2, 2016)".
BEHIND = re.compile(
    rf"(?:[^\n]*\.)?\s*(?:More Information\d*)?\s*\(?(?P<when>{sentences.DATE.pattern})\)?\s*(?:\.|$)",
    re.MULTILINE | re.IGNORECASE,
)
#: The same above it, as a newspaper or a feed begins: "27 October 2023. The Food and Drug Administration approved …".
ABOVE = re.compile(
    rf"^\W*(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*,? )?(?P<when>{sentences.DATE.pattern})"
    r"(?:,? \d\d?:\d\d(?: ?[ap]m)?)?\W*\Z",
    re.MULTILINE | re.IGNORECASE,
)
#: A page that tells of several decisions, each with a day of its own: "an update on two recent FDA drug approvals".
SEVERAL = re.compile(
    r"\b(?:two|three|four|updates? on(?: some)? recent) (?:[\w-]+ ){0,3}FDA (?:[\w-]+ ){0,3}approvals\b"
    r"|\b(?:two|three|four|several|some) (?:[\w-]+ ){0,2}updates on (?:recent )?(?:FDA )?(?:[\w-]+ ){0,3}approvals\b"
    r"|\b(?:two|three|four|several) recent (?:[\w-]+ ){0,4}approvals\b|\bupdates on recent (?:[\w-]+ ){0,4}approvals\b",
    re.IGNORECASE,
)
#: The same without a word: a list of news, each line with its day.
EACH_DATED = re.compile(rf"^\s*[•·*–-]\s*On (?:\w+day, )?(?:{sentences.DATE.pattern})", re.MULTILINE | re.IGNORECASE)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAY = re.compile(rf"\b(?:On|Last) (?P<day>{'|'.join(WEEKDAYS)})\b", re.IGNORECASE)
MOST = 24  # acts of one text, those of other days included


@dataclass(frozen=True, slots=True)
class Act:
    """One verb with the sentence that it stands in."""

    verb: re.Match[str]
    start: int
    end: int

    @property
    def group(self) -> str:
        return (self.verb.lastgroup or "regular").strip("_")

    @property
    def named(self) -> str:
        """The drug that stands within the verb: "granted Samplimab full approval"."""
        places = ("named", "named_", "also", "got", "by")
        return next((name for place in places if (name := self.verb[place])), "")

    @property
    def goes_on(self) -> bool:
        """Whether it can only be told behind another: "Samplin was also approved for …"."""
        return bool(self.verb["also"] or self.verb["got"])


def acts(text: str, today: datetime.date, published: datetime.date | None = None) -> list[Act]:
    """Where FDA acts, on one day. Headings are read only where nothing else acts: "FDA approves" tells no kind."""
    found = list(islice((act for span in sentences.spans(text) for act in _acts_within(text, *span)), MOST))
    whole = [act for act in found if not _is_heading(text, act)] or [act for act in found if act.group != "regular"]
    if not whole or whole[0].goes_on or _is_of_doses_alone(text, whole[0]):
        return []
    whole = [whole[0], *(act for act in whole[1:] if not _looks_back(text, act))]
    if SEVERAL.search(text, 0, whole[0].start) or len(EACH_DATED.findall(text)) > 1:
        return [act for act in whole if day(text, act, today) or is_of_same_day(text, act)]
    end, that = AFTER.search(text, whole[0].end), day(text, whole[0], today)
    told = [act for act in whole if not end or act.start < end.start()]
    if not published and (dateline := DATELINE.search(text, 0, whole[0].start)):
        published = sentences.day(dateline, today)
    known = datetime.date.fromisoformat(that.value) if that else published
    return [act for act in told if not _is_of_another_day(text, act, that, known, today)]


def _is_of_doses_alone(text: str, act: Act) -> bool:
    return bool(DOSE.search(text, act.start, act.end) and INDICATIONS_STAY.search(text, act.end))


def weekday(text: str, act: Act, published: datetime.date | None) -> Read | None:
    """The day of the week before the day of the notice: "On Thursday, the FDA approved …"."""
    told = WEEKDAY.search(text, act.start, act.verb.start()) if published else None
    if not told or not published:
        return None
    back = (published.weekday() - WEEKDAYS.index(told["day"].capitalize())) % 7
    return Read((published - datetime.timedelta(days=back)).isoformat(), told[0])


def is_of_same_day(text: str, act: Act) -> bool:
    """Whether its sentence goes on with the act before: "FDA also granted …"."""
    return bool(ALSO.search(text, act.start, act.verb.start()))


def _looks_back(text: str, act: Act) -> bool:
    """Whether a later sentence gives the reason of what was told, or is what somebody says of it."""
    quoted = text.count("“", 0, act.verb.start()) > text.count("”", 0, act.verb.start())
    return quoted or bool(BECAUSE.match(text, act.verb.end(), act.end))


def day(text: str, act: Act, today: datetime.date) -> Read | None:
    """The day in the sentence that acts: before the verb, or behind it, but not another decision's."""
    announced = next(reversed(list(ANNOUNCED.finditer(text, act.start, act.verb.start()))), None)
    for found in _dates(text, act.start, act.end):
        if _is_anothers(text, act, found.start()):
            continue
        if announced and found.end() <= announced.start() and _tells_another(text, act, found, today):
            continue
        if own := sentences.day(found, today):
            start = found.start() - 3 if text[: found.start()].lower().endswith("on ") else found.start()
            return Read(own.isoformat(), text[start : found.end()])
    return None


def _tells_another(text: str, act: Act, above: re.Match[str], today: datetime.date) -> bool:
    """Whether the news of a company, itself dated, tells the day of the approval: some days before."""
    published = sentences.day(above, today)
    behind = (found for found in _dates(text, act.start, act.end) if 0 <= found.start() - act.verb.end() <= 120)
    days = (sentences.day(found, today) for found in behind if text[: found.start()].endswith("on "))
    return published is not None and any(day and 0 <= (published - day).days <= 14 for day in days)


def day_beside(text: str, act: Act, today: datetime.date) -> Read | None:
    """The day that stands alone above the sentence that acts, or behind it, where the sentence itself has none."""
    alone = ABOVE.search(text[: act.start]) or BEHIND.match(text, act.end)
    own = sentences.day(alone, today) if alone else None
    return Read(own.isoformat(), alone["when"]) if alone and own else None


@lru_cache(maxsize=8)
def _dates(text: str, start: int, end: int) -> tuple[re.Match[str], ...]:
    """Every act of a sentence asks for them again, and a sentence may be as long as a text."""
    return tuple(sentences.DATE.finditer(text, start, end))


def _is_of_another_day(
    text: str, act: Act, that: Read | None, known: datetime.date | None, today: datetime.date
) -> bool:
    """Whether its sentence gives it a day other than that of the first act, or a month or year other than known."""
    if own := day(text, act, today):
        return that is not None and own.value != that.value
    found = MONTH_OR_YEAR.search(masked(text[act.start : act.end]))  # what brackets add may be of another day
    if not found or _is_anothers(text, act, act.start + found.start()):
        return False
    if known is None:  # an approval of today has a day
        return act.group != "withdrawn"
    month = found["month"] and cells.MONTHS.get(found["month"].lower().rstrip("."))
    return int(found["year"]) != known.year or bool(month and month != known.month)


def _is_anothers(text: str, act: Act, place: int) -> bool:
    """Whether a date behind the verb is said to be of another act."""
    return place > act.verb.end() and bool(BEFORE.search(text, act.verb.end(), place))


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
    if (
        IN_PASSING.search(text, start, place)
        or CLEARED.search(text, max(start, place - 200), place)
        or (is_asked and UNANSWERED.match(text, behind))
    ):
        return True
    if verb.lastgroup == "withdrawn" and is_bare and ASKED.search(text, start, place):
        return True
    adverb = None if verb[0].split()[0].endswith("ing") else ADVERB.search(text, start, place)
    before = (NOT_YET.search(text, max(start, end - 24), end) for end in (place, adverb.start() if adverb else place))
    is_own = adverb and adverb[0] == " voluntarily "  # a company tells what it will do itself
    if any(found and not (is_own and PLANNED.match(found[0])) for found in before):
        return True
    if verb.lastgroup != "withdrawn" and any(p.match(text, behind) for p in (ELSEWHERE, RESTRICTION, TEST)):
        return True
    is_accelerated = verb.lastgroup in ("accelerated", "accelerated_")
    return is_accelerated and bool(EARLIER.match(text, behind - 3, min(end, behind + 200)))


def _is_heading(text: str, act: Act) -> bool:
    start, end = text.rfind("\n", 0, act.start + 1) + 1, text.find("\n", act.start + 1)
    line = text[start : end if end > 0 else len(text)].rstrip()
    return bool(HEADING.match(line)) and not line.endswith((".", ":", ";")) and not sentences.DATE.search(line)
