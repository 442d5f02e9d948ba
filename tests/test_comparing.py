"""Two or three therapies side by side: the facts of their pages in one table, and words for every odd choice."""

import re

import pytest

from portal.publishing.folding import by_name
from portal.serving import asked

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(6)]
BOTH = "/compare/?therapy=pembrolizumab&therapy=nivolumab"


def test_two_therapies_stand_in_a_table_with_headers(client, django_assert_max_num_queries):
    client.get("/compare/")
    with django_assert_max_num_queries(8):
        page = client.get(f"{BOTH}&cancer=melanoma").content.decode()
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page) == ["What", "Pembrolizumab", "Nivolumab"]
    assert page.count('scope="row"') == 9 and "<caption" in page
    assert "September 4, 2014" in page and "Keytruda" in page and "PD-1" in page
    assert '<option value="nivolumab" selected>' in page and '<option value="melanoma" selected>' in page
    assert "doesn’t say which is better" in page


def test_without_a_cancer_the_cancers_are_told_and_a_kind_counts_for_its_group(client):
    assert "Choose a cancer above" in client.get(BOTH).content.decode()
    page = client.get(
        "/compare/?therapy=pembrolizumab&therapy=enfortumab-vedotin&cancer=bladder-cancer"
    ).content.decode()
    assert "None for this cancer" not in page and "given with" in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("therapy=pembrolizumab", "Choose a second therapy"),
        ("therapy=pembrolizumab&therapy=pembrolizumab", "Choose a second therapy"),
        ("therapy=pembrolizumab&therapy=nothing", "We have no page for a therapy called “nothing.”"),
        ("therapy=%3Cb%3E", "called “&lt;b&gt;.”"),
        ("therapy=pembrolizumab&therapy=nivolumab&cancer=nothing", "for the cancer you chose"),
        ("therapy=pembrolizumab&therapy=nivolumab&therapy=avelumab&therapy=ipilimumab", "three therapies at most"),
    ],
)
def test_an_odd_choice_is_answered_in_words(client, query, words):
    response = client.get(f"/compare/?{query}")
    assert response.status_code == 200 and words in response.content.decode()


@pytest.mark.parametrize("address", ["/therapies/pembrolizumab/", "/therapies/", "/cancers/melanoma/"])
def test_lists_and_pages_lead_to_the_comparison(client, address):
    assert 'href="/compare/' in client.get(address).content.decode()


def test_a_cancer_is_chosen_in_the_first_step_and_kept(client):
    page = client.get("/compare/?cancer=melanoma").content.decode()
    assert '<option value="melanoma" selected>' in page and "You chose melanoma. Choose two therapies" in page
    assert 'href="/compare/?cancer=melanoma"' in client.get("/cancers/melanoma/").content.decode()
    page = client.get(f"{BOTH}&cancer=soft-tissue-sarcoma").content.decode()
    assert '<option value="soft-tissue-sarcoma" selected>' in page and page.count("None for this cancer") == 2


def test_one_way_into_the_body_has_one_wording(client):
    page = client.get("/compare/?therapy=pembrolizumab&therapy=trastuzumab&therapy=ipilimumab").content.decode()
    given = page.partition(">How it is given</th>")[2].partition("</tr>")[0]
    assert given.count("<p>Intravenous (into a vein)") == 3
    assert "Intravenous (into a vein)" in client.get("/therapies/ipilimumab/").content.decode()


@pytest.mark.parametrize("address", ["/", "/compare/", "/trials/", "/my-visit/", "/therapies/", "/approvals/"])
def test_names_are_sorted_without_regard_to_case_and_brands_stand_in_one_order(client, address):
    page = client.get(address).content.decode()
    selects = re.findall(r'<select[^>]*name="(?:cancer|therapy1?|result|biomarker|target)"[^>]*>(.*?)</select>', page)
    assert selects and "Prolia, Xgeva" not in page
    for select in selects:
        options = re.findall(r'value="[^"]+"[^>]*>(.*?)</option>', select)
        names = [re.sub(r" \(.*", "", name) for name in options]
        assert len(names) > 10 and names == sorted(names, key=by_name)


def test_the_page_cache_keeps_every_therapy_of_a_comparison_apart():
    query = "x=1&cancer=melanoma&therapy=nivolumab&therapy=avelumab"
    assert asked._declared_query("/compare/", query) == "therapy=nivolumab&therapy=avelumab&cancer=melanoma"


def test_what_a_vaccine_prevents_is_not_told_as_what_it_treats(client):
    page = client.get("/compare/?therapy=hpv-9-valent-vaccine&therapy=pembrolizumab").content.decode()
    assert page.count("To help prevent: Anal cancer") == page.count("To help prevent") == 1
