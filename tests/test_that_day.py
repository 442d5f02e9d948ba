"""Pages of a therapy, cancer, or test result on a past day: names, uses, and decisions of that day, and no others."""

import datetime
import re

import pytest

from therapies.catalogue import Catalogue
from therapies.models import Biomarker, Cancer, Therapy

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(8)]
PAGES = ("/therapies/pembrolizumab/", "/cancers/melanoma/", "/biomarkers/pd-l1/")
LATER = (
    *("Tecentriq Hybreza", "Darzalex Faspro", "Kesimpta", "Phesgo", "Opdivo Qvantig", "Keytruda Qlex", "PreHevbrio"),
    *("Rybrevant Faspro", "Lunsumio Velo", "Sarclisa Escena"),
)


def page(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def said(text: str) -> str:
    """The words of the main part."""
    return re.sub(r"(?:<[^>]*>|\s)+", " ", text.partition("<main")[2].partition("</main>")[0]).replace(" .", ".")


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
def test_the_day_stands_in_title_heading_canonical_and_citation(client, address):
    text = page(client, f"{address}?on=2019-02-28")
    title, heading = (re.search(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[1] for tag in ("title", "h1"))
    assert "as of February 28, 2019" in title
    assert 'as of <time datetime="2019-02-28">February 28, 2019</time>' in heading
    assert f'<link rel="canonical" href="http://testserver{address}?on=2019-02-28">' in text
    cited = text[text.index('class="citations"') :]
    assert cited.count('as of <time datetime="2019-02-28">') == 3
    assert cited.count(f"{address}?on=2019-02-28</dd>") == 3


@pytest.mark.parametrize("address", PAGES)
def test_it_leads_to_the_warnings_and_approvals_of_today_and_to_the_list_of_the_day(client, address):
    text = page(client, f"{address}?on=2019-02-28")
    assert "For warnings, side effects, and what is approved now, see" in said(text)
    assert re.search(rf'see <a href="{address}">', text)
    back = re.search(r'href="(/therapies/\?[^"]*on=2019-02-28)"', text)[1].replace("&amp;", "&")
    assert "by <time" in page(client, back)


@pytest.mark.parametrize("address", PAGES)
def test_the_page_of_today_says_nothing_of_the_past(client, address):
    today = page(client, address)
    assert "This page shows the past" not in today
    assert "This page shows the past" not in page(client, f"{address}?on=")
    assert "?on=" not in today


@pytest.mark.slow
def test_no_page_of_a_day_tells_of_what_came_later(client):
    told = 0
    for model in (Therapy, Cancer, Biomarker):
        for one in model.objects.published():
            text = page(client, f"{one.get_absolute_url()}?on=2019-02-28")
            main = text.partition("<h1")[2].partition('<details class="fold">')[0]
            assert not [name for name in LATER if name in text], one
            assert not [day for day in re.findall(r'datetime="(\d{4}-\d\d-\d\d)"', main) if day > "2019-02-28"], one
            told += 'class="use' in main
    assert told > 80


def test_the_uses_of_a_day_are_those_that_the_lists_of_that_day_count(client):
    day = datetime.date(2019, 2, 28)
    number = sum(row.in_force for row in Catalogue().select({"cancer": "melanoma", "on": day}))
    assert f"On that day, {number} therapies were approved, in" in said(
        page(client, "/cancers/melanoma/?on=2019-02-28")
    )


@pytest.mark.parametrize("slug", ["pd-l1", "her2-positive", "msi-h-dmmr"])
def test_a_test_result_tells_of_the_uses_that_required_it_on_the_day(client, slug):
    rows = Catalogue().select({"biomarker": slug, "on": datetime.date(2019, 2, 28)})
    text = page(client, f"/biomarkers/{slug}/?on=2019-02-28")
    assert set(re.findall(r'href="/therapies/([^/?]+)/\?on=', text)) == {row.slug for row in rows}


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2019-02-28", r"On that day, \d+ uses were approved\."),
        ("2014-09-04", r"On that day, 1 use was approved\."),
        ("2014-09-03", r"On that day, no uses were approved\."),
    ],
)
def test_it_says_in_how_many_uses_a_therapy_was_approved(client, day, told):
    assert re.search(told, said(page(client, f"/therapies/pembrolizumab/?on={day}")))


@pytest.mark.parametrize("address", PAGES)
def test_a_past_day_costs_no_more_queries_than_a_page_of_today(client, address, django_assert_max_num_queries):
    client.get("/about/")  # a process reads the glossary once after each change: tests/test_glossary.py
    with django_assert_max_num_queries(6):
        client.get(f"{address}?on=2019-02-28")


@pytest.mark.parametrize(
    ("slug", "day", "told"),
    [
        ("trastuzumab-deruxtecan", "2019-02-28", None),
        ("trastuzumab-deruxtecan", "2020-01-01", "Sold as Enhertu"),
        ("olaratumab", "2019-02-28", "Sold as Lartruvo"),
        ("olaratumab", "2021-01-01", "Was sold as Lartruvo"),
    ],
)
def test_a_brand_is_told_from_the_first_approval_on(client, slug, day, told):
    text = said(page(client, f"/therapies/{slug}/?on={day}"))
    assert told in text if told else "old as" not in text


@pytest.mark.parametrize(
    ("slug", "day", "is_told"),
    [("olaratumab", "2020-02-25", True), ("olaratumab", "2020-02-24", False), ("ofatumumab", "2019-02-28", False)],
)
def test_that_sale_ended_is_told_from_the_day_on_that_is_known(client, slug, day, is_told):
    assert ("Sold in the US" in page(client, f"/therapies/{slug}/?on={day}")) is is_told


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(
    ("day", "wrong"),
    [("2999-01-01", "is in the future"), ("yesterday", "year-month-day"), ("1899-01-01", "before 1900")],
)
def test_what_is_no_day_is_refused_as_in_the_lists_and_the_way_to_today_is_there(client, address, day, wrong):
    text = page(client, f"{address}?on={day}", status=400)
    assert "There is a problem" in text and 'href="#id_on"' in text and wrong in text
    assert f'value="{day}"' in text and "<h1>" in text and f'<a class="more" href="{address}">' in text
