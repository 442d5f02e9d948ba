"""Whom a use is for: the cancers, the biomarkers that it requires, and when in the course of treatment.

What a patient had before is history, and no part of any of them but of the last.
"""

import re
from collections.abc import Sequence

from .naming import Read, Vocabulary
from .sentences import HIDDEN, bare, opened

#: Genes that are called after the cancer in which they were found, and a cancer out of which another grew.
NO_CANCER = re.compile(
    r"anaplastic lymphoma (?:receptor tyrosine )?kinase|rat sarcoma|B-cell (?:leukemia/)?lymphoma 2\b"
    r"|myeloid cell leukemia 1\b|breast cancer (?:susceptibility )?genes?\b"
    r"|follicular lymphoma,? grade 3B"  # treated as a large B-cell lymphoma, beside which it is named
    r"|\b(?:arising|transformed|evolved|developed) from[^,;.]*|\b(?:history of|secondary to)[^,;.]*",
    re.IGNORECASE,
)
ANY = re.compile(r"(?:advanced )?solid tumors?|lymphomas?|leuka?emias?|sarcomas?", re.IGNORECASE)
#: "gastric, gastroesophageal junction, or esophageal adenocarcinoma": three cancers with one noun.
SHARED_NOUN = re.compile(
    r"(?<![\w-])((?:[\w-]++(?: [\w-]++)?, ){0,4}[\w-]++(?: [\w-]++)?,? (?:and|or|and/or) )((?:[\w-]++ ){1,2})"
    r"(adenocarcinoma|carcinoma|cancer|lymphoma|leukemia|melanoma)s?\b",
    re.IGNORECASE,
)
#: A test result that is not required: ruled out, or only told for those who have it.
NOT_REQUIRED = re.compile(
    r"\b(?:no|(?<!or )without|lacking|regardless of|irrespective of|negative for|low expression of|not"
    r"|absence of|cannot|does not have)\b(?:[^,;.]|,(?= ?(?:or |and )?[A-Z][A-Z0-9])){0,120}?"
    r"(?:aberrations?|alterations?|mutations?|rearrangements?|status|expression|deletions?|translocations?|fusions?"
    r"|(?=[,;.]|\bwho\b|\bwhose\b)|$)"
    r"|\bif\b[^,;.]{0,120}",
    re.IGNORECASE,
)
#: Drugs are called after what they aim at: "an anti-HER2 regimen", "PD-1 or PD-L1 inhibitor".
AIMED_AT = re.compile(
    r"\banti-[\w/-]+|(?<![\w/-])[\w/-]+(?:-\s?(?:directed|targeted|blocking|based|containing)|\s+(?:inhibitors?"
    r"|antibod(?:y|ies)))\b"
    r"[^,;.]{0,40}?(?:therap(?:y|ies)|regimens?|treatments?|inhibitors?|antibod(?:y|ies))?",
    re.IGNORECASE,
)
#: Where the description of the patients turns to what they had before.
HISTORY = re.compile(
    r"\bpreviously (?!untreated)|\bprior\b|\breceived\b|\b(?:not )?progress(?:ed|ion)\b"
    r"|\bhas(?:n[’']t)? not progressed|\brelaps"
    r"|\brefractory\b|\bfail(?:ed|ure)\b|\btreated with\b|\bunresponsive\b|\bintoleran|\bresidual\b|\bresistant to\b"
    r"|\brecurrence (?:during|within|on|after)\b"
    r"|\b(?:after|following)\b(?! (?:\w+ ){0,3}?(?:resection|surgery|nephrectomy|cystectomy|prostatectomy"
    r"|removal|excision))",
    re.IGNORECASE,
)
SURGERY = re.compile(
    r"(?:neo)?adjuvant|perioperative|before surgery"
    r"|(?:after|following) (?:\w+ ){0,3}?(?:resection|surgery|nephrectomy|cystectomy|prostatectomy)"
    r"|undergone (?:\w+ ){0,2}resection|\bresected\b",
    re.IGNORECASE,
)
PREVENTION = re.compile(
    r"(?:prevention of|to prevent) (?!\w*\W?(?:skeletal|graft|acute|relapse|recurren|nausea|chemo))", re.I
)
FIRST = re.compile(
    r"first[- ]line|previously untreated|newly[- ]diagnosed|\btreatment[- ]na[iï]ve|(?<!\w)untreated|front-?line"
    r"|initial treatment of|(?<!following )(?<!after )\binduction and consolidation",
    re.IGNORECASE,
)
NEVER_TREATED = re.compile(
    r"\b(?:not (?:been )?(?:previously |received |had )(?:been )?(?:any )?(?:prior|previous|treated|systemic|received)"
    r"|no prior|without prior)\b[^,;.]{0,60}",
    re.IGNORECASE,
)
SEVERAL = r"(?:one|two|three|four|\d)"
LATER = re.compile(
    r"relapsed(?:\s+or\s+|/|\s+and/or\s+)refractory|relapsed|refractory|previously (?:treated|received)|unresponsive"
    r"|received (?:at least |a |an |one |two )?\w* ?prior"
    r"|(?:disease progression|progressed) (?:on|following|after|during|with)"
    rf"|{SEVERAL} or more (?:prior )?(?:lines|therapies)|at least {SEVERAL} prior|{SEVERAL} prior"
    r"|second-line|maintenance|platinum-resistant|have received|been treated with|treated with|\bprior\b|\breceived\b"
    r"|\b(?:failed|failure of|intolerant to|intolerance to|resistant to)\b|recurrence (?:during|within|on|after)"
    r"|not progressed (?:on|following|after|during|with)|(?:after|following) [\w-]+",
    re.IGNORECASE,
)
EARLY = re.compile(r"smoldering|BCG-na[iï]ve|superficial basal", re.IGNORECASE)
SUPPORT = re.compile(r"consolidation phase of|prevention of skeletal", re.IGNORECASE)


