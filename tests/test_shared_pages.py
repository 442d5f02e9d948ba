"""What is shared and cited of a page: its title, description, picture, address and day."""

import re
from urllib.parse import quote

import pytest
from django.contrib.staticfiles import finders

from portal.pages.models import SiteSettings

from .public import EXAMPLES, FACTS, LISTS

pytestmark = pytest.mark.django_db


@pytest.mark.slow
@pytest.mark.parametrize("address", [*LISTS, *EXAMPLES, *FACTS])
def test_what_other_sites_show_of_a_page_is_its_own_title_and_a_picture_that_exists(client, address):
    page = client.get(address).content.decode()
    title = re.search(r"<title>(.*) · .*</title>", page)[1]
    assert f'<meta property="og:title" content="{title}">' in page
    picture = re.search(r'property="og:image" content="http://testserver/static/([^"]+)"', page)[1]
    assert finders.find(picture)


@pytest.mark.parametrize("address", ["/therapies/", "/approvals/"])
def test_a_list_of_a_past_day_says_the_day_in_its_title_heading_address_and_citation(client, address):
    page = client.get(f"{address}?on=2019-02-28").content.decode()
    day = "February 28, 2019"
    assert day in re.search("<title>(.*)</title>", page)[1]
    assert day in re.search("<h1>(.*)</h1>", page)[1]
    assert f'<link rel="canonical" href="http://testserver{address}?on=2019-02-28">' in page
    assert day in page[page.index('class="citations"') :]


@pytest.mark.parametrize(
    ("query", "title", "described"),
    [
        ("therapies/?cancer=bladder-cancer", "Therapies for bladder cancer", "approved for bladder cancer"),
        ("therapies/?q=mab", "Therapies with “mab” in a name", "with “mab” in a name"),
        ("therapies/?family=cancer-vaccine", "Therapies of the type “cancer vaccines”", "type “cancer vaccines”"),
        ("approvals/?cancer=melanoma", "Approvals for melanoma", "decisions for melanoma"),
        ("approvals/?month=12&year=2018", "Approvals in December 2018", "decisions in December 2018"),
    ],
)
def test_a_filtered_list_has_a_title_a_description_and_an_address_of_its_own(client, query, title, described):
    """So that it is shared, printed, cited, and found as the list that somebody saw."""
    page = client.get(f"/{query}&sort=" if query.startswith("therapies") else f"/{query}").content.decode()
    address = f"http://testserver/{query}".replace("&", "&amp;")
    assert f"<title>{title} · " in page and re.search(f"<h1>(<span[^>]*>)?{title}<", page)
    assert described in re.search('<meta name="description" content="([^"]*)"', page)[1]
    assert f'<link rel="canonical" href="{address}">' in page
    assert f'<meta property="og:url" content="{address}">' in page
    assert quote(address.replace("&amp;", "&"), safe="") in page[page.index("data-share") :].partition("</a>")[0]
    cited = page[page.index('class="citations"') :]
    assert title.partition(" ")[2] in cited and cited.count(f"{address}</dd>") == 3


def test_a_list_in_another_order_is_the_same_list_to_share(client):
    assert (
        '<link rel="canonical" href="http://testserver/therapies/">'
        in client.get("/therapies/?sort=newest&q=&cancer=").content.decode()
    )


@pytest.mark.slow
def test_no_two_lists_have_the_same_description(client):
    pages = [client.get(address).content.decode() for address in LISTS]
    described = [re.search('<meta name="description" content="([^"]*)"', page)[1] for page in pages]
    assert len(set(described)) == len(described) and all(described)


@pytest.mark.parametrize("address", ["/", "/faq/types/"])
def test_a_title_that_asks_is_cited_without_a_second_stop(client, address):
    cited = client.get(address).content.decode().partition('class="citations"')[2].partition("</dl>")[0]
    assert "?" in cited and not re.search(r"\?(?:</cite>)?[.;]", cited)


def test_a_list_is_cited_as_of_the_last_day_for_which_facts_were_checked(client):
    """Not as of today: of a decision since that day it may not know yet."""
    page = client.get("/therapies/").content.decode()
    cited = re.sub("<[^>]*>", "", page.partition('class="citations"')[2].partition("</dl>")[0])
    checked = f"{SiteSettings.objects.get().facts_checked_to:%B %-d, %Y}"
    assert cited.count(f"Immunotherapies approved by FDA, as of {checked}") == 3
