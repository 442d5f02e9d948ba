"""The way to trials: links as the registers write them, places as people type them, and words for all of it."""

import re
import time
import tomllib
from html import unescape
from pathlib import Path

import pytest

from therapies.models import Cancer
from therapies.trials import places, registers
from therapies.trials.asking import searched
from therapies.trials.places import Place, found
from therapies.trials.registers import TrialSearch

VOCABULARY = Path(registers.__file__).parents[1] / "content/vocabulary.toml"
TOLD = tomllib.loads(VOCABULARY.read_text())["cancers"]
BOSTON = Place("United States", "Massachusetts", "MA", "Boston")


@pytest.mark.parametrize(
    ("search", "address"),
    [  # the first two are written as the design paper verified them; others recorded filters joined as in the third
        (
            TrialSearch("Melanoma", "Pembrolizumab"),
            "https://clinicaltrials.gov/search?cond=Melanoma&intr=Pembrolizumab&aggFilters=status:rec",
        ),
        (
            TrialSearch("Bladder Cancer", place=BOSTON),
            "https://clinicaltrials.gov/search?cond=Bladder%20Cancer&locStr=Boston,%20MA&country=United%20States"
            "&state=Massachusetts&city=Boston&distance=50&aggFilters=status:rec",
        ),
        (
            TrialSearch("neuroblastoma", children=True),
            "https://clinicaltrials.gov/search?cond=neuroblastoma&aggFilters=ages:child,status:rec",
        ),
        (
            TrialSearch(words="PD-L1", place=Place("Canada"), recruiting=False),
            "https://clinicaltrials.gov/search?term=PD-L1&locStr=Canada&country=Canada",
        ),
        (  # “OR” stands between terms in the register’s own guide to its search
            TrialSearch("Melanoma", "Pembrolizumab", ("MK-3475",)),
            "https://clinicaltrials.gov/search?cond=Melanoma&intr=Pembrolizumab%20OR%20MK-3475&aggFilters=status:rec",
        ),
        (TrialSearch("A & B"), "https://clinicaltrials.gov/search?cond=A%20%26%20B&aggFilters=status:rec"),
    ],
)
def test_clinical_trials_gov_is_asked_in_its_own_grammar(search, address):
    assert registers.clinical_trials_gov(search) == address


def test_nci_is_asked_in_its_own_grammar():
    at = "https://www.cancer.gov/research/participate/clinical-trials-search/r"
    assert registers.nci(TrialSearch("breast cancer")) == f"{at}?loc=0&q=breast%20cancer&rl=2"  # recorded by NCI itself
    assert registers.nci(TrialSearch("Melanoma", place=BOSTON)) == (
        f"{at}?loc=2&q=Melanoma&rl=2&lcnty=United%20States&lcty=Boston&lst=MA"
    )
    near = BOSTON._replace(zip_code="02115")
    assert registers.nci(TrialSearch("Melanoma", place=near)) == f"{at}?loc=1&q=Melanoma&rl=2&z=02115&zp=50"
    main = TrialSearch("Melanoma", nci_type="C3224", drug="nivolumab")
    assert registers.nci(main) == f"{at}?t=C3224&loc=0&q=nivolumab&rl=2"
    assert registers.nci(TrialSearch("Uveal", nci_subtype="C71732")) == f"{at}?st=C71732&loc=0&rl=2"


@pytest.mark.django_db
def test_every_code_at_nci_rests_on_a_source_that_was_read():
    coded = Cancer.objects.exclude(nci_code="").select_related("nci_source")
    assert {cancer.slug for cancer in coded} == {entry["slug"] for entry in TOLD if "nci" in entry}
    assert len(coded) >= 60 and len({cancer.nci_code for cancer in coded}) == len(coded)
    for cancer in coded:
        cancer.clean_fields()
        assert cancer.nci_source.read_on and "commit" in cancer.nci_source.read_as
    assert not Cancer.objects.filter(nci_code="").exclude(nci_source=None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "words", "query"),
    [
        ("cancer=melanoma&therapy=pembrolizumab", "of melanoma that mention pembrolizumab", "t=C3224&loc=0&q=pembrol"),
        ("cancer=triple-negative-breast-cancer", "of triple-negative breast cancer", "st=C71732&loc=0&rl=2"),
        ("cancer=uveal-melanoma&therapy=tebentafusp", "of uveal melanoma", "loc=0&q=Uveal%20melanoma&rl=2"),
        ("result=pd-l1", "that mention PD-L1", "loc=0&q=PD-L1&rl=2"),
    ],
)
def test_nci_is_asked_by_its_code_or_else_by_the_name(client, asked, words, query):
    page = unescape(client.get(f"/trials/?{asked}").content.decode())
    [(address, said)] = re.findall(r'href="([^"]*/r\?[^"]*)">At the National Cancer Institute \(NCI\): ([^<]*)<', page)
    assert said == f"studies {words}" and query in address


