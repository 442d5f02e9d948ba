"""What every public page keeps to: it answers, carries no cookie and no third party, and asks few queries."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, resolve, reverse
from django.utils.html import escape

from faq.models import Question
from portal.pages.checks import a_contact_is_named
from portal.pages.models import SiteSettings, TakePartLink
from portal.publishing import actions, links, rooms
from therapies.figures import TherapyNumbers

from .conftest import ANSWER
from .public import EXAMPLES, FACTS, FEEDS, FILES, FIXED, addresses, facts, names, visit, what_is_asked_for

pytestmark = pytest.mark.django_db
LISTS = [reverse(name) for name in FIXED if name not in FILES]


def test_every_public_address_is_known_to_these_tests():
    models = [kind.model for kind in rooms.page_kinds() if kind.has_address]
    declared = [model.objects.first() or model(slug="any") for model in models]
    pages = {resolve(page.get_absolute_url()).view_name for page in declared}
    search = {"search", "suggest", "opensearch"}  # tests/test_search.py
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


class Shape(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.loaded: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in found:
            self.ids.append(found["id"])
        loads = tag in ("img", "iframe", "link", "source") or (tag == "script" and "src" in found)
        if loads and found.get("rel") != "canonical":
            self.loaded.append(found.get("src") or found.get("href") or "")


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


def test_the_home_page_shows_the_numbers_that_follow_from_the_facts(client):
    page = client.get("/").content.decode()
    figures = TherapyNumbers()
    for number in (
        figures.approved_therapies(),
        figures.approved_cancers(),
        figures.approved_uses(),
        figures.withdrawn_uses(),
    ):
        assert f'<b class="figure">{number}</b>' in page


def test_the_home_page_mirrors_every_section_of_the_reference_page(client):
    page = client.get("/").content.decode()
    for anchor in ("what-it-is", "questions", "immune-system", "impact", "taking-part"):
        assert f'id="{anchor}"' in page and f'href="#{anchor}"' in page
    assert page.count("<summary>") == 14  # twelve questions, the changes, and how to cite
    assert page.count('class="card"') == 8
    assert len(re.findall('class="organ" href="[^"]+" tabindex="-1"', page)) == 5  # the list beside says the same
    assert "Back to top" in page and "mailto:" in page


def test_the_home_page_asks_for_one_thing_at_its_end_and_invites_to_share_it_before_and_after(client):
    page = client.get("/").content.decode()
    donate = escape(TakePartLink.objects.get(kind="donate").address)
    assert re.findall('<a class="button call" href="([^"]*)"', page) == [donate]
    assert page.count(donate) == 1
    shares = [found.start() for found in re.finditer("data-share ", page)]
    assert len(shares) == 2
    assert shares[0] < page.index("<h1>") < page.index('id="impact"') < shares[1] < page.index('id="taking-part"')
    assert page.index('id="taking-part"') < page.index(donate)


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


@pytest.mark.sampled(12)
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/therapies/nothing/", 404),
        ("/cancers/nothing/", 404),
        ("/biomarkers/nothing/", 404),
        ("/faq/nothing/", 404),
        ("/immune/nothing/", 404),
        ("/glossary/nothing/", 404),
        ("/glossary/?q=nothing", 200),
        ("/glossary/?q=", 200),
        ("/glossary/?q=" + "x" * 10_000, 400),
        ("/glossary/?q=%00", 400),
        ("/therapies/types/nothing/", 404),
        ("/faq/?question=nothing", 404),
        ("/therapies/?on=2999-01-01", 400),
        ("/therapies/?on=1899-12-31", 400),
        ("/therapies/?on=yesterday", 400),
        ("/therapies/?on=2019-02-30", 400),
        ("/approvals/?on=2999-01-01", 400),
        ("/approvals/?on=-1", 400),
        ("/therapies/?cancer=nothing", 400),
        ("/therapies/?year=9999", 400),
        ("/therapies/?sort=worst", 400),
        ("/therapies/?q=" + "x" * 10_000, 400),
        ("/therapies/?q=%00", 400),
        ("/approvals/?on=1900-01-01", 200),
        ("/approvals/?cancer=nothing", 400),
        ("/approvals/?kind=%00", 400),
        ("/approvals/?family=cancer-vaccine&kind=withdrawn", 200),
        ("/feeds/approvals.txt", 404),
        ("/feeds/cancers/nothing.atom", 404),
        ("/feeds/therapies/nothing.json", 404),
        ("/therapies/?on=1950-01-01", 200),
        ("/therapies/?unknown=1", 200),
        ("/faq/%F0%9F%98%80/", 404),
    ],
)
def test_bad_input_gets_a_helpful_page_and_never_an_error(client, address, status):
    response = client.get(address)
    assert response.status_code == status
    page = response.content.decode()
    assert "<h1>" in page and 'href="/therapies/"' in page
    if status == 400:
        assert "There is a problem" in page and 'href="#id_' in page


def test_an_address_without_a_page_is_not_kept_since_one_may_come(client):
    assert client.get("/faq/nothing/")["Cache-Control"] == "no-store"


def test_the_page_of_an_error_of_ours_needs_no_list_of_static_files(settings, tmp_path, rf):
    settings.STATIC_ROOT = tmp_path  # nothing was collected
    manifest = {"BACKEND": "portal.serving.static_files.StaticFiles"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": manifest}
    response = get_resolver().resolve_error_handler(500)(rf.get("/"))
    assert response.status_code == 500 and "The error is on our side" in response.content.decode()
    (style,) = Shape(response.content.decode()).loaded
    assert finders.find(style.removeprefix(f"/{settings.STATIC_URL.strip('/')}/"))


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


def test_an_error_of_ours_shows_a_page_that_needs_no_database(monkeypatch):
    monkeypatch.setattr("portal.pages.views.Section.objects", None)
    response = Client(raise_request_exception=False).get("/about/")
    assert response.status_code == 500
    assert "The error is on our side" in response.content.decode()


def test_the_sitemap_names_every_page(client):
    listed = set(re.findall(r"<loc>http://testserver([^<]*)</loc>", client.get("/sitemap.xml").content.decode()))
    assert listed == {*addresses(), *facts()} - {reverse(name) for name in FILES}


def test_each_topic_of_the_questions_stands_once(client):
    topics = re.findall(r"<h2>([^<]+)</h2><div>", client.get("/faq/").content.decode())
    assert len(topics) > 3 and len(topics) == len(set(topics))


def test_the_home_page_holds_every_answer_whole(client):
    page = client.get("/").content.decode()
    folds = page.split('<details class="fold answer-fold">')[1:]
    questions = list(Question.objects.published())
    assert len(folds) == len(questions) == 12
    for question, fold in zip(questions, folds, strict=True):
        short, whole = (len(re.sub(r"<[^>]+>", "", question.live.words[part])) for part in ("in_short", "answer"))
        assert len(re.sub(r"<[^>]+>", "", fold)) > 0.95 * (short + whole), (
            question.slug
        )  # a code is longer than its figure


@pytest.mark.parametrize(
    ("door", "page"),
    [
        ("/cancers/?cancer=melanoma", "/cancers/melanoma/"),
        ("/biomarkers/?result=pd-l1", "/biomarkers/pd-l1/"),
        ("/faq/?question=types", "/faq/types/"),
        ("/therapies/?q=Keytruda&go=1", "/therapies/pembrolizumab/"),
    ],
)
def test_a_door_of_the_home_page_leads_to_the_page_itself(client, door, page):
    assert client.get(door).headers["Location"] == page


@pytest.mark.parametrize("door", ["/cancers/?cancer=", "/cancers/?cancer=nothing", "/biomarkers/?result=x"])
def test_a_door_at_which_nothing_was_chosen_shows_the_list(client, door):
    assert client.get(door).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("address", [*LISTS, *EXAMPLES, *FACTS])
def test_what_other_sites_show_of_a_page_is_its_own_title_and_a_picture_that_exists(client, address):
    page = client.get(address).content.decode()
    title = re.search(r"<title>(.*) · .*</title>", page)[1]
    assert f'<meta property="og:title" content="{title}">' in page
    picture = re.search(r'property="og:image" content="http://testserver/static/([^"]+)"', page)[1]
    assert finders.find(picture)


@pytest.mark.parametrize("address", ["/therapies/", "/approvals/"])
def test_a_list_of_a_past_day_says_the_day_in_its_title_heading_address_and_citation(client, address):
    page = client.get(f"{address}?on=2019-02-28").content.decode()
    day = "February 28, 2019"
    assert day in re.search("<title>(.*)</title>", page)[1]
    assert day in re.search("<h1>(.*)</h1>", page)[1]
    assert f'<link rel="canonical" href="http://testserver{address}?on=2019-02-28">' in page
    assert day in page[page.index('class="citations"') :]


@pytest.mark.parametrize(
    ("query", "title", "described"),
    [
        ("therapies/?cancer=bladder-cancer", "Therapies for bladder cancer", "approved for bladder cancer"),
        ("therapies/?q=mab", "Therapies with “mab” in a name", "with “mab” in a name"),
        ("therapies/?family=cancer-vaccine", "Therapies of the type “cancer vaccines”", "type “cancer vaccines”"),
        ("approvals/?cancer=melanoma", "Approvals for melanoma", "decisions for melanoma"),
        ("approvals/?month=12&year=2018", "Approvals in December 2018", "decisions in December 2018"),
    ],
)
def test_a_filtered_list_has_a_title_a_description_and_an_address_of_its_own(client, query, title, described):
    """So that it is shared, printed, cited, and found as the list that somebody saw."""
    page = client.get(f"/{query}&sort=" if query.startswith("therapies") else f"/{query}").content.decode()
    address = f"http://testserver/{query}".replace("&", "&amp;")
    assert f"<title>{title} · " in page and re.search(f"<h1>(<span[^>]*>)?{title}<", page)
    assert described in re.search('<meta name="description" content="([^"]*)"', page)[1]
    assert f'<link rel="canonical" href="{address}">' in page
    assert f'<meta property="og:url" content="{address}">' in page
    assert quote(address.replace("&amp;", "&"), safe="") in page[page.index("data-share") :].partition("</a>")[0]
    cited = page[page.index('class="citations"') :]
    assert title.partition(" ")[2] in cited and cited.count(f"{address}</dd>") == 3


def test_a_list_in_another_order_is_the_same_list_to_share(client):
    assert (
        '<link rel="canonical" href="http://testserver/therapies/">'
        in client.get("/therapies/?sort=newest&q=&cancer=").content.decode()
    )


@pytest.mark.slow
def test_no_two_lists_have_the_same_description(client):
    pages = [client.get(address).content.decode() for address in LISTS]
    described = [re.search('<meta name="description" content="([^"]*)"', page)[1] for page in pages]
    assert len(set(described)) == len(described) and all(described)


@pytest.mark.parametrize("address", ["/", "/faq/types/"])
def test_a_title_that_asks_is_cited_without_a_second_stop(client, address):
    cited = client.get(address).content.decode().partition('class="citations"')[2].partition("</dl>")[0]
    assert "?" in cited and not re.search(r"\?(?:</cite>)?[.;]", cited)


def test_a_list_is_cited_as_of_the_last_day_for_which_facts_were_checked(client):
    """Not as of today: of a decision since that day it may not know yet."""
    page = client.get("/therapies/").content.decode()
    cited = re.sub("<[^>]*>", "", page.partition('class="citations"')[2].partition("</dl>")[0])
    checked = f"{SiteSettings.objects.get().facts_checked_to:%B %-d, %Y}"
    assert cited.count(f"Immunotherapies approved by FDA, as of {checked}") == 3


@pytest.mark.parametrize(
    ("link", "leaves"),
    [
        ('<a href="https://www.fda.gov/drugs">FDA</a>', True),
        ('<a class="more" href="http://clinicaltrials.gov/search?cond=a&amp;b">Trials of <b>it</b></a>', True),
        ('<a href="https://portal.example.evil.org/">not ours</a>', True),
        ('<a href="https://portal.example/cancers/">by its full address</a>', False),
        ('<a href="/faq/types/">types</a>', False),
        ('<a href="#sources" target="_self">sources</a>', False),
        ('<a href="mailto:?body=https://portal.example/">share</a>', False),
    ],
)
def test_a_link_to_another_site_says_so(link, leaves):
    page = links.signposted(f"<p>{link}</p><p>{link}</p>", "portal.example")
    assert page.count(f"{links.SIGN}</a>") == 2 * leaves
    assert page.replace(links.SIGN, "") == f"<p>{link}</p><p>{link}</p>"


def test_a_link_that_an_editor_writes_into_a_text_says_where_it_leads(client, question, published):
    text = '<p>See <a href="https://www.cancer.gov/">the institute</a> and <a href="/cancers/">all cancers</a>.</p>'
    published(question, **ANSWER | {"answer": text})
    page = client.get(question.get_absolute_url()).content.decode()
    assert f"the institute{links.SIGN}</a>" in page and ">all cancers</a>" in page


def test_a_sign_that_the_style_sheet_draws_is_not_spoken():
    style = Path(finders.find("site.css")).read_text().partition("@layer print {")[0]
    assert re.findall(r'content: ("[^"]+");(?! content: \1 / "")', style) == []


def test_a_phone_finds_the_name_and_the_icons_of_the_portal(client):
    manifest = client.get("/site.webmanifest").json()
    assert manifest["name"] and all(finders.find(icon["src"].removeprefix("/static/")) for icon in manifest["icons"])


def test_a_number_to_call_stands_where_somebody_looks_for_a_way(client):
    """At the end of every page it would be one more stop for the Tab key."""
    with_it = [path for path in ("/take-part/", "/trials/", "/", "/cancers/melanoma/") if call_of(client, path)]
    assert with_it == ["/take-part/", "/trials/"]


def call_of(client, path):
    return "tel:1-800-422-6237" in client.get(path).content.decode()
