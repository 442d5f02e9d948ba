"""The search: what people type finds the page that they mean, and nobody keeps what they typed."""

import datetime
import random
import string
import tomllib
from pathlib import Path

import pytest
from django.conf import settings as ours
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from hypothesis import given, settings
from hypothesis import strategies as st

from faq.models import Question
from portal.pages.models import Section
from portal.publishing import actions, rooms
from portal.publishing.models import SearchEntry, SearchMiss
from portal.publishing.search import indexing, misses, words
from portal.publishing.search.finding import find
from portal.publishing.search.suggesting import suggest
from therapies.fact_kinds import SEARCHED, FactKind
from therapies.models import Biomarker, Cancer, Therapy, TherapyFact

from .conftest import ANSWER
from .public import PAGE_MODELS

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(15)]
ASKED = tomllib.loads(Path(__file__).with_name("search_queries.toml").read_text())
FIRST = 3


def addresses(typed: str, **how: bool) -> list[str]:
    return [match.entry.address for match in find(typed, **how).matches]


def therapy_names() -> list[tuple[str, str, str]]:
    """Kind, name and address, for every name that a fact gives a published therapy."""
    pages = {page.pk: page.get_absolute_url() for page in Therapy.objects.published()}
    facts = TherapyFact.objects.filter(kind__in=SEARCHED, therapy__in=pages).values_list("kind", "value", "therapy")
    found = [(kind, one.strip(), pages[key]) for kind, value, key in facts for one in value.split(";")]
    return found + [("name", page.name, pages[page.pk]) for page in Therapy.objects.published()]


def test_what_people_type_finds_the_page_they_mean_among_the_first_three():
    wrong = {typed: addresses(typed)[:FIRST] for typed, page in ASKED.items() if page not in addresses(typed)[:FIRST]}
    assert wrong == {}


def test_every_name_of_a_therapy_leads_to_its_page_first():
    owners: dict[str, set[str]] = {}
    for _, name, address in therapy_names():
        owners.setdefault(words.key(name), set()).add(address)
    names = [name for _, name, _ in therapy_names()]
    assert {name: addresses(name)[:2] for name in names if addresses(name)[0] not in owners[words.key(name)]} == {}


def test_every_name_of_a_cancer_and_of_a_test_result_leads_to_its_page_first():
    pages = [*Biomarker.objects.published(), *Cancer.objects.published()]
    owners: dict[str, set[str]] = {}
    for page in pages:
        for name in page.names:
            owners.setdefault(words.key(name), set()).add(page.get_absolute_url())
    names = [name for page in pages for name in page.names]
    assert {name: addresses(name)[:2] for name in names if addresses(name)[0] not in owners[words.key(name)]} == {}


def edited(name: str, chance: random.Random) -> str:
    """The name with one letter more, less, or another, or two in the place of each other."""
    place, letter = chance.randrange(len(name)), chance.choice(string.ascii_lowercase)
    return chance.choice(
        [
            name[:place] + name[place + 1 :],
            name[:place] + letter + name[place:],
            name[:place] + letter + name[place + 1 :],
            name[:place] + name[place + 1 : place + 2] + name[place] + name[place + 2 :],
        ]
    )


def test_a_brand_or_generic_name_with_one_edit_is_found_among_the_first_three():
    chance = random.Random(13)  # noqa: S311 - the same edits each time
    names = [(name, address) for kind, name, address in therapy_names() if kind in ("name", FactKind.BRAND)]
    tried = [(edited(name, chance), address) for name, address in names for _ in range(3)]
    missed = [(typed, address) for typed, address in tried if address not in addresses(typed)[:FIRST]]
    print(f"{len(tried) - len(missed)} of {len(tried)} edited names found; missed: {missed}")
    assert len(missed) <= 0.05 * len(tried)


def test_a_correction_is_said_and_what_was_typed_can_be_searched_for(client):
    page = client.get("/search/", {"q": "pembrolizomab"}).content.decode()
    assert "Showing results for <strong>pembrolizumab</strong>" in page and "q=pembrolizomab&amp;exactly=1" in page
    exactly = client.get("/search/", {"q": "pembrolizomab", "exactly": "1"}).content.decode()
    assert "Showing results for" not in exactly and "We didn’t find anything" in exactly
    assert find("how much does it cost").instead == "", "an English word is no misspelling of ours"


