"""A page keeps one published and one open edition, and every change of status is a verb."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from faq.models import Question
from portal.publishing import actions, audit, prose, where_used
from portal.publishing.models import (
    AuditEntry,
    Comment,
    Edition,
    Judgement,
    MedicalCredential,
    Page,
    SavedDraft,
    Status,
)
from portal.publishing.parts import Words
from therapies.models import Cancer, LabelledUse

from .conftest import ANSWER


@pytest.fixture
def draft(question: Question, editor: User) -> Edition:
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
    assert draft.words == live.words
    actions.save_draft(draft, by=editor, in_short="No longer.")
    assert Question.objects.published().get(pk=question.pk).live.words["in_short"] == "Yes, it is."


def test_publishing_replaces_the_edition_before(question, published):
    first, second = published(question, **ANSWER), published(question, **ANSWER | {"in_short": "Indeed."})
    first.refresh_from_db()
    assert (first.status, second.status) == (Status.REPLACED, Status.PUBLISHED)
    assert first.replaced_at == second.published_at


def test_only_one_draft_can_be_open(draft, reviewer):
    with pytest.raises(actions.Refused, match="already has an open draft"):
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
    with pytest.raises(actions.Refused, match="Someone else acted first"):
        actions.publish(draft, by=reviewer)


def test_of_two_clicks_at_once_one_wins(draft, editor, reviewer):
    again = Edition.objects.get(pk=draft.pk)
    actions.submit(draft, by=editor)
    with pytest.raises(actions.Refused):
        actions.submit(again, by=editor)
    actions.publish(draft, by=reviewer)
    with pytest.raises(actions.Refused):
        actions.publish(again, by=reviewer)
    assert Edition.objects.filter(page=draft.page, status=Status.PUBLISHED).count() == 1


def test_returning_needs_a_reason_and_makes_it_a_draft_again(draft, editor, reviewer):
    actions.submit(draft, by=editor)
    with pytest.raises(actions.Refused, match="Say in a sentence"):
        actions.return_for_changes(draft, by=reviewer, because="  ")
    actions.return_for_changes(draft, by=reviewer, because="Shorter, please.")
    assert (draft.status, draft.returned_because) == (Status.DRAFT, "Shorter, please.")


def test_words_of_a_published_edition_cannot_be_changed(question, published, editor):
    live = published(question, **ANSWER)
    with pytest.raises(actions.Refused):
        actions.save_draft(live, by=editor, in_short="Quietly changed.")
    live.refresh_from_db()
    assert live.words["in_short"] == "Yes, it is."


def test_an_incomplete_draft_is_saved_and_submitting_it_names_the_empty_parts(question, editor):
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, question="Is this new?", answer="<p> </p>")
    with pytest.raises(actions.Refused, match=r"Still empty: “In short”, “Answer”\.$"):
        actions.submit(draft, by=editor)
    draft.refresh_from_db()
    assert (draft.status, draft.words["question"]) == (Status.DRAFT, "Is this new?")


def test_a_text_of_which_a_part_was_emptied_in_review_is_not_published(draft, editor, administrator, reviewer):
    actions.submit(draft, by=editor)
    actions.save_draft(draft, by=administrator, in_short="")
    with pytest.raises(actions.Refused, match="Still empty: “In short”"):
        actions.publish(draft, by=reviewer)


def test_a_discarded_draft_is_kept_and_brought_back_from_the_history(question, published, editor, reviewer):
    published(question, **ANSWER)
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, in_short="Perhaps.", change_note="Not so sure.")
    actions.discard(draft, by=editor)
    assert (draft.status, question.open_edition()) == (Status.DISCARDED, None)
    with pytest.raises(actions.Refused, match="this text is now “discarded”"):
        actions.submit(draft, by=editor)
    again = actions.restore(draft, by=reviewer)
    assert (again.status, again.words) == (Status.DRAFT, draft.words)


def test_only_a_text_that_nobody_approved_yet_can_be_discarded(question, published, draft, editor, reviewer):
    actions.submit(draft, by=editor)
    live = actions.publish(draft, by=reviewer)
    with pytest.raises(actions.Refused, match="this text is now “published”"):
        actions.discard(live, by=editor)
    assert question.live_edition() == live


def test_every_save_is_kept_with_its_author_and_can_be_brought_back(draft, editor, reviewer):
    actions.save_draft(draft, by=reviewer, in_short="Perhaps.")
    actions.save_draft(draft, by=editor, in_short="No.", answer="")
    perhaps = draft.saves.get(by=reviewer)
    assert [save.words["in_short"] for save in draft.saves.all()] == ["No.", "Perhaps.", "Yes, it is.", ""]
    assert actions.bring_back(perhaps, by=editor) == draft
    draft.refresh_from_db()
    assert draft.words == perhaps.words and draft.saves.first().words == perhaps.words
    assert draft.saves.count() == 5, "what stood there before must be there still"


def test_a_save_of_a_version_that_ended_is_brought_back_as_a_new_draft(question, draft, editor, reviewer, source):
    actions.save_draft(draft, by=editor, in_short="Right from the start.", sources=[source])
    actions.publish(actions.submit(draft, by=editor), by=reviewer)
    first = draft.saves.get(words__in_short="Yes, it is.")
    begun = actions.bring_back(first, by=editor)
    assert begun.pk != draft.pk and begun.words == first.words and list(begun.sources.all()) == [source]
    assert question.live_edition().words["in_short"] == "Right from the start."
    with pytest.raises(actions.Refused, match="already has an open draft"):
        actions.bring_back(first, by=editor)


def test_words_of_a_part_that_no_longer_exists_are_left_behind(draft, editor):
    save = SavedDraft.objects.create(edition=draft, words=Words(draft.words | {"motto": "Gone."}), by=editor)
    assert actions.bring_back(save, by=editor).words == ANSWER | {"onward_label": "", "onward_address": ""}


def test_words_of_a_scheduled_text_are_not_brought_back(draft, editor, reviewer):
    actions.submit(draft, by=editor)
    actions.schedule(draft, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    with pytest.raises(actions.Refused, match="this text is now “scheduled”"):
        actions.bring_back(draft.saves.last(), by=editor)


def test_a_page_that_was_never_published_is_removed_with_its_drafts_and_what_was_said(draft, editor, reviewer):
    until = timezone.now() + datetime.timedelta(days=7)
    guest = actions.invite(draft, by=reviewer, name="Ana", until=until)
    actions.ask_for_changes(draft, by=guest, seen=draft.digest(), because="Shorter.")
    actions.comment(draft, by=reviewer, text="Really?")
    actions.remove_page(draft.page, by=editor)
    assert not Page.objects.filter(slug="a-new-question").exists()
    assert not Edition.objects.filter(pk=draft.pk).exists()
    assert not Comment.objects.exists() and not Judgement.objects.exists()
    assert AuditEntry.objects.get(verb="deleted").by == editor


def test_whoever_publishes_the_text_of_somebody_whose_account_they_set_up_is_told(desk, draft, editor, reviewer):
    actions.submit(draft, by=editor)
    audit.note("password link made", editor, by=reviewer)
    said = "Rosa set up Edith’s account, and one of them checks the other’s work here."
    assert said in desk(reviewer).get(f"/admin/faq/question/{draft.page_id}/change/").content.decode()
    actions.schedule(draft, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    actions.publish(draft, by=reviewer)
    assert [audit.of(draft).get(verb=verb).detail.endswith(said) for verb in ("scheduled", "published")] == [True, True]


def test_a_page_that_readers_have_seen_is_not_removed(question, published, editor, reviewer):
    actions.unpublish(published(question, **ANSWER), by=reviewer, because="It was out of date.")
    with pytest.raises(actions.Refused, match="Readers have seen this page"):
        actions.remove_page(question, by=editor)
    assert Question.objects.filter(pk=question.pk).exists()


def test_a_page_that_others_point_to_is_not_removed(use, editor):
    cancer = Cancer.objects.create(slug="new", name="New", plain_name="New", ctgov_condition="New")
    kinds = {"Approved uses": use, "Uses on a label": LabelledUse.objects.exclude(cancer=None)[0]}
    for kind, row in kinds.items():
        before = row.cancer_id
        type(row).objects.filter(pk=row.pk).update(cancer=cancer)
        assert kind in {one.kind for one in where_used.of(cancer)}
        with pytest.raises(actions.Refused, match="refer to this page"):
            actions.remove_page(cancer, by=editor)
        type(row).objects.filter(pk=row.pk).update(cancer=before)
    assert Cancer.objects.filter(pk=cancer.pk).exists()


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
        {"page": None},  # of nothing
        {"status": "scheduled"},  # without a moment
        {"publish_at": "2030-01-01T00:00Z"},  # by nobody
        {"unpublished_at": "2026-01-01T00:00Z"},  # by nobody, for no reason
        {"unpublish_at": "2030-01-01T00:00Z"},  # as nobody planned
        {"status": "replaced", "replaced_at": None, "published_at": "2026-01-01T00:00Z"},
        {"status": "discarded", "published_at": "2026-01-01T00:00Z"},  # after readers saw it
    ],
)
def test_the_database_refuses_an_impossible_edition(draft, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=draft.pk).update(**broken)


def test_the_database_refuses_a_second_published_edition(question, published):
    first = published(question, **ANSWER)
    published(question, **ANSWER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=first.pk).update(status="published", replaced_at=None)


def test_the_database_refuses_an_author_as_publisher(question, published):
    live = published(question, **ANSWER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=live.pk).update(published_by=live.created_by)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ('<p onclick="x()">A</p>', "<p>A</p>"),
        ("<script>alert(1)</script><p>B</p>", "<p>B</p>"),
        ('<p><a href="javascript:alert(1)">C</a></p>', "<p>C</p>"),
        ('<p style="color:red">D <img src=x onerror=alert(1)></p>', "<p>D</p>"),
    ],
)
def test_words_are_cleaned_on_the_one_road_into_the_table(draft, typed, stored, editor):
    actions.save_draft(draft, by=editor, answer=typed)
    draft.refresh_from_db()
    assert draft.words["answer"] == stored


def test_no_other_road_into_the_table_takes_words(draft):
    typed, before = {**draft.words, "answer": "<script>alert(1)</script>"}, draft.words
    with pytest.raises(TypeError):
        draft.words["answer"] = typed["answer"]
    with pytest.raises(TypeError):
        draft.words |= typed
    draft.words = typed
    for road in (
        draft.save,
        lambda: Edition.objects.filter(pk=draft.pk).update(words=typed),
        lambda: Edition.objects.bulk_update([draft], ["words"]),
        lambda: Edition.objects.bulk_create([Edition(page=Question.objects.first(), words=typed)]),
        lambda: SavedDraft.objects.create(edition=draft, words=typed),
    ):
        with pytest.raises(TypeError, match="cleaned"), transaction.atomic():
            road()
    draft.refresh_from_db()
    assert draft.words == before


def test_figures_in_words_are_computed_and_unknown_ones_never_show_as_code(db):
    assert prose.render("<p>[[approved-therapies: 2019-02-28]]</p>") == "<p>46</p>"
    assert prose.render("<p>[[no-such-figure]]</p>") == "<p>—</p>"
    assert prose.unknown_figures("[[uses-of: aspirin]] [[approved-uses]]") == ["[[uses-of: aspirin]]"]
    for wrong in ("[[approved-uses: x]]", "[[therapies-for]]", "[[approved-therapies: soon]]"):
        assert prose.unknown_figures(wrong) == [wrong]
        assert prose.render(wrong) == "—"
