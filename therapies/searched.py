"""What the search reads of therapies beside their texts, and what people say for what texts say."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .fact_kinds import SEARCHED, SHOWN, FactKind
from .models import Biomarker, Cancer, Therapy, TherapyClass, TherapyFact

#: How people ask for a cancer: with one of these words, and a part of the body. Most have a page; the search says which
#: have none.
CANCER = frozenset(("cancer", "cancers", "carcinoma", "tumor", "tumors", "cancerous"))
BODY = frozenset(
    one.strip()
    for one in """adrenal, adrenal gland, anal, anus, appendix, bile duct, bladder, blood, bone, bowel, brain, breast,
    cervical, cervix, colon, ear, esophagus, eye, fallopian tube, gallbladder, heart, intestine, kidney, larynx, lip,
    liver, lung, mouth, muscle, nasal, nose, ovarian, ovary, pancreas, parathyroid, parotid, penile, penis, pituitary,
    pituitary gland, placenta, prostate, rectal, rectum, skin, small bowel, small intestine, spine,
    sinus, spleen, stomach, testicle, testicles, testicular, testis, throat, thymic, thymus, thyroid, thyroid gland,
    tongue, tonsil, trachea, urethra, urethral, uterus, vagina, vaginal, vulva, vulvar, womb""".replace(
        "\n", " "
    ).split(",")
)
#: Cancers with a name of their own and no page: the search says so, and takes none for a misspelling.
WITHOUT_PAGE = frozenset(
    one.strip()
    for one in """adenoid cystic, adrenocortical, carcinoid, castleman, chordoma, choriocarcinoma, craniopharyngioma,
    dermatofibrosarcoma, desmoid, germ cell, gist, hepatoblastoma, insulinoma, mastocytosis, mds, meningioma,
    myelodysplastic, myelofibrosis, neuroendocrine, paraganglioma, pheochromocytoma, retinoblastoma, schwannoma,
    seminoma, teratoma, thymoma, unknown primary, waldenstrom, wilms""".replace("\n", " ").split(",")
)
#: How people ask for a test result: with one of these words beside the name of a gene or a protein.
RESULT = frozenset(
    (
        *("mutation", "mutations", "mutated", "mutant", "fusion", "fusions", "rearrangement", "rearranged"),
        *("amplification", "amplified", "deletion", "translocation", "positive", "negative", "gene", "biomarker"),
    )
)
GENE = re.compile(r"[a-z]{2,6}\d{0,3}[a-z]{0,2}\d?")
#: What people ask with who want one of our lists and tools.
ASKED_WITH = {
    "therapies:cancers": ("cancer", "cancers", "types of cancer"),
    "therapies:trials": (
        *("trial", "trials", "clinical trial", "clinical trials", "clinical trail", "clinical trails"),
        *("ensayo clinico", "ensayos clinicos", "trials near me", "study", "studies"),
        *("helpline", "hotline", "phone number", "1 800 4 cancer"),
    ),
    "therapies:approvals": (
        *("withdrawn", "withdrawals", "withdrawn indications", "withdrawn approvals", "fda approvals"),
        *("new approvals", "newly approved", "latest approvals", "recent approvals"),
    ),
    "therapies:compare": ("compare", "comparison", "versus", "vs", "difference between"),
    "therapies:my-visit": (
        "questions to ask",
        "questions for my doctor",
        "what to ask",
        "doctor visit",
        "questions for",
        "print questions",
        "appointment",
        "my visit",
    ),
}
#: How lab reports say what is explained at a test result.
ON_REPORTS = {
    "pd-l1": ("PD-L1", "PD-L1 negative", "PD-L1 expression", "PD-L1 score"),
    "her2-positive": ("HER2 3+", "IHC 3+", "HER2 amplification", "HER2 amplified", "ERBB2 amplification"),
    "her2-low": ("HER2 1+", "HER2 2+", "IHC 1+", "IHC 2+"),
    "msi-h-dmmr": ("mismatch repair", "MMR", "pMMR", "MLH1", "MSH2", "MSH6", "PMS2"),
}
#: What charts and studies call a cancer: abbreviations, with the letters before them that tell how far it has gone.
IN_CHARTS = {
    "basal-cell-carcinoma": ("rodent ulcer",),
    "b-cell-non-hodgkin-lymphoma": ("non-Hodgkin’s lymphoma", "non-Hodgkin’s", "r/r NHL"),
    "cervical-cancer": ("cáncer de cuello uterino", "cáncer de cuello del útero"),
    "colorectal-cancer": ("mCRC",),
    "follicular-lymphoma": ("r/r FL",),
    "gastroesophageal-junction-cancer": ("GEJ",),
    "head-and-neck-cancer": ("r/m HNSCC", "SCCHN", "oral cancer", "voice box cancer"),
    "hodgkin-lymphoma": ("Hodgkin’s lymphoma", "Hodgkin’s disease", "Hodgkin’s"),
    "kidney-cancer": ("mRCC", "aRCC", "ccRCC"),
    "large-b-cell-lymphoma": ("r/r DLBCL", "r/r LBCL"),
    "liver-cancer": ("uHCC", "aHCC"),
    "multiple-myeloma": ("MM", "RRMM", "NDMM", "plasma cell cancer"),
    "non-small-cell-lung-cancer": ("mNSCLC", "aNSCLC"),
    "prostate-cancer": ("CRPC", "mCRPC", "nmCRPC", "mHSPC", "mCSPC", "castration-resistant"),
    "sarcoma": ("bone cancer",),
    "small-cell-lung-cancer": ("ES-SCLC", "LS-SCLC", "extensive-stage SCLC", "limited-stage SCLC"),
    "soft-tissue-sarcoma": ("muscle cancer",),
    "stomach-cancer": ("mGC",),
    "triple-negative-breast-cancer": ("mTNBC",),
    "urothelial-carcinoma": ("mUC", "aUC", "la/mUC"),
}
#: Shorter names of classes. Several are those of a word that is explained, too.
CLASSES_IN_SHORT = {
    "antibody-drug-conjugate": ("ADC",),
    "bispecific-t-cell-engager": ("BiTE", "T-cell engager", "bispecific"),
    "car-t-cell": ("CAR T", "CAR T therapy"),
    "checkpoint-inhibitor": ("immune checkpoint inhibitor", "ICI", "checkpoint blockade", "PD-1 inhibitor"),
    "til": ("TIL", "TIL therapy"),
}
#: Words of lab reports, by those of the pages that explain them.
OF_REPORTS = {
    "MSS": "msi dmmr",
    "amplification": "positive amplified",
    "amplified": "positive amplified",
}
#: Cancers without a page that are one of a wider kind with a page.
WITHIN = dict.fromkeys(("astrocytoma", "dipg", "ependymoma", "glioma", "medulloblastoma", "oligodendroglioma"), "brain")
WITHIN |= dict.fromkeys(
    ("angiosarcoma", "chondrosarcoma", "leiomyosarcoma", "liposarcoma", "osteosarcoma", "rhabdomyosarcoma"), "sarcoma"
)
SPANISH = {
    "aguda": "acute",
    "avanzado": "advanced",
    "cabeza": "head",
    "cronica": "chronic",
    "linfoblastica": "lymphoblastic",
    "linfocitica": "lymphocytic",
    "mieloide": "myeloid",
    "pecho": "breast",
    "pequenas": "small",
    "seno": "breast",
    "tiroides": "thyroid",
    "ensayo": "trial",
    "ensayos": "trial",
    "boca": "mouth head",
    "cansancio": "fatigue tiredness",
    "celulas": "cell",
    "clinico": "clinical",
    "clinicos": "clinical",
    "cerebro": "brain",
    "cuello": "neck",
    "esofago": "esophageal esophagus",
    "fiebre": "fever",
    "ganglios": "lymph node",
    "garganta": "throat head",
    "cura": "cure remission",
    "efectos": "effects",
    "estomago": "stomach",
    "higado": "liver",
    "hueso": "bone",
    "huesos": "bone",
    "inmunoterapia": "immunotherapy",
    "leucemia": "leukemia",
    "linfoma": "lymphoma",
    "mama": "breast",
    "medico": "doctor oncologist",
    "medicamento": "drug therapy",
    "matriz": "uterine endometrial",
    "metastasico": "metastasis metastatic",
    "mieloma": "myeloma",
    "negativo": "negative",
    "ojo": "eye",
    "ovario": "ovarian",
    "piel": "skin",
    "positivo": "positive",
    "preguntas": "questions",
    "prostata": "prostate",
    "pulmon": "lung",
    "quimio": "chemotherapy",
    "quimioterapia": "chemotherapy",
    "recto": "colorectal",
    "rinon": "kidney",
    "sangre": "blood",
    "secundarios": "side",
    "seguro": "insurance",
    "terapia": "therapy",
    "tratamiento": "treatment therapy",
    "uterino": "uterine endometrial",
    "utero": "uterine endometrial",
    "vacuna": "vaccine",
    "vejiga": "bladder",
}
#: What people say, and the words by which texts may say it.
SAID_FOR = (
    OF_REPORTS
    | WITHIN
    | SPANISH
    | {
        "attack": "autoimmune",
        "attacks": "autoimmune",
        "attacking": "autoimmune",
        "chemo": "chemotherapy",
        "immuno": "immunotherapy",
        "cheek": "mouth head",
        "gum": "mouth head",
        "gums": "mouth head",
        "jaw": "mouth head",
        "lip": "mouth head",
        "palate": "mouth head",
        "parotid": "salivary head",
        "ovaries": "ovarian",
        "ovary": "ovarian",
        "pancreas": "pancreatic",
        "rectum": "colorectal",
        "uterus": "uterine endometrial",
        "vagina": "vaginal",
        "nasal": "nose head",
        "nose": "nose head",
        "onco": "oncology",
        "sinus": "nose head",
        "radio": "radiation",
        "radiotherapy": "radiation",
        "doctor": "doctor oncologist",
        "inflamed": "inflammation inflamed",
        "inflammation": "inflammation inflamed",
        "mets": "metastasis metastases metastatic",
        "metastatic": "metastasis spread",
        "colon": "colorectal",
        "bowel": "colorectal",
        "rectal": "colorectal",
        "womb": "uterus endometrial",
        "gullet": "esophageal",
        "throat": "throat head",
        "larynx": "voice head",
        "mouth": "mouth head",
        "tongue": "mouth head",
        "tonsil": "throat head",
        "storm": "release",
        "steroids": "corticosteroid",
        "steroid": "corticosteroid",
        "drip": "infusion iv intravenous",
        "injection": "shot injection subcutaneous",
        "infusion": "infusion intravenous",
        "keemo": "chemotherapy",
        "cure": "cure remission",
        "cured": "cure remission",
        "tired": "tired tiredness fatigue",
        "exhausted": "tiredness fatigue tired",
        "fatigue": "fatigue tiredness tired",
        "itchy": "itching itch rash",
        "jaundice": "yellow hepatitis",
        "breathless": "breath breathe pneumonitis",
        "cost": "insurance",
        "costs": "insurance",
        "afford": "insurance",
        "price": "cost insurance",
        "pay": "cost insurance",
        "money": "cost insurance",
        "expensive": "cost insurance",
        "kids": "children child",
        "kid": "children child",
        "child": "children child",
        "elderly": "older age",
        "study": "trial study",
        "trail": "trial",
        "trails": "trial",
        "research": "trial research",
        "experimental": "trial trials",
        "approved": "approved approval",
        "licence": "license",
        "died": "survival",
        "die": "survival",
        "survive": "survival",
        "brain": "brain glioblastoma",
        "jab": "shot injection",
        "needle": "shot injection infusion",
        "medicine": "drug therapy",
        "medication": "drug therapy",
        "drug": "drug therapy",
        "treatment": "treatment therapy",
    }
)


def of_cancers(keys: Collection[int]) -> Iterator[tuple[int, str, str]]:
    yield from _by_slug(Cancer.objects.filter(pk__in=keys), IN_CHARTS)


def of_classes(keys: Collection[int]) -> Iterator[tuple[int, str, str]]:
    yield from _by_slug(TherapyClass.objects.filter(pk__in=keys), CLASSES_IN_SHORT)


def of_results(keys: Collection[int]) -> Iterator[tuple[int, str, str]]:
    """How reports say it. The page may not, so this is no name that readers are shown."""
    yield from _by_slug(Biomarker.objects.filter(pk__in=keys), ON_REPORTS)


def _by_slug(pages: Any, names: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[int, str, str]]:
    for pk, slug in pages.values_list("pk", "slug"):
        yield from ((pk, "name", one) for one in names.get(slug, ()))


def of_therapies(keys: Collection[int]) -> Iterator[tuple[int, str, str]]:
    """Names that facts give, and what else readers are told of a therapy: its class, and values of facts."""
    for pk, kind in Therapy.objects.filter(pk__in=keys).values_list("pk", "therapy_class__name"):
        yield pk, "", kind
    facts = TherapyFact.objects.filter(therapy__in=keys, kind__in={*SEARCHED, *SHOWN})
    for therapy, name, value in facts.values_list("therapy", "kind", "value"):
        kind = FactKind(name)
        if kind not in SEARCHED:
            yield therapy, "", value
        else:
            for one in value.split(";"):
                yield therapy, f"{kind.label[:1].lower()}{kind.label[1:]}", one
