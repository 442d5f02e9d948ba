"""A guest reads one open text through a link, comments on it and judges it. Nothing else opens or goes public."""

import datetime
import logging

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client
from django.utils import timezone

from faq.models import Question
from portal.publishing import actions
from portal.publishing.models import AuditEntry, Comment, Edition, Invitation, Judgement, MedicalCredential, Status

from . import conftest
from .conftest import ANSWER
from .public import PAGE_MODELS
from .test_secrets import SECRET, secret_text

pytestmark = pytest.mark.slow

DAY = datetime.timedelta(days=1)
NEWER = "Yes, and these are newer words."
DESK = "/admin/faq/question/{}/review/"


@pytest.fixture
def text(question: Question, published, editor: User) -> Edition:
    """A submitted text of a page whose older text readers see."""
    published(question, **ANSWER)
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, in_short=NEWER, change_note="Newer words.")
    return actions.submit(draft, by=editor)


@pytest.fixture
def doctor(text: Edition, reviewer: User) -> Invitation:
    return actions.invite(text, by=reviewer, name="Dana Test", professional=True, until=timezone.now() + 14 * DAY)


@pytest.fixture
def link(doctor: Invitation) -> str:
    return doctor.get_absolute_url()


def approve(client: Client, link: str, text: Edition, name: str = "Dana Test", role: str = "MD"):
    return client.post(link, {"say": "approve", "seen": text.digest(), "name": name, "role": role})


# What a guest sees -------------------------------------------------------------------------


def test_a_guest_reads_the_new_words_and_those_that_readers_see_without_an_account(client, link, doctor):
    page = client.get(link).content.decode()
    assert NEWER in page
    assert "What changes, word by word" in page and "</del>" in page and "newer words" in page.split("<ins>")[2]
    assert "Dana Test" in page and "Rosa" in page and f"{timezone.localtime(doctor.expires_at):%B}" in page


def test_a_guest_sees_the_text_as_a_page_of_the_site(client, link):
    response = client.get(f"{link}page/")
    assert NEWER in response.content.decode() and 'content="noindex"' in response.content.decode()
    assert link not in response.content.decode()


def test_the_staff_see_when_a_link_was_last_opened(client, link, doctor):
    client.head(link)
    doctor.refresh_from_db()
    assert doctor.opened_at is None
    client.get(link)
    client.get(link)
    doctor.refresh_from_db()
    assert timezone.now() - doctor.opened_at < DAY
    assert AuditEntry.objects.filter(verb="opened a link", name="Dana Test", by=None).count() == 1


def test_whatever_answers_under_review_is_neither_kept_nor_indexed_nor_told_on(client, link):
    others = ("/review/altered/", "/review/", f"/review/{'x' * 3000}/", "/review/%00/", "/review/%F0%9F%98%80/")
    for address in (link, f"{link}page/", f"{link}nothing/", link.rstrip("/"), *others):
        for method in ("get", "head", "post", "put", "delete", "options", "patch"):
            response = getattr(client, method)(address)
            expected = {200: True, 301: address + "/" == link, 400: address == link and method == "post"}
            expected |= {404: "page" not in address, 405: method not in ("get", "head")}
            assert expected.get(response.status_code), (method, address, response.status_code)
            assert response["X-Robots-Tag"] == "noindex"
            assert response["Cache-Control"] == "no-store, private"
            assert response["Referrer-Policy"] == "no-referrer"
            assert {name: cookie["path"] for name, cookie in response.cookies.items()} in (
                {},
                {"csrftoken": "/review/"},
            )


def test_an_error_of_ours_keeps_the_link_as_close(link, monkeypatch):
    monkeypatch.setattr("portal.pages.reviews.filled", None)
    response = Client(raise_request_exception=False).get(link)
    assert (response.status_code, response["Cache-Control"]) == (500, "no-store, private")


def test_forms_are_protected_and_set_no_other_cookie(link, text):
    client = Client(enforce_csrf_checks=True)
    assert approve(client, link, text).status_code == 403
    response = client.get(link)
    assert set(response.cookies) == {"csrftoken"}
    token = response.context["csrf_token"]
    sent = client.post(
        link, {"say": "approve", "seen": text.digest(), "name": "Dana Test", "csrfmiddlewaretoken": str(token)}
    )
    assert sent.status_code == 302 and set(sent.cookies) <= {"csrftoken"}


