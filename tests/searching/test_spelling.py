"""The search: what is put right, and what is no misspelling of ours."""

import pytest

from portal.publishing.search import words
from portal.publishing.search.finding import find

from .asking import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(15)]


def test_a_correction_is_said_and_what_was_typed_can_be_searched_for(client):
    page = client.get("/search/", {"q": "pembrolizomab"}).content.decode()
    assert "Showing results for <strong>pembrolizumab</strong>" in page and "q=pembrolizomab&amp;exactly=1" in page
    exactly = client.get("/search/", {"q": "pembrolizomab", "exactly": "1"}).content.decode()
    assert "Showing results for" not in exactly and "We didn’t find anything" in exactly
    assert find("how much does it cost").instead == "", "an English word is no misspelling of ours"


@pytest.mark.parametrize(("typed", "no"), [("nasal cancer", "anal"), ("mhc", "mcc"), ("mrc", "mcc"), ("hpc", "hcc")])
def test_a_short_word_is_not_taken_for_another(typed, no):
    assert no not in find(typed).instead.split()


def test_what_is_a_letter_away_from_a_name_is_no_symbol_of_its_own_if_it_is_long():
    assert addresses("cludin 18.2 positive")[0] == "/biomarkers/cldn18-2/"
    assert addresses("nrg1 gene fusoin")[0] == "/biomarkers/nrg1-fusion/"
    assert find("PDGFRA mutation").symbol == "PDGFRA" and find("fgfr positive").symbol == "fgfr"


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
