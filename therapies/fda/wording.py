"""Reading one notice: the uses that its description tells, each field with the words that it was read from.

What is read is a draft for a person to confirm. The title tells at most that an approval is regular: "FDA approves
tisagenlecleucel" was an accelerated one. The words to look for (therapies, cancers, biomarkers) are the caller's.
"""

import datetime
import re
from dataclasses import dataclass, replace

from . import (
    act_days,
    acts,
    disease,
    letters,
    narrowing,
    received,
    registered,
    rows,
    sentences,
    stages,
    statements,
    subjects,
)
from .act_verbs import Act
from .naming import Finder, Read, Vocabulary
from .records import Application, Notice
from .sentences import bare, masked, opened


@dataclass(frozen=True, slots=True)
class Draft:
    """One use as the notice tells it. An empty field was not found; nothing is guessed."""

    therapy: Read | None
    drug: str  # the words that stand where the approved drug stands
    cancers: tuple[Read, ...]
    setting: Read | None  # when in the course of a treatment
    use: str
    biomarkers: tuple[Read, ...]
    combination: tuple[str, ...]
    partners: tuple[Read, ...]  # those of them that are our therapies
    children: Read | None
    kind: Read | None  # accelerated-approval, approval, converted, narrowed or withdrawn
    date: Read | None
    application: Read | None


CHILDREN = re.compile(
    r"pediatric|children|adolescents?|up to (?:age )?25 years"
    r"|(?:≥|>=)\s?(?:1?[0-7]|[89]) (?:months?|years?)|\b(?:[1-9]|1[0-7]) (?:through|to) \d\d (?:years|months) of age"
    r"|\b(?!1[89] years)(?:1?\d|one|two|three|six|ten|twelve|sixteen) (?:months?|years?) (?:of age )?(?:and"
    r"|or) older|\bas young as (?:1[0-7]|\d) (?:months|years)\b",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"(?<![A-Za-z])(BLA|BL|NDA)\)?\s?#?\s?(\d{5,6}|\d\d-\d{3,4})\b")
