"""Which drug the words behind a verb of FDA name, and where its use begins."""

import re

from .naming import Finder, Read
from .sentences import HIDDEN, masked

#: Where the name of the drug ends and the use begins.
USE = re.compile(
    r"\b(?:in combination|each in combination|combined with|together with|plus|with or without|with|as|followed by"
    r"|for(?! (?:subcutaneous|intravenous|intravesical|intramuscular|oral|topical) (?:use|injection|infusion)"
    rf",? {HIDDEN})"
    r"|to treat|to improve|to reduce|to prevent|to help|to include"
    r"|in(?= (?:adult|patient|pediatric|children|the treatment|prior|previous|metastatic|advanced|first-line)))\b"
    rf"|,(?= an? [a-z])|;(?=\s)|(?<={HIDDEN}):(?=\s)",
    re.IGNORECASE,
)
#: Where the drug should stand, other things may: "approved the following: …", "a new dosing regimen for …".
NAMELESS = re.compile(
    r"\b(?:following|(?<!fixed[ -])dos(?:e|es|ing|age)|regimens?|infusions?|indications?|uses?|applications?|patients"
    r"|adults|approvals?|label(?:ing)?|s?[BN][DL]As?)\b"
    r"|^(?:the|its)?\s*$",
    re.IGNORECASE,
)
#: What stands before the name of another drug: a partner, or what was given before.
ANOTHER = re.compile(
    r"\b(?:with|plus|and|or|prior|previous|received?|after|following|than) (?:an? |the )?$", re.IGNORECASE
)
#: What may stand before the name of a drug.
INTRODUCED = re.compile(
    r"^(?:the|an?) (?:(?:drugmaker|company)[’']s )?(?:[\w-]+ ){0,2}"
    r"(?:(?:medicine|drug|product)(?!\w)|(?:fixed[ -]dose )?combination of|use of) ?",
    re.IGNORECASE,
)
#: Those who have the drug, before its brand: "Sample Pharma’s and Other Laboratories’ Samplin (samplinib)".
OWNERS = re.compile(
    r"^(?:[A-Z][\w.&-]*(?: [A-Z][\w.&-]*){0,2}(?:[’']s|(?<=s)[’'])(?: and |, | ))+(?=[A-Z][\w-]+ \([a-z])"
)
#: What sums up the acts behind it: "approved two drugs for melanoma. FDA approved …".
SUM = re.compile(
    r"^(?:two|three|four|several|new|the following) (?:[\w-]+ ){0,3}(?:drugs|treatments|therapies|medicines|products"
    r"|combinations|regimens|indications|uses)$",
    re.IGNORECASE,
)
#: The drug behind what was approved of it, known by its bracket: "the use of samplinib (Samplo, Sample, Inc.)".
USE_OF = re.compile(r"^(?:the |an? )?(?:\w+ )?use of (?=[a-z])")
OF_IT = re.compile(r"(?:for|of) (?=[a-z][\w-]+(?: [a-z][\w-]+){0,2} \([A-Z][\w-]+(?: [A-Z][\w-]+)?, [A-Z])")
#: Both drugs are approved: "the combination of A plus B for …".
COMBINATION = re.compile(r"(?:the |an? )?combination of ", re.IGNORECASE)
OTHER_OF_TWO = re.compile(
    r"(?:plus|with|in combination with) (?P<drug>[\w-]+(?: [\w-]+)?(?: \([^()]*\))?) (?=for|as|to|in)"
)
#: What stands behind the name: "Samplin (samplinib) tablets".
DOSAGE_FORM = re.compile(
    r"(?<=\))(?: (?:oral|intravenous|subcutaneous|topical|for|film-coated|extended-release)){0,3}"
    r" (?:tablets?|capsules?|injections?|infusions?|solutions?|suspensions?|powders?|creams?|gels?)\b"
    r"(?: for (?:intravenous|subcutaneous|oral|intramuscular|injection|topical)\b(?: use| infusion| injection)?)?$",
    re.IGNORECASE,
)


def split(rest: str) -> tuple[str, str]:
    """The drug and the rest. Brackets may hold any word ("Padcev, Astellas for …"), so they are masked first."""
    found = USE.search(masked(rest))
    return (rest[: found.start()].strip(" ,"), rest[found.start() :].strip()) if found else (rest.strip(" ,."), "")


def named_later(subject: str, use: str, finder: Finder) -> tuple[str, str]:
    """The drug and its use where the statement names the drug within the use only."""
    subject = USE_OF.sub("", subject)
    if is_nameless(subject, finder) and (of_it := OF_IT.match(use)):
        return split(use[of_it.end() :])
    if is_nameless(subject, finder) or SUM.match(subject):
        for place, _ in finder.find(use):
            if re.search(r"(?:^|\b(?:for|of|to|in) (?:its )?)$", use[:place]):
                drug, rest = split(use[place:])
                return drug, rest or use
            if use[:place].endswith(": "):  # "two treatments for melanoma: X with Y, and X with Z"
                drug, rest = split(use[place:])
                return drug, f"{rest.rstrip(' .')} {use[:place].rstrip(': ')}"
    return subject, use


def of_combination(subject: str, use: str, finder: Finder) -> tuple[str, str]:
    """Of two drugs that are approved together the one that is ours, with the other as its partner."""
    if not COMBINATION.match(subject) or finder.find(subject):
        return subject, use
    other = OTHER_OF_TWO.match(use)
    if not other or not finder.find(other["drug"]):
        return subject, use
    return other["drug"], f"with {COMBINATION.sub('', subject, count=1)} {use[other.end() :]}"


def is_nameless(subject: str, finder: Finder) -> bool:
    return bool(NAMELESS.search(masked(subject))) and not finder.find(subject)


def drugs(words: str, finder: Finder) -> list[Read]:
    """The drugs that words name as what is approved."""
    return [read for place, read in finder.find(words) if not ANOTHER.search(words[:place])]


def named_plainly(subject: str, finder: Finder) -> str:
    """The drug without what introduces it, whose it is, and its form; nothing where no drug is named."""
    if is_nameless(subject, finder):
        return ""
    return DOSAGE_FORM.sub("", OWNERS.sub("", INTRODUCED.sub("", subject)))
