"""Links that leave this site say so, and a number to call is one."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from portal.publishing import links

from .conftest import ANSWER

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("link", "leaves"),
    [
        ('<a href="https://www.fda.gov/drugs">FDA</a>', True),
        ('<a class="more" href="http://clinicaltrials.gov/search?cond=a&amp;b">Trials of <b>it</b></a>', True),
        ('<a href="https://portal.example.evil.org/">not ours</a>', True),
        ('<a href="https://portal.example/cancers/">by its full address</a>', False),
        ('<a href="/faq/types/">types</a>', False),
        ('<a href="#sources" target="_self">sources</a>', False),
        ('<a href="mailto:?body=https://portal.example/">share</a>', False),
    ],
)
def test_a_link_to_another_site_says_so(link, leaves):
    page = links.signposted(f"<p>{link}</p><p>{link}</p>", "portal.example")
    assert page.count(f"{links.SIGN}</a>") == 2 * leaves
    assert page.replace(links.SIGN, "") == f"<p>{link}</p><p>{link}</p>"


def test_a_link_that_an_editor_writes_into_a_text_says_where_it_leads(client, question, published):
    text = '<p>See <a href="https://www.cancer.gov/">the institute</a> and <a href="/cancers/">all cancers</a>.</p>'
    published(question, **ANSWER | {"answer": text})
    page = client.get(question.get_absolute_url()).content.decode()
    assert f"the institute{links.SIGN}</a>" in page and ">all cancers</a>" in page


def test_a_sign_that_the_style_sheet_draws_is_not_spoken():
    style = Path(finders.find("site.css")).read_text().partition("@layer print {")[0]
    assert re.findall(r'content: ("[^"]+");(?! content: \1 / "")', style) == []


def test_a_number_to_call_stands_where_somebody_looks_for_a_way(client):
    """At the end of every page it would be one more stop for the Tab key."""
    with_it = [path for path in ("/take-part/", "/trials/", "/", "/cancers/melanoma/") if call_of(client, path)]
    assert with_it == ["/take-part/", "/trials/"]


def call_of(client, path):
    return "tel:1-800-422-6237" in client.get(path).content.decode()