#: Where the partners of a regimen stand.
TOGETHER = re.compile(
    r"(?:^(?:an? [^,;]{3,160}, )?(?:for )?(?:use )?(?:each )?"
    r"(?:in combination with|combined with|together with|plus|with or without|with|followed by)"
    r"|\b(?:(?:in|its) combination with|combined with|together with|in conjunction with"
    r"|as part of an? (?:\w+ ){0,2}regimen (?:consisting of|containing|including|with)))\s+(?P<partners>.+)",
    re.IGNORECASE | re.DOTALL,
)
PARTNERS_END = re.compile(r",?\s+(?:for|as|to|in|who|whose|followed by|then|is|are)\b(?! combination)|;|\.\s|\n")
#: From when a withdrawal counts, told in a sentence of its own: "The license is revoked as of July 31, 2023."
AS_OF = re.compile(
    rf"\b(?:withdrawn|revoked|effective),?(?: effective)?(?: as of| on)? (?P<when>{sentences.DATE.pattern})",
    re.IGNORECASE,
)
#: How an announcement begins with its day, wherever on the page it stands: "3 August 2021 - In 2011, …".
BEGUN = re.compile(rf"^(?P<when>{sentences.DATE.pattern}) [–—-] ", re.IGNORECASE | re.MULTILINE)
#: What stands above the summary of a notice in the Federal Register.
REGISTER = re.compile(r"\A(?=.*?\bAGENCY:).*?\bSUMMARY:\s", re.DOTALL)
#: How reprints abroad begin words that rules read in the American form. Names of cancers: ``naming.py``.
BRITISH = {
    "tumour": "tumor", "haemat": "hemat", "paediatr": "pediatr",
    "gastro-oesophag": "gastroesophag", "oesophag": "esophag", "gastro-esophag": "gastroesophag",
}  # fmt: skip
#: A day that a stamp left on a letter: "FEB 1 2 2004".
STAMPED = re.compile(r"\b(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC) (\d) (\d),? (?=(?:19|20)\d\d\b)")
#: A line that copies its verb twice: "granted accelerated approval to granted accelerated approval to".
TWICE = re.compile(r"\b((?:approved|granted)\b(?: \w+){0,3}) (?=\1\b)", re.IGNORECASE)
#: An item of FDA's first lists, which does not say who acts: "Samplin (samplinib) was approved for … More information".
UNSAID = re.compile(
    r"^(?P<mark>[\s•·*-]*)(?P<drug>[A-Z][\w-]+(?: [\w-]+){0,4} \([^()\n]{3,60}\)) (?:was|is)"
    r" (?:approved|granted (?P<how>accelerated|regular) approval) (?P<use>(?:for|in|to|as)\b[^\n]{5,600}?"
    r"\bMore information\b)",
    re.MULTILINE,
)
#: A line of a list of warnings: "FDA approval of lymphoma medicine Samplin (samplinib) is withdrawn".
UNDONE = re.compile(
    r"\bFDA approval of (?P<what>[^.\n]{3,120}?\([^()\n]{3,60}\)) (?:is|was|has been) withdrawn\b[^.\n]*"
)
#: A page on a label that lost a use, told before the sentence on the withdrawal.
RELABELED = re.compile(
    rf"\bOn (?P<when>{sentences.DATE.pattern}),[^\n.]{{0,80}}\bapproved (?:\w+ )?label(?:ing)?\b[^\n]{{0,160}}?\bremov"
)
#: Where a link leads that a reprint prints behind the word it stood on: "approved (https://…) samplinib".
LINKED = re.compile(r" \(https?://[^\s()]{1,400}\)(?= )")
#: What a use required once and requires no more: "… melanoma to remove the restriction that patients should have …".
NO_MORE = re.compile(r",? to (?:remove|lift) (?:the|a) (?:restriction|limitation|requirement)s?\b.*", re.I | re.DOTALL)
#: What FDA did not grant, told behind what it did: "… but issued a complete response letter for an application …".
BUT_NOT = re.compile(
    r",? (?:but|while|although) (?:it )?(?:issued a complete response|declined|rejected|refused|did not approve)\b.*",
    re.I | re.DOTALL,
)
#: What stands below each of FDA's podcasts: "Listen to a soundcast of the April 1, 2022 FDA approval of …".
SOUNDCAST = re.compile(
    rf"\bListen to a soundcast of the (?P<when>{sentences.DATE.pattern}),? FDA (?P<how>accelerated )?approvals? of ",
    re.IGNORECASE,
)
#: A disease within brackets, and before them what sort of disease it is: "a rare blood cancer (myelofibrosis)".
SORT_OF_CANCER = re.compile(r"\bcancers? \((?P<named>[A-Z]?[a-z]{4,}[^()]*)\)", re.IGNORECASE)
#: How FDA's titles begin.
TITLED = re.compile(
    r"(?:U\.?S\.? )?FDA (?:approves|grants (?:accelerated|regular|traditional|full) approval to) ", re.I
)
MOST = 24  # uses of one text; a pasted table has more than a notice


def drafts(notice: Notice, vocabulary: Vocabulary, today: datetime.date) -> list[Draft]:
    """The uses in a notice's description, in its order. At least one: what could not be told is left empty."""
    text = without_marks(notice.description)
    if told := rows.read(f"{notice.title}\n{text}", vocabulary, today):
        date = None
    elif letters.is_letter(text):
        letter = letters.read(f"{notice.title}\n{text}", vocabulary, today)
        told, date = list(letter.statements), letter.date
    else:
        found = acts.acts(text, today, notice.date)
        if found and act_days.is_of_days_before(text, found[0]):
            notice = replace(notice, date=None)
        told = statements.statements(text, found, vocabulary, today, notice.title, notice.date)
        told = told or narrowing.narrowed(text, vocabulary, today)
        if not told and (turned := received.turned(text, vocabulary.therapy_finder)):
            text, found = turned, acts.acts(turned, today, notice.date)
            told = statements.statements(text, found, vocabulary, today, notice.title, notice.date)
        told = told or registered.titled(f"{notice.title}\n{text}")
        date = _date(text, found, notice, today) if found else None
    if date is None and notice.date:
        date = Read(notice.date.isoformat(), "date of the notice")
    application = _application(f"{notice.title}\n{text}")
    copies, told = [one for one in told if not one.kind], [one for one in told if one.kind]
    if not told:
        drug = copies[0].subject if copies else ""
        return [_of_no_act(text, vocabulary, drug, date=date, application=application)]
    if len({one.date.value for one in told if one.date}) > 1:
        date = None  # a list of decisions, each with its day: that of another is not for one without
    uses = [(one, use) for one in told for use in one.uses]
    made = [
        _draft(
            one.kind,
            one.subject,
            use,
            vocabulary,
            date=one.date or date,
            application=_application(one.application.words) if one.application else application,
        )
        for one, use in uses[:MOST]
    ]
    return [replace(made[0], cancers=_of_title(notice.title, made[0].drug, vocabulary))] if _is_bare(made) else made


