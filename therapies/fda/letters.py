"""Letters of approval, as CBER and CDER write them: what was applied for, and that it is approved.

CBER: "We have approved your request … to supplement your BLA for X to include a new indication for …". CDER: "This
supplement provides for a new indication for …", and further down "It is approved, effective on the date of this
letter".
"""

import datetime
import re
from dataclasses import dataclass, replace
from itertools import islice

from . import disease, sentences, stages
from .naming import Read, Vocabulary
from .repeated import Statement
from .statements import BRANDED, LONGEST
from .subjects import split
from .uses import uses

IS_LETTER = re.compile(
    r"^\s*(?:Our )?STN:? ?\n?\s*BL|^Dear\b(?! (?:Health|Doctors|Colleague|Provider))"
    r"|\bDear (?:Dr|Mr|Mrs|Ms)\.? |\bPlease refer to your\b[^.]{0,80}\bapplication"
    r"|\bapproved your (?:request|BLA|biologics)",
    re.IGNORECASE | re.MULTILINE,
)
APPROVED = re.compile(
    r"we have approved your (?:request|BLA|biologics|supplement\w*|sBLA|application)"
    r"|(?:it|(?:this|the|these) (?:supplemental )?(?:applications?|supplements?)|they) (?:is|are) approved"
    r"|\bapproval is effective on the date of this letter"
    r"|\bapplication for (?:[^.]|\.(?=\d)){2,300}? (?:is|has been) approved"
    r"|\bsupplements have been approved"
    r"|we are approving|you are (?:hereby )?(?:authorized|approved) to (?:introduce|manufacture)|we are issuing",
    re.IGNORECASE,
)
#: A company's complete response to FDA is an application again.
REFUSED = re.compile(
    r"complete response(?! to (?:our|the)\b)|cannot approve|we have determined that we cannot", re.IGNORECASE
)
#: The sentence that tells the use, up to where the use begins. One about safety or making tells of a use as well.
USE = re.compile(
    r"(?:provid(?:es?|ing) for|propos(?:es?|ing)|to (?:include|add|provide|revise|update|convert)|adds?|adding"
    r"|approval includes|(?:expand|extend)(?:ing)?)\b"
    r"(?:(?!warning|limitation|safety(?! and \w+ data to support\b)|manufactur|REMS\b|risk eval)[^.]|\.(?=\d)){0,160}?"
    r"(?:\b(?:indications?|uses?)\b(?! in speci(?:fic|al) populations\b| (?:sub)?sections?\b)"  # parts of a label
    r"(?: (?:of|in(?! combination)|to include))?:?\s*(?=for\b|to\b|in\b|as\b|of\b"
    r"|the treatment|treatment|(?:boys|girls|men|women|males|females|adults?|adolescents|children|individuals|persons"
    r"|pediatric|patients)\b|[•\n]|[A-Z])|\s(?=(?:for )?(?:the )?(?:[\w-]+ )?(?:treatment|vaccination) of))",
    re.IGNORECASE,
)
#: The same in a letter that tells it in one sentence: "Your request to supplement your … for X as part of …, has been
#: approved".
ASKED = re.compile(
    r"\brequest to supplement your (?:BLA|biologics license application) for (?P<drug>[A-Z][\w -]{2,60}?),? "
    r"(?=(?:as|for|in) (?:(?:the|an?) )?(?:[\w-]+ ){0,2}?(?:part|treatment|patients|combination|single|adjuvant)\b)"
)
#: A letter on several applications, each with its use and its kind: "NDA 12-345 for the treatment of … is approved".
EACH = re.compile(
    r"\b(?P<application>(?:NDA|BLA) ?#?(?:\d{5,6}|\d\d-\d{3,4})) (?=for\b)(?P<use>(?:[^.;]|\.(?=\d)){10,300}?)"
    r",? is approved\b(?:[^.]|\.(?=\d))*"
)
DONE = re.compile(r",? (?:is|has been) approved\.?$")
#: A line of the page that breaks off within a sentence: it goes on in small letters, or was as long as a line can be.
BROKEN = re.compile(r"(?<=[^\n.:;])\n(?=[a-z(])|(?<=^[^\n]{60})([^\n]*[^\n.:;])\n(?![•·*–-])", re.MULTILINE)
#: The same in the letter that licenses a product. A supplement says so of uses that it has already.
INDICATED = re.compile(r"\bindicated\b(?: for use)?,?\s*(?=for|in|as|to|with)", re.IGNORECASE)
SUPPLEMENT = re.compile(r"\bsupplement", re.IGNORECASE)
#: When in a treatment it is, told before the word: "provides for a frontline indication of Samplin".
STAGED = re.compile(
    r"\b(front-?line|first-line|second-line|adjuvant|neoadjuvant|maintenance) (?:indications?|uses?)\b", re.I
)
#: A second thing that a supplement does: "a new indication for …, and for conversion to regular approval of …".
AND_CONVERTED = re.compile(
    r",? and(?: for)?(?: the)? conversion (?:(?:of|from) (?:the )?accelerated approval )?to"
    r" (?:regular|traditional|full) approval of (?:the (?:indication|use) )?(?:of )?(?=for\b|as\b|in\b|to\b)",
    re.IGNORECASE,
)
REMOVED = re.compile(
    r"(?:remov\w+|withdraw\w*|delet\w+)(?: of)? (?:(?:the|your|this|following) ){0,2}(?:accelerated approval )?"
    r"(?:indications?|uses?)\b(?: (?:of|for))?",
    re.IGNORECASE,
)
#: A supplement that takes a use from some of its patients: "to restrict the use of X for …, to patients whose …".
RESTRICTED = re.compile(
    r"\b(?:(?:restrict|narrow)(?:s|ed|ing)?|limit(?:s|ing)?) (?:the |your |its )?(?:approved )?"
    r"(?:indications?|uses?)\b(?: (?:of|for))?(?: (?P<drug>[A-Z][\w-]+)(?: \([^()\n]{3,80}\))?,?)?"
    r" (?=for\b|in\b|with\b|as\b|to\b)",
    re.IGNORECASE,
)
#: A biosimilar is licensed for uses of another drug: FDA decides nothing on that one.
COPY = re.compile(r"\b351\(k\)")
ACCELERATED = re.compile(
    r"\bACCELERATED APPROVAL\b|approved under[^.]{0,60}accelerated appro"
    r"|accelerated approval regulations, effective"
    r"|approv\w+[^.]{0,80}(?:21 CFR )?(?:part )?601(?:\.4\d|,? subpart E)"
    r"|under (?:the )?accelerated approval (?:regulations|provisions)"
    r"|according to the regulations for accelerated approval"
)
CONVERTED = re.compile(
    r"(?:convert\w{0,6}|conversion)\b[^.]{0,80}\b(?:to|of)\b[^.]{0,60}(?:approval)"
    r"|fulfill\w{0,6}[^.]{0,80}accelerated approval"
    r"|supplement[^.]{0,80}\bprovid\w+ for (?:the )?(?:regular|traditional|full) approval of",
    re.IGNORECASE,
)
EARLIER = re.compile(
    r"\b(?:We also refer|We acknowledge|refer to your (?:biologics license|BLA)[^.]{0,60}approved)"
    r"(?:[^\n.]|\.(?=[a-z\d]))*"
    r"|\b(?:previous|earlier|other|existing)(?:ly)? (?:approved )?(?:indication|approval|use)s?\b[^.\n]*"
)
#: What a supplement changes besides: "a new indication for … and updated response data for …".
BESIDES = re.compile(
    r",? (?:and|as well as)(?: for| to)? (?:the )?(?:(?:associated|corresponding|related) )?"
    r"(?:updat|revis|chang|add(?:ition|s|ing)?\b|modif)\w*"
    r"(?! use| indication)",
    re.IGNORECASE,
)
PRODUCT = re.compile(
    r"(?:(?:approved your (?:BLA|biologics license application)|\bAct\b|\bFDCA\b|supplement your (?:BLA"
    r"|[Bb]iologics [Ll]icense [Aa]pplication)|\b[Ll]icense [Aa]pplication)[^.;]{0,120}?,? for"
    r"|manufacture the product) "
    r"((?!(?:an?|the|use|your|this)\b)[A-Za-z][^.;]{2,90}?)"
    r"(?=,? (?:effective|is approved|with the|under|suspension|injection|for (?:injection|intravenous)|Injection"
    r"|to (?:include|add|expand|extend|convert|provide|change|update|revise))\b|[.;]|\n|$)"
)
#: A day that the letter bears: on a line of its own, before its title or behind it, or in its signature.
DATED = re.compile(rf"^(?:{sentences.DATE.pattern})(?=\s*$|\s+Approval Letter)", re.MULTILINE)
HEADED = re.compile(rf"(?<=[A-Z] APPROVAL )(?:{sentences.DATE.pattern})")
NUMBERED = re.compile(rf"\bSTN: BL ?\d{{6}}/\d{{1,5}} (?:{sentences.DATE.pattern})")
SIGNED = re.compile(r"\b(\d{1,2}/\d{1,2}/\d{4}) \d{1,2}:\d\d:\d\d [AP]M|/s/\s[^\d/]{0,120}\s(\d\d/\d\d/\d{4})\b")
#: Whom the letter greets: above stands no day but its own.
GREETING = re.compile(r"^Dear\b|\bDear (?=(?:Dr|M[rs]|Mrs|Sir|Madam)\b)", re.MULTILINE)


