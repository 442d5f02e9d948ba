"""Cancers beside types of immunotherapy: each cell is the number behind an address of the catalogue."""

import datetime
import re
import time
from collections import namedtuple

import pytest
from django.utils.html import strip_tags

from therapies.catalogue.record import Record
from therapies.grid import Cell, Grid

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(2)]
ADDRESS = "/cancers/by-type/"


def counted(page: str) -> tuple[int, int, int]:
    """How many therapies a list of the catalogue says are approved, approved early alone, and no longer approved."""
    said = strip_tags(page.partition('id="said"')[2].partition("</p>")[0])
    approved, ended = re.search(r"(\d+) therap", said), re.search(r"and (\d+) no longer", said)
    number = int(approved[1]) if approved else 0
    early = re.search(r"(\d+|It|All) (?:of them )?(?:has|have) only early \(accelerated\) approval", said)
    of_them = {"It": 1, "All": number}.get(early[1]) or int(early[1]) if early else 0
    assert page.count("<strong>Early (accelerated) approval</strong>") == of_them, "each row says it, too"
    return number - of_them, of_them, int(ended[1]) if ended else 0


@pytest.mark.parametrize(("family", "on"), [("", None), ("immunomodulator", None), ("", datetime.date(2018, 6, 1))])
def test_a_cell_says_what_the_list_behind_it_holds(client, family, on):
    grid = Grid(Record(), on, family)
    cells = [cell for line in grid.shown for cell in line.cells if not cell.is_empty]
    assert len(cells) > 15 and any(cell.early for cell in cells) and any(cell.ended for cell in cells)
    for cell in [*cells[:: len(cells) // 3], next(cell for cell in cells if cell.early)]:
        told = counted(client.get(cell.address).content.decode())
        assert told == (cell.approved, cell.early, cell.ended), cell


def test_it_is_a_table_with_headings_and_words_in_each_cell(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        page = client.get(ADDRESS).content.decode()
    table = page.partition("<table")[2].partition("</table>")[0]
    assert "<caption" in table and table.count('scope="col"') == 6
    cells = re.findall(r"<td[^>]*>(.*?)</td>", table, re.S)
    assert len(cells) == 5 * table.count('scope="row"')
    assert all(strip_tags(cell).strip() for cell in cells)
    rows = set(re.findall(r'<tr id="([^"]+)"', table))
    assert set(re.findall(r'<li><a href="#([^"]+)"', page)) - {"main"} == rows, "an index leads to every row"
    links = re.findall(r'<a href="([^"]+)">', " ".join(cells))
    assert len(links) == len(cells) and all("cancer=" in link and "family=" in link for link in links)


def test_it_tells_of_a_past_day_and_of_one_type(client):
    page = client.get(f"{ADDRESS}?on=2018-06-01&type=immunomodulator").content.decode()
    assert "as of June 1, 2018</title>" in re.sub(r" ·.*</title>", "</title>", page)
    assert "on=2018-06-01" in page and "kind=checkpoint-inhibitor" in page
    assert "?type=immunomodulator&amp;on=2018-06-01" in page
    for wrong in ("on=never", "on=2999-01-01", "type=nothing"):
        assert client.get(f"{ADDRESS}?{wrong}").status_code == 400


def test_the_best_of_its_uses_counts():
    cell = Cell("", "")
    for states in ({"withdrawn", "converted"}, {"accelerated", "withdrawn"}, {"withdrawn", "revoked"}):
        cell.count(states)
    assert (cell.approved, cell.early, cell.ended) == (1, 1, 1)


def test_none_leads_to_what_somebody_can_do_instead(client):
    line = next(line for line in Grid(Record()).shown if line.slug == "anal-cancer")
    cell = next(cell for cell in line.cells if cell.is_empty)
    page = client.get(cell.address).content.decode()
    assert "0 therapies approved for anal cancer" in page
    assert 'href="/trials/?cancer=anal-cancer">Find trials for anal cancer' in page
    assert 'href="/cancers/anal-cancer/">About anal cancer' in page
    assert "Find trials for" not in client.get("/therapies/?cancer=melanoma").content.decode()


class MadeUpRecord:
    """So many cancers, one in three with kinds of its own, each with a use of every fifth therapy."""

    def __init__(self, record: Record, size: int) -> None:
        self.therapies = record.therapies
        self.cancers = {f"c{n}": (f"Cancer {n}", f"c{n - n % 3}" if n % 3 else "") for n in range(size)}
        use = namedtuple("use", "cancers state")
        row = namedtuple("row", "slug family kind uses")
        uses = [use([slug], "approved") for slug in self.cancers]
        self._rows = [
            row(one.slug, one.family, one.kind, uses[n % 5 :: 5]) for n, one in enumerate(record.therapies.values())
        ]

    def rows(self, on):
        return self._rows


def test_ten_times_the_cancers_cost_ten_times_as_much(db):
    record, times = Record(), {}
    small, large = MadeUpRecord(record, 200), MadeUpRecord(record, 2000)
    for _ in range(5):
        for size in (small, large):
            begun = time.process_time()
            assert len(Grid(size).shown) == len(size.cancers)
            times[size] = min(times.get(size, 1000), time.process_time() - begun)
    assert times[large] < 20 * times[small], times.values()