def _application(text: str) -> Read | None:
    """The first number of an application, as we write it."""
    number = NUMBERED.search(text)
    kind = number and ("BLA" if number[1] == "BL" else number[1])
    return Read(str(Application(kind, int(number[2].replace("-", "")))), number[0]) if number and kind else None


def _is_bare(made: list[Draft]) -> bool:
    """Whether the one use names no cancer. Its title may: "for pediatric patients two years of age and older"."""
    return len(made) == 1 and not made[0].cancers


def _of_title(title: str, drug: str, vocabulary: Vocabulary) -> tuple[Read, ...]:
    """The cancers for which FDA's title says that it approves the drug. A link to another notice is titled so too."""
    verb = TITLED.match(without_marks(title))
    subject, use = subjects.split(title[verb.end() :]) if verb else ("", "")
    if not any(word in drug.casefold() for word in re.findall(r"[\w-]{5,}", subject.casefold())):
        return ()
    if (named := SORT_OF_CANCER.search(use)) and not vocabulary.cancer_finder.find(named["named"]):
        return ()
    return disease.cancers(use, disease.biomarkers(use, vocabulary), vocabulary)


def without_marks(text: str) -> str:
    """Without marks of trade, with one kind of hyphen and blank. A list keeps its line ends, and lives from them."""
    text = REGISTER.sub("", re.sub("[®™]", "", text))
    text = SOUNDCAST.sub(_as_told, LINKED.sub("", text))
    text = STAMPED.sub(lambda told: f"{told[1].title()} {told[2]}{told[3]}, ", text)
    text = UNDONE.sub(r"FDA has withdrawn its approval for \g<what>.", UNSAID.sub(_as_fda_says, TWICE.sub("", text)))
    text = re.sub(r"\b([Nn])on(?=small[ -]cell\b)", r"\1on-", text)
    text = re.sub("[\u2010\u2011]|(?<=[\\w)\\]])[\u2012\u2013\u2212](?=\\w)", "-", text)
    for british, american in BRITISH.items():
        for old, new in ((british, american), (british.capitalize(), american.capitalize())):
            text = re.sub(rf"\b{old}", new, text)
    opening, *rest = re.split(r"(?<=:)\n", re.sub(r"[^\S\n]+", " ", text).strip(), maxsplit=1)
    return "\n".join([sentences.unwrapped(opening), *rest])


def _as_fda_says(item: re.Match[str]) -> str:
    act = f"granted {item['how']} approval to" if item["how"] else "approved"
    return f"{item['mark']}FDA {act} {item['drug']} {item['use']}"


def _as_told(podcast: re.Match[str]) -> str:
    act = "granted accelerated approval to" if podcast["how"] else "approved"
    return f"On {podcast['when']}, FDA {act} "


def _date(text: str, found: list[Act], notice: Notice, today: datetime.date) -> Read | None:
    """The day of the act, of the notice, or one that stands alone behind the act."""
    act = found[0]
    if own := act_days.day(text, act, today):
        return own
    if act.group == "withdrawn" and (end := _day_of_end(text, found, today)):
        return end
    if notice.date:
        return act_days.day_before(text, act, notice.date) if len(found) == 1 else None
    beside, above = act_days.day_beside(text, act, today), acts.DATELINE.match(text) or BEGUN.search(text, 0, act.start)
    day = sentences.day(above, today) if above and not beside else None
    return Read(day.isoformat(), above["when"]) if above and day else beside