MOST = 12  # uses that one letter narrows, or applications that it answers


@dataclass(frozen=True, slots=True)
class Letter:
    statements: tuple[Statement, ...]
    date: Read | None


def is_letter(text: str) -> bool:
    return bool(IS_LETTER.search(text))


def read(text: str, vocabulary: Vocabulary, today: datetime.date) -> Letter:
    """What a letter approves. One about making or labeling a product alone approves no use."""
    text = BROKEN.sub(lambda line: f"{line[1] or ''} ", sentences.unwrapped(text))
    approved = APPROVED.search(text)
    if approved and not REFUSED.search(text) and (restricted := _restricted(text, vocabulary)):
        return Letter(restricted, _date(text, today))
    if not REFUSED.search(text) and (several := _of_several(text, vocabulary)):
        return Letter(several, _date(text, today))
    told = USE.search(text) or REMOVED.search(text) or ASKED.search(text) or _indicated(text, approved)
    if not approved or not told or REFUSED.search(text):
        return Letter((), _date(text, today))
    end = _end_of_sentence(text, told.start())
    use = text[told.end() : end].strip()[:LONGEST]
    if not use or use.endswith(":"):
        use = f"{use} {_list(text[told.end() :])}".strip()
    if removed := REMOVED.search(text, told.start(), end):
        use = _removed(text, removed, end)
    use = use[: besides.start()] if (besides := BESIDES.search(use)) else use
    use = DONE.sub("", use)
    if (staged := STAGED.search(told[0])) and not stages.stage(use):
        use = f"{use.rstrip(' .')} as {staged[1]} treatment"
    subject = told["drug"] if told.re is ASKED else _product(text, told)
    if also := AND_CONVERTED.search(use):
        parts: list[tuple[Read | None, str]] = [(Read("approval", approved[0]), use[: also.start()])]
        parts.append((Read("converted", also[0].strip()), use[also.end() :]))
    else:
        parts = [(None if COPY.search(text) else _kind(text, approved, removed), use)]
    found = [Statement(kind, subject, tuple(_uses(part, subject, vocabulary))) for kind, part in parts]
    if told.re is INDICATED:
        found = [replace(found[0], uses=(*found[0].uses, *_also_indicated(text, end, subject)))]
    return Letter(tuple(found), _date(text, today))


