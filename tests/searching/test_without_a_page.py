"""The search: what no page tells is said, nothing else is meant, and there are ways on."""

import pytest

from portal.publishing import rooms
from portal.publishing.search.finding import find

from ..conftest import ANSWER
from .asking import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(15)]


def test_whoever_asks_for_another_kind_of_drug_is_told_what_this_site_covers(client):
    assert "this site covers immunotherapies only" in client.get("/search/?q=tagrisso").content.decode()
    assert "this site covers immunotherapies only" not in client.get("/search/?q=alcohol").content.decode()


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


@pytest.mark.parametrize(
    ("typed", "kept"), [("thyroid cancer", "/glossary/thyroid-gland/"), ("bone cancer", "/cancers/")]
)
def test_what_a_cancer_lies_in_leads_only_to_pages_about_that(typed, kept):
    assert all(address.startswith(kept) for address in addresses(typed)[:2])


def test_of_a_cancer_without_a_page_those_are_found_that_mention_it_and_no_other_is_meant():
    assert addresses("retinoblastoma") == ["/cancers/eye-cancer/"] and find("retinoblastoma").kindless
    assert addresses("glioma")[0] == "/cancers/brain-cancer/" and addresses("liposarcoma")[0] == "/cancers/sarcoma/"
    assert find("carcinoid").instead == find("gist tumor").instead == "" and find("tymoma").instead == "thymoma"


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