def cancers(use: str, markers: Sequence[Read], vocabulary: Vocabulary) -> tuple[Read, ...]:
    """The cancers of a use. A word for any of a kind, or for any with a biomarker, gives way to a cancer's own."""
    finder = vocabulary.cancer_finder
    plain = NO_CANCER.sub(lambda m: HIDDEN * len(m[0]), bare(use))
    found: dict[str, Read] = {}
    for read in (*finder.different(plain), *_with_shared_noun(plain, vocabulary)):
        is_told = any(one.words.casefold().endswith(f" {read.words.casefold()}") for one in found.values())
        if not is_told:  # "… non-small cell lung cancer (NSCLC) … their lung cancer"
            found.setdefault(read.value, read)
    if not found:
        found = {read.value: read for read in finder.different(NO_CANCER.sub("", opened(use)))}
    own = [read for read in found.values() if not vocabulary.biomarker_finder.is_name(read.words)]
    narrowed = [_narrowed(read, markers, vocabulary) for read in own or found.values()]
    several = [read for read in narrowed if read not in found.values() or not ANY.fullmatch(read.words)] or narrowed
    return tuple({read.value: read for read in several}.values())


def _with_shared_noun(use: str, vocabulary: Vocabulary) -> list[Read]:
    found = []
    for shared in SHARED_NOUN.finditer(use):
        last = "" if vocabulary.cancer_finder.pattern.match(use, shared.start(2)) else shared[2]
        for written in re.split(r", | (?:and|or|and/or) ", shared[1] + last):
            words = re.sub(r"^(?:and|or|and/or) ", "", written.strip(" ,")).split()
            for length in (2, 1):
                start = " ".join(words[-length:])
                for noun in (shared[3], "cancer", "carcinoma"):
                    address = vocabulary.cancer_finder.address(f"{start} {noun}")
                    if address and len(words) >= length:
                        found.append(Read(address, start))
    return found


def _narrowed(cancer: Read, markers: Sequence[Read], vocabulary: Vocabulary) -> Read:
    """Breast cancer of patients who are HER2-positive has a name of its own."""
    for (marker, base), narrower in vocabulary.narrower.items():
        if base == cancer.value and any(read.value == marker for read in markers):
            return Read(narrower, cancer.words)
    return cancer


def biomarkers(use: str, vocabulary: Vocabulary) -> tuple[Read, ...]:
    """The test results that a use requires."""
    finder = vocabulary.biomarker_finder
    found: dict[str, Read] = {}
    for text in (opened(use), bare(use)):
        required = NOT_REQUIRED.sub(" ; ", AIMED_AT.sub(" ; ", text))
        for read in finder.different(required):
            either = rf"{re.escape(read.words.split()[0])}\b[^,;.]{{0,20}}\bwild[\s-]type"
            if "wild" in read.words or not re.search(either, required, re.IGNORECASE):
                found.setdefault(read.value, read)
    return tuple(found.values())


def stage(use: str) -> Read | None:
    """When in the course of treatment. What was given first once, or around surgery once, is history."""
    use = bare(use)
    if re.search(r"\bindications\b", use):  # a new form or dose for uses that it does not tell
        return None
    turn, never = HISTORY.search(use), NEVER_TREATED.search(use)
    head = use[: turn.start()] if turn else use
    if never and (turn is None or turn.start() >= never.start()) and not SURGERY.search(head):
        return Read("first", never[0])
    for name, words in (("surgery", SURGERY), ("prevention", PREVENTION), ("first", FIRST)):
        if found := words.search(head):
            return Read(name, found[0])
    for name, words in (("later", LATER), ("early", EARLY), ("support", SUPPORT)):
        if found := words.search(use):
            return Read(name, found[0])
    return None
