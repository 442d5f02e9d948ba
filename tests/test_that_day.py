"""Pages of a therapy, cancer, or test result, reached from the list of a past day: they say that they tell of today."""

import datetime
import re

import pytest

from therapies.catalogue import Catalogue

pytestmark = pytest.mark.django_db
PAGES = ("/therapies/pembrolizumab/", "/cancers/melanoma/", "/biomarkers/pd-l1/")


def page(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def note(text: str) -> str:
    """The words between the tools and the heading."""
    return re.sub("<[^>]*>|\\s+", " ", text.partition('class="above"')[2].partition("<h1>")[0].partition("</div>\n")[2])


@pytest.mark.parametrize("list_of", ["/therapies/", "/approvals/"])
def test_the_links_of_a_past_list_keep_its_day(client, list_of):
    past, today = page(client, f"{list_of}?on=2019-02-28"), page(client, list_of)
    assert re.search(r'href="/therapies/[^/"]+/\?on=2019-02-28"', past)
    assert not re.search(r'<(?:h3|p class="setting")><a href="/therapies/[^/"]+/"', past)
    assert "?on=" not in today.partition('<section id="results"')[2]


def test_a_name_typed_for_a_past_day_leads_to_its_page_with_the_day(client):
    address = client.get("/therapies/?q=keytruda&go=1&on=2019-02-28")["Location"]
    assert address == "/therapies/pembrolizumab/?on=2019-02-28"


@pytest.mark.parametrize("address", PAGES)
def test_a_single_page_says_that_it_shows_today_and_leads_back_to_the_day(client, address):
    text = page(client, f"{address}?on=2019-02-28")
    assert "This page shows what is known today." in note(text) and "February 28, 2019" in note(text)
    back = re.search(r'href="(/therapies/\?[^"]*on=2019-02-28)"', text)[1].replace("&amp;", "&")
    assert "by <time" in page(client, back)
    assert f'<link rel="canonical" href="http://testserver{address}">' in text
    assert f"{address}</dd>" in text[text.index('class="citations"') :]


@pytest.mark.parametrize("address", PAGES)
def test_a_single_page_of_today_says_nothing_of_it(client, address):
    assert "This page shows what is known today" not in page(client, address)
    assert "This page shows what is known today" not in page(client, f"{address}?on=")


def test_what_it_says_of_the_day_agrees_with_the_list_of_that_day(client):
    asked = {"cancer": "melanoma", "on": datetime.date(2019, 2, 28)}
    number = sum(row.in_force for row in Catalogue().select(asked))
    told = note(page(client, "/cancers/melanoma/?on=2019-02-28"))
    assert f"{number} therapies were approved for melanoma." in told


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2019-02-28", r"pembrolizumab was approved in \d+ uses\."),
        ("2014-09-04", r"pembrolizumab was approved in 1 use\."),
        ("2014-09-03", r"no use of pembrolizumab was approved\."),
    ],
)
def test_it_says_in_how_many_uses_a_therapy_was_approved(client, day, said):
    assert re.search(said, note(page(client, f"/therapies/pembrolizumab/?on={day}")))


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(
    ("day", "wrong"),
    [("2999-01-01", "is in the future"), ("yesterday", "year-month-day"), ("1899-01-01", "before 1900")],
)
def test_what_is_no_day_is_refused_as_in_the_lists_and_the_page_is_there(client, address, day, wrong):
    text = page(client, f"{address}?on={day}", status=400)
    assert "There is a problem" in text and 'href="#id_on"' in text and wrong in text
    assert f'value="{day}"' in text and "<h1>" in text and 'id="sources"' in text
