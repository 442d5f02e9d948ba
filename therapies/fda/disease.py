"""Whom a use is for: the cancers, and the biomarkers that it requires."""

import re
from collections.abc import Sequence

from .naming import Finder, Read, Vocabulary
from .sentences import HIDDEN, bare, opened

#: Genes that are called after the cancer in which they were found, and a cancer out of which another grew.
NO_CANCER = re.compile(
    r"anaplastic lymphoma (?:receptor tyrosine )?kinase|rat sarcoma|B-cell (?:leukemia/)?lymphoma 2\b"
    r"|myeloid cell leukemia 1\b|breast cancer (?:susceptibility )?genes?\b"
    r"|follicular lymphoma,? grade 3B"  # treated as a large B-cell lymphoma, beside which it is named
    r"|\b(?:arising|transformed|evolved|developed) from[^,;.]*|\b(?:history of|secondary to)[^,;.]*"
    r"|\b(?:occurring|arising|developing) (?:after|out of)[^,;.()]*"
    r"|\b\w+ adenocarcinoma in situ\b"  # what may become a cancer
    r"|\bmyelodysplastic/myeloproliferative neoplasms?|\bMDS/MPN\b"  # diseases of their own
    r"|\b(?:increase bone mass|bone loss)\b.*"
    r"|\bsymptomatic bone metastas[ei]s"  # what a cancer does, and not what is treated
    r"|\bsolid tumor (?:[^.;]{0,90} )?indications",  # those that another form has already
    re.IGNORECASE,
)
#: Kinds of a disease that brackets list: "myelodysplastic syndromes with the following subtypes (…)".
SUBTYPES = re.compile(r"\bsubtypes? \((?:[^()\[\]]|\[[^\[\]]*\])*\)", re.IGNORECASE)
ANY = re.compile(r"(?:advanced )?solid tumors?|lymphomas?|leuka?emias?|sarcomas?", re.IGNORECASE)
#: What a test result alone makes a cancer of ours: not "MSI-H" beside a cancer that is none of ours.
ANY_SITE = re.compile(r"\bsolid tumou?rs?\b|\bcancers?\b", re.IGNORECASE)
#: "gastric, gastroesophageal junction, or esophageal adenocarcinoma": three cancers with one noun.
SHARED_NOUN = re.compile(
    r"(?<![\w-])((?:[\w-]++(?: [\w-]++)?, ){0,4}[\w-]++(?: [\w-]++)?,? (?:and|or|and/or) )((?:[\w-]++ ){1,2})"
    r"(adenocarcinoma|carcinoma|cancer|lymphoma|leukemia|melanoma)s?\b",
    re.IGNORECASE,
)
#: A test result that is not required: ruled out, or only told for those who have it.
NOT_REQUIRED = re.compile(
    r"\b(?:no|(?<!or )without|lacking|regardless of|irrespective of|negative for|low expression of"
    r"|not(?! (?:previously |yet )?(?:been |had )?(?:received|treated))|absence of|cannot|does not have)\b"
    r"(?:[^,;.]|,(?= ?(?:or |and )?[A-Z][A-Z0-9])){0,120}?"
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
#: "A type of skin cancer (melanoma)": the narrower one is the cancer of the use.
TYPE_OF = re.compile(
    r"\b(?:type|form|kind)s? of [\w -]{3,60}?,? "
    r"(?:\(|(?:called|known as|named) )(?P<narrower>(?!(?-i:[A-Z]{2,6})\))[^(),;.]+)",
    re.IGNORECASE,
)
#: "Melanoma, a type of skin cancer", "melanoma, a cancer that accounts for …".
KIND_OF = re.compile(
    r", (?:which is )?(?:an?|the) (?:[\w-]++ ){0,3}"
    r"(?:(?:type|form|kind|subtype) of|(?:cancer|disease|tumor) (?:that|which)) [^,;.()]+(?: \([^()]*\))?",
    re.IGNORECASE,
)
#: "Diffuse large B-cell, CD20-positive NHL", "low-grade or follicular B-cell NHL": kinds that share the last word.
KINDS_OF_NHL = re.compile(
    r"(?<![\w-])(?P<kinds>(?:(?:[\w-]++(?: [\w-]++)?, ){0,3}[\w-]++(?: [\w-]++)?,? (?:or|and) )?"
    r"(?:[\w-]++ ){0,2}[\w-]++),? (?:[\w-]+[- ]positive,? )?"
    r"(?P<nhl>(?:B-cell )?(?:NHL|[Nn]on-Hodgkin(?:[’']s)? [Ll]ymphomas?))\b"
)
#: "Adenocarcinoma of the pancreas", and how a list calls it.
OF_ORGAN = re.compile(r"\b(?:adenocarcinoma|carcinoma|cancer)s? of the (?P<organ>\w+)\b", re.IGNORECASE)
ORGANS = {"pancreas": "pancreatic", "esophagus": "esophageal", "colon": "colorectal", "rectum": "colorectal"}
#: Bladder cancer that has not grown into the muscle, as labels called it before it had that name.
ON_THE_SURFACE = re.compile(
    r"\bcarcinoma in situ(?: \(CIS\))? of the (?:urinary )?bladder\b|\bT[a1](?:(?: and/or | or |, ?|/)T[a1])?"
    r" (?:papillary )?(?:bladder )?tumou?rs\b",
    re.IGNORECASE,
)
#: What brackets say where a text is spoken: "activating HER2, or ERBB2, mutations".
SPOKEN = re.compile(r", or [A-Z][A-Z0-9-]{1,8},(?= [a-z])")
#: How FDA wrote of the first tests: "K-ras mutation-negative (wild-type)".
WILD_TYPE = re.compile(r"\bK-?RAS mutation-negative(?: \(wild[- ]type\))?", re.IGNORECASE)
#: How a tumor of the bladder is built, said within the cancer's name.
BUILT = re.compile(r"\bpapillary (?=(?:bladder )?cancers?\b)", re.IGNORECASE)
#: A gene that runs into its change: "BRAFV600E".
RUN_ON = re.compile(r"\b(BRAF|KRAS|NRAS|EGFR|IDH[12]|FLT3)(?=[A-Z]\d{2,4}[A-Z]?\b)")
#: Molecules that a text may spell out without the abbreviation that all of their names have.
SPELLED_OUT = {
    re.compile(r"(?<!human )\bepidermal growth factor receptor(?! ?\(|[ -]2\b)", re.IGNORECASE): "EGFR",
    re.compile(r"\bestrogen[ -]receptor(?! ?\()(?=[ -]positive)", re.IGNORECASE): "ER",
    re.compile(r"\bhormone[ -]receptor(?! ?\()(?=[ -]positive)", re.IGNORECASE): "HR",
    re.compile(r"(?<!tumor )(?<!tumor-)\bhigh (?:tumor )?mutational burden\b", re.IGNORECASE): "TMB-H",
}
#: A lymphoma without a name in our lists, and the one of ours that it is a kind of.
BURKITT = re.compile(r"\bBurkitt(?:[’']s|-like)? lymphomas?\b", re.IGNORECASE)
ITS_KIND = "B-cell non-Hodgkin lymphoma"


def cancers(use: str, markers: Sequence[Read], vocabulary: Vocabulary) -> tuple[Read, ...]:
    """The cancers of a use. A word for any of a kind, or for any with a biomarker, gives way to a cancer's own."""
    finder = vocabulary.cancer_finder
    use = ON_THE_SURFACE.sub("non-muscle invasive bladder cancer", BUILT.sub("", use))
    use = OF_ORGAN.sub(lambda told: _by_adjective(told, finder), _narrowest(use, finder))
    plain = NO_CANCER.sub(lambda m: HIDDEN * len(m[0]), bare(use))
    found: dict[str, Read] = {}
    for read in (*_with_kinds_of_nhl(plain, finder), *with_shared_noun(plain, vocabulary)):
        is_told = any(one.words.casefold().endswith(f" {read.words.casefold()}") for one in found.values())
        if not is_told:  # "… non-small cell lung cancer (NSCLC) … their lung cancer"
            found.setdefault(read.value, read)
    if not found:
        within = finder.different(NO_CANCER.sub("", opened(SUBTYPES.sub("", use))))
        found = {read.value: read for read in within if not _abbreviates_another(read.words, use)}
    for within in re.findall(r"\(([^()]+)\)", use):  # "stomach cancer (gastric or gastroesophageal junction cancer)"
        told = {read.value: read for read in with_shared_noun(within, vocabulary)}
        found |= told if not told.keys().isdisjoint(found) else {}
    own = [read for read in found.values() if not vocabulary.biomarker_finder.is_name(read.words)]
    own = own or (list(found.values()) if ANY_SITE.search(use) else [])
    narrowed = [_narrowed(read, markers, vocabulary) for read in own]
    several = [read for read in narrowed if read not in found.values() or not ANY.fullmatch(read.words)] or narrowed
    return tuple({read.value: read for read in several}.values())


def _by_adjective(told: re.Match[str], finder: Finder) -> str:
    """A cancer that is named by its organ as lists name it: "pancreatic cancer"."""
    organ = told["organ"].lower()
    name = f"{ORGANS.get(organ, organ)} cancer"
    return name if finder.address(name) else told[0]


def _narrowest(use: str, finder: Finder) -> str:
    """The use with the narrower of two names for one cancer: "a type of skin cancer (melanoma)"."""
    use = TYPE_OF.sub(lambda told: told["narrower"] if finder.find(told["narrower"]) else told[0], use)
    narrower = KIND_OF.sub("", use)
    return narrower if finder.find(narrower) else use


def _abbreviates_another(words: str, use: str) -> bool:
    """Whether the words before a bracket spell its abbreviation out, and are no cancer: "pemphigus vulgaris (PV)"."""
    found = re.search(rf"([^()]+)\(\s*{re.escape(words)}\s*\)", use)
    before = re.findall(r"\w+", found[1])[-len(words) :] if found else []
    return "".join(word[0] for word in before).casefold() == words.casefold()


def _with_kinds_of_nhl(use: str, finder: Finder) -> tuple[Read, ...]:
    """The cancers that are named, with the kinds of lymphoma that "NHL" stands for. One that is not ours stays NHL."""
    named = finder.different(use)
    told: dict[str, Read] = {}
    for found in KINDS_OF_NHL.finditer(use):
        kinds = re.split(r",? (?:or|and) |, ", found["kinds"])
        cells = ["B-cell"] if found["nhl"].startswith("B-cell") else []
        known = [_kind_of_lymphoma([*kind.split(), *cells], finder) for kind in kinds]
        told |= {address: Read(address, kind) for address, kind in zip(known, kinds, strict=True) if address}
        if all(known):
            named = tuple(read for read in named if read.words not in found[0])
    if (burkitt := BURKITT.search(use)) and (address := finder.address(ITS_KIND)):
        told.setdefault(address, Read(address, burkitt[0]))
    return (*named, *told.values())


def _kind_of_lymphoma(words: list[str], finder: Finder) -> str | None:
    """The lymphoma that the last words name: "previously untreated follicular B-cell"."""
    ends = [of[-length:] for of in (words, words[:-1] if words[-1] == "B-cell" else []) for length in (3, 2, 1)]
    return next(filter(None, (finder.address(f"{' '.join(end)} lymphoma") for end in ends if end)), None)


def with_shared_noun(use: str, vocabulary: Vocabulary) -> list[Read]:
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
    use = WILD_TYPE.sub("KRAS wild-type", RUN_ON.sub(r"\1 ", SPOKEN.sub("", use)))
    for spelled, short in SPELLED_OUT.items():
        use = spelled.sub(short, use)
    for text in (opened(use), bare(use)):
        text = re.sub(r"\bHLA (?:antigen|allele|type)s? (?=[A-C]\*)", "HLA-", text)
        required = NOT_REQUIRED.sub(" ; ", AIMED_AT.sub(" ; ", text))
        for read in finder.different(required):
            either = rf"{re.escape(read.words.split()[0])}\b[^,;.]{{0,20}}\bwild[\s-]type"
            if "wild" in read.words or not re.search(either, required, re.IGNORECASE):
                found.setdefault(read.value, read)
    return tuple(found.values())
