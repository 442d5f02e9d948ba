"""What people ask with who want the answer to one of our questions: symptoms, above all."""

from collections.abc import Collection, Iterator

from .models import Question

ASKED_WITH = {
    "side-effects": (
        "side effect", "rash", "itching", "diarrhea", "nausea", "fatigue", "tiredness", "fever", "hair", "hair loss",
        "hair falling out", "lose my hair", "losing my hair", "weight loss", "pain", "cough", "vomiting", "headache",
        "tired", "exhausted", "dizzy", "itchy", "mouth sores", "loose stools", "short of breath", "breathless",
        "feel sick", "feeling sick", "throwing up", "yellow eyes", "suicidal", "suicide", "want to die", "hurt myself",
    ),
    "how-to-tell-it-works": (
        "stop working", "stops working", "stopped working", "not working", "no longer working", "is it working",
        "did it work", "know if it works", "scan", "scan results", "tumor got bigger", "tumor is bigger",
        "tumor growing",
    ),
    "how-long-does-it-last": (
        "how long does it last", "wear off", "wears off", "come back", "comes back", "came back", "coming back",
        "stop treatment", "stopping treatment", "stop early", "end of treatment", "after treatment ends",
    ),
    "who-can-receive-it": ("eligible", "candidate", "qualify", "too old", "too ill", "too sick"),
    "versus-chemotherapy": tuple(
        f"{begin}{one} {between} {other}"
        for begin, between in (*(("", word) for word in ("vs", "versus", "or")), ("difference between ", "and"))
        for chemo in ("chemo", "chemotherapy")
        for one, other in ((chemo, "immunotherapy"), ("immunotherapy", chemo))
    ),
    "how-is-it-given": ("infusion", "how often", "injection"),
}  # fmt: skip


def of_questions(keys: Collection[int]) -> Iterator[tuple[int, str, str]]:
    for pk, slug in Question.objects.filter(pk__in=keys).values_list("pk", "slug"):
        yield from ((pk, "name", said) for said in ASKED_WITH.get(slug, ()))
