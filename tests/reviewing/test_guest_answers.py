"""A guest comments on a text and judges the words that were read; the staff see it, and nothing else moves."""

import pytest

from portal.publishing import actions
from portal.publishing.models import AuditEntry, Comment, Judgement, Status

from .conftest import DESK, approve

pytestmark = pytest.mark.slow


def test_a_comment_names_its_part_and_passage_and_reaches_the_staff(client, link, text, desk, editor, reviewer):
    sent = client.post(
        link, {"say": "comment", "part": "in_short", "quote": "newer\u2060\r\n  words", "text": "Which ones?"}
    )
    comment = Comment.objects.get()
    assert sent["Location"] == f"{link}#comment-{comment.pk}"
    assert (comment.part, comment.quote, comment.text, comment.name) == (
        "in_short",
        "newer words",
        "Which ones?",
        "Dana Test",
    )
    assert "Which ones?" in client.get(link).content.decode()
    for person in (editor, reviewer):
        assert "1 open comment" in desk(person).get("/admin/").content.decode()
        form = desk(person).get(f"/admin/faq/question/{text.page_id}/change/").content.decode()
        assert "Which ones?" in form and "newer words" in form and "Dana Test (invited)" in form
    assert AuditEntry.objects.filter(verb="commented", name="Dana Test", by=None).exists()


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ({"say": "comment", "text": " "}, "This field is required."),
        ({"say": "comment", "text": "x" * 4001, "quote": "kept"}, "at most 4000 characters"),
        ({"say": "comment", "text": "kept", "part": "created_by"}, "not one of the available choices"),
        ({"say": "comment", "text": "a\x00b"}, "Null characters are not allowed."),
        ({"say": "changes", "because": ""}, "This field is required."),
        ({"say": "approve", "role": "MD"}, "Enter your name, too"),
        ({"say": "publish"}, "This field is required."),
        ({}, "This field is required."),
    ],
)
def test_what_cannot_be_taken_is_said_and_kept(client, link, sent, answer):
    response = client.post(link, sent)
    page = response.content.decode()
    assert response.status_code == 400 and answer in page and "There is a problem" in page
    assert "kept" not in str(sent) or "kept" in page
    assert not Comment.objects.exists() and not Judgement.objects.exists()


def test_what_a_guest_writes_is_shown_as_text(client, link, text, desk, reviewer):
    attack = "<script>alert(1)</script>"
    client.post(link, {"say": "comment", "quote": attack, "text": attack})
    client.post(link, {"say": "changes", "seen": text.digest(), "because": attack})
    desk_page = desk(reviewer).get(DESK.format(text.page_id)).content.decode()
    form = desk(reviewer).get(f"/admin/faq/question/{text.page_id}/change/").content.decode()
    for page in (client.get(link).content.decode(), desk_page, form, desk(reviewer).get("/admin/").content.decode()):
        assert attack not in page
    assert "&lt;script&gt;alert(1)" in desk_page


def test_a_double_click_says_it_once(client, link, text):
    for _ in range(2):
        client.post(link, {"say": "comment", "text": "Once."})
        approve(client, link, text)
    assert (Comment.objects.count(), Judgement.objects.count()) == (1, 1)


def test_a_guest_can_change_their_mind_until_publication(client, link, text):
    approve(client, link, text)
    assert text.reviewers(None) == "Dana Test, MD"
    assert "readers will see: “Reviewed by Dana Test, MD.”" in client.get(link).content.decode()
    client.post(link, {"say": "changes", "seen": text.digest(), "because": "One more thing."})
    assert text.reviewers(None) == ""
    assert "You asked for changes" in client.get(link).content.decode()
    approve(client, link, text, name="Dana Test", role="MD, oncologist")
    assert text.reviewers(None) == "Dana Test, MD, oncologist"


def test_a_guest_who_read_older_words_does_not_approve_the_newer_ones(client, link, text, editor):
    seen = text.digest()
    actions.save_draft(text, by=editor, in_short="Slipped in meanwhile.")
    response = client.post(link, {"say": "approve", "seen": seen, "name": "Dana Test", "role": "MD"})
    page = response.content.decode()
    assert response.status_code == 409 and "The text changed while you were reading" in page
    assert "Slipped in meanwhile." in page and 'value="Dana Test"' in page
    assert not Judgement.objects.exists()


def test_asking_for_changes_moves_nothing_and_is_seen_by_author_and_reviewer(
    client, link, text, desk, editor, reviewer
):
    client.post(link, {"say": "changes", "seen": text.digest(), "because": "Name the dose."})
    text.refresh_from_db()
    assert text.status == Status.IN_REVIEW
    for person in (editor, reviewer):
        assert "Dana Test asks for changes" in desk(person).get("/admin/").content.decode()
        assert "Name the dose." in desk(person).get(f"/admin/faq/question/{text.page_id}/change/").content.decode()
    actions.save_draft(text, by=editor, in_short="Two hundred milligrams.")
    assert "asks for changes" not in desk(editor).get("/admin/").content.decode()
