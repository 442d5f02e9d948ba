"""What people say for a word that the glossary explains, beside its other names, which texts use."""

from collections.abc import Collection, Iterator

from .models import Term

ASKED_WITH = {
    "hla": ("MHC", "major histocompatibility complex"),
    "prognosis": ("survival rate", "survival rates"),
    "remission": ("no evidence of disease", "NED", "cancer free", "all clear"),
    "t-cell-engager": ("BiTE", "BiTE antibody"),
}


def of_terms(keys: Collection[int]) -> Iterator[tuple[int, str, str]]:
    for pk, slug in Term.objects.filter(pk__in=keys).values_list("pk", "slug"):
        yield from ((pk, "name", said) for said in ASKED_WITH.get(slug, ()))
