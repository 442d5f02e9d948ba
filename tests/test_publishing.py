"""A page keeps one published and one open edition, and every change of status is a verb."""

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from faq.models import AnswerEdition, Question
from portal.publishing import actions, prose
from portal.publishing.models import MedicalCredential, Status

from .conftest import ANSWER


@pytest.fixture
def draft(question: Question, editor: User) -> AnswerEdition:
    draft = actions.start_draft(question, by=editor)
    return actions.save_draft(draft, by=editor, **ANSWER)


def test_a_page_with_only_a_draft_does_not_exist_for_readers(draft, client):
    assert not Question.objects.published().filter(pk=draft.page_id).exists()
    assert client.get("/faq/a-new-question/").status_code == 404


def test_submitted_and_published_words_are_seen_by_readers(draft, editor, reviewer, client):
    actions.submit(draft, by=editor)
    actions.publish(draft, by=reviewer)
    assert "It was written today." in client.get("/faq/a-new-question/").content.decode()
    assert (draft.published_by, draft.submitted_by) == (reviewer, editor)


def test_a_new_draft_begins_with_the_live_words_and_leaves_them_untouched(question, published, editor):
    live = published(question, **ANSWER)
    draft = actions.start_draft(question, by=editor)
    assert draft.words() == live.words()
    actions.save_draft(draft, by=editor, in_short="No longer.")
    assert Question.objects.published().get(pk=question.pk).live.in_short == "Yes, it is."


def test_publishing_supersedes_the_edition_before(question, published):
    first, second = published(question, **ANSWER), published(question, **ANSWER | {"in_short": "Indeed."})
    first.refresh_from_db()
    assert (first.status, second.status) == (Status.SUPERSEDED, Status.PUBLISHED)
    assert first.superseded_at == second.published_at


def test_only_one_draft_can_be_open(draft, reviewer):
    with pytest.raises(actions.Refused, match="draft of this page open"):
        actions.start_draft(draft.page, by=reviewer)


def test_an_author_cannot_publish(draft, editor):
    actions.submit(draft, by=editor)
    with pytest.raises(actions.Refused, match="another person must publish"):
        actions.publish(draft, by=editor)
    draft.refresh_from_db()
    assert draft.status == Status.IN_REVIEW


def test_a_reviewer_who_mends_words_becomes_an_author(draft, editor, reviewer):
    actions.submit(draft, by=editor)
    actions.save_draft(draft, by=reviewer, in_short="Mended.")
    with pytest.raises(actions.Refused):
        actions.publish(draft, by=reviewer)


def test_everybody_who_wrote_in_a_text_is_its_author(draft, editor, reviewer, administrator):
    for person in (reviewer, administrator, editor):  # the edition itself remembers only the first and the last
        actions.save_draft(draft, by=person, in_short=f"Words of {person}.")
    actions.submit(draft, by=editor)
    for person in (editor, reviewer, administrator):
        with pytest.raises(actions.Refused, match="another person must publish"):
            actions.publish(draft, by=person)


def test_a_setting_allows_to_publish_alone_and_the_page_says_so(draft, editor, settings, client):
    settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES = True
    actions.submit(draft, by=editor)
    actions.publish(draft, by=editor)
    assert draft.published_alone
    assert "without a second pair of eyes" in client.get("/faq/a-new-question/").content.decode()


def test_a_draft_must_be_submitted_before_somebody_publishes_it(draft, reviewer):
    with pytest.raises(actions.Refused, match="somebody was faster"):
        actions.publish(draft, by=reviewer)


def test_of_two_clicks_at_once_one_wins(draft, editor, reviewer):
    again = AnswerEdition.objects.get(pk=draft.pk)
    actions.submit(draft, by=editor)
    with pytest.raises(actions.Refused):
        actions.submit(again, by=editor)
    actions.publish(draft, by=reviewer)
    with pytest.raises(actions.Refused):
        actions.publish(again, by=reviewer)
    assert AnswerEdition.objects.filter(page=draft.page, status=Status.PUBLISHED).count() == 1