def test_whoever_asks_for_another_kind_of_drug_is_told_what_this_site_covers(client):
    assert "this site covers immunotherapies only" in client.get("/search/?q=tagrisso").content.decode()
    assert "this site covers immunotherapies only" not in client.get("/search/?q=alcohol").content.decode()


def test_it_says_which_name_matched_and_marks_words(client):
    page = client.get("/search/", {"q": "keytruda"}).content.decode()
    assert "Brand name: Keytruda" in page and "<mark>Keytruda</mark>" in page
    assert "Other name: bowel cancer" in client.get("/search/", {"q": "bowel cancer"}).content.decode()


def test_kinds_are_counted_and_one_of_them_can_be_asked_for_page_by_page(client):
    everything = client.get("/search/", {"q": "t cells"})
    counts = {slug: number for slug, _, number, _ in everything.context["filters"]}
    assert counts["therapies"] > 20 and sum(counts.values()) == len(everything.context["found"].matches)
    second = client.get("/search/", {"q": "t cells", "kind": "therapies", "page": "2"})
    assert second.context["page_of"].number == 2 and 'rel="prev"' in second.content.decode()
    assert {result.kind for result in second.context["of_kind"]} == {"Therapy"}


@pytest.mark.parametrize("typed", ["xqzvw", "!!!", "zzzz yyyy xxxx", "the", "pembrollll xqz"])
def test_where_nothing_is_found_there_are_three_ways_on(client, typed):
    page = client.get("/search/", {"q": typed}).content.decode()
    ways = page[page.index('class="search-ways"') :]
    assert all(way in ways for way in ('href="/cancers/"', 'href="/biomarkers/"', 'href="/faq/"', "cancer team"))


@pytest.mark.parametrize(
    "typed",
    [
        *("testicular cancer", "penile cancer", "small intestine cancer", "small bowel tumor"),
        *("thymoma", "thymoma treatment", "GIST", "carcinoid", "adenoid cystic carcinoma", "myelodysplastic syndrome"),
        "cancer of unknown primary",
    ],
)
def test_a_cancer_without_a_page_is_not_answered_with_others(client, typed):
    page = client.get("/search/", {"q": typed}).content.decode()
    assert f"We don’t have a page about “{typed}”" in page and 'id="found-best"' not in page
    assert all(way in page for way in ('href="/cancers/solid-tumors/"', 'href="/cancers/"', 'href="/trials/"'))


@pytest.mark.parametrize("said", ["{} cancer", "cancer of the {}", "tumor in the {}", "{} tumour", "{} carcinoma"])
@pytest.mark.parametrize(
    ("part", "page"),
    [
        *(("pancreas", "pancreatic"), ("ovary", "ovarian"), ("rectum", "colorectal"), ("uterus", "endometrial")),
        *(("vagina", "vaginal"), ("liver", "liver"), ("lung", "lung"), ("stomach", "stomach"), ("cervix", "cervical")),
        *((one, "head-and-neck") for one in ("mouth", "tongue", "lip", "jaw", "larynx", "parotid")),
    ],
)
def test_a_cancer_is_found_by_the_part_of_the_body_however_that_is_said(said, part, page):
    found = find(said.format(part))
    assert found.matches[0].entry.address == f"/cancers/{page}-cancer/" and not found.says_what_is_missing


def test_a_sign_that_names_a_part_of_the_body_is_no_cancer_of_it():
    assert addresses("stomach pain")[0] == "/faq/side-effects/"
    assert addresses("mouth tumor")[0] == addresses("nose cancer")[0] == "/cancers/head-and-neck-cancer/"
    assert find("testis cancer").kindless and find("testis cancer").instead == ""


@pytest.mark.parametrize(
    ("typed", "kept"), [("thyroid cancer", "/glossary/thyroid-gland/"), ("bone cancer", "/cancers/")]
)
def test_what_a_cancer_lies_in_leads_only_to_pages_about_that(typed, kept):
    assert all(address.startswith(kept) for address in addresses(typed)[:2])


