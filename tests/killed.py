"""Publishes and schedules one text, confirms changes in pairs, is killed at random moments, and looks at what is left.

For ``test_killed.py``. Run with the number of kills. It forks, so that each victim starts in milliseconds.
"""

import datetime
import os
import random
import signal
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from faq.models import Question, Topic  # noqa: E402
from portal.publishing import actions  # noqa: E402
from portal.publishing.models import AuditEntry, Change, Edition, Status  # noqa: E402

CLOCKS = 5


def victim(pipe: int) -> None:
    """Publish and schedule new texts and confirm new topics until the end, with a sign of life before each verb."""
    question = Question.objects.get()
    author, reviewer = User.objects.get(username="author"), User.objects.get(username="reviewer")
    number = question.editions.count()

    def alive() -> None:
        os.write(pipe, b".")

    while True:
        number += 1
        alive()
        draft = question.open_edition() or actions.start_draft(question, by=author)
        if draft.status == Status.DRAFT:
            words = f"Text {number}."
            alive()
            text = {"question": words, "in_short": words, "answer": f"<p>{words}</p>"}
            actions.save_draft(draft, by=author, change_note=words, **text)
            actions.submit(draft, by=author)
        alive()
        if draft.status == Status.IN_REVIEW and number % 2:
            actions.publish(draft, by=reviewer)
        elif draft.status == Status.IN_REVIEW:
            actions.schedule(draft, by=reviewer, at=timezone.now() + datetime.timedelta(seconds=60))
        alive()
        actions.catch_up(timezone.now() + datetime.timedelta(seconds=120))
        alive()
        pair = Change.objects.pending().leading().first() or propose_pair(author)
        alive()
        actions.confirm(pair, by=reviewer)


@transaction.atomic
def propose_pair(author: User) -> Change:
    """Two topics that are confirmed together."""
    number = Change.objects.count()
    pair = [actions.propose_new(Topic, {"name": f"{name} {number}"}, by=author) for name in ("One", "Other")]
    pair[0].lead(pair)
    return pair[0]


def look() -> int:
    """How many texts were published. Raises AssertionError when one is half of something."""
    editions = list(Edition.objects.order_by("pk"))
    live = [e for e in editions if e.status == Status.PUBLISHED]
    assert len(live) <= 1 and sum(e.is_open for e in editions) <= 1
    assert live or not any(e.status == Status.REPLACED for e in editions), "the old text went and no new one came"
    for e in editions:
        told = set(AuditEntry.objects.filter(row=str(e.pk)).values_list("verb", flat=True))
        if told != {"drafted"}:  # otherwise it holds the words that it began with
            words = e.words
            assert {words["in_short"], words["answer"][3:-4]} == {words["question"]}, "words of two texts in one"
            assert words["in_short"] in e.folded or words["in_short"].lower() in e.folded, "a search finds other words"
        assert ("published" in told) == (e.published_at is not None), (e.status, told)
        assert ("scheduled" in told) == (e.scheduled_at is not None), (e.status, told)
        assert e.authors() == {e.created_by_id}
    return sum(e.published_at is not None for e in editions)


def look_at_pairs() -> None:
    """Raises AssertionError when one of two topics is there, or is there and nobody has confirmed it."""
    confirmed = Change.objects.exclude(confirmed_at=None)
    made = Topic.objects.exclude(name="Tests").values_list("pk", flat=True)
    assert sorted(made) == sorted(confirmed.values_list("row", flat=True)), "a row and its change disagree"
    assert confirmed.filter(leader=None).count() * 2 == confirmed.count(), "half of a pair"
    assert AuditEntry.objects.filter(verb="confirmed").count() == confirmed.count()
    assert Change.objects.count() % 2 == 0


def main(kills: int) -> None:
    settings.MIGRATION_MODULES = dict.fromkeys(config.label for config in apps.get_app_configs())  # they take longer
    call_command("migrate", run_syncdb=True, verbosity=0)
    Question.objects.create(slug="a-question", topic=Topic.objects.create(name="Tests"))
    User.objects.create_user("author"), User.objects.create_user("reviewer")
    for _ in range(kills):
        connection.close()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            victim(writing)
        os.close(writing)
        for _ in range(random.randint(1, 16)):  # noqa: S311 - any moment will do
            assert os.read(reading, 1), "it died by itself"
        time.sleep(random.uniform(0, 0.02))  # noqa: S311
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reading)
        published = look()
        look_at_pairs()
    race()
    print(published)


def race() -> None:
    """Several clocks find the same text due at the same moment. It is published once."""
    question, (author, reviewer) = Question.objects.get(), User.objects.order_by("pk")
    draft = question.open_edition() or actions.start_draft(question, by=author)
    if draft.status == Status.DRAFT:
        actions.save_draft(draft, by=author, change_note="A race.")
        actions.submit(draft, by=author)
    if draft.status == Status.IN_REVIEW:
        actions.schedule(draft, by=reviewer, at=timezone.now() + datetime.timedelta(seconds=60))
    later = timezone.now() + datetime.timedelta(seconds=120)
    connection.close()
    children = []
    for _ in range(CLOCKS):
        child = os.fork()
        if child == 0:
            actions.catch_up(later)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * CLOCKS
    assert AuditEntry.objects.filter(row=str(draft.pk), verb="published").count() == 1


if __name__ == "__main__":
    main(int(sys.argv[1]))