def test_no_log_line_holds_a_link(link, caplog):
    with caplog.at_level(logging.WARNING):
        Client().put(link)
    assert [record.getMessage() for record in caplog.records] == ["Method Not Allowed (PUT): /review/…/"]


def test_machines_are_asked_to_stay_away(client):
    assert "Disallow: /review/" in client.get("/robots.txt").content.decode()


# What opens nothing ---------------------------------------------------------------------------


def closed(client: Client, link: str, status: int) -> None:
    for address in (link, f"{link}page/"):
        response = client.get(address)
        page = response.content.decode()
        assert response.status_code == status, address
        assert "This link no longer works" in page and "ask the person who sent you the link" in page
        assert NEWER not in page and "Dana" not in page and "new question" not in page
        assert not response.cookies
    for said in ("comment", "approve", "changes"):
        words = {"say": said, "text": "late", "name": "late", "because": "late", "seen": "x"}
        response = client.post(link, words)
        assert response.status_code == status
        assert ("What you wrote just now" in response.content.decode()) == (status == 410)
    assert not Comment.objects.exists()


@pytest.mark.parametrize("place", [0, 5, 31, 33, 50, -2])
def test_an_altered_link_opens_nothing(client, link, place):
    token = link.split("/")[2]
    other = "A" if token[place] != "A" else "B"
    letters = list(token)
    letters[place] = other
    closed(client, f"/review/{''.join(letters)}/", 404)


def test_who_knows_the_database_but_not_the_secret_key_cannot_make_a_link(client, doctor):
    for forged in (doctor.key, signing.Signer(key="guess", sep=".", salt=Invitation.SIGNER.salt).sign(doctor.key)):
        closed(client, f"/review/{forged}/", 404)
    closed(client, f"/review/{signing.Signer(sep='.', salt='another use').sign(doctor.key)}/", 404)


def test_an_expired_link_opens_nothing(client, link, doctor):
    Invitation.objects.update(created_at=timezone.now() - 3 * DAY, expires_at=timezone.now() - DAY)
    closed(client, link, 410)


def test_a_revoked_link_opens_nothing(client, link, doctor, reviewer):
    actions.revoke(doctor, by=reviewer)
    closed(client, link, 410)
    with pytest.raises(actions.Refused, match="already revoked this link"):
        actions.revoke(doctor, by=reviewer)


def test_a_link_opens_nothing_once_the_text_is_published(client, link, text, reviewer):
    actions.publish(text, by=reviewer)
    closed(client, link, 410)


def test_a_link_does_not_open_the_next_draft_of_the_same_page(client, link, text, reviewer, editor):
    actions.publish(text, by=reviewer)
    draft = actions.start_draft(text.page, by=editor)
    actions.save_draft(draft, by=editor, in_short=SECRET)
    assert SECRET not in client.get(link).content.decode()


def test_a_link_opens_no_word_of_another_draft(client, editor, reviewer):
    """Pages of every kind have secret drafts; each link shows the words of its own edition and of no other."""
    drafts = [
        [secret_text(page, by=editor) for page in model.objects.filter(editions__isnull=False).distinct()[:3]]
        for model in PAGE_MODELS
    ]
    for edition, *_others in drafts:
        own = {part.name: "<p>Quite harmless.</p>" for part in edition.parts}
        actions.save_draft(edition, by=edition.created_by, change_note="", **own)
        guest = actions.invite(edition, by=reviewer, name="Dana Test", until=timezone.now() + DAY)
        for address in (guest.get_absolute_url(), f"{guest.get_absolute_url()}page/"):
            response = client.get(address)
            assert response.status_code == 200, address
            assert SECRET not in response.content.decode(), (edition, address)
            assert "Quite harmless." in response.content.decode(), (edition, address)


# What a guest says ------------------------------------------------------------------------------


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


# What an approval is worth -------------------------------------------------------------------------


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


# Two people ------------------------------------------------------------------------------------------


def test_an_author_can_neither_invite_nor_publish_through_a_guest(text, editor, desk, client, administrator):
    actions.save_draft(text, by=administrator, in_short="The administrator wrote this.")
    for author in (editor, administrator):
        with pytest.raises(actions.Refused, match="another person must invite"):
            actions.invite(text, by=author, name="Myself", professional=True, until=timezone.now() + DAY)
    assert (
        desk(editor).post(DESK.format(text.page_id), {"do": "invite", "name": "Myself", "days": 3}).status_code == 403
    )
    page = desk(administrator).post(DESK.format(text.page_id), {"do": "invite", "name": "Myself", "days": 3})
    assert "another person must invite" in page.content.decode()
    assert not Invitation.objects.exists()


