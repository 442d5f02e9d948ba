"""What people say for a word that the glossary explains, beside its other names, which texts use."""

from collections.abc import Collection, Iterator

from .models import Term

#: Of pages without a row of their own, by the names of their addresses.
LISTS_ASKED_WITH = {
    "about": ("who runs this site", "trustworthy", "reliable", "trust this site", "this website"),
    "take-part": ("volunteer", "volunteering", "donate", "donation", "help others"),
}
ASKED_WITH = {
    "anemia": ("low hemoglobin", "hemoglobin", "low red blood cells"),
    "circulating-tumor-dna": ("liquid biopsy",),
    "immune-checkpoint": ("brake", "brakes", "brakes of the immune system"),
    "neutropenia": ("low neutrophils", "ANC"),
    "overall-survival": ("OS",),
    "progression-free-survival": ("PFS",),
    "response-rate": ("ORR",),
    "white-blood-cell": ("WBC",),
    "hla": ("MHC", "major histocompatibility complex"),
    "prognosis": ("survival rate", "survival rates"),
    "remission": ("no evidence of disease", "NED", "cancer free", "all clear"),
    "t-cell-engager": ("BiTE", "BiTE antibody"),
}


def of_terms(keys: Collection[int]) -> Iterator[tuple[int, str, str]]:
    for pk, slug in Term.objects.filter(pk__in=keys).values_list("pk", "slug"):
        yield from ((pk, "name", said) for said in ASKED_WITH.get(slug, ()))
