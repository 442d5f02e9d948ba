"""A guest reads one open text through a link, without an account; it is told nowhere and opens nothing else."""

import logging

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from portal.publishing import actions
from portal.publishing.models import AuditEntry, Comment, Invitation

from ..public import PAGE_MODELS
from ..test_secrets import SECRET, secret_text
from .conftest import DAY, NEWER, approve

pytestmark = pytest.mark.slow


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
