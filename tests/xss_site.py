"""Puts the corpus before readers and colleagues, for the browser; ``manage.py shell`` calls it."""

from typing import Any
from unittest import mock

from django.contrib.auth.models import User

from faq.models import Question, Topic
from portal.publishing import actions, destinations, prose
from portal.publishing.models import Edition, Source

from .xss_corpus import GROUPS, VECTORS, vectors_of

MARK = "xss-"
POLYGLOT = "\"'></title></textarea></script><img src=x onerror=alert(1)>{{7*7}}"


def stored(draft: Edition, vector: str, road: int) -> str:
    """What is in the database after a vector came by one of the two roads: the desk, or a shipped file."""
    written = vector if road == 0 else prose.from_markdown(vector)
    actions.save_draft(draft, by=draft.created_by, answer=written)
    return Edition.objects.get(pk=draft.pk).words["answer"]


def publish() -> None:
    editor, reviewer = (User.objects.get(username=name) for name in ("editor", "reviewer"))
    topic = Topic.objects.create(name=f"{MARK}{POLYGLOT}"[:80], order=99)
    sources = [Source.objects.create(title=f"{MARK}{vector}"[:300], read_as=vector[:400]) for vector in VECTORS[::20]]
    for number, group in enumerate(GROUPS):
        page = Question.objects.create(slug=f"{MARK}{number}", topic=topic, order=999)
        draft = actions.start_draft(page, by=editor)
        kept = [stored(draft, vector, road) for vector in vectors_of(group) for road in range(2)]
        words: dict[str, Any] = {
            "question": f"{number} {POLYGLOT}"[:160],
            "in_short": "\n".join(vectors_of(group)).replace("\0", "").replace("[[", "[ ["),
            "answer": "".join(f"<p>{place}</p>{text}" for place, text in enumerate(kept)) + "".join(vectors_of(group)),
            "onward_label": POLYGLOT[:100],
            "onward_address": "javascript:alert(1)",
            "change_note": POLYGLOT,
        }
        actions.save_draft(draft, by=editor, sources=sources, **words)
        with mock.patch.object(destinations, "dead_ends", return_value=[]):  # many lead nowhere, which stops a person
            actions.submit(draft, by=editor)
        actions.publish(draft, by=reviewer)
        actions.save_draft(actions.start_draft(page, by=editor), by=editor, sources=sources, **words)


def remove() -> None:
    """Leave nothing of it to the tests that share this database."""
    questions = Question.objects.filter(slug__startswith=MARK)
    Edition.objects.filter(page__in=questions).delete()
    questions.delete()
    Topic.objects.filter(name__startswith=MARK).delete()
    Source.objects.filter(title__startswith=MARK).delete()
