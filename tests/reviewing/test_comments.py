"""Comments on a text under review: staff write, resolve and reopen them, and they stay with their text."""

import pytest

from faq.models import Question
from portal.publishing import actions
from portal.publishing.models import AuditEntry, Comment

from .conftest import DESK, approve

pytestmark = pytest.mark.slow


def test_staff_comment_resolve_and_reopen(text, desk, editor, reviewer):
    address = DESK.format(text.page_id)
    desk(reviewer).post(address, {"do": "comment", "part": "answer", "quote": "today", "text": "Which day?"})
    comment = Comment.objects.get()
    assert (comment.by, comment.name, comment.quote) == (reviewer, "Rosa", "today")
    assert "1 open comment" in desk(editor).get("/admin/").content.decode()
    desk(editor).post(address, {"do": "resolve", "row": comment.pk})
    comment.refresh_from_db()
    assert comment.resolved_by == editor
    assert "open comment" not in desk(editor).get("/admin/").content.decode()
    with pytest.raises(actions.Refused):
        actions.resolve(comment, by=reviewer)
    desk(reviewer).post(address, {"do": "reopen", "row": comment.pk})
    comment.refresh_from_db()
    assert comment.resolved_at is None
    told = AuditEntry.objects.filter(kind="publishing.edition").values_list("verb", flat=True)[:3]
    assert list(told) == ["reopened a comment", "resolved a comment", "commented"]


@pytest.mark.parametrize("row", ["", "x", "-1", "0", "9" * 30, "\u0661"])
def test_a_button_beside_nothing_changes_nothing(desk, reviewer, text, row):
    for do in ("resolve", "reopen", "revoke"):
        page = desk(reviewer).post(DESK.format(text.page_id), {"do": do, "row": row})
        assert page.status_code == 200 and "Nothing was changed" in page.content.decode()


def test_comments_of_another_text_cannot_be_resolved_from_here(desk, reviewer, text, editor):
    other = actions.start_draft(Question.objects.get(slug="types"), by=editor)
    comment = actions.comment(other, by=editor, text="Elsewhere.")
    desk(reviewer).post(DESK.format(text.page_id), {"do": "resolve", "row": comment.pk})
    comment.refresh_from_db()
    assert comment.resolved_at is None


def test_comments_stay_with_their_text_in_the_history_to_read_only(desk, reviewer, text, client, link):
    client.post(link, {"say": "comment", "text": "For the record."})
    approve(client, link, text)
    actions.publish(text, by=reviewer)
    with pytest.raises(actions.Refused, match="no longer under review"):
        actions.resolve(Comment.objects.get(), by=reviewer)
    history = desk(reviewer).get(f"/admin/faq/question/{text.page_id}/history/").content.decode()
    assert "For the record." in history and "Dana Test (invited) approved" in history
    review = desk(reviewer).get(DESK.format(text.page_id)).content.decode()
    assert "nothing to discuss" in review and "For the record." not in review
    page = desk(reviewer).post(DESK.format(text.page_id), {"do": "comment", "text": "Late."}, follow=True)
    assert "no longer under review" in page.content.decode()
