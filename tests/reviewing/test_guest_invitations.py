"""Who may invite a guest and see the link, and that no author publishes through one."""

import pytest
from django.utils import timezone

from portal.publishing import actions
from portal.publishing.models import Invitation, Judgement, Status

from .conftest import DAY, DESK, NEWER, approve

pytestmark = pytest.mark.slow


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
