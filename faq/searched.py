"""What people ask with who want the answer to one of our questions: symptoms, above all."""

from collections.abc import Collection, Iterator

from .models import Question

ASKED_WITH = {
    "side-effects": (
        "side effect", "rash", "itching", "diarrhea", "nausea", "fatigue", "tiredness", "fever", "hair", "hair loss",
        "hair falling out", "lose my hair", "losing my hair", "weight loss", "pain", "cough", "vomiting", "headache",
        "tired", "exhausted", "dizzy", "itchy", "mouth sores", "loose stools", "short of breath", "breathless",
        "feel sick", "feeling sick", "throwing up", "yellow eyes", "suicidal", "suicide", "want to die", "hurt myself",
        "safe", "dangerous", "risky", "appetite", "back pain", "blood in stool", "blurred vision", "blurry vision",
        "brain fog", "bruises", "bruising", "cant sleep", "chest pain", "chills", "constipation", "dry mouth", "foggy",
        "forgetful", "heart racing", "insomnia", "joint pain", "memory loss", "muscle weakness", "night sweats", "numb",
        "numbness", "peeling", "shaking", "sore joints", "sore mouth", "stomach pain", "sweating", "swelling",
        "swollen", "thirsty", "tingling", "trouble sleeping", "weakness", "weight gain", "emergency",
        "emergency room", "go to er", "go to the er", "to the er",
    ),
    "how-to-tell-it-works": (
        "stop working", "stops working", "stopped working", "not working", "no longer working", "is it working",
        "did it work", "know if it works", "scan", "scan results", "tumor got bigger", "tumor is bigger",
        "tumor growing", "before it works", "did not work", "didnt work", "does not work", "doesnt work", "how soon",
        "if it fails", "it failed", "kick in", "kicks in", "start working", "starts working", "take to work",
        "until it works", "when will i know", "when will we know", "work anymore", "working anymore",
    ),
    "how-long-does-it-last": (
        "how long does it last", "wear off", "wears off", "come back", "comes back", "came back", "coming back",
        "can i stop", "stop treatment", "stopping treatment", "stop early", "end of treatment", "after treatment ends",
        "cuanto dura",
    ),
    "who-can-receive-it": (
        "eligible", "candidate", "qualify", "too old", "too ill", "too sick", "too weak", "too frail",
        "healthy enough", "strong enough", "well enough", "transplant", "organ transplant", "kidney transplant",
        "liver transplant",
    ),
    "versus-chemotherapy": tuple(
        f"{begin}{one} {between} {other}"
        for begin, between in (*(("", word) for word in ("vs", "versus", "or")), ("difference between ", "and"))
        for chemo in ("chemo", "chemotherapy")
        for one, other in ((chemo, "immunotherapy"), ("immunotherapy", chemo))
    ),
    "how-is-it-given": ("infusion", "how often", "how many infusions", "injection"),
    "history": ("who discovered", "discovered", "who invented", "invented", "inventor"),
}  # fmt: skip


def of_questions(keys: Collection[int]) -> Iterator[tuple[int, str, str]]:
    for pk, slug in Question.objects.filter(pk__in=keys).values_list("pk", "slug"):
        yield from ((pk, "name", said) for said in ASKED_WITH.get(slug, ()))
