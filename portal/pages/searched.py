"""What people say for a word that the glossary explains, beside its other names, which texts use."""

from collections.abc import Collection, Iterator

from .models import Term

#: What people ask with who want one of the pages without a row of its own, by the name of its address.
LISTS_ASKED_WITH = {
    "about": (
        *("who runs this site", "trustworthy", "reliable", "trust this site", "this website", "feedback"),
        *("contact", "contact us", "report an error", "report a mistake", "mistake"),
    ),
    "take-part": ("volunteer", "volunteering", "donate", "donation", "help others"),
}
#: By the slug of a word for an inflammation, what people call the inflamed organ.
INFLAMED = {
    "colitis": ("bowel", "colon", "gut", "intestine"),
    "hepatitis": ("liver",),
    "hypophysitis": ("pituitary", "pituitary gland"),
    "myocarditis": ("heart", "heart muscle"),
    "nephritis": ("kidney", "kidneys"),
    "pneumonitis": ("lung", "lungs"),
    "thyroiditis": ("thyroid",),
}
ASKED_WITH = {
    "adrenal-insufficiency": ("cortisol", "low cortisol"),
    "anaphylaxis": ("allergic reaction", "allergic shock"),
    "anemia": ("low hemoglobin", "hemoglobin", "low red blood cells"),
    "circulating-tumor-dna": ("liquid biopsy",),
    "hepatitis": ("liver enzymes", "high liver enzymes"),
    "hla": ("MHC", "major histocompatibility complex"),
    "immune-checkpoint": ("brake", "brakes", "brakes of the immune system"),
    "infusion-reaction": ("allergic reaction",),
    "myocarditis": ("troponin",),
    "nephritis": ("creatinine",),
    "neutropenia": ("low neutrophils", "ANC"),
    "overall-survival": ("OS",),
    "prognosis": ("survival rate", "survival rates"),
    "progression-free-survival": ("PFS",),
    "remission": ("no evidence of disease", "NED", "cancer free", "all clear"),
    "response-rate": ("ORR",),
    "t-cell-engager": ("BiTE", "BiTE antibody"),
    "thyroid-gland": ("TSH",),
    "white-blood-cell": ("WBC",),
}


def of_terms(keys: Collection[int]) -> Iterator[tuple[int, str, str]]:
    for pk, slug in Term.objects.filter(pk__in=keys).values_list("pk", "slug"):
        inflamed = [
            said.format(one)
            for one in INFLAMED.get(slug, ())
            for said in ("inflamed {}", "{} inflammation", "inflammation of the {}")
        ]
        yield from ((pk, "name", said) for said in (*ASKED_WITH.get(slug, ()), *inflamed))
