"""What questions, answers and claims tell machines: each answer as far as the page shows it."""

from collections.abc import Iterable

from portal.publishing import prose
from portal.publishing.addresses import absolute
from portal.publishing.linked_data import Node, Shown, Thing, node

from .models import Belief, Question

KINDS = ("FAQPage", "MedicalWebPage")


def _asked(question: Question, shown: Shown, parts: Iterable[str]) -> Node:
    words = question.live.words
    answer = " ".join(prose.plain(words[part], shown["figures"]) for part in parts)
    return node(
        "Question",
        name=prose.plain(words["question"]),
        url=absolute(question.get_absolute_url()),
        acceptedAnswer=node("Answer", text=answer),
    )


def questions(shown: Shown) -> list[Node]:
    """The list shows the short answers alone."""
    return [_asked(question, shown, ("in_short",)) for question in shown["questions"]]


def question(shown: Shown) -> Node:
    return _asked(shown["question"], shown, ("in_short", "answer"))


def _claimed(belief: Belief, shown: Shown, parts: Iterable[str]) -> Node:
    """A claim is told as the question whether it is true, so that no machine repeats it as our word."""
    words = belief.live.words
    verdict = "This is true." if belief.verdict == Belief.Verdict.TRUE else "This is not true."
    answer = " ".join([verdict, *(prose.plain(words[part], shown["figures"]) for part in parts)])
    return node(
        "Question",
        name=f"True or not? {prose.plain(words['claim'])}",
        url=absolute(belief.get_absolute_url()),
        acceptedAnswer=node("Answer", text=answer),
    )


def claims(shown: Shown) -> list[Node]:
    """The list shows the short answers alone."""
    return [_claimed(belief, shown, ("in_short",)) for belief in shown["claims"]]


def claim(shown: Shown) -> Node:
    return _claimed(shown["page"], shown, ("in_short", "answer"))


THINGS = {
    "faq:index": Thing(KINDS, questions),
    "faq:detail": Thing(KINDS, question),
    "faq:know": Thing(KINDS, claims),
    "faq:claim": Thing(KINDS, claim),
}
