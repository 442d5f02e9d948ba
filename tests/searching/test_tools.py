"""The search: a tool that somebody asks for comes first, filled in."""

import pytest
from django.utils.html import escape

from portal.publishing.search.finding import find

from .asking import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(15)]


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
