"""The glossary: which words of a text link to it, and that what it says follows what is published."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from immune.models import Component
from portal.pages.glossary import Entry, Glossary
from portal.pages.models import SiteSettings, Term, forms_of
from portal.publishing import actions, prose
from portal.publishing.models import Edition, Status

from .public import EXAMPLES

pytestmark = pytest.mark.sampled(15)


def entry(name: str, *also: str, further: str = "") -> Entry:
    slug = name.lower().replace(" ", "-")
    return Entry(slug, f"/glossary/{slug}/", name, "", f"What {name} means.", (name, *also), further)


def linked(html: str, *entries: Entry, here: str = "/") -> list[tuple[str, str]]:
    """The words of a text that link, each with the slug of its term."""
    text, _ = Glossary(entries).link(html, here)
    return [(words, slug) for slug, words in re.findall(r'href="/glossary/([^/]+)/"[^>]*>([^<]+)</a>', text)]


ANTIBODY, T_CELL = entry("antibody"), entry("T cell", "T lymphocyte")
CAR_T, NK = entry("CAR T cell", "CAR T-cell therapy"), entry("natural killer cell", "NK cell")


# Which words link


def test_the_first_use_in_a_text_links_and_no_later_one():
    text = "<p>An antibody meets an antibody.</p><ul><li><p>Antibody</p></li></ul>"
    assert linked(text, ANTIBODY) == [("antibody", "antibody")]


def test_another_name_of_a_term_counts_as_the_same_term():
    assert linked("<p>A T lymphocyte is a T cell.</p>", T_CELL) == [("T lymphocyte", "t-cell")]


def test_nothing_links_inside_a_link_or_a_heading():
    text = '<h2>Antibody</h2><p><a href="/x/">an <strong>antibody</strong></a> and <em>one antibody</em></p>'
    html, _ = Glossary([ANTIBODY]).link(text, "/")
    assert html.startswith(
        '<h2>Antibody</h2><p><a href="/x/">an <strong>antibody</strong></a> and <em>one <a class="term"'
    )


@pytest.mark.parametrize("here", ["/glossary/antibody/", "/immune/antibodies/"])
def test_nothing_links_on_the_terms_own_page_or_on_the_page_that_tells_more(here):
    term = entry("antibody", further="/immune/antibodies/")
    assert linked("<p>An antibody</p>", term, here=here) == []
    assert linked("<p>An antibody</p>", term, here="/faq/types/") == [("antibody", "antibody")]


def test_of_two_terms_that_begin_alike_the_longer_one_links():
    assert linked("<p>CAR T-cell therapy, then a T cell</p>", T_CELL, CAR_T) == [
        ("CAR T-cell therapy", "car-t-cell"),
        ("T cell", "t-cell"),
    ]


def test_a_longer_term_that_has_linked_already_hides_no_shorter_one_in_itself():
    assert linked("<p>A CAR T cell. A CAR T cell.</p>", T_CELL, CAR_T) == [("CAR T cell", "car-t-cell")]


@pytest.mark.parametrize(
    "text", ["antibodylike", "nanoantibody", "anti-antibody", "antibody-like", "_antibody", "&antibody;"]
)
def test_only_whole_words_link(text):
    assert linked(f"<p>{text}</p>", ANTIBODY) == []


@pytest.mark.parametrize(
    "text", ["antibody", "Antibody", "ANTIBODY", "antibodies", "(antibody)", "“antibody”", "antibody’s"]
)
def test_an_ordinary_word_links_in_any_case_and_in_the_plural(text):
    assert [slug for _, slug in linked(f"<p>{text}</p>", ANTIBODY)] == ["antibody"]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("CAR T cells", True),
        ("a car t cell", False),
        ("The car T cell", False),
        ("NK cells", True),
        ("nk cells", False),
        ("Natural killer cells", True),
        ("T&nbsp;cells", False),
        ("CAR&nbsp;T cells", True),
        ("CAR\u00a0T cells", True),
        ("CAR-T cells", False),
    ],
)
def test_case_counts_in_abbreviations_and_spaces_need_not_break(text, links):
    assert bool(linked(f"<p>{text}</p>", CAR_T, NK)) is links


@pytest.mark.parametrize(
    ("name", "plural"),
    [("metastasis", "metastases"), ("virus", "viruses"), ("biopsy", "biopsies"), ("assay", "assays"), ("TIL", "TILs")],
)
def test_the_usual_plurals_are_found(name, plural):
    assert linked(f"<p>{plural}</p>", entry(name)) == [(plural, name.lower())]


def test_figures_attributes_and_entities_are_left_as_they_are():
    link = '<a href="https://x.example/?antibody" title="a > antibody">x</a>'
    text = f"<p>[[antibody: antibody]] &lt;b&gt; &amp; {link} antibody</p>"
    html, met = Glossary([ANTIBODY, entry("lt"), entry("amp")]).link(text, "/")
    assert met == (ANTIBODY,)
    assert html.replace(re.search(r'<a class="term".*?</button>', html)[0], "antibody") == text


def test_a_name_with_signs_of_html_or_of_patterns_does_no_harm():
    odd = entry('A "B" (c+)', "x < y")
    html, _ = Glossary([odd]).link("<p>x &lt; y and A (c</p>", "/")
    assert html == "<p>x &lt; y and A (c</p>"


def test_an_empty_glossary_changes_nothing():
    assert Glossary([]).link("<p>An antibody</p>", "/") == ("<p>An antibody</p>", ())


def test_only_rich_text_links(rf):
    from portal.publishing.templatetags import publishing

    figures = prose.Figures()
    assert "<a" not in publishing.short("An antibody", figures)
    assert "<a" not in prose.plain("<p>An antibody</p>", figures)


# What readers see


@pytest.fixture
def term(db: None) -> Term:
    return Term.objects.create(slug="zebra-cell")


ZEBRA = {"name": "zebra cell", "also": "ZC", "in_short": "A cell with stripes."}
PAGE = "/immune/spleen/"


@pytest.fixture
def spleen(published: Callable) -> Edition:
    from immune.models import Organ

    return published(Organ.objects.get(slug="spleen"), about="<p>A zebra cell, a zebra cell.</p>")


def test_a_term_links_from_the_request_after_it_is_published_until_the_one_after_it_is_unpublished(
    client, term, spleen, published, reviewer
):
    assert "zebra-cell" not in client.get(PAGE).content.decode()
    edition = published(term, **ZEBRA)
    page = client.get(PAGE).content.decode()
    assert page.count('href="/glossary/zebra-cell/"') == 2  # once in the text, once with its meaning
    assert page.count('id="term-zebra-cell"') == 1 and "A cell with stripes." in page
    published(term, in_short="A cell with spots.")
    page = client.get(PAGE).content.decode()
    assert "A cell with spots." in page and "A cell with stripes." not in page
    edition = term.editions.get(status=Status.PUBLISHED)
    actions.unpublish(edition, by=reviewer, because="It was out of date.")
    assert "zebra-cell" not in client.get(PAGE).content.decode()
    gone = client.get("/glossary/zebra-cell/")
    assert gone.status_code == 410 and "It was out of date." in gone.content.decode()


@pytest.mark.parametrize("typed", ["sjogren", "SJÖGREN", "Sjo\u0308gren"])
def test_a_term_is_found_whatever_accents_and_case_are_typed(client, term, published, typed):
    published(term, name="Sjögren syndrome", in_short="Dry eyes and a dry mouth.")
    assert "Dry eyes" in client.get("/glossary/", {"q": typed}).content.decode()


def test_a_term_that_is_not_linked_or_moved_follows_at_the_next_request(client, term, spleen, published):
    published(term, **ZEBRA)
    assert "/glossary/zebra-cell/" in client.get(PAGE).content.decode()
    Term.objects.filter(pk=term.pk).update(slug="striped-cell")
    page = client.get(PAGE).content.decode()
    assert "/glossary/striped-cell/" in page and "/glossary/zebra-cell/" not in page
    Term.objects.filter(pk=term.pk).update(linked=False)
    assert "striped-cell" not in client.get(PAGE).content.decode()
    assert "A cell with stripes." in client.get("/glossary/striped-cell/").content.decode()


def test_a_draft_of_a_term_neither_links_nor_shows(client, term, spleen, editor):
    actions.save_draft(actions.start_draft(term, by=editor), by=editor, **ZEBRA)
    for address in (PAGE, "/glossary/", "/glossary/?q=zebra", "/sitemap.xml"):
        assert "zebra-cell" not in client.get(address).content.decode()
    assert client.get("/glossary/zebra-cell/").status_code == 404


def test_a_preview_shows_a_term_that_does_not_link_to_itself(desk, term, editor):
    draft = actions.start_draft(term, by=editor)
    actions.save_draft(draft, by=editor, about="<p>A zebra cell.</p>", **ZEBRA)
    page = desk(editor).get(f"/admin/pages/term/{term.pk}/preview/{draft.pk}/").content.decode()
    assert "A cell with stripes." in page and 'class="term"' not in page


def test_a_change_of_the_glossary_costs_one_query_once(client, term, published):
    client.get(PAGE)
    with CaptureQueriesContext(connection) as before:
        client.get(PAGE)
    published(term, **ZEBRA)
    with CaptureQueriesContext(connection) as changed:
        client.get(PAGE)
    with CaptureQueriesContext(connection) as after:
        client.get(PAGE)
    assert (len(changed), len(after)) == (len(before) + 1, len(before))


def test_the_number_of_queries_does_not_grow_with_the_terms(bare, client, published, django_assert_num_queries):
    def make(number: int) -> None:
        for _ in range(number):
            page = Term.objects.create(slug=f"word-{Term.objects.count()}")
            published(page, name=f"{page.slug}", in_short="A word.", about="<p>word-0, word-1, word-2, word-3.</p>")

    SiteSettings.objects.create(pk=1, name="Portal", disclaimer="No advice.", facts_checked_to="2026-01-01")
    make(1)
    counted = []
    for address in ("/glossary/", "/glossary/word-0/"):
        client.get(address)
        with CaptureQueriesContext(connection) as one:
            assert client.get(address).status_code == 200
        counted.append((address, len(one)))
    make(6)
    assert 'href="/glossary/word-3/"' in client.get("/glossary/word-0/").content.decode()
    for address, number in counted:
        with django_assert_num_queries(number):
            client.get(address)


def test_a_portal_without_take_part_links_knows_its_words(bare, client, published):
    SiteSettings.objects.create(pk=1, name="Portal", disclaimer="No advice.", facts_checked_to="2026-01-01")
    published(Term.objects.create(slug="word"), name="word", in_short="A word.")
    published(Term.objects.create(slug="other"), name="other", in_short="Not it.", about="<p>Another word.</p>")
    assert 'class="term"' in client.get("/glossary/other/").content.decode()


@pytest.mark.sampled(4)
@pytest.mark.parametrize("address", ["/", "/about/", *EXAMPLES])
def test_each_mark_opens_the_meaning_of_its_word_and_each_meaning_stands_once(client, db, address):
    page = client.get(address).content.decode()
    marks = re.findall(r'class="means" popovertarget="([^"]+)"', page)
    meanings = re.findall(r'class="meaning" id="([^"]+)"', page)
    assert sorted(set(marks)) == sorted(meanings)
    assert f'class="term" href="{address}"' not in page
    for text in re.findall(r'<div class="prose[^"]*">(.*?)</div>', page, flags=re.S):
        links = re.findall(r'class="term" href="([^"]+)"', text)
        assert len(links) == len(set(links))


def test_a_word_is_one_stop_for_the_tab_key_and_its_meaning_leads_to_its_page(client, db):
    page = client.get("/faq/side-effects/").content.decode()
    word = r'<a class="term" href="([^"]+)" (tabindex="-1")?[^>]*>[^<]*</a><button [^>]*class="means"'
    linked = re.findall(word, page)
    assert len(linked) > 5 and all(skipped for _, skipped in linked)
    for address, _ in linked:
        assert f'<p class="inline"><a href="{address}">More' in page


# The glossary itself


def found(client, asked: str) -> list[str]:
    page = client.get("/glossary/", {"q": asked}).content.decode()
    return re.findall(r'<h3><a href="/glossary/([^/]+)/">', page)


def test_the_list_goes_from_a_to_z_and_each_letter_opens_by_itself_and_names_its_first_and_last_word(client, db):
    page = client.get("/glossary/").content.decode()
    names = re.findall(r'<h3><a href="/glossary/[^"]+">([^<]+)</a>', page)
    assert len(names) == Term.objects.published().count() >= 90
    assert names == sorted(names, key=str.casefold)
    letters = re.findall(
        r'<details class="fold letter prints"><summary>(.*?)</summary>\s*<ul id="letter-(.)">', page, re.S
    )
    assert [letter for _, letter in letters] == sorted({name[0].lower() for name in names})
    for summary, letter in letters:
        own = [name.casefold() for name in names if name[0].lower() == letter]
        told = re.sub(r"<h2>.*?</h2>|<[^>]*>", "", summary).strip().casefold()
        assert told == (f"{own[0]} to {own[-1]}" if len(own) > 1 else own[0])


def test_what_was_searched_for_stands_open(client, db):
    page = client.get("/glossary/", {"q": "cell"}).content.decode()
    assert page.count('class="fold letter prints" open>') == page.count('class="fold letter prints"') > 3


@pytest.mark.parametrize(
    ("asked", "slug"),
    [("cart", "car-t-cell"), ("PD1", "pd-1"), ("GVHD", "graft-versus-host-disease"), ("steroid", "corticosteroid")],
)
def test_a_word_is_found_by_part_of_any_of_its_names_however_it_is_written(client, db, asked, slug):
    assert slug in found(client, asked)


def test_a_search_without_an_answer_says_so_and_leads_on(client, db):
    page = client.get("/glossary/?q=zzzz").content.decode()
    assert "No words match “zzzz”" in page and 'href="/therapies/"' in page
    assert found(client, "zzzz") == []


def test_a_search_is_shown_as_it_was_typed_and_as_text(client, db):
    page = client.get("/glossary/", {"q": "<b>x"}).content.decode()
    assert "<b>x" not in page and "&lt;b&gt;x" in page


def test_a_term_tells_how_to_say_it_its_other_names_and_where_it_is_written(client, db):
    page = client.get("/glossary/cytokine-release-syndrome/").content.decode()
    assert "SY-toh-kyn" in page and "CRS" in page
    assert '"@type":"DefinedTerm"' in page and 'href="/glossary/"' in page
    assert "not yet been reviewed by a medical professional" in page and "popDefinition" in page


def add(client, **words: str):
    page = client.get("/admin/pages/term/add/").content.decode()
    data = dict(re.findall(r'name="(editions-[A-Z_]+)" value="(\d*)"', page)) | {
        "linked": "on",
        "slug": "",
        "_submit": "1",
    }
    data |= {f"editions-0-{name}": value for name, value in {"about": "", "say": "", **ZEBRA, **words}.items()}
    return client.post("/admin/pages/term/add/", data)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"name": "Antibody"}, "“Antibody” already leads to the term “antibody”."),
        ({"also": "ZC\nMSI-high"}, "“MSI-high” already leads to the term “MSI-H”."),
        ({"also": "Z"}, "“Z” is a single letter"),
    ],
)
def test_a_word_that_another_term_claims_is_refused_and_what_was_typed_stays(desk, editor, words, said):
    response = add(desk(editor), **words)
    page = response.content.decode()
    assert response.status_code == 200 and said in page and "A cell with stripes." in page
    assert not Term.objects.filter(slug="zebra-cell").exists()


def test_an_editor_adds_a_term_and_its_address_follows_from_its_name(desk, editor):
    assert add(desk(editor)).status_code == 302
    edition = Edition.objects.of_kind(Term).get(page__slug="zebra-cell")
    assert edition.status == Status.IN_REVIEW
    assert forms_of(edition.words["name"], edition.words["also"]) == ["zebra cell", "ZC"]


def test_two_terms_do_not_claim_the_same_word(db):
    claimed: dict[str, str] = {}
    for term in Term.objects.published():
        for form in term.forms:
            assert claimed.setdefault(form.casefold(), term.slug) == term.slug, form


def test_every_component_of_the_immune_system_that_has_a_term_is_told_more_of_there(db):
    further = {term.live.words["onward_address"] for term in Term.objects.published()}
    assert {page.get_absolute_url() for page in Component.objects.published()} <= further
