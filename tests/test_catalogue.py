"""The catalogue: every view is an address, every choice says how many it leaves, and it works as a plain form."""

import datetime
import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from therapies.catalogue import Catalogue
from therapies.figures import TherapyNumbers
from therapies.narrowing import within

from .public import OF_A_LIST

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(20)]


def slugs(client, query: str) -> list[str]:
    return re.findall(r'<h3><a href="/therapies/([^/]+)/"', client.get(f"/therapies/?{query}").content.decode())


ENDED = ["interferon-alfa-2a", "interferon-alfa-2b", "moxetumomab-pasudotox", "olaratumab", "peginterferon-alfa-2b"]


def test_it_holds_every_therapy_and_those_no_longer_approved_last(client):
    found = slugs(client, "")
    assert len(found) == 95 and found[-5:] == ENDED
    page = client.get("/therapies/").content.decode()
    assert "90 therapies approved and 5 no longer approved" in page
    assert page.count("<strong>License revoked</strong>") == 4 and page.count("<strong>Withdrawn</strong>") == 1


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("query", "inside", "outside"),
    [
        ("cancer=melanoma", "ipilimumab", "rituximab"),
        ("cancer=skin-cancer", "ipilimumab", "rituximab"),
        ("family=adoptive-cell-therapy", "lifileucel", "nivolumab"),
        ("kind=car-t-cell", "tisagenlecleucel", "lifileucel"),
        ("biomarker=her2-positive", "trastuzumab", "rituximab"),
        ("target=pd-1", "nivolumab", "avelumab"),
        ("status=withdrawn", "olaratumab", "moxetumomab-pasudotox"),
        ("status=revoked", "moxetumomab-pasudotox", "olaratumab"),
        ("year=1986", "interferon-alfa-2b", "bcg"),
        ("q=keytruda", "pembrolizumab", "nivolumab"),
        ("q=MK-3475", "pembrolizumab", "nivolumab"),
        ("q=Olaratumumab", "olaratumab", "nivolumab"),
        ("q=mvasi", "bevacizumab", "nivolumab"),
        ("cancer=melanoma&kind=checkpoint-inhibitor&status=approved", "nivolumab", "aldesleukin"),
    ],
)
def test_a_filter_keeps_what_fits(client, query, inside, outside):
    found = slugs(client, query)
    assert inside in found and outside not in found


@pytest.mark.slow
@pytest.mark.parametrize("on", [None, datetime.date(2019, 2, 28)])
def test_the_number_beside_each_choice_is_what_choosing_it_shows(on):
    catalogue = Catalogue()
    asked = {"kind": "checkpoint-inhibitor", "on": on}
    catalogue.select(asked)
    counts = catalogue.counts()
    for name in ("cancer", "biomarker", "status", "year", "family"):
        for value, number in list(counts[name].items())[:6]:
            if value:
                assert len(Catalogue().select(asked | {name: value})) == number, (name, value)


def test_the_count_for_a_cancer_agrees_with_the_facts():
    catalogue = Catalogue()
    rows = catalogue.select({"cancer": "melanoma"})
    assert sum(row.in_force for row in rows) == TherapyNumbers().therapies_for("melanoma")


@pytest.mark.parametrize(
    ("sort", "first"), [("oldest", "hepatitis-b-vaccine"), ("uses", "pembrolizumab"), ("", "afamitresgene-autoleucel")]
)
def test_it_can_be_ordered(client, sort, first):
    assert slugs(client, f"sort={sort}")[0] == first


def test_an_empty_list_offers_the_nearest_wider_search(client):
    page = client.get("/therapies/?cancer=melanoma&kind=car-t-cell").content.decode()
    assert "No therapy matches all" in page
    assert 'href="?cancer=melanoma"' in page and 'href="?kind=car-t-cell"' in page


def test_a_single_filter_is_taken_away_by_showing_everything(client):
    page = client.get("/therapies/?q=xqzzyq").content.decode()
    assert "Remove filter" not in page and "Show all therapies" in page


@pytest.mark.parametrize("typed", ["xqzzyq", "whom do I call", "diarrhea at night"])
def test_where_nothing_is_found_the_ways_in_and_what_to_do_about_a_symptom_are_said(client, typed):
    page = client.get("/therapies/", {"q": typed, "go": "1"}).content.decode()
    results = page.partition('id="results"')[2].partition("</section>")[0]
    assert "Did you mean" not in results
    assert "begins with when to call. In an emergency, call 911." in results
    for address in ("/cancers/", "/biomarkers/", "/faq/", f"/search/?q={quote(typed)}"):
        assert f'href="{address}"' in results


@pytest.mark.parametrize("typed", ["MSI-H", "msi high", "dMMR"])
def test_a_result_off_a_report_opens_its_page_although_tumors_are_named_after_it(client, typed):
    assert client.get("/therapies/", {"q": typed, "go": "1"})["Location"] == "/biomarkers/msi-h-dmmr/"