def _uses(words: str, subject: str, vocabulary: Vocabulary) -> list[str]:
    return uses(words if re.match(r"(?:for|in|to|as|of|with)\b", words) else f"for {words}", subject, vocabulary)


def _removed(text: str, removed: re.Match[str], end: int) -> str:
    """The use that goes: behind the words, or in the sentence of the label that the letter gives."""
    whole = text[removed.end() : end].strip()
    if not whole.endswith(":"):
        return whole
    if (lines := _list(text[end:])) and re.match(r"\s*[•·*–-]\s", text[end:]):
        return lines
    told = INDICATED.search(text, end, end + 300)
    return text[told.end() : _end_of_sentence(text, told.end())].strip() if told else whole


def _restricted(text: str, vocabulary: Vocabulary) -> tuple[Statement, ...]:
    """Each use that is narrowed, to whom: a sentence of its own or a line of a list."""
    product, found = PRODUCT.search(text), list[Statement]()
    for told in islice(RESTRICTED.finditer(text), MOST):
        subject = product[1].strip(" ,") if product else told["drug"] or ""
        use = text[told.end() : _end_of_sentence(text, told.start())].strip(" .\n")[:LONGEST]
        if disease.cancers(use, (), vocabulary):
            found.append(Statement(Read("narrowed", told[0].strip()), subject, (use,)))
    return tuple(found)


