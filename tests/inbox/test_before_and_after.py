"""Public pages as they are, and as a change would make them, for staff alone."""

import re

import pytest

from portal.pages.models import SiteSettings
from portal.publishing import actions, as_if
from portal.publishing.models import AuditEntry, Change
from therapies.models import ApprovalEvent, Therapy, TherapyClass, TherapyFact

from .conftest import INBOX, MARCH_1, confirm, state

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_screen_itself_shows_what_changes_on_the_pages_before_and_after(sam, change, address):
    page = sam.get(address)
    therapy, cancer = page.context["altered"]
    assert (therapy.address, cancer.address) == ("/therapies/pembrolizumab/", "/cancers/neuroblastoma/")
    assert any("Approved uses" in one.place and "After everything else" in one.after for one in therapy.passages)
    assert not any("After everything else" in one.before for one in therapy.passages)
    text = page.content.decode()
    assert "<dt>Before</dt>" in text and "<dt>After</dt>" in text and "<ins>" in text
    frames = re.findall(r'<iframe loading="lazy" src="([^"]+)" title="([^"]+)"', text)
    assert [src.endswith("after=1") for src, _ in frames] == [False, True, False, True]
    assert len({title for _, title in frames}) == 4, "each frame has a name of its own"
    assert state(change) == "pending" and not AuditEntry.objects.filter(verb="confirmed").exists()


def test_only_the_pages_that_are_shown_to_staff_may_stand_in_a_frame(sam, client, address):
    for at in (address, INBOX, "/desk/", "/admin/"):
        answer = sam.get(at)
        assert answer["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    for at in ("/", "/therapies/pembrolizumab/"):
        assert client.get(at)["X-Frame-Options"] == "DENY"


def test_an_address_that_moves_is_told_in_words(desk, administrator, reviewer):
    olaratumab = Therapy.objects.get(slug="olaratumab")
    change = actions.propose_change(olaratumab, {"slug": "olara"}, by=administrator)
    page = desk(reviewer).get(change.get_absolute_url()).content.decode()
    assert "Readers find nothing at this address now." in page and "or are led to another address" in page


def test_what_no_page_shows_says_so(sam, data_editor, source):
    unseen = Therapy.objects.create(slug="newmab", name="Newmab", therapy_class=TherapyClass.objects.all()[0])
    told = {"therapy": unseen, "kind": "code", "value": "NM-1", "source": source}
    change = actions.propose_new(TherapyFact, told, by=data_editor)
    page = sam.get(change.get_absolute_url())
    assert page.context["altered"] == [] and "No public page shows it yet." in page.content.decode()


def test_public_pages_are_shown_before_and_after(sam, client, change, address):
    at = "/therapies/pembrolizumab/"
    both = sam.get(f"{address}pages/?at={at}").content.decode()
    frames = [frame.replace("&amp;", "&") for frame in re.findall(r'<iframe src="([^"]+)"', both)]
    before, after = (sam.get(frame) for frame in frames)
    assert as_if.BEFORE in before.content.decode() and "After everything else" not in before.content.decode()
    assert as_if.AFTER in after.content.decode() and "After everything else" in after.content.decode()
    for shown in (before, after):
        assert "no-store" in shown["Cache-Control"] and shown["X-Frame-Options"] == "SAMEORIGIN"
        assert shown["X-Robots-Tag"] == "noindex"
    assert "After everything else" not in client.get(at).content.decode()
    assert state(change) == "pending" and AuditEntry.objects.filter(verb="confirmed").count() == 0


@pytest.mark.parametrize(
    ("given", "at", "words"),
    [({"name": "A name of tomorrow"}, "/", "A name of tomorrow"), ({"disclaimer": "Ask."}, "/faq/", "Ask.")],
)
def test_every_kind_of_change_is_shown_before_and_after(desk, reviewer, administrator, client, given, at, words):
    change = actions.propose_change(SiteSettings.objects.get(), given, by=administrator)
    frame = f"{change.get_absolute_url()}page/?at={at}"
    staff = desk(reviewer)
    assert words in staff.get(f"{frame}&after=1").content.decode()
    assert words not in staff.get(frame).content.decode() and words not in client.get(at).content.decode()


@pytest.mark.parametrize("at", ["/admin/", "/desk/inbox/", "/account/login/", "/nothing/here/", "https://fda.gov/", ""])
def test_what_is_no_public_page_is_not_shown(sam, address, at):
    for screen in ("pages", "page"):
        assert sam.get(f"{address}{screen}/?at={at}").status_code == 404


@pytest.mark.slow
def test_an_answered_change_has_no_page_after_it(sam, change, address):
    confirm(sam, address)
    assert 'title="After' not in sam.get(f"{address}pages/?at=/approvals/").content.decode()
    shown = sam.get(f"{address}page/?at=/approvals/&after=1").content.decode()
    assert as_if.AFTER not in shown


def test_what_cannot_be_confirmed_has_no_page_after_it(sam, use, source, pending):
    end = pending(ApprovalEvent, indication=use, kind="approval", date=MARCH_1, source=source)
    Change.objects.filter(pk=end.pk).update(after=end.after | {"date": "2999-01-01"})
    answer = sam.get(f"{end.get_absolute_url()}page/?at=/approvals/&after=1")
    assert answer.status_code == 409 and "has not come yet" in answer.content.decode()


def test_only_staff_see_pages_as_they_will_be(client, address):
    for path in (INBOX, address, f"{address}pages/?at=/", f"{address}page/?at=/&after=1"):
        assert client.get(path).status_code == 302 and client.get(path).url.startswith("/admin/login/")
