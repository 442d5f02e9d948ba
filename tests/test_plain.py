"""Pages as Markdown: the same words, warning and sources, for what is public alone; and the map of them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from markdown_it import MarkdownIt

from portal.publishing import actions
from therapies.models import Therapy

from .public import EXAMPLES, OF_A_LIST, QUESTIONS, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(8)]
OVERVIEWS = ("/", "/therapies/", "/cancers/", "/approvals/", "/faq/", "/glossary/", "/about/freshness/")


@pytest.mark.sampled(4)
@pytest.mark.parametrize("address", [*EXAMPLES, *OVERVIEWS])
def test_a_page_in_markdown_is_the_page(client, address):
    page = client.get(address).content.decode()
    assert f'<link rel="alternate" type="text/markdown" href="{address}index.md">' in page
    response = client.get(f"{address}index.md")
    told = response.content.decode()
    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.headers["Link"] == f'<http://testserver{address}>; rel="canonical"' and not response.cookies
    headings = re.findall(r"^#{1,2} (.*)$", told, re.M)
    shown = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)[1]
    assert headings[0].strip('"') == strip_tags(shown)  # a claim stands in quotation marks
    assert "](/" not in told and "](#" not in told and "[[" not in told and "opens another site" not in told
    assert not re.search(r"</?(?:div|p|span|details|summary|time|script|svg)\b", told)
    assert "not medical advice" in told and "checked through" in told


def test_a_therapy_in_markdown_has_its_warning_its_review_and_its_sources(client):
    told = client.get("/therapies/tebentafusp/index.md").content.decode()
    for words in ("## When to call", "FDA’s boxed warning", "has not yet been reviewed by a medical professional"):
        assert words in told
    assert "Text dated" in told and "## Sources" in told and "](https://api.fda.gov" in told
    assert told.index("When to call") < told.index("## Side effects") < told.index("## Approved uses")
    assert MarkdownIt().parse(told)


@pytest.mark.parametrize("address", ["/approvals/", "/therapies/", "/therapies/pembrolizumab/", "/cancers/melanoma/"])
def test_a_past_day_is_that_day_here_too(client, address):
    page = strip_tags(client.get(f"{address}?on=2015-02-28").content.decode())
    told = client.get(f"{address}index.md?on=2015-02-28").content.decode()
    assert f"http://testserver{address}?on=2015-02-28" in told and "February 28, 2015" in page
    assert "February 28, 2015" in told and told != client.get(f"{address}index.md").content.decode()


def test_it_asks_the_database_what_its_page_asks(client):
    for address, most in (("/therapies/pembrolizumab/", QUESTIONS), ("/therapies/", OF_A_LIST)):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{address}index.md?on=2019-02-28")
        assert len(asked) <= most


@pytest.mark.parametrize(
    "address",
    ["/admin/", "/desk/", "/account/login/", "/review/x/", "/nothing/", "/therapies/nothing/", "/static/", "/media/x/"],
)
def test_what_is_no_public_page_has_no_markdown(client, address):
    assert client.get(f"{address}index.md").status_code == 404


def test_a_page_that_moved_or_was_taken_away_says_so_here_too(
    client, editor, reviewer, administrator, published, question
):
    edition = published(question, question="New?", in_short="Yes, <b>a\\*b</b>.", answer="<p>So &lt;b&gt; it is.</p>")
    told = client.get("/faq/a-new-question/index.md").content.decode()
    assert "&lt;b>" in told and "<b>" not in told
    waits = actions.move(question, "other", by=editor, because="A better name.").pending
    actions.confirm(waits, by=administrator)
    assert client.get("/faq/a-new-question/index.md").headers["Location"] == "/faq/other/index.md"
    edition.refresh_from_db()
    actions.unpublish(edition, by=reviewer, because="It was out of date.")
    gone = client.get("/faq/other/index.md")
    assert gone.status_code == 410 and "It was out of date." in gone.content.decode()


def test_the_map_leads_to_every_page(client):
    response = client.get("/llms.txt")
    told = response.content.decode()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8" and told.startswith("# ")
    listed = re.findall(r"^- \[.+\]\(http://testserver(/\S*)index\.md\)$", told, re.M)
    assert sorted(listed) == sorted(at for at in addresses() if at.endswith("/"))
    assert f"{client.get('/robots.txt').content.decode()}".count("http://testserver/llms.txt") == 1
    assert "Cancers" in told and "## Glossary terms" in told


@pytest.mark.slow
def test_every_page_of_the_map_is_there(client):
    for therapy in Therapy.objects.published():
        told = client.get(f"{therapy.get_absolute_url()}index.md")
        assert told.status_code == 200 and b"## When to call" in told.content