def _day_of_end(text: str, found: list[Act], today: datetime.date) -> Read | None:
    """A company announces first that it withdraws, and FDA's day stands in a sentence behind."""
    if (stated := AS_OF.search(text, found[0].end)) and (day := sentences.day(stated, today)):
        return Read(day.isoformat(), stated["when"])
    days = (act_days.day(text, act, today) for act in found if act.group == "withdrawn")
    if told := next(filter(None, days), None):
        return told
    label = RELABELED.search(text, 0, found[-1].end + 1_500)
    day = sentences.day(label, today) if label else None
    return Read(day.isoformat(), label["when"]) if label and day else None


def _of_no_act(text: str, vocabulary: Vocabulary, drug: str, **told: Read | None) -> Draft:
    """A text that decides nothing: the therapy alone, so that a person need not look for it, or its copy."""
    therapy = next(iter(vocabulary.therapy_finder.different(text[: statements.LONGEST])), None)
    return Draft(therapy, drug, (), None, "", (), (), (), None, None, **told)


def _draft(kind: Read | None, subject: str, use: str, vocabulary: Vocabulary, **told: Read | None) -> Draft:
    finder = vocabulary.therapy_finder
    subject, use = subjects.named_later(subject, use, finder)
    named = finder.different(subject) if subject else tuple(subjects.drugs(use, finder))
    if not named and (address := finder.in_any_order(subject)):
        named = (Read(address, subject),)
    therapy, others = (named[0] if named else None), named[1:]
    if therapy:
        use = _without_name(use, therapy, finder)
    use = BUT_NOT.sub("", NO_MORE.sub("", use))
    together = [] if therapy else finder.find(use)
    if len(together) == 1 and f"({together[0][1].words}, " in use:
        therapy = together[0][1]  # a drug without a name: "T cells with … (Tregzi, Orca Bio)"
    combination, children, markers = partners_of(use), CHILDREN.search(use), disease.biomarkers(use, vocabulary)
    partners = {read.value: read for read in (*finder.different(opened(_together(use))), *others)}
    if therapy:
        partners.pop(therapy.value, None)
    return Draft(
        therapy=therapy,
        drug=subject,
        cancers=disease.cancers(use, markers, vocabulary),
        setting=stages.stage(use),
        use=use,
        biomarkers=markers,
        combination=combination,
        partners=tuple(partners.values()),
        children=Read("yes", children[0]) if children else None,
        kind=kind,
        **told,
    )


def _without_name(use: str, therapy: Read, finder: Finder) -> str:
    """The use where it names its drug once more: "The first indication is for T-DXd followed by …"."""
    for place, read in finder.find(use[:200]):
        if use[:place] == "for " and read.value == therapy.value:
            return use[place + len(read.words) :].strip()
    return use


def partners_of(use: str) -> tuple[str, ...]:
    """The partners, each as the notice names it. What patients were treated with before is none."""
    told = re.sub(r"^\(([^()]+)\)", r"\1", _together(use))  # "in combination with (A and B) or C"
    partners = re.sub(r"-, (?:and )?", "- and ", bare(told))  # "fluoropyrimidine-, and platinum-containing"
    parts = re.split(
        r",(?!\s*with or without\b)\s*(?:and\s+)?|(?<!-)\s+and\s+(?!hyaluronidase|berahyaluronidase|relatlimab)",
        partners.strip(" ,."),
    )
    named = (re.sub(r"^(?:(?:either|or|with) )+| and$", "", part.strip()) for part in parts)
    return tuple(part for part in named if part)


def _is_aside(use: str, turn: re.Match[str], found: re.Match[str]) -> bool:
    """Whether the regimen is told between commas, behind a disease that came back: what was given before is not."""
    return bool(re.match("relaps|refractory|r/r", turn[0], re.IGNORECASE)) and use[: found.start()].endswith(", ")


def _together(use: str) -> str:
    """The words that name the partners."""
    turn = stages.HISTORY.search(masked(use))
    found = TOGETHER.search(masked(use))
    if not found:
        return ""
    if turn and turn.start() < found.start():
        if not _is_aside(use, turn, found):
            return ""
        turn = stages.HISTORY.search(masked(use), found.start())
    words = use[found.start("partners") : min(found.end("partners"), turn.start() if turn else len(use))]
    end = PARTNERS_END.search(masked(words))
    return words[: end.start()] if end else words