def test_a_link_publishes_returns_and_edits_nothing(client, link, text):
    for sent in ("_publish", "_submit", "_return", "publish", "schedule", "resolve", "invite"):
        client.post(link, {"say": sent, "do": sent, sent: "1", "in_short": "Mine.", "seen": text.digest()})
    approve(client, link, text)
    text.refresh_from_db()
    assert (text.status, text.words["in_short"]) == (Status.IN_REVIEW, NEWER)
    assert client.get("/admin/").status_code == 302


def test_an_approval_does_not_count_when_its_inviter_became_an_author(client, link, text, reviewer, administrator):
    actions.save_draft(text, by=reviewer, in_short="The reviewer wrote this.")
    approve(client, link, text)
    actions.publish(text, by=administrator)
    assert text.reviewed_as == ""
    assert "Rosa, who sent the link, helped write this text" in text.judgements()[0].void


@pytest.mark.parametrize("who", ["editor", "reviewer"])
def test_signed_in_staff_do_not_speak_as_the_guest(who, request, desk, link, text, doctor):
    staff = desk(request.getfixturevalue(who))
    assert "You are signed in as staff" in staff.get(link).content.decode()
    assert approve(staff, link, text).status_code == 403
    doctor.refresh_from_db()
    assert doctor.opened_at is None and not Judgement.objects.exists()


@pytest.mark.parametrize(
    ("who", "sees", "comments", "invites"),
    [
        ("editor", 200, True, False),
        ("reviewer", 200, True, True),
        ("data_editor", 200, False, False),
        ("administrator", 200, True, True),
    ],
)
def test_each_role_does_what_it_may(who, sees, comments, invites, request, desk, text, client):
    staff, address = desk(request.getfixturevalue(who)), DESK.format(text.page_id)
    assert staff.get(address).status_code == sees
    assert staff.post(address, {"do": "comment", "text": "Mine."}).status_code == (302 if comments else 403)
    sent = staff.post(address, {"do": "invite", "name": "Dana", "days": 14})
    assert sent.status_code == (302 if invites else 403)
    page = staff.get(address).content.decode()
    assert ("/review/" in page.split("Invited reviewers</h2>")[1]) == invites
    assert client.get(address).status_code == 302


def test_staff_without_a_role_see_no_comment(desk, django_user_model, text):
    nobody = django_user_model.objects.create_user("nobody", password="x", is_staff=True)
    assert desk(nobody).get(DESK.format(text.page_id)).status_code == 403
    assert desk(nobody).get("/review/x/").status_code == 404


def test_an_editor_sees_who_is_invited_but_not_the_link(desk, editor, reviewer, text, link):
    page = desk(editor).get(DESK.format(text.page_id)).content.decode()
    assert "Dana Test, medical professional: open" in page and link not in page
    assert link in desk(reviewer).get(DESK.format(text.page_id)).content.decode()


def test_an_invitation_has_a_name_and_an_end_within_ninety_days(desk, reviewer, text):
    address = DESK.format(text.page_id)
    for wrong in (
        {"name": " ", "days": 14},
        {"name": "Dana", "days": 0},
        {"name": "Dana", "days": 91},
        {"name": "Dana"},
    ):
        page = desk(reviewer).post(address, {"do": "invite", **wrong})
        assert page.status_code == 200 and "errorlist" in page.content.decode()
    with pytest.raises(actions.Refused, match="90 days at most"):
        actions.invite(text, by=reviewer, name="Dana", until=timezone.now() + 91 * DAY)
    with pytest.raises(actions.Refused, match="90 days at most"):
        actions.invite(text, by=reviewer, name="Dana", until=timezone.now())
    assert not Invitation.objects.exists()
    for _ in range(2):  # a second click
        desk(reviewer).post(address, {"do": "invite", "name": "Dana", "days": 90})
    assert Invitation.objects.get().is_open


def test_the_list_of_guests_tells_how_each_link_stands(client, link, text, doctor, reviewer):
    def state() -> str:
        return Invitation.objects.with_use().get().state

    assert state() == "open"
    approve(client, link, text)
    assert state() == "used"
    Invitation.objects.update(created_at=timezone.now() - 3 * DAY, expires_at=timezone.now() - DAY)
    assert state() == "expired"
    actions.revoke(doctor, by=reviewer)
    assert state() == "revoked"


# Comments of staff --------------------------------------------------------------------------------------


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
