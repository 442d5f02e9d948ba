"""What the coach of drafts learns from this room: names that texts cannot do without, and counts better not typed."""

from collections.abc import Iterator

from .fact_kinds import IN_TEXTS
from .models import Biomarker, Cancer, Therapy, TherapyFact

_DAY = r"(?:(?:january|february|march|april|may|june|july|august|september|october|november|december) )?(?:\d{1,2}, )?"
_COUNT = r"\b\d{1,4} (?:\w+ ){0,2}?"
_THERAPIES = r"(?:immunotherapies|therapies|drugs|medicines|treatments)"
_ARE = r"(?:are|were|have been)(?: now)?"

#: What somebody may type, and the figure that the record fills in.
TYPED = {
    rf"{_COUNT}approved {_THERAPIES}\b|{_COUNT}{_THERAPIES} {_ARE} approved\b": "[[approved-therapies]]",
    rf"{_COUNT}approved uses\b|{_COUNT}uses {_ARE} approved\b": "[[approved-uses]]",
    rf"{_COUNT}withdrawn uses\b|{_COUNT}uses {_ARE} withdrawn\b": "[[withdrawn-uses]]",
    r"\bapproved (?:\w+ ){0,4}\d{1,4} (?:kinds|types|groups) of cancer\b": "[[approved-cancers]]",
    rf"\bfirst approved (?:\w+ ){{0,4}}?(?:on|in) {_DAY}(?:19|20)\d\d\b": "[[first-approval: …]]",
}


def names() -> Iterator[str]:
    """Names of therapies, cancers and biomarkers, those that facts give included. One query."""
    facts = TherapyFact.objects.filter(kind__in=IN_TEXTS).order_by().values_list("value")
    named = (model.objects.order_by().values_list("name") for model in (Therapy, Cancer, Biomarker))
    for (name,) in facts.union(*named).order_by():
        yield from name.split(";")