def test_of_a_cancer_without_a_page_those_are_found_that_mention_it_and_no_other_is_meant():
    assert addresses("retinoblastoma") == ["/cancers/eye-cancer/"] and find("retinoblastoma").kindless
    assert addresses("glioma")[0] == "/cancers/brain-cancer/" and addresses("liposarcoma")[0] == "/cancers/sarcoma/"
    assert find("carcinoid").instead == find("gist tumor").instead == "" and find("tymoma").instead == "thymoma"


@pytest.mark.parametrize(("typed", "no"), [("nasal cancer", "anal"), ("mhc", "mcc"), ("mrc", "mcc"), ("hpc", "hcc")])
def test_a_short_word_is_not_taken_for_another(typed, no):
    assert no not in find(typed).instead.split()


def test_what_is_a_letter_away_from_a_name_is_no_symbol_of_its_own_if_it_is_long():
    assert addresses("cludin 18.2 positive")[0] == "/biomarkers/cldn18-2/"
    assert addresses("nrg1 gene fusoin")[0] == "/biomarkers/nrg1-fusion/"
    assert find("PDGFRA mutation").symbol == "PDGFRA" and find("fgfr positive").symbol == "fgfr"


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("heart inflammation", "myocarditis"),
        ("inflamed liver", "hepatitis"),
        ("inflammation of the lungs", "pneumonitis"),
    ],
)
def test_what_lies_inflamed_leads_to_the_word_for_it(typed, slug):
    assert addresses(typed)[0] == f"/glossary/{slug}/"


def test_a_word_that_no_page_has_is_said(client):
    assert (
        "We have no page about “Hypereosinophilic”."
        in client.get("/search/", {"q": "Hypereosinophilic syndrome"}).content.decode()
    )
    with_others = client.get("/search/", {"q": "quagga keytruda"}).content.decode()
    assert "We have no page about “quagga”. These pages are about your other words." in with_others
    assert find("hypereosinophilic syndrome").matches == [] and addresses("quagga keytruda") == [
        "/therapies/pembrolizumab/"
    ]
    assert "Best match" not in with_others and "This page may still help" in with_others
    assert addresses("quagga during chemo") == ["/glossary/chemotherapy/"], "which the question names"


@pytest.mark.parametrize("typed", ["how much does it cost", "does insurance pay for car-t", "seguro médico"])
def test_what_the_site_does_not_tell_is_said(client, typed):
    page = client.get("/search/", {"q": typed}).content.decode()
    assert "We don’t have a page about what a treatment costs, or what insurance pays." in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("can i drink alcohol during treatment", "drinking alcohol during treatment. Ask your cancer team"),
        ("alchohol", "drinking alcohol during treatment"),
        ("insurence", "what insurance pays"),
        ("can i go swimming", "exercise during treatment"),
        ("keytruda while pregnant", "pregnancy, birth control, or having children later. The page of your therapy"),
        ("when can I go back to work", "working during treatment"),
        ("how do i tell my kids", "telling your family or other people that you have cancer. Your hospital’s social"),
        ("i'm so scared", "coping with fear, sadness, or stress. Tell your cancer team how you feel. Call or text 988"),
        ("food", "food, vitamins, or supplements during treatment"),
    ],
)
def test_whom_to_ask_is_said_of_what_the_site_does_not_tell_and_there_are_ways_on(client, typed, told):
    page = client.get("/search/", {"q": typed}).content.decode()
    assert "We don’t have a page about " in page and told in page and "We have no page about" not in page
    ways = page[page.index('class="search-ways"') :]
    assert all(way in ways for way in ('href="/cancers/"', 'href="/trials/"', 'href="/biomarkers/"', 'href="/faq/"'))


@pytest.mark.parametrize("typed", [*rooms.untold()])
def test_pages_that_only_mention_what_the_site_does_not_tell_are_no_answer_to_it(typed, client):
    """Whoever asks about alcohol is shown no cancer that it can cause."""
    found = find(typed)
    assert found.untold and {match.entry.address for match in found.matches} <= {*found.untold.see}
    assert "Best match" not in client.get("/search/", {"q": typed}).content.decode()


@pytest.mark.parametrize("typed", ["am i dying", "life expectancy", "how long does my dad have to live"])
def test_who_asks_how_long_is_told_whom_to_ask_and_what_a_prognosis_is(client, typed):
    page = client.get("/search/", {"q": typed}).content.decode()
    assert "We don’t have a page about how long any one person will live. Your cancer team knows your case" in page
    assert addresses(typed) == ["/glossary/prognosis/"] and "This page may still help" in page
    assert addresses("will i die from melanoma") == ["/glossary/prognosis/", "/cancers/melanoma/"]


