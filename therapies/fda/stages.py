"""When in the course of a treatment a use is. What a patient had before is history, and no setting."""

import re

from .naming import Read
from .sentences import bare

#: Where the description of the patients turns to what they had before.
HISTORY = re.compile(
    r"\bpreviously (?!untreated)|\bprior\b(?! to\b)|\breceived\b|\b(?:not )?(?:progress(?:ed|ion)|worsened)\b"
    r"|\bhas(?:n[’']t)? not progressed|\brelaps"
    r"|\brefractory\b|\br/r\b|\bfail(?:ed|ure|ing)\b|\btreated with\b|\bunresponsive\b|\bintoleran|\bresidual\b"
    r"|\bresistant to\b|\bresponse to\b|\bdespite (?:earlier|previous|prior)\b"
    r"|\brecurred (?:within|on|after|following)\b|\brecurren(?:ce|t) (?:during|within|on|after)\b"
    r"|\b(?:after|following)\b(?! (?:\w+ ){0,3}?(?:resection|surgery|nephrectomy|cystectomy|prostatectomy"
    r"|removal|excision))",
    re.IGNORECASE,
)
NEVER_TREATED = re.compile(
    r"\b(?:not (?:been )?(?:previously |received |had )(?:been )?(?:any )?(?:prior|previous|treated|systemic|received"
    r"|chemotherapy|treatment|therapy)"
    r"|(?:no|without) (?:prior|previous))\b[^,;.]{0,60}",
    re.IGNORECASE,
)
SEVERAL = r"(?:one|two|three|four|\d)"
#: What makes the words behind "after" a treatment: "after consultation" tells of none. Drugs are known by their ends.
TREATMENT = (
    r"(?:[\w/-]*(?:therap|treatment|regimen|inhibitor|antibod|antagonist|analog|transplant|radiation|platinum|interferon"
    r"|fluoropyrimidine|taxane|anthracycline|purine|hedgehog)\w*|lines?\b|agents?\b|surgery\b"
    r"|[\w-]*?(?:mab|nib|lib|mib|rib|leucel|platin|xel|bicin|mide|zomib|[ail]bine|stine|sone|exate|BCG)\b(?:-[a-z]{4})?)"
)
#: Where a regimen ends that is told in its course: "… maintenance following consolidation, for the treatment of …".
PATIENTS = re.compile(r", for (?:the )?treatment of\b", re.IGNORECASE)
#: Some of the patients, told beside the others, what they are given besides, what prepares for a transplant, and what
#: treats no cancer.
SOME = re.compile(
    r" receiving\b[^,;.]{0,120}\badjuvant\b[^,;.]*"
    r"|(?<=dysfunction)(?: after| following) (?:[\w-]+ ){0,3}transplantation\b"
    r"|,? (?:including|even) (?:those|patients|people) (?:who|whose|with)\b[^,;.]*"
    r"| (?:after|following) (?:[\w-]+ ){0,3}(?:conditioning|preparative)\b[^,;.]*"
    r"| (?:after|following) (?:failure of )?(?:highly active )?antiretroviral (?:therapy|treatment)\b",
    re.IGNORECASE,
)
#: What follows a first treatment that worked: "untreated lymphoma who achieve a response to first-line chemotherapy".
RESPONDED = re.compile(
    r"\bachieved? (?:at least )?an? (?:\w+ ){0,4}response to (?:prior |initial )?first-line", re.IGNORECASE
)
#: Said of more than one point of treatment: then of none.
EITHER = re.compile(
    r"first[- ]*(?:line)?,? ?(?:or|and) second-?[ -]line|(?:previously )?untreated (?:or|and) previously[- ]treated"
    r"|\bpreviously[- ]treated (?:or|and) (?:previously )?untreated\b"
    r"|\bas initial (?:[\w-]+ ){0,2}(?:therapy|treatment) or (?:after|following)\b"
    r"|newly[- ]diagnosed (?:or|and) (?:relapsed|resistant|previously[- ]treated)"
    r"|\bnewly[- ]diagnosed\b[^,;.]{3,120}? or [^,;.]{0,40}?\b(?:resistant|intolerant|relapsed|refractory)\b"
    r"|\bwith or (?:after|following) other\b"
    # tumors that cannot be removed, treated before or not
    r"|\bunresectable, (?:[\w-]+, )*(?:or|and) refractory\b"
    # two groups, each with its own need
    r"|\bwho (?:require|need) (?:\w+ ){1,4}or [^,;.]{5,120}? who (?:require|need)\b",
    re.IGNORECASE,
)
#: What shows a disease and treats none has no place in the course of a treatment.
IMAGING = re.compile(r"\b(?:diagnostic|imaging|optical|contrast) (?:imaging )?agent\b", re.IGNORECASE)
#: What tells each point of treatment, in the order in which they are looked for.
STAGES = {
    "surgery": re.compile(
        r"(?:neo)?adjuvant|perioperative|before surgery"
        r"|(?:after|following) (?:\w+ ){0,3}?(?:resection|surgery|surgical removal|nephrectomy|cystectomy"
        r"|prostatectomy)"
        r"|undergone (?:\w+ ){0,2}resection|(?<!be )(?<!be curatively )(?<!be completely )\bresected\b",
        re.IGNORECASE,
    ),
    "prevention": re.compile(
        r"(?:prevention of|to prevent) (?!or reduce\b|\w*\W?(?:skeletal|graft|acute|relapse|recurren|nausea|chemo))",
        re.I,
    ),
    "first": re.compile(
        r"first[- ]line(?! maintenance)|previously untreated|newly[- ]diagnosed|\btreatment[- ]na[iï]ve"
        r"|(?<!\w)untreated|front-?line|initial (?:systemic )?treatment of"
        r"|\bas initial (?:[\w-]+ ){0,2}(?:therapy|treatment)|\bas a first treatment option for\b"
        r"|(?<!following )(?<!after )\binduction and consolidation",
        re.IGNORECASE,
    ),
    "early": re.compile(r"smoldering|BCG-na[iï]ve|superficial basal", re.IGNORECASE),
    "later": re.compile(
        r"relapsed(?:(?:\s+or\s+|/|\s+and/or\s+)refractory)?|refractory|\br/r\b"
        r"|previously (?:treated|received)|unresponsive"
        r"|received (?:at least |a |an |one |two )?\w* ?prior"
        r"|(?:disease progression|progressed|worsened) (?:on|following|after|during|with)"
        rf"|{SEVERAL} or more (?:prior )?(?:lines|therapies)|at least {SEVERAL} prior|{SEVERAL} prior"
        r"|(?:second|third|fourth)-line|maintenance|\bpost-(?:autologous|allogeneic|transplant)"
        r"|(?<!or )(?<!and )(?<!, )(?<!locally )\brecurrent (?!or\b|and\b|loca|loco|unresect|metast|respir)"
        r"|\bpersistent or recurrent (?!or\b|and\b|loca|metast)"
        r"|platinum-(?:resistant|sensitive)|in (?:[\w ]{1,25} )?remission\b"
        r"|have received|been treated with|treated with|\bprior\b(?! to\b)|\breceived\b"
        r"|no longer (?:being )?controlled"
        r"|despite (?:earlier|previous|prior) (?:\w+ )?(?:treatment|therap)"
        r"|\b(?:inadequate response to|fail(?:ed|ing)|failure of|intolerant to|intolerance to|resistant to)\b"
        r"|recur(?:red|rence) (?:during|within|on|after|following)"
        r"|(?:experienced|had|in) (?:(?:an?|one|first|any|early) ){0,2}relapse\b|not responded to|no longer respond\w*"
        rf"|not progressed (?:on|following|after|during|with)|(?:after|following) (?:[^\s,;.]+ ){{0,10}}?{TREATMENT}",
        re.IGNORECASE,
    ),
    "support": re.compile(r"consolidation phase of|prevent(?:ion of)? skeletal", re.IGNORECASE),
}


def stage(use: str) -> Read | None:
    """When in the course of treatment. What was given first once, or around surgery once, is history."""
    use = SOME.sub("", bare(use))
    if (
        re.search(r"\bindications\b", use) or EITHER.search(use) or IMAGING.search(use)
    ):  # a new form or dose for uses that it does not tell
        return None
    if responded := RESPONDED.search(use):
        return Read("later", responded[0])
    never, turn = NEVER_TREATED.search(use), HISTORY.search(use)
    if turn and (patients := PATIENTS.search(use, turn.start())):
        turn = HISTORY.search(use, patients.end())
    head = use[: turn.start()] if turn else use
    if never and (turn is None or turn.start() >= never.start()) and not STAGES["surgery"].search(head):
        return Read("first", never[0])
    for name, words in STAGES.items():
        if found := words.search(head if name in ("surgery", "prevention", "first") else use):
            return Read(name, found[0])
    return None


def named(words: str) -> set[str]:
    """Every stage that words may tell of."""
    return {name for name, pattern in STAGES.items() if pattern.search(words)}
