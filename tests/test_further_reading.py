"""A source is what somebody read on a known day. What nobody noted reading is further reading, and not official."""

import datetime
import re

import pytest

from portal.pages import freshness
from portal.publishing.models import Edition, Source

from .conftest import ANSWER

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 24)


@pytest.fixture
def sources_of(question, published, client):
    """The part of a page on its sources, from a list of sources: title, and the day it was read or None."""

    def told(*named: tuple[str, datetime.date | None]) -> str:
        rows = [
            Source.objects.create(title=title, url="https://www.cancer.gov/a", official=True, read_on=day)
            for title, day in named
        ]
        published(question, **ANSWER | {"sources": rows})
        page = client.get(question.get_absolute_url()).content.decode()
        return page[page.index('id="sources"') :].partition("<details")[0]

    return told


def test_a_source_that_somebody_read_bears_its_day_and_whether_it_is_official(sources_of):
    told = sources_of(("A page of NCI", DAY))
    assert '<span class="badge">official</span> Read <time datetime="2026-11-24">' in told
    assert "Further reading" not in told


def test_what_nobody_read_is_further_reading_and_not_called_official(sources_of):
    read, _, unread = sources_of(("A page of NCI", DAY), ("Another page", None)).partition("Further reading")
    assert "A page of NCI" in read and "Another page" not in read
    assert unread.startswith(" (not used as a source here)") and "Another page" in unread
    assert "official" not in unread and "secondary" not in unread


def test_a_text_without_a_source_that_was_read_says_so(sources_of):
    told = sources_of(("Another page", None))
    assert "Nobody has noted yet which source this text was checked against." in told
    assert told.index("Nobody has noted") < told.index("Another page")


def test_a_page_of_a_term_calls_no_page_official_that_nobody_opened(client):
    unread = Edition.objects.live().filter(page__page_kind="pages.term").exclude(sources__read_on__isnull=False).first()
    page = client.get(unread.page.specific.get_absolute_url()).content.decode()
    assert "Further reading" in page and '<span class="badge">official</span>' not in page
    assert "not opened" not in page


def test_the_count_beside_the_sources_of_a_text_is_of_those_that_were_read(client):
    page = client.get("/therapies/pembrolizumab/").content.decode()
    told = page[page.index("Sources of the text (") :].partition("</details>")[0]
    number = int(re.findall(r"Sources of the text \((\d+)\)", told)[0])
    assert told.count("> Read <time") == number


def test_the_page_on_freshness_counts_the_texts_whose_source_was_read(client):
    rows = freshness.texts()
    sourced = Edition.objects.live().filter(sources__read_on__isnull=False).distinct().count()
    assert sum(row["sourced"] for row in rows) == sourced < sum(row["number"] for row in rows)
    page = client.get("/about/freshness/").content.decode()
    assert f"{sourced} name a source that somebody read" in page
