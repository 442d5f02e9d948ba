"""An approval of a guest names a medical reviewer to readers while the words stay and nobody alone made it."""

import pytest
from django.utils import timezone

from portal.publishing import actions
from portal.publishing.models import Invitation, MedicalCredential, Status

from .. import conftest
from .conftest import DAY, DESK, NEWER, approve

pytestmark = pytest.mark.slow


@pytest.fixture
def colleague(db):
    """A second reviewer, who did not invite the guest."""
    return conftest.person("Ron", "Reviewer")


def test_readers_see_the_guest_as_the_guest_wished(client, link, text, colleague):
    MedicalCredential.objects.create(user=colleague, shown_as="Ron Test, MD")
    approve(client, link, text, role="MD, oncologist")
    actions.publish(text, by=colleague)
    page = client.get("/faq/a-new-question/").content.decode()
    assert "Reviewed by Dana Test, MD, oncologist." in page and "Ron Test" not in page


def test_nobody_alone_invents_a_medical_reviewer(client, link, text, reviewer):
    approve(client, link, text, role="MD, oncologist")
    actions.publish(text, by=reviewer)  # who made the link, and could have used it
    page = client.get("/faq/a-new-question/").content.decode()
    assert "Dana Test" not in page and "not yet been reviewed by a medical professional" in page


def test_a_link_is_shown_to_nobody_but_who_made_it(link, desk, reviewer, colleague, text):
    address = f"/admin/faq/question/{text.page_id}/review/"
    assert link in desk(reviewer).get(address).content.decode()
    assert link not in desk(colleague).get(address).content.decode()


def test_the_same_holds_at_the_scheduled_moment(client, link, text, colleague):
    approve(client, link, text)
    actions.schedule(text, by=colleague, at=timezone.now() + DAY)
    actions.catch_up(timezone.now() + 2 * DAY)
    text.refresh_from_db()
    assert (text.status, text.reviewed_as) == (Status.PUBLISHED, "Dana Test, MD")


def test_an_approval_that_came_after_the_schedule_names_nobody(client, link, text, colleague):
    """Whoever scheduled the text did not see the name."""
    actions.schedule(text, by=colleague, at=timezone.now() + DAY)
    approve(client, link, text)
    actions.catch_up(timezone.now() + 2 * DAY)
    text.refresh_from_db()
    assert (text.status, text.reviewed_as) == (Status.PUBLISHED, "")


def test_an_approval_taken_back_before_the_scheduled_moment_does_not_count(client, link, text, reviewer):
    approve(client, link, text)
    actions.schedule(text, by=reviewer, at=timezone.now() + DAY)
    client.post(link, {"say": "changes", "seen": text.digest(), "because": "I was wrong."})
    actions.catch_up(timezone.now() + 2 * DAY)
    text.refresh_from_db()
    assert (text.status, text.reviewed_as) == (Status.PUBLISHED, "")


@pytest.mark.parametrize("change", ["words", "sources"])
def test_an_approval_lapses_when_the_text_or_its_sources_change(
    client, link, text, editor, reviewer, source, desk, change
):
    approve(client, link, text)
    actions.save_draft(
        text, by=editor, **({"in_short": "Changed afterwards."} if change == "words" else {"sources": [source]})
    )
    assert "the text changed afterward" in desk(reviewer).get(DESK.format(text.page_id)).content.decode()
    assert "your answer no longer counts" in client.get(link).content.decode()
    actions.publish(text, by=reviewer)
    assert text.reviewed_as == ""
    assert "not yet been reviewed by a medical professional" in client.get("/faq/a-new-question/").content.decode()


def test_an_approval_counts_again_when_the_words_come_back(client, link, text, editor):
    approve(client, link, text)
    actions.save_draft(text, by=editor, in_short="An excursion.")
    actions.save_draft(text, by=editor, in_short=NEWER)
    assert text.reviewers(None) == "Dana Test, MD"


def test_two_doctors_are_both_named(client, link, text, doctor, reviewer):
    other = actions.invite(text, by=reviewer, name="Kim", professional=True, until=timezone.now() + DAY)
    approve(client, link, text)
    approve(client, other.get_absolute_url(), text, name="Kim Test", role="RN")
    assert text.reviewers(None) == "Dana Test, MD; Kim Test, RN"


def test_nobody_is_named_who_left_no_name_or_is_no_medical_professional_or_lost_the_link(
    client, link, text, doctor, reviewer
):
    approve(client, link, text, name="", role="")
    assert text.judgements()[0].void == "" and text.reviewers(None) == ""
    layman = actions.invite(text, by=reviewer, name="Lee", until=timezone.now() + DAY)
    approve(client, layman.get_absolute_url(), text, name="Lee Test", role="MD")
    assert text.reviewers(None) == ""
    approve(client, link, text)
    actions.revoke(doctor, by=reviewer)
    assert text.reviewers(None) == ""


def test_an_approval_outlives_its_link(client, link, text):
    approve(client, link, text)
    Invitation.objects.update(created_at=timezone.now() - 3 * DAY, expires_at=timezone.now() - DAY)
    assert text.reviewers(None) == "Dana Test, MD"
