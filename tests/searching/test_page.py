"""The page of the search and its suggestions: what they show, cost and keep, whatever is typed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.publishing.search import words
from portal.publishing.search.finding import find
from portal.publishing.search.suggesting import suggest

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(15)]


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