def _of_several(text: str, vocabulary: Vocabulary) -> tuple[Statement, ...]:
    """What is approved for each of several applications that the letter answers. None where it is one."""
    product, each = PRODUCT.search(text), list(islice(EACH.finditer(text), MOST))
    if not product or len({told["application"] for told in each}) < 2:
        return ()
    subject = product[1].strip(" ,")
    return tuple(
        Statement(
            _kind(told[0], told, None),
            subject,
            tuple(_uses(told["use"], subject, vocabulary)),
            application=Read(told["application"], told["application"]),
        )
        for told in each
    )


def _end_of_sentence(text: str, place: int) -> int:
    return next((end for start, end in sentences.spans(text) if start <= place < end), len(text))


def _indicated(text: str, approved: re.Match[str] | None) -> re.Match[str] | None:
    """What a new product is for. A supplement about a factory or a REMS tells of a use, and approves none."""
    is_new = approved and not SUPPLEMENT.search(text, 0, _end_of_sentence(text, approved.start()))
    return INDICATED.search(text) if is_new else None


def _also_indicated(text: str, place: int, subject: str) -> list[str]:
    """Uses of the sentences behind, which begin with the drug once more: "X, given alone, is indicated for …"."""
    found: list[str] = []
    again = re.compile(rf"\s*{re.escape(subject)}\b") if subject else None
    while again and (also := again.match(text, place)):
        end = _end_of_sentence(text, also.end())
        told = INDICATED.search(text, also.end(), end)
        if not told:
            break
        found.append(text[told.end() : end].strip(" .\n"))
        place = end
    return found


def _list(text: str) -> str:
    """The lines of a list, each with its mark."""
    lines = [line for line in text.split("\n") if line.strip()]
    marked = [line for line in lines[:12] if re.match(r"\s*(?:[•·*–-]|\(?\d[.)])\s", line)]
    return "\n".join(["the following:", *marked]) if marked else ""


def _kind(text: str, approved: re.Match[str], removed: re.Match[str] | None) -> Read:
    if removed:
        return Read("withdrawn", removed[0])
    today_s = EARLIER.sub("", text)
    if found := CONVERTED.search(today_s):
        return Read("converted", found[0].strip())
    if found := ACCELERATED.search(today_s):
        return Read("accelerated-approval", found[0].strip())
    return Read("approval", approved[0])


def _product(text: str, told: re.Match[str]) -> str:
    if found := PRODUCT.search(text):
        return found[1].strip(" ,")
    start = text.rfind(".", 0, told.start()) + 1
    if "indicated" in told[0]:
        return split(text[start : told.start()])[0].strip()
    return found[0] if (found := BRANDED.search(text, 0, told.start())) else ""


def _date(text: str, today: datetime.date) -> Read | None:
    greeting = GREETING.search(text)
    opening = text[: greeting.start()] if greeting else text[:1_000]
    for pattern in (DATED, HEADED, NUMBERED):
        if (found := pattern.search(opening)) and (day := sentences.day(found, today)):
            return Read(day.isoformat(), found[0])
    above = list(sentences.DATE.finditer(opening)) if greeting else []
    if len(above) == 1 and (day := sentences.day(above[0], today)):
        return Read(day.isoformat(), above[0][0])
    if (signed := SIGNED.search(text)) and (found := sentences.DATE.match(signed[1] or signed[2])):
        day = sentences.day(found, today)
        return Read(day.isoformat(), signed[0]) if day else None
    return None