@pytest.mark.parametrize("typed", ["i want to die", "dont want to die", "i'm so depressed i want to die", "suicide"])
def test_who_wants_to_die_is_led_to_the_page_with_the_number_to_call(typed):
    assert addresses(typed)[0] == "/faq/side-effects/"


@pytest.mark.parametrize(
    "typed", ["should i go to er with fever 101", "when do i go to the ER", "what is an emergency"]
)
def test_who_asks_about_the_emergency_room_is_led_to_when_to_go_there(typed):
    assert addresses(typed)[0] == "/faq/side-effects/"
    assert addresses("er positive")[0] == "/biomarkers/hr-positive/"


def test_beside_what_the_site_does_not_tell_only_what_the_question_tells_is_found():
    assert addresses("vitamin d and keytruda")[:1] == ["/therapies/pembrolizumab/"]
    assert addresses("alcohol and liver cancer") == ["/cancers/liver-cancer/", "/cancers/"]
    assert {"/cancers/lung-cancer/", "/cancers/small-cell-lung-cancer/"} <= {*addresses("cost of lung treatments")}
    assert addresses("depressed after diagnosis") == addresses("swimming with a port") == []


def test_what_a_question_names_beside_is_found_and_common_words_find_nothing_alone():
    assert addresses("keytruda while pregnant") == ["/therapies/pembrolizumab/"]
    assert addresses("can i drink alcohol during treatment") == []


def test_once_a_page_tells_it_the_page_is_found_and_nothing_else_is_said(question, published):
    assert find("alcohol during immunotherapy").untold
    published(question, **{**ANSWER, "question": "May I drink alcohol?"})
    assert find("alcohol during immunotherapy").untold is None
    assert addresses("alcohol during immunotherapy")[0] == question.get_absolute_url()


def test_a_number_is_no_misspelling_of_another():
    assert find("1 800 5 cancer").instead == "" and addresses("1-800-4-CANCER")[0] == "/trials/"


@pytest.mark.parametrize("typed", ["los otros efectivos", "zapato seguridad", "efector zyxwvut"])
def test_where_most_words_are_of_another_language_none_is_corrected(typed):
    assert find(typed).instead == ""


def test_what_only_rhymes_is_not_meant():
    assert [entry.address for entry in find("thymulin").nearest] == ["/immune/thymus/"]


@pytest.mark.parametrize("typed", ["parking at the hospital", "can i get a tattoo"])
def test_what_people_ask_with_is_not_offered_as_a_name(typed):
    assert find(typed).nearest == []


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("sideeffectsofkeytruda", "side effects of keytruda"),
        ("breastcancer triplenegative", ""),
        ("multiplemyelomacart", "multiple myeloma car t"),
        ("key trueda infusion", "keytruda infusion"),
        ("my dad is on op divoo", "my dad is on opdivo"),
        ("bleen sito", "blincyto"),
        ("qwertyuiopasdfgh", ""),
    ],
)
def test_blanks_may_be_missing_or_too_many(typed, instead):
    assert find(typed).instead == instead


@pytest.mark.parametrize(
    ("phone", "plain"),
    [
        ("what’s keytruda", "whats keytruda"),
        ("can't breathe on opdivo", "cant breathe on opdivo"),
        ("Hodgkin’s", "hodgkins"),
        ("it doesn’t work", "it doesnt work"),
    ],
)
def test_an_apostrophe_makes_no_other_words(phone, plain):
    assert words.tokens(phone) == words.tokens(plain) and addresses(phone) == addresses(plain) != []
    assert "/cancers/peripheral-t-cell-lymphoma/" not in addresses(phone)


@pytest.mark.parametrize("typed", ["cancer of the kidney", "cáncer de riñón", "cáncer del riñón inmunoterapia"])
def test_a_name_may_be_said_the_other_way_round(typed):
    assert addresses(typed)[0] == "/cancers/kidney-cancer/"


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("cáncer de seno", "breast-cancer"),
        ("cáncer de páncreas", "pancreatic-cancer"),
        ("cáncer de cuello uterino", "cervical-cancer"),
        ("leucemia linfoblástica aguda", "acute-lymphoblastic-leukemia"),
    ],
)
def test_cancers_are_found_in_spanish(typed, slug):
    assert addresses(typed)[0] == f"/cancers/{slug}/" and not find(typed).instead