def test_what_is_filtered_is_said_in_one_sentence(client):
    page = client.get("/therapies/?cancer=melanoma&family=immunomodulator&on=2019-02-28").content.decode()
    assert re.search(
        r"<h2[^>]*>\d+ therapies approved for melanoma of the type “immunomodulators”\.</h2>",
        page,
    )


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Bladder cancer", "bladder cancer"),
        ("High c-Met protein", "high c-Met protein"),
        ("Non-muscle-invasive bladder cancer", "non-muscle-invasive bladder cancer"),
        ("Hodgkin lymphoma", "Hodgkin lymphoma"),
        ("Merkel cell carcinoma", "Merkel cell carcinoma"),
        ("B-cell non-Hodgkin lymphoma", "B-cell non-Hodgkin lymphoma"),
        ("HER2-positive", "HER2-positive"),
        ("MSI-high or mismatch repair-deficient", "MSI-high or mismatch repair-deficient"),
    ],
)
def test_a_name_inside_a_sentence_begins_small_unless_it_is_a_proper_one(name, inside):
    assert within(name) == inside


def row_of(client, slug: str, query: str) -> str:
    """What one row of a list says, in words."""
    page = client.get(f"/therapies/?{query}").content.decode()
    row = page[page.index(f'href="/therapies/{slug}/') :].partition("</p>")[0]
    return re.sub("<[^>]*>", "", row.partition("<p>")[2])


def test_a_row_says_in_a_sentence_what_a_therapy_is_and_for_which_cancers(client):
    assert row_of(client, "aldesleukin", "") == (
        "Interleukin for kidney cancer and melanoma. First approved May 5, 1992."
    )
    assert re.match(r"Checkpoint inhibitor for .+, .+, and \d+ more\. First", row_of(client, "pembrolizumab", ""))


@pytest.mark.parametrize(
    ("slug", "query", "said"),
    [
        ("sacituzumab-govitecan", "cancer=bladder-cancer", "No longer approved for this cancer."),
        ("olaratumab", "cancer=soft-tissue-sarcoma", "Withdrawn: no longer approved."),
    ],
)
def test_a_row_whose_uses_for_a_cancer_ended_says_so_of_this_cancer_alone(client, slug, query, said):
    """Sacituzumab govitecan is still approved for breast cancer."""
    assert said in row_of(client, slug, query)


def test_what_was_typed_stays_in_the_form_when_it_is_refused(client):
    page = client.get("/therapies/?q=abc&on=2999-01-01").content.decode()
    assert 'value="abc"' in page and 'value="2999-01-01"' in page and "is in the future" in page


def test_what_is_wrong_is_told_outside_the_form_that_a_phone_folds_away(client):
    response = client.get("/therapies/?family=nothing")
    results = response.content.decode().partition('id="results"')[2]
    assert response.status_code == 400 and "Type: “nothing” is not in this list." in results
    assert "Show all therapies" in results


def test_what_is_no_day_stays_in_the_form_too(client):
    page = client.get("/therapies/?on=yesterday").content.decode()
    assert '<input type="text" name="on" value="yesterday"' in page


def test_names_typed_into_the_search_are_shown_as_text(client):
    page = client.get("/therapies/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_htmx_finds_the_parts_that_it_replaces(client):
    page = client.get("/therapies/").content.decode()
    parts = re.search(r'hx-select-oob="([^"]+)"', page)[1].split(",")
    for part in ["#results", *parts]:
        assert f'id="{part.lstrip("#")}"' in page


# Names and sales of a past day ---------------------------------------------------------------

LATER_NAMES = (
    "Tecentriq Hybreza",
    "Darzalex Faspro",
    "Kesimpta",
    "Phesgo",
    "Opdivo Qvantig",
    "Keytruda Qlex",
    "PreHevbrio",
)


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("MSI", "/biomarkers/msi-h-dmmr/"),
        ("her2-positive breast", "/cancers/her2-positive-breast-cancer/"),
        ("Bladder", "/cancers/bladder-cancer/"),
        ("side effects", "/faq/side-effects/"),
        ("checkpoint inhibitors", "/glossary/checkpoint-inhibitor/"),
        ("clinical trials", "/glossary/clinical-trial/"),
    ],
)
def test_a_cancer_or_test_result_in_the_search_for_therapies_leads_to_its_page(client, typed, page):
    text = client.get("/therapies/", {"q": typed, "go": "1"}).content.decode()
    found = text.partition('id="said"')[2].partition("</ul>")[0]
    assert f'<li><a href="{page}">' in found
    assert re.search(f"[0-9]+ pages? match(es)? “{typed}”", found) and "0 therapies" not in text


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("NSCLC", "/cancers/non-small-cell-lung-cancer/"),
        ("colon cancer", "/cancers/colorectal-cancer/"),
        ("Melanoma", "/cancers/melanoma/"),
        ("HER2+", "/biomarkers/her2-positive/"),
        ("HER2 3+", "/biomarkers/her2-positive/"),  # as reports say it
        ("PD-L1", "/biomarkers/pd-l1/"),
        ("her2 positive", "/biomarkers/her2-positive/"),
        ("TMB-high", "/biomarkers/tmb-high/"),
        ("cytokine release syndrome", "/glossary/cytokine-release-syndrome/"),
    ],
)
def test_the_only_page_that_is_called_just_so_opens(client, typed, page):
    assert client.get("/therapies/", {"q": typed, "go": "1"})["Location"] == page


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("keytuda", "/therapies/pembrolizumab/"),
        ("ketruda", "/therapies/pembrolizumab/"),
        ("keetrooda", "/therapies/pembrolizumab/"),  # by its sound
        ("imfinzy", "/therapies/durvalumab/"),
        ("lukaemia", "/cancers/leukemia/"),
        ("pembrolizumb", "/therapies/pembrolizumab/"),
        ("Opdvio", "/therapies/nivolumab/"),
        ("melanma", "/cancers/melanoma/"),
        ("keytruda lungs", "/therapies/pembrolizumab/"),
    ],
)
def test_a_typing_error_gets_suggestions_and_is_never_replaced(client, typed, page):
    response = client.get("/therapies/", {"q": typed, "go": "1"})
    assert response.status_code == 200
    text = response.content.decode()
    found = text.partition('id="said"')[2].partition("</ul>")[0]
    assert f"Nothing matches “{typed}”." in found and "Did you mean" in found and f'href="{page}"' in found


