"""What every public page keeps to: it answers, carries no cookie and no third party, and asks few queries."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from portal.pages.checks import a_contact_is_named
from portal.pages.models import SiteSettings
from portal.publishing import actions, rooms

from .public import (
    EXAMPLES,
    FACTS,
    FEEDS,
    FILES,
    FIXED,
    LISTS,
    Shape,
    addresses,
    facts,
    names,
    visit,
    what_is_asked_for,
)

pytestmark = pytest.mark.django_db


def test_every_public_address_is_known_to_these_tests():
    models = [kind.model for kind in rooms.page_kinds() if kind.has_address]
    declared = [model.objects.first() or model(slug="any") for model in models]
    pages = {resolve(page.get_absolute_url()).view_name for page in declared}
    search = {"search", "suggest", "opensearch"}  # tests/searching
    for_guests = {"review", "review-page"}  # tests/reviewing/test_guest_links.py
    facts = {f"therapies:{kind}{of}" for kind in ("use", "event") for of in ("", "-citation")}  # test_fact_pages.py
    for_machines = {"markdown", "therapies:card", "therapies:oembed"}  # test_plain.py, test_cards.py
    data = {f"data-{name}" for name in ("package", "digests", "file", "whole", "change-file")}  # test_data.py
    api = {f"api:{name}" for name in ("tables", "openapi", "rows", "row", "nothing")}  # test_api.py
    others = {"picture", "security", *search, *for_guests, *facts, *for_machines, *data, *api}
    assert names() == {*FIXED, *pages, *FEEDS, *others}


@pytest.mark.sampled(8)
@pytest.mark.parametrize("address", [*LISTS, *EXAMPLES, *FACTS])
def test_a_page_of_each_kind_keeps_to_the_rules(client, address):
    """All the others are visited in tests/test_secrets.py."""
    client.get("/about/")  # a process reads the glossary once after each change: tests/test_glossary.py
    _, faults = visit(client, address)
    assert faults == []


def test_what_a_page_reads_of_its_query_is_declared_beside_its_address(client):
    """The page cache drops anything else, so on a server the view would never see it. Other tests ask Django itself."""
    of_kinds = [kind.model.objects.published().named().first() for kind in rooms.page_kinds() if kind.has_address]
    undeclared = {}
    for address in {*LISTS, *EXAMPLES, *FACTS, *(page.get_absolute_url() for page in of_kinds if page)}:
        with what_is_asked_for() as asked:
            client.get(address)
        name = resolve(address).view_name
        if found := asked - {*rooms.parameters().get(name, ())}:
            undeclared[name] = found
    assert undeclared == {}


@pytest.mark.sampled(8)
@pytest.mark.parametrize("address", [*LISTS, *EXAMPLES, *FACTS, "/nothing-here/"])
def test_a_page_has_one_heading_first_no_repeated_id_and_loads_nothing_from_elsewhere(client, address):
    shape = Shape(client.get(address).content.decode())
    assert shape.headings.count(1) == 1
    assert all(
        b - a <= 1
        for a, b in zip(
            shape.headings[shape.headings.index(1) :], shape.headings[shape.headings.index(1) + 1 :], strict=False
        )
    )
    assert len(shape.ids) == len(set(shape.ids))
    ours = (url.removeprefix("http://testserver") for url in shape.loaded)
    assert all(re.match("/(?!/)", url) for url in ours)


@pytest.mark.slow
@pytest.mark.parametrize(
    "address", ["/", "/therapies/", "/cancers/", "/approvals/", "/therapies/therapy-0/", "/cancers/cancer/"]
)
def test_the_number_of_queries_does_not_grow_with_the_rows(
    bare, catalogue_of, address, django_assert_num_queries, client
):
    catalogue_of(1)
    with CaptureQueriesContext(connection) as one:
        assert client.get(address).status_code == 200
    catalogue_of(6)
    with django_assert_num_queries(len(one)):
        assert client.get(address).status_code == 200


@pytest.mark.sampled(8)
@pytest.mark.parametrize("address", [*LISTS, *EXAMPLES, *FACTS])
def test_every_page_closes_with_taking_part_and_the_disclaimer(client, address):
    page = client.get(address).content.decode()
    assert 'class="take"' in page and "Make a donation" in page and "clinicaltrials.gov" in page
    assert "is not medical advice" in page


def test_every_page_closes_with_its_purpose_and_the_way_to_report_a_mistake(client, administrator, reviewer):
    site = SiteSettings.objects.get()
    foot = client.get("/faq/types/").content.decode().partition('class="site-foot"')[2]
    assert site.tagline in foot
    assert "Did you find a mistake? This site has not named a contact yet" in foot
    assert '<a href="/about/#mistakes">see what you can do</a>' in foot
    about = client.get("/about/").content.decode()
    assert 'id="mistakes"' in about and "This installation has not named a contact yet" in about
    change = actions.propose_change(site, {"contact": "mailto:site@example.org"}, by=administrator)
    assert "site@example.org" not in client.get("/faq/types/").content.decode()
    actions.confirm(change, by=reviewer)
    foot = client.get("/faq/types/").content.decode().partition('class="site-foot"')[2]
    assert 'Did you find a mistake? <a href="mailto:site@example.org">Write to us</a>' in foot
    assert "has not named a contact" not in client.get("/about/").content.decode()


def test_whoever_may_enter_a_contact_is_reminded_of_it(desk, administrator, editor):
    reminder = "because the site has no contact"
    assert reminder in desk(administrator).get("/admin/").content.decode()
    assert reminder not in desk(editor).get("/admin/").content.decode()
    assert [found.id for found in a_contact_is_named(None)] == ["pages.W001"]
    SiteSettings.objects.update(contact="mailto:site@example.org")
    assert a_contact_is_named(None) == []
    assert reminder not in desk(administrator).get("/admin/").content.decode()


@pytest.mark.parametrize("address", EXAMPLES)
def test_a_page_says_who_reviewed_it_and_names_its_sources(client, address):
    page = client.get(address).content.decode()
    assert "not yet been reviewed by a medical professional" in page
    assert 'id="sources"' in page


def test_a_withdrawn_use_stands_after_those_in_force(client):
    page = client.get("/therapies/nivolumab/").content.decode()
    assert page.index('id="uses"') < page.index('id="withdrawn"')
    before = page[: page.index('id="withdrawn"')]
    assert 'class="use off"' not in before


def test_a_style_sheet_is_served_without_its_comments(settings, tmp_path):
    source, settings.STATIC_ROOT = tmp_path / "source", tmp_path / "static"
    settings.STATICFILES_DIRS, settings.STATICFILES_FINDERS = (
        [source],
        ["django.contrib.staticfiles.finders.FileSystemFinder"],
    )
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "portal.serving.static_files.StaticFiles"}}
    source.mkdir()
    for words in ("why", "since when"):  # also where it was collected before
        (source / "site.css").write_text(f"/* {words} */ p {{ margin: 0 }} /* two\nlines */\n")
        call_command("collectstatic", interactive=False, verbosity=0)
    (served,) = settings.STATIC_ROOT.glob("site.*.css")
    assert served.read_text() == "p { margin: 0 } \n"
    assert "since when" in (source / "site.css").read_text()


def test_the_sitemap_names_every_page(client):
    listed = set(re.findall(r"<loc>http://testserver([^<]*)</loc>", client.get("/sitemap.xml").content.decode()))
    assert listed == {*addresses(), *facts()} - {reverse(name) for name in FILES}


def test_a_phone_finds_the_name_and_the_icons_of_the_portal(client):
    manifest = client.get("/site.webmanifest").json()
    assert manifest["name"] and all(finders.find(icon["src"].removeprefix("/static/")) for icon in manifest["icons"])
