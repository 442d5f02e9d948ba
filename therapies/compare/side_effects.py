"""Common side effects in the terms of FDA's labels and in a patient's."""

import re
from collections.abc import Iterable
from functools import lru_cache

from ..fda.reactions import CommonReactions

#: Each as labels and as plain words name it.
EFFECTS = {
    "tiredness": "fatigue|asthenia|tired|weak(?:ness)?|letharg|malaise",
    "fever": "pyrexia|fever",
    "itching": "prurit|itch",
    "rash": "rash|dermatitis|exfoliative|acne|eczema|erythema|peeling|redness|skin changes|cutaneous",
    "muscle, bone and joint pain": "musculoskel|arthralg|myalg|muscle aches"
    "|(?:muscle|bone|joint|back|limb|arms?)[^,;]* pain"
    "|pain[^,;]* (?:extremit|arm|leg)|back or joint|back pain|extremity pain|muscle spasm",
    "belly pain": "abdominal pain|belly|stomach pain",
    "loss of appetite": "appetite|anorexia",
    "short breath": "dyspn|breath",
    "nosebleed": "epistaxis|nosebleed",
    "bleeding": "hemorrh|bleed|epistaxis",
    "vomiting": "vomit|emesis",
    "hair loss": "alopecia|hair",
    "mouth sores": "stomatitis|mucositis|mouth|sore mucosa|mucosal",
    "swelling": "edema|swell|swoll",
    "taste": "dysgeusia|taste",
    "nerves": "neuropath|paresthesi|nerve|tingl|numb|neurotox",
    "high blood pressure": "hypertensi|high blood pressure",
    "low blood pressure": "hypotensi|low blood pressure",
    "blood counts": "cytopeni|(?:neutro|leuko|lympho)peni|ana?emia|blood counts?|white (?:blood )?cells?"
    "|platelet|red cells|ha?emoglobin|neutrophil|lymphocyte|leukocyte",
    "infusion reactions": r"infusion|\birrs?\b|administration-related",
    "injection site": "injection[- ]site|injection reaction|injection-related|site reaction",
    "airway infection": r"(?:respiratory|airway)[^,;]* infection|nasopharyngitis|\bcold\b|rhinitis|runny|influenza",
    "infection": r"infection|pneumonia|sepsis|cytomegalovirus|\bcmv\b|covid",
    "lung inflammation": r"pneumonitis|lung inflammation|interstitial lung|\bild\b",
    "urinary infection": "urinary (?:tract )?infection|cystitis|bladder infection",
    "urination": "dysuria|micturition|urination|urinary (?:frequency|urgency)",
    "blood in urine": "hematuria|blood in (?:the )?urine",
    "protein in urine": "proteinuria|protein in",
    "liver": r"hepat|liver|transaminase|aminotransferase|\b(?:alt|ast|ggt)\b|bilirubin|glutamyl|alkaline phosphatase",
    "creatinine": "creatinin",
    "low sodium": "hyponatr|sodium",
    "potassium": "kala?emia|potassium",
    "calcium": "hypocalc|calcium",
    "phosphate": "hypophosph|phosphate",
    "magnesium": "magnes",
    "albumin": "albumin",
    "sugar": "glucose|glycemi|blood sugar",
    "cholesterol": "cholesterol",
    "sleep": "insomnia|sleep",
    "cytokine release": r"cytokine release|\bcrs\b",
    "fluid leaks": "capillary leak|fluid leak",
    "hives": "urticari|hives",
    "chills": "chills|rigors",
    "headache": "headache",
    "cough": "cough",
    "dizziness": "dizz",
    "weight": "weight",
    "thyroid": "thyroid",
    "nails": "paronychia|nail",
    "eyes": "vision|visual|kerat|cornea|ocular|eye|lacrimation|tear|conjunctiv",
    "dry skin": "dry skin|xerosis",
    "hands and feet": "palmar|hand-foot",
    "voice": "dysphonia|hoarse",
    "blood clots": r"\bvte\b|thromboembol|thrombosis|clots?",
    "light": "photosens|light sensitivity",
    "fluid in the belly": "ascites|fluid in the belly",
    "flu-like": "influenza|flu[- ]like",
}
#: What a blood or urine test shows. Many labels list it apart.
OF_A_TEST = {
    *("blood counts", "protein in urine", "liver", "creatinine", "low sodium", "potassium", "calcium", "phosphate"),
    *("magnesium", "albumin", "sugar", "cholesterol"),
}
WORDS = {name: re.compile(words) for name, words in EFFECTS.items()}


@lru_cache(4096)  # the same few hundred words of ours are held against every label
def known(words: str) -> frozenset[str]:
    folded = words.casefold()
    return frozenset(name for name, pattern in WORDS.items() if pattern.search(folded))


def of_the_drug(common: Iterable[str]) -> list[CommonReactions]:
    """Of a label's lists, those of the drug by itself; all where there is none such."""
    lists = [CommonReactions.of(told) for told in common]
    return [one for one in lists if one.is_of_the_drug] or lists


def threshold(common: Iterable[str]) -> str:
    """That of the drug by itself; empty where there are several, or none."""
    found = {one.threshold for one in of_the_drug(common) if one.is_of_the_drug and one.threshold}
    return found.pop() if len(found) == 1 else ""


def comparable(ours: Iterable[str], lists: Iterable[str]) -> list[str]:
    """Ours without what tests show, where a label's lists have no such thing."""
    has_tests = bool(set[str]().union(*map(known, lists)) & OF_A_TEST)
    return [item for item in ours if has_tests or not (found := known(item)) or found - OF_A_TEST]