def test_a_search_that_no_therapy_answers_is_headed_as_a_search(client):
    text = client.get("/therapies/?q=PD-L1").content.decode()
    assert re.search("<h1>(<span[^>]*>)?Search for “PD-L1”<", text) and "<title>Search for “PD-L1” · " in text


@pytest.mark.parametrize("typed", ["xyzzyq", "???", "100 mg"])
def test_what_is_like_no_name_gets_advice(client, typed):
    text = client.get("/therapies/", {"q": typed, "go": "1"}).content.decode()
    assert f"Nothing matches “{typed}”." in text and "check the spelling" in text and "Did you mean" not in text


def test_a_name_that_therapies_share_with_other_pages_leads_to_those_too(client):
    text = client.get("/therapies/?q=interferon&go=1").content.decode()
    assert 'class="row"' in text and "See also: " in text and 'href="/glossary/interferon/"' in text


def test_a_list_of_a_past_day_leads_to_the_pages_of_that_day(client):
    text = client.get("/therapies/?q=melanoma&on=2019-02-28").content.decode()
    assert 'href="/cancers/melanoma/?on=2019-02-28"' in text and 'href="/cancers/melanoma/"' not in text
    text = client.get("/therapies/?q=interferon&on=2019-02-28").content.decode()
    assert 'href="/glossary/interferon/"' in text  # which knows no past


def test_a_search_by_name_asks_no_more_than_any_list(client):
    with CaptureQueriesContext(connection) as asked:
        client.get("/therapies/?q=keytuda")
    assert len(asked) <= OF_A_LIST


@pytest.mark.parametrize(
    "typed",
    [
        "fam-trastuzumab deruxtecan-nxki",
        "Fam-trastuzumab deruxtecan-nxki (Enhertu)",
        "Enhertu",
        "ENHERTU 100 mg",
        "trastuzumab deruxtecan",
        "TDXd",
    ],
)
def test_a_name_off_a_letter_leads_to_its_therapy(client, typed):
    assert client.get("/therapies/", {"q": typed, "go": "1"})["Location"] == "/therapies/trastuzumab-deruxtecan/"


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("rituximab-abbs", "rituximab"),
        ("trastuzumab-dkst 420 mg", "trastuzumab"),
        ("Keytruda 25mg/mL", "pembrolizumab"),
        ("mk 3475", "pembrolizumab"),
        ("key truda", "pembrolizumab"),
        ("t vec", "talimogene-laherparepvec"),
    ],
)
def test_a_dose_a_suffix_and_blanks_in_a_name_do_not_count(client, typed, page):
    assert client.get("/therapies/", {"q": typed, "go": "1"})["Location"] == f"/therapies/{page}/"


def test_a_past_day_knows_no_name_that_came_later(client):
    past, today = (client.get(f"/therapies/{day}").content.decode() for day in ("?on=2019-02-28", ""))
    assert [name for name in LATER_NAMES if name in past] == []
    assert [name for name in LATER_NAMES if name not in today] == []
    assert "Tecentriq" in past and "Darzalex" in past


def test_a_name_that_came_later_finds_nothing_on_a_past_day(client):
    assert 'href="/therapies/pembrolizumab/"' not in client.get("/therapies/?q=qlex&on=2019-02-28").content.decode()
    assert 'href="/therapies/pembrolizumab/"' in client.get("/therapies/?q=qlex").content.decode()


def test_what_is_no_longer_sold_was_sold_before(client):
    assert "olaratumab" in client.get("/therapies/?status=not-sold").content.decode()
    assert "/therapies/olaratumab/" not in client.get("/therapies/?status=not-sold&on=2019-02-28").content.decode()


def test_a_row_of_a_filtered_list_tells_of_what_the_filter_asks_for(client):
    page = client.get("/therapies/?cancer=urothelial-carcinoma&q=pembrolizumab").content.decode()
    row = page[page.index('href="/therapies/pembrolizumab/"') :]
    row = row[: row.index("</div>")]
    assert "First approved for this cancer" in row and "May 18, 2017" in row and "2014" not in row
