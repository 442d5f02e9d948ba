"""``manage.py check_links``: what is asked, kept, and left alone. A server of this machine answers."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from portal.pages.link_checks import LinkClient, addresses, check
from portal.pages.models import CheckedLink, TakePartLink
from portal.publishing import fetching
from portal.publishing.fetching import Fault

from . import fda_server as far

pytestmark = pytest.mark.django_db
TRIALS = "https://clinicaltrials.gov/search"
PAGE = "https://elsewhere.example/page"


class LocalLinkClient(far.Local, LinkClient):
    pass


@pytest.fixture
def client(server):
    return LocalLinkClient(server)


def test_every_way_out_is_asked_once_and_what_works_is_told_with_its_day(server, client):
    TakePartLink.objects.create(kind="trial", label="Twice", address=TRIALS)
    for address in addresses():
        server.moods[address] = far.holding(b"x" * 1000, etag='"one"')
    assert "it works" in "".join(check(client))
    assert sorted(server.addresses()) == sorted(addresses()) and TRIALS in addresses()
    assert not CheckedLink.objects.filter(worked_at=None)
    assert set(CheckedLink.objects.values_list("etag", flat=True)) == {'"one"'}
    list(check(client))  # nothing is new, which is as well
    assert server.asked[-1][1]["If-None-Match"] == '"one"' and not CheckedLink.objects.exclude(trouble="")


def test_what_failed_is_told_and_left_alone_longer_each_time(server, client):
    before = list(TakePartLink.objects.values())
    list(check(client))  # there is nothing anywhere
    link = CheckedLink.objects.get(address=TRIALS)
    assert link.trouble == "There is no page at this address (404)." and link.worked_at is None
    asked = len(server.asked)
    assert all("left alone" in line for line in check(client)) and len(server.asked) == asked
    CheckedLink.objects.update(not_before=timezone.now() - datetime.timedelta(seconds=1))
    list(check(client))
    link.refresh_from_db()
    assert link.failures == 2 and link.not_before - link.asked_at == 2 * fetching.FIRST_REST
    assert list(TakePartLink.objects.values()) == before  # a person says that a link was checked


def test_a_large_page_works_without_being_read(server, client):
    server.moods[PAGE] = lambda question: question.give(b"", Content_Length=str(60 << 20))
    assert client.get(PAGE).status == 200


@pytest.mark.parametrize(
    "address",
    [
        "http://elsewhere.example/",
        "https://elsewhere.example:8443/",
        "https://a@elsewhere.example/",
        "https://localhost/",
        "https://[::1]/",
        "file:///etc/passwd",
    ],
)
def test_neither_a_link_nor_a_redirect_leads_off_public_https(server, client, address):
    server.moods[PAGE] = far.moved_to(address)
    for asked in (address, PAGE):
        with pytest.raises(Fault, match="isn’t a public https address"):
            client.get(asked)
    assert server.addresses() == [PAGE]


def test_the_command_asks_nobody_without_saying_who_asks(settings):
    settings.FDA_WATCH_CONTACT = ""
    with pytest.raises(CommandError, match="--contact"):
        call_command("check_links")


def test_editors_see_in_the_list_what_came(server, client, desk, administrator):
    list(check(client))
    page = desk(administrator).get("/admin/pages/takepartlink/").content.decode()
    assert "There is no page at this address (404)." in page


def test_readers_and_staff_are_told_what_did_not_answer(server, client, desk, administrator, data_editor):
    reader = Client()
    assert "No program has checked yet" in reader.get("/about/freshness/").content.decode()
    for address in addresses():
        server.moods[address] = far.holding(b"x")
    list(check(client))
    assert "All of them answered." in reader.get("/about/freshness/").content.decode()
    ours = TakePartLink.objects.in_force().filter(address__startswith="https://").first()
    CheckedLink.objects.filter(address__in=(TRIALS, ours.address)).update(trouble="There is no page (404).")
    page = reader.get("/about/freshness/").content.decode()
    assert "2 did not answer as they should" in page and page.count("There is no page (404).") == 2
    assert f'href="{TRIALS}"' in page
    page = desk(administrator).get("/admin/").content.decode()
    assert "Links that do not answer" in page and f"/admin/pages/takepartlink/{ours.pk}/change/" in page
    assert "Links that do not answer" not in desk(data_editor).get("/admin/").content.decode()