@pytest.mark.django_db
def test_the_answer_stands_above_the_form(client):
    page = client.get("/trials/?cancer=melanoma").content.decode()
    assert page.index("Open this search at") < page.index('id="change"') < page.index('name="miles"')


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("Boston", "Boston, Massachusetts"),
        (" boston , ma ", "Boston, Massachusetts"),
        ("Boston MA", "Boston, Massachusetts"),
        ("Boston, Massachusetts, USA", "Boston, Massachusetts"),
        ("New York, NY", "New York, New York"),
        ("New York", "New York"),
        ("Washington, DC", "Washington, District of Columbia"),
        ("LA", "Louisiana"),
        ("Smallville, KS", "Smallville, Kansas"),
        ("Georgia", "Georgia"),
        ("UK", "United Kingdom"),
        ("usa", "United States"),
        ("Atlantis", "None"),
        ("02115", "Boston, Massachusetts (ZIP code 02115)"),
        ("02115-5724", "Boston, Massachusetts (ZIP code 02115)"),
        ("63101", "St. Louis, Missouri (ZIP code 63101)"),
        ("99999", "None"),
        ("ZIP code 10001", "New York, New York (ZIP code 10001)"),
        ("New York, NY 10001", "New York, New York (ZIP code 10001)"),
        ("79901 El Paso", "El Paso, Texas (ZIP code 79901)"),
        ("Queens, NY 11354-0001", "Flushing, New York (ZIP code 11354)"),
        ("Boston MA 02115 USA", "Boston, Massachusetts (ZIP code 02115)"),
        ("75001 Paris", "None"),  # in France; here it is Addison, Texas
        ("Houston, TX 10001", "None"),  # one of the two is wrong
        ("Washington, D.C.", "Washington, District of Columbia"),
        ("L.A.", "Los Angeles, California"),
        ("Cañon City", "Canon City, Colorado"),
        ("Guinea-Bissau", "Guinea-Bissau"),
        ("Springfield", "None"),  # of which three are large
        ("Springfield, MA", "Springfield, Massachusetts"),
        ("Winston Salem", "Winston-Salem, North Carolina"),
        ("Ft. Worth", "Fort Worth, Texas"),
        ("<b>, MA", "None"),
        (",", "None"),
    ],
)
def test_a_place_is_known_however_it_is_typed(typed, place):
    assert str(found(typed)) == place


def test_a_test_result_is_searched_as_studies_call_it():
    names = (
        "CD19-positive",
        "High c-Met protein",
        "High alpha-fetoprotein (AFP 400 ng/mL or more)",
        "BRAF V600 mutation",
    )
    assert [*map(searched, names)] == ["CD19", "c-Met", "alpha-fetoprotein", "BRAF V600 mutation"]


def links(page):
    return [unescape(link) for link in re.findall(r'href="(https://clinicaltrials\.gov/search\?[^"]*)"', page)]


@pytest.mark.django_db
def test_a_search_is_told_in_a_sentence_and_then_more_widely(client, django_assert_max_num_queries):
    client.get("/trials/")
    with django_assert_max_num_queries(8):
        page = client.get("/trials/?cancer=urothelial-carcinoma&therapy=pembrolizumab&place=Boston").content.decode()
    assert (
        "We’ll search for studies of urothelial carcinoma (advanced) with pembrolizumab within 50 miles of Boston, "
        "Massachusetts, looking for volunteers now." in page
    )
    exact, anywhere, *wider = links(page)
    assert "cond=Urothelial%20Carcinoma&intr=pembrolizumab%20OR%20MK-3475&locStr=Boston" in exact
    assert "cond=Urothelial%20Carcinoma&intr=pembrolizumab%20OR%20MK-3475&aggFilters=status:rec" in anywhere
    assert any("cond=Bladder%20Cancer&term=immunotherapy&locStr=Boston" in link for link in wider)
    assert "Nothing goes to a register until you open a link." in page


@pytest.mark.django_db
def test_an_unknown_place_is_told_and_nothing_is_lost(client):
    response = client.get("/trials/?cancer=melanoma&place=Atlantis&age=child")
    page = response.content.decode()
    assert response.status_code == 400 and "We don’t know the place “Atlantis”" in page
    assert '<option value="melanoma" selected>' in page and 'value="Atlantis"' in page
    assert '<option value="child" selected>' in page and "Your search" not in page


