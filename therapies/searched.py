"""What the search reads of therapies beside their texts, and what people say for what texts say."""

import re
from collections.abc import Collection, Iterator

from .fact_kinds import SEARCHED, SHOWN, FactKind
from .models import Biomarker, Therapy, TherapyFact

#: How people ask for a cancer: with one of these words, and a part of the body. Most have a page; the search says which
#: have none.
CANCER = frozenset(("cancer", "cancers", "carcinoma", "tumor", "tumors", "cancerous"))
BODY = frozenset(
    one.strip()
    for one in """adrenal, adrenal gland, anal, anus, appendix, bile duct, bladder, blood, bone, bowel, brain, breast,
    cervical, cervix, colon, ear, esophagus, eye, fallopian tube, gallbladder, heart, intestine, kidney, larynx, lip,
    liver, lung, mouth, muscle, nose, ovarian, ovary, pancreas, parathyroid, parotid, penile, penis, pituitary,
    pituitary gland, placenta, prostate, rectal, rectum, skin, small bowel, small intestine, spine,
    spleen, stomach, testicle, testicles, testicular, testis, throat, thymic, thymus, thyroid, thyroid gland, tongue,
    tonsil, urethra, urethral, uterus, vagina, vaginal, vulva, vulvar, womb""".replace("\n", " ").split(",")
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
        *("trials near me", "study", "studies", "helpline", "hotline", "phone number", "1 800 4 cancer"),
    ),
    "therapies:compare": ("compare", "comparison", "versus", "vs", "difference between"),
    "therapies:my-visit": (
        "questions to ask",
        "questions for my doctor",
        "what to ask",
        "doctor visit",
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
#: Words of lab reports, by those of the pages that explain them.
OF_REPORTS = {
    "MSS": "msi dmmr",
    "amplification": "positive amplified",
    "amplified": "positive amplified",
}
SPANISH = {
    "ensayo": "trial",
    "ensayos": "trial",
    "clinico": "clinical",
    "clinicos": "clinical",
    "cerebro": "brain",
    "cuello": "neck",
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
    "metastasico": "metastasis metastatic",
    "mieloma": "myeloma",
    "negativo": "negative",
    "ovario": "ovarian",
    "piel": "skin",
    "positivo": "positive",
    "preguntas": "questions",
    "prostata": "prostate",
    "pulmon": "lung",
    "quimioterapia": "chemotherapy",
    "rinon": "kidney",
    "sangre": "blood",
    "secundarios": "side",
    "seguro": "insurance",
    "terapia": "therapy",
    "tratamiento": "treatment therapy",
    "vacuna": "vaccine",
    "vejiga": "bladder",
}
#: What people say, and the words by which texts may say it.
SAID_FOR = (
    OF_REPORTS
    | SPANISH
    | {
        "attack": "autoimmune",
        "attacks": "autoimmune",
        "attacking": "autoimmune",
        "chemo": "chemotherapy",
        "immuno": "immunotherapy",
        "onco": "oncology",
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


def of_results(keys: Collection[int]) -> Iterator[tuple[int, str, str]]:
    """How reports say it. The page may not, so this is no name that readers are shown."""
    for pk, slug in Biomarker.objects.filter(pk__in=keys).values_list("pk", "slug"):
        yield from ((pk, "name", said) for said in ON_REPORTS.get(slug, ()))


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