def test_sending_back_needs_a_reason_and_returns_the_draft(draft, editor, reviewer):
    actions.submit(draft, by=editor)
    with pytest.raises(actions.Refused, match="Say in a sentence"):
        actions.send_back(draft, by=reviewer, because="  ")
    actions.send_back(draft, by=reviewer, because="Shorter, please.")
    assert (draft.status, draft.sent_back_because) == (Status.DRAFT, "Shorter, please.")


def test_words_of_a_published_edition_cannot_be_changed(question, published, editor):
    live = published(question, **ANSWER)
    with pytest.raises(actions.Refused):
        actions.save_draft(live, by=editor, in_short="Quietly changed.")
    live.refresh_from_db()
    assert live.in_short == "Yes, it is."


def test_a_text_with_an_empty_part_is_not_published(question, editor, reviewer):
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, question="Is this new?")
    actions.submit(draft, by=editor)
    with pytest.raises(actions.Refused, match="still empty"):
        actions.publish(draft, by=reviewer)


def test_a_medical_reviewer_is_named_only_when_there_is_one(draft, editor, reviewer, client):
    MedicalCredential.objects.create(user=reviewer, shown_as="Rosa Test, MD")
    actions.submit(draft, by=editor)
    actions.publish(draft, by=reviewer)
    assert "Reviewed by Rosa Test, MD" in client.get("/faq/a-new-question/").content.decode()


def test_shipped_text_says_that_no_professional_reviewed_it(client, db):
    page = client.get("/faq/types/").content.decode()
    assert "has not yet been reviewed by a medical professional" in page


@pytest.mark.parametrize(
    "broken",
    [
        {"status": "published"},  # without when
        {"status": "in-review"},  # never submitted
        {"status": "nonsense"},
        {"edited_by_id": None},  # when without who
        {"dossier": None},  # written by nobody
        {"status": "scheduled"},  # without a moment
        {"publish_at": "2030-01-01T00:00Z"},  # by nobody
        {"withdrawn_at": "2026-01-01T00:00Z"},  # by nobody, for no reason
        {"status": "superseded", "superseded_at": None, "published_at": "2026-01-01T00:00Z"},
    ],
)
def test_the_database_refuses_an_impossible_edition(draft, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerEdition.objects.filter(pk=draft.pk).update(**broken)


def test_the_database_refuses_a_second_published_edition(question, published):
    first = published(question, **ANSWER)
    published(question, **ANSWER)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerEdition.objects.filter(pk=first.pk).update(status="published", superseded_at=None)


def test_the_database_refuses_an_author_as_publisher(question, published):
    live = published(question, **ANSWER)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerEdition.objects.filter(pk=live.pk).update(published_by=live.created_by)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ('<p onclick="x()">A</p>', "<p>A</p>"),
        ("<script>alert(1)</script><p>B</p>", "<p>B</p>"),
        ('<p><a href="javascript:alert(1)">C</a></p>', "<p>C</p>"),
        ('<p style="color:red">D <img src=x onerror=alert(1)></p>', "<p>D</p>"),
    ],
)
def test_words_are_sanitised_on_every_road_into_the_table(draft, typed, stored, editor):
    draft.answer = typed
    draft.save()
    draft.refresh_from_db()
    assert draft.answer == stored
    actions.save_draft(draft, by=editor, answer=typed)
    assert draft.answer == stored
    AnswerEdition.objects.filter(pk=draft.pk).update(answer=typed)
    draft.refresh_from_db()
    assert draft.answer == stored


def test_figures_in_words_are_computed_and_unknown_ones_never_show_as_code(db):
    assert prose.render("<p>[[approved-therapies: 2019-02-28]]</p>") == "<p>46</p>"
    assert prose.render("<p>[[no-such-figure]]</p>") == "<p>—</p>"
    assert prose.unknown_figures("[[uses-of: aspirin]] [[approved-uses]]") == ["[[uses-of: aspirin]]"]
    for wrong in ("[[approved-uses: x]]", "[[therapies-for]]", "[[approved-therapies: soon]]"):
        assert prose.unknown_figures(wrong) == [wrong]
        assert prose.render(wrong) == "—"