@pytest.mark.parametrize("typed", ["melanoma\u202e", "\u2066melanoma\u2069", "melanoma\x00"])
def test_signs_that_nobody_sees_are_not_shown_again(client, typed):
    page = client.get("/search/", {"q": typed}).content.decode()
    assert not {"\x00", "\u202e", "\u2066", "\u2069"} & set(page) and 'value="melanoma"' in page


OPERATORS = ('"', "'", "a AND b", "NEAR(a b)", "a* OR (", "col:x", "^a", "-a", "a & | !", "'; DROP TABLE x --", "%")
ODD = ("\u202eamuzilorbmep", "a\u200bb", "\ufeff", "x" * 200, "a " * 90, "\U0001d528ey", "病気", "é" * 150, "<script>")


@pytest.mark.parametrize("typed", OPERATORS + ODD)
def test_no_sign_is_an_operator_and_none_breaks_anything(client, typed):
    for address in ("/search/", "/search/suggest/"):
        assert client.get(address, {"q": typed}).status_code == 200
    assert client.get("/search/", {"q": typed, "exactly": "1"}).status_code == 200


@pytest.mark.parametrize(
    "query", [{"q": "x" * 5000}, {"q": "word " * 200}, {"q": "a\x00b"}, {"q": "t", "page": "0"}, {"q": "", "page": "x"}]
)
def test_what_cannot_be_searched_for_is_said_in_words(client, query):
    answer = client.get("/search/", query)
    assert answer.status_code == 400 and 'class="error"' in answer.content.decode()
    assert client.get("/search/suggest/", {"q": query["q"]}).status_code == 200


@settings(max_examples=25)
@given(st.text(max_size=60))
def test_any_text_is_read(typed):
    assert all(word.isalnum() and word == word.lower() for word in words.tokens(typed))
    find(typed)
    suggest(typed)


def test_a_search_asks_the_database_four_times_at_most(client):
    find("warm")
    for typed in ("keytruda", "keytruda side effects", "immunoterapy", "how long does it last"):
        with CaptureQueriesContext(connection) as asked:
            find(typed)
        assert len(asked) <= 2, typed
        with CaptureQueriesContext(connection) as asked:
            client.get("/search/", {"q": typed})
        assert len(asked) <= 4, "two for finding, one for quoting, one for the frame of every page"
    with CaptureQueriesContext(connection) as asked:
        client.get("/search/suggest/", {"q": "pem"})
    assert len(asked) == 1


def test_suggestions_begin_with_what_is_typed_and_forgive_an_edit(client):
    found = client.get("/search/suggest/", {"q": "keyt"}).json()["found"]
    assert found[0] == {
        "title": "Pembrolizumab", "address": "/therapies/pembrolizumab/", "kind": "Therapy", "name": "Keytruda",
    }  # fmt: skip
    assert suggest("pembrolyz")[0].entry.address == "/therapies/pembrolizumab/"
    assert [suggest(typed)[0].entry.title for typed in ("ketru", "blader")] == ["pembrolizumab", "Bladder cancer"]
    assert all("leuk" in match.entry.title.lower() for match in suggest("leuk")[:6])
    assert suggest("bladder c")[0].entry.address == "/cancers/bladder-cancer/"
    assert suggest("k") == [] and len(suggest("ca")) == 8


def test_nobody_keeps_what_was_asked(client):
    for address in ("/search/?q=melanoma", "/search/suggest/?q=mel", "/search/?q=" + "x" * 300):
        headers = client.get(address).headers
        assert headers["Cache-Control"] == "no-store" and headers["X-Robots-Tag"] == "noindex"
        assert headers["Referrer-Policy"] == "no-referrer" and "Set-Cookie" not in headers
    assert '<meta name="robots" content="noindex">' in client.get("/search/?q=melanoma").content.decode()
    assert "?q={searchTerms}" in client.get("/opensearch.xml").content.decode()


# The index ---------------------------------------------------------------------------------


