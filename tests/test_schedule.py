"""Texts go public, and go away, at the moment that somebody chose, with nobody doing anything."""

import datetime

import pytest
from django.utils import timezone

from faq.models import Question
from portal.publishing import actions
from portal.publishing.actions.plans import planned
from portal.publishing.models import Edition, Status

from .conftest import ANSWER

pytestmark = pytest.mark.sampled(5)

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def submitted(question: Question, editor) -> Edition:
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, **ANSWER)
    return actions.submit(draft, by=editor)


@pytest.fixture
def scheduled(submitted, reviewer) -> Edition:
    return actions.schedule(submitted, by=reviewer, at=timezone.now() + HOUR)


def test_a_scheduled_text_is_not_public_before_its_moment(scheduled, client):
    assert actions.catch_up() == []
    assert client.get("/faq/a-new-question/").status_code == 404


def test_it_goes_public_at_its_moment_as_the_person_who_scheduled_it_decided(scheduled, reviewer, client):
    assert actions.catch_up(timezone.now() + HOUR) == ["published a new question"]
    scheduled.refresh_from_db()
    assert (scheduled.status, scheduled.published_by, scheduled.reviewed_by) == (Status.PUBLISHED, reviewer, reviewer)
    assert client.get("/faq/a-new-question/").status_code == 200


def test_the_live_text_stays_untouched_until_the_moment_of_the_switch(question, published, editor, reviewer, client):
    live = published(question, **ANSWER)
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, in_short="From tomorrow on.", change_note="From tomorrow on.")
    actions.submit(draft, by=editor)
    actions.schedule(draft, by=reviewer, at=timezone.now() + HOUR)
    live.refresh_from_db()
    assert live.status == Status.PUBLISHED
    assert "From tomorrow on." not in client.get("/faq/a-new-question/").content.decode()
    actions.catch_up(timezone.now() + HOUR)
    assert "From tomorrow on." in client.get("/faq/a-new-question/").content.decode()


def test_an_author_cannot_schedule(submitted, editor):
    with pytest.raises(actions.Refused, match="another person must publish"):
        actions.schedule(submitted, by=editor, at=timezone.now() + HOUR)


def test_a_moment_that_has_passed_is_refused(submitted, reviewer):
    with pytest.raises(actions.Refused, match="has passed"):
        actions.schedule(submitted, by=reviewer, at=timezone.now() - HOUR)


def test_a_scheduled_text_cannot_be_changed_until_it_is_taken_off(scheduled, editor, reviewer):
    with pytest.raises(actions.Refused):
        actions.save_draft(scheduled, by=editor, in_short="Slipped in.")
    actions.unschedule(scheduled, by=reviewer)
    assert (scheduled.status, scheduled.publish_at) == (Status.IN_REVIEW, None)
    actions.save_draft(scheduled, by=editor, in_short="Changed in the open.")
    assert actions.catch_up(timezone.now() + 2 * HOUR) == []


def test_it_can_be_rescheduled_and_published_at_once(scheduled, reviewer):
    actions.schedule(scheduled, by=reviewer, at=timezone.now() + 2 * HOUR)
    assert actions.catch_up(timezone.now() + HOUR) == []
    actions.publish(scheduled, by=reviewer)
    assert scheduled.status == Status.PUBLISHED


def test_after_a_pause_everything_happens_in_order_and_once(question, published, editor, reviewer):
    live = published(question, **ANSWER)
    actions.plan_unpublication(live, by=reviewer, at=timezone.now() + 2 * HOUR, because="It was out of date.")
    draft = actions.save_draft(actions.start_draft(question, by=editor), by=editor, change_note="It goes on.")
    actions.submit(draft, by=editor)
    actions.schedule(draft, by=reviewer, at=timezone.now() + HOUR)
    assert [plan.publishes for plan in planned()] == [True, False]
    later = timezone.now() + 3 * HOUR
    # The new text took the place of the one whose end was planned, so that end no longer applies.
    assert actions.catch_up(later) == ["published a new question"]
    assert actions.catch_up(later) == []
    assert Question.objects.published().get(pk=question.pk).live == draft


def test_a_text_is_unpublished_at_its_moment(question, published, reviewer):
    live = published(question, **ANSWER)
    actions.plan_unpublication(live, by=reviewer, at=timezone.now() + HOUR, because="It was out of date.")
    assert actions.catch_up() == []
    assert actions.catch_up(timezone.now() + HOUR) == ["unpublished a new question"]
    assert not Question.objects.published().filter(pk=question.pk).exists()
    assert Question.objects.gone().get() == question


def test_a_plan_to_unpublish_can_be_given_up(question, published, reviewer):
    live = published(question, **ANSWER)
    actions.plan_unpublication(live, by=reviewer, at=timezone.now() + HOUR, because="It was out of date.")
    actions.keep(live, by=reviewer)
    assert planned() == []


def test_a_text_can_be_public_for_a_time_that_was_set_from_the_start(scheduled, reviewer, question):
    with pytest.raises(actions.Refused, match="before the text goes public"):
        actions.plan_unpublication(scheduled, by=reviewer, at=timezone.now() + HOUR / 2, because="It was out of date.")
    actions.plan_unpublication(scheduled, by=reviewer, at=timezone.now() + 2 * HOUR, because="It was out of date.")
    assert actions.catch_up(timezone.now() + 3 * HOUR) == ["published a new question", "unpublished a new question"]
    assert Question.objects.gone().get() == question


def test_unpublishing_needs_a_reason_and_the_words_can_come_back(question, published, editor, reviewer):
    live = published(question, **ANSWER)
    with pytest.raises(actions.Refused, match="Choose a reason"):
        actions.unpublish(live, by=reviewer, because=" ")
    actions.unpublish(live, by=reviewer, because="It was out of date.")
    assert (live.status, live.unpublished_because) == (Status.UNPUBLISHED, "It was out of date.")
    draft = actions.start_draft(question, by=editor)
    assert draft.words == live.words
    actions.save_draft(draft, by=editor, change_note="The mistake is mended.")
    actions.publish(actions.submit(draft, by=editor), by=reviewer)
    assert not Question.objects.gone().exists()


def test_an_older_text_is_restored_as_a_draft_with_its_sources(question, published, source, editor):
    first = published(question, **ANSWER)
    first.sources.add(source)
    published(question, **ANSWER | {"in_short": "Not any more."})
    first.refresh_from_db()
    draft = actions.restore(first, by=editor)
    assert (draft.words["in_short"], list(draft.sources.all())) == ("Yes, it is.", [source])
    assert draft.change_note.startswith("Restores the text from ")
    with pytest.raises(actions.Refused, match="already has an open draft"):
        actions.restore(first, by=editor)


def test_a_review_without_change_starts_the_clock_anew(question, published, reviewer, editor, administrator):
    live = published(question, **ANSWER)
    Edition.objects.filter(pk=live.pk).update(reviewed_at=timezone.now() - datetime.timedelta(days=400))
    live.refresh_from_db()
    assert live.review_due < timezone.localdate()
    with pytest.raises(actions.Refused, match="You helped write this text"):
        actions.review_unchanged(live, by=editor)
    actions.review_unchanged(live, by=administrator)
    assert (live.review_due - timezone.localdate()).days >= 364