def ways(page):
    return dict(re.findall(r'<li><a href="(/trials/\?[^"]*)">([^<]*)</a>', unescape(page)))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "asked", "first", "way"),
    [
        ("Springfield", "Which Springfield do you mean?", "Springfield, Missouri", "Springfield, Massachusetts"),
        ("Pittsburg", "Which Pittsburg do you mean?", "Pittsburg, California", "Pittsburgh, Pennsylvania"),
        ("Bostn", "Did you mean one of these places?", "Boston, Massachusetts", "Search anywhere in the world"),
        ("Boston, Masachusetts", "Did you mean one of these places?", "Boston, Massachusetts", ""),
        ("Massachussets", "Did you mean one of these places?", "Massachusetts", ""),
        ("Canda", "Did you mean one of these places?", "Canada", ""),
        ("Toronto, Canada", "Did you mean one of these places?", "Canada", ""),
        ("London, UK", "Did you mean one of these places?", "United Kingdom", ""),
        ("99999", "Search without this place", "Search anywhere in the world", ""),
    ],
)
def test_a_place_that_could_be_several_or_none_is_asked_back(client, typed, asked, first, way):
    response = client.get("/trials/", {"cancer": "melanoma", "age": "child", "place": typed})
    page = response.content.decode()
    assert asked in page and "Your search" not in page
    offered = ways(page)
    assert next(iter(offered.values())) == first and way in (*offered.values(), "")
    for address in offered:  # each is an answer, and keeps what else was chosen
        assert "cancer=melanoma" in address and "age=child" in address
        assert "Open this search at ClinicalTrials.gov" in client.get(address).content.decode()


@pytest.mark.django_db
def test_a_place_that_is_known_names_others_of_its_name(client):
    page = client.get("/trials/?cancer=melanoma&place=Portland").content.decode()
    assert (
        "of Portland, Oregon" in page and "Not Portland, Oregon?" in page and "Portland, Maine" in ways(page).values()
    )
    page = client.get("/trials/?cancer=melanoma&place=Bostn, MA").content.decode()
    assert "of Bostn, Massachusetts" in page and "Boston, Massachusetts" in ways(page).values()
    page = client.get("/trials/?cancer=melanoma&place=Portland, OR").content.decode()
    assert "Not Portland" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "asked", "way"),
    [
        ("cancer=melanomma", "Which cancer do you mean?", "/trials/?cancer=melanoma"),
        ("cancer=lung", "Which cancer do you mean?", "/trials/?cancer=lung-cancer"),
        ("therapy=Keytruda", "Which therapy do you mean?", "/trials/?therapy=pembrolizumab"),
        ("therapy=pembrolizumb", "Which therapy do you mean?", "/trials/?therapy=pembrolizumab"),
        ("result=msi", "Which test result do you mean?", "/trials/?result=msi-h-dmmr"),
        ("cancer=nothing", "We have no cancer of this name", "/cancers/"),
        ("place=Boston", "Where to begin", "/biomarkers/"),
    ],
)
def test_a_name_that_the_form_does_not_know_is_asked_back(client, query, asked, way):
    response = client.get(f"/trials/?{query}")
    page = response.content.decode()
    assert response.status_code == 400 and asked in page and f'<li><a href="{way}">' in page


def test_each_place_of_a_list_leads_back_to_itself():
    for name in ("Springfield", "Portland", "St. Louis", "Columbus", "O'Fallon"):
        for place in places.namesakes(name):
            assert found(place.short) == place


def test_the_largest_lists_of_places_are_read_once_and_looked_up_quickly():
    """Against reading the list once more: an answer costs less, so that nobody can keep the portal busy by names."""
    places.alike("Nowherevillle")
    begun = time.process_time()
    places._known.__wrapped__()
    whole, begun = time.process_time() - begun, time.process_time()
    places.alike("Nowherevillle")
    assert time.process_time() - begun < whole


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["cancer=nothing", "place=Boston", "miles=1", "place=%00", "cancer=&therapy="])
def test_what_makes_no_search_is_told_in_words(client, query):
    response = client.get(f"/trials/?{query}")
    assert response.status_code == 400 and "There is a problem" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "leads_to"),
    [
        ("/therapies/olaratumab/", "/trials/?therapy=olaratumab"),
        ("/cancers/melanoma/", "/trials/?cancer=melanoma"),
        ("/biomarkers/pd-l1/", "/trials/?result=pd-l1"),
    ],
)
def test_every_page_leads_to_the_form_filled_in(client, page, leads_to):
    assert f'href="{leads_to}"' in client.get(page).content.decode()
    assert client.get(leads_to).status_code == 200