def test_the_verbs_write_the_index(question, published, reviewer):
    zebra = ANSWER | {"question": "Is a zebrafish new?"}
    edition = published(question, **zebra)
    assert addresses("zebrafish") == ["/faq/a-new-question/"]
    draft = actions.start_draft(question, by=reviewer)
    actions.save_draft(draft, by=reviewer, answer="<p>Quagga.</p>")
    assert addresses("quagga", exactly=True) == []
    actions.discard(draft, by=reviewer)
    actions.unpublish(edition, by=reviewer, because="It was out of date.")
    assert addresses("zebrafish", exactly=True) == [] and indexing.faults() == []


def test_a_page_keeps_its_title_beside_the_other_names_that_its_kind_declares(question, published, monkeypatch):
    kinds = [kind._replace(found_by=("slug",)) if kind.model is Question else kind for kind in rooms.page_kinds()]
    monkeypatch.setattr(rooms, "page_kinds", lambda: kinds)
    published(question, **ANSWER | {"question": "Is a zebrafish new?"})
    entry = SearchEntry.objects.get(page=question)
    assert entry.title == "Is a zebrafish new?"
    assert [name for _, name, *_ in entry.names][:2] == ["Is a zebrafish new?", "a-new-question"]


def test_a_confirmed_name_is_found_and_one_that_waits_is_not(pending, second_data_editor, source):
    therapy = Therapy.objects.get(slug="pembrolizumab")
    change = pending(TherapyFact, therapy=therapy, kind=FactKind.BRAND, value="Xyzzymab", source=source)
    assert addresses("xyzzymab", exactly=True) == [] and suggest("xyzzym") == []
    actions.confirm(change, by=second_data_editor)
    assert addresses("xyzzymab") == ["/therapies/pembrolizumab/"] and indexing.faults() == []


@pytest.mark.slow
def test_moved_pages_are_found_at_their_new_addresses(editor, administrator):
    """One of each kind. No page moves while another takes its address from it."""
    for model in PAGE_MODELS:
        if model is not Section:  # which is a part of a larger page
            pages = model.objects.published()
            page = pages.filter(slug="melanoma").first() or pages.first()
            actions.confirm(actions.move(page, f"moved-{page.slug}", by=editor).pending, by=administrator)
    assert addresses("melanoma")[0] == "/cancers/moved-melanoma/"
    assert indexing.faults() == []


def test_faults_are_told_and_mended():
    SearchEntry.objects.filter(address="/cancers/melanoma/").update(title="Other", heads="other")
    SearchEntry.objects.filter(address="/faq/types/").delete()
    SearchEntry.objects.create(address="/nowhere/", title="Nowhere", heads="nowhere")
    assert [fault.split()[0] for fault in indexing.faults()] == ["/nowhere/", "/faq/types/", "/cancers/melanoma/"]
    assert indexing.rebuild() == 3 and indexing.faults() == [] and indexing.rebuild() == 0
    assert addresses("nowhere", exactly=True) == []


def test_everything_that_readers_see_is_in_the_index():
    shown = {page.get_absolute_url() for page in Question.objects.published()}
    assert shown <= set(SearchEntry.objects.values_list("address", flat=True))


# Searches in vain ----------------------------------------------------------------------------


def ask_on(day: int, typed: str, client, monkeypatch) -> None:
    monkeypatch.setattr(misses.timezone, "localdate", lambda: datetime.date(2026, 11, day))
    client.get("/search/", {"q": typed})


def test_words_in_vain_can_be_read_from_the_third_day_on(client, monkeypatch):
    for day in (1, 1, 2):
        ask_on(day, "Flubber  quux", client, monkeypatch)
    assert not SearchMiss.objects.exclude(words="").exists() and misses.readable() == []
    ask_on(3, "the quux flubber", client, monkeypatch)
    assert [(row.words, row.days) for row in misses.readable()] == [("flubber quux", 3)]


@pytest.mark.parametrize("typed", ["mrn 12345678x", "zq zw zx zy zv zu", "keytruda", "z" * 61])
def test_what_may_be_of_one_person_or_was_found_is_not_counted(client, typed):
    client.get("/search/", {"q": typed})
    assert not SearchMiss.objects.exists()


def test_the_count_can_be_switched_off(client, settings):
    settings.COUNT_EMPTY_SEARCHES = False
    client.get("/search/", {"q": "flubber quux"})
    assert not SearchMiss.objects.exists()


def test_the_count_is_on_unless_somebody_says_otherwise():
    assert ours.COUNT_EMPTY_SEARCHES


@pytest.mark.parametrize(
    ("typed", "address", "words"),
    [
        ("compare keytruda opdivo", "/compare/?therapy=pembrolizumab&therapy=nivolumab", "pembrolizumab and nivolumab"),
        (
            "keytruda vs opdivo for lung cancer",
            "/compare/?therapy=pembrolizumab&therapy=nivolumab&cancer=lung-cancer",
            "",
        ),
        ("compare yervoy", "/compare/?therapy=ipilimumab", "Compare ipilimumab with another therapy"),
        ("trials for melanoma", "/trials/?cancer=melanoma", "Find clinical trials for melanoma"),
        ("trials for triple negative breast cancer", "/trials/?cancer=triple-negative-breast-cancer", ""),
        ("trial near boston for bladder cancer", "/trials/?cancer=bladder-cancer&place=Boston%2C+MA", "near Boston"),
        ("keytruda trials in MA", "/trials/?therapy=pembrolizumab&place=Massachusetts", "with pembrolizumab near"),
        ("trials near me for pancreatic cancer", "/trials/?cancer=pancreatic-cancer", ""),
        ("clinical trials 02115 melanoma", "/trials/?cancer=melanoma&place=02115", "near Boston"),
        ("trials in early melanoma", "/trials/?cancer=melanoma", ""),
        ("questions to ask about keytruda", "/my-visit/?therapy=pembrolizumab", "about pembrolizumab"),
    ],
)
def test_a_tool_that_is_asked_for_comes_first_and_filled_in(client, typed, address, words):
    first = find(typed).matches[0].entry
    assert first.address == address and words in first.title
    page = client.get("/search/", {"q": typed}).content.decode()
    assert f'href="{escape(address)}"' in page and "We have no page about" not in page
    assert client.get(address).status_code == 200


def test_a_tool_that_can_take_nothing_of_it_stands_behind_what_is_named():
    assert addresses("difference between pd-1 and pd-l1")[0] == "/biomarkers/pd-l1/"
    assert addresses("what questions to ask oncologist")[0] == "/my-visit/"
    assert addresses("compare")[0] == "/compare/"


@pytest.mark.parametrize("typed", ["FGFR3 mutation", "ALK positive", "PIK3CA mutation", "zzzt fusion"])
def test_a_test_result_without_a_page_is_said_and_no_other_is_meant(client, typed):
    found = find(typed)
    assert found.symbol == typed.split()[0] and not found.instead
    assert not [match for match in found.matches if match.entry.address.startswith("/biomarkers/")]
    page = client.get("/search/", {"q": typed}).content.decode()
    assert f"We have no page about “{found.symbol}” as a test result." in page and 'href="/biomarkers/"' in page


def test_pages_that_mention_such_a_result_are_shown_with_those_that_are_named():
    assert addresses("BRCA1 mutation") == addresses("BRCA mutation") == addresses("BRCA")
    assert "/cancers/breast-cancer/" in addresses("brca positive breast cancer")
    assert [one.address for one in find("BRCA mutation").nearest] == ["/biomarkers/"]  # not Orca-T
    assert [one.address for one in find("nras mutation").nearest] == ["/biomarkers/"]  # which a page mentions, not KRAS
    assert addresses("nras mutation")[0] == "/biomarkers/ras-wild-type/"
    assert next(one.address for one in find("kars mutation").nearest) == "/biomarkers/kras-g12c/"
    assert next(one.address for one in find("herr2 positive").nearest) == "/biomarkers/her2-positive/"


@pytest.mark.parametrize(
    "typed", ["HER2 mutation", "er positive", "scan negative", "keytruda positive", "gene therapy", "margins positive"]
)
def test_what_is_known_or_a_word_of_the_language_is_no_such_symbol(typed):
    assert find(typed).symbol == "" and find(typed).matches


def test_a_name_of_two_words_tells_what_somebody_asks_for():
    assert "/therapies/types/car-t-cell/" in addresses("is car t safe")[:3]
    assert "/immune/cd8-killer-t-cells/" in addresses("how do t cells kill cancer")[:3]
