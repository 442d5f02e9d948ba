"""FDA's decisions as a reader finds them: by year and type, filtered, with the new ones marked, and never behind."""

import datetime
import gzip
import re

import pytest
from django.utils import timezone

from portal.publishing import actions
from therapies.decisions import Decisions
from therapies.figures import TherapyNumbers
from therapies.models import ApprovalEvent

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(10)]


def page(client, query: str = "") -> str:
    return " ".join(client.get(f"/approvals/?{query}").content.decode().split())  # where its lines end says nothing


def listed(text: str) -> int:
    return text.count('<li class="use')


def focusable(text: str) -> list[str]:
    """What Tab stops at, closed folds left out but for their summaries."""
    closed = re.sub(r"(<details[^>]*><summary>.*?</summary>).*?</details>", r"\1", text, flags=re.S)
    return re.findall(r"<(?:a|button|select|summary|input)\b(?![^>]*(?:hidden|display:none))", closed)


def table(text: str) -> dict[str, list[str]]:
    """The rows of the table behind the chart, by year."""
    rows = re.findall(r'<th scope="row"[^>]*>(?:<a [^>]*>)?([^<]*)(?:</a>)?</th>(.*?)</tr>', text)
    return {name: re.findall("<td[^>]*>(.*?)</td>", cells) for name, cells in rows}


@pytest.fixture
def change(use, source, pending):
    """Approved today for pembrolizumab in neuroblastoma, and not yet confirmed."""
    return pending(ApprovalEvent, indication=use, kind="approval", date=timezone.localdate(), source=source)


def test_a_past_day_is_said_and_the_years_after_it_do_not_show(client):
    text = page(client, "on=2019-02-28")
    assert 'On <time datetime="2019-02-28">February 28, 2019</time>, 46 therapies were approved' in text
    assert 'id="y2019-02"' in text and 'id="y2019-03"' not in text and 'id="y2020' not in text


# Year and month ------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_confirmed_event_stands_in_its_year_and_on_the_page_of_all_years(client):
    every = page(client, "year=all")
    everything = ApprovalEvent.objects.public().count()
    assert listed(every) == everything
    offered = re.findall(r'<option value="(\d{4})">\d{4} \((\d+)\)</option>', every)
    assert sum(int(number) for _, number in offered) == everything
    for year, number in offered:
        text = page(client, f"year={year}")
        assert listed(text) == int(number) and f"<h1>Approvals in {year}</h1>" in text


def test_the_first_view_holds_the_newest_year_alone_by_month_and_is_light(client):
    response = client.get("/approvals/", headers={"accept-encoding": "gzip"})
    text = gzip.decompress(response.content).decode()
    assert set(re.findall('<ul id="y([0-9]+)-[0-9]{2}"', text)) == {"2026"}
    assert listed(text) == listed(page(client, "year=2026"))
    assert len(response.content) < 15_000 and len(text) < 78_000


def folds(text: str) -> list[tuple[bool, int]]:
    """Whether each month or year stands open, and how many decisions it holds."""
    found = re.findall(r'<details class="fold year prints"( open)?>(.*?)</ul></details>', text)
    return [(bool(is_open), listed(rows)) for is_open, rows in found]


@pytest.mark.parametrize("query", ["", "year=2025", "year=all", "cancer=melanoma", "year=2018&month=12"])
def test_the_newest_stand_open_and_the_tab_key_passes_the_rest(client, query):
    text = page(client, query)
    found = folds(text)
    assert sum(number for _, number in found) == listed(text)
    seen = 0
    for is_open, number in found:
        assert is_open is (seen < 5)
        seen += number
    shown = sum(number for is_open, number in found if is_open)
    assert len(focusable(text)) <= 55 + len(found) + 3 * shown


def test_a_closed_month_names_its_therapies(client):
    summary = re.findall(r"<summary><h2>July 2026</h2>(.*?)</summary>", page(client, "year=2026"))[0]
    assert "Enfortumab vedotin, pembrolizumab, isatuximab" in summary


def test_a_year_leads_to_its_neighbors_and_keeps_the_other_filters_and_the_day(client):
    text = page(client, "year=2017&cancer=melanoma&on=2019-02-28")
    ways = re.findall(r'<li><a href="\?([^"]*)">(\d{4})</a> \((\d+) decision', text)
    assert [year for _, year, _ in ways] == ["2016", "2019"]  # the nearest with a decision on melanoma
    for address, year, number in ways:
        found = page(client, address.replace("&amp;", "&"))
        assert listed(found) == int(number) and f'id="y{year}-' in found and "cancer=melanoma" in address
        assert '<option value="melanoma" selected>' in found and 'value="2019-02-28"' in found


def test_a_month_of_a_year_is_said_as_one_and_has_an_address_of_its_own(client):
    text = page(client, "year=2018&month=12&on=2019-02-28")
    days = re.findall(
        r'<time datetime="(\d{4}-\d\d)', text.split('<details class="fold year')[1].split("</details>")[0]
    )
    assert set(days) == {"2018-12"}
    assert f"{listed(text)} of " in text and "decisions in December 2018, up to" in text
    assert '<link rel="canonical" href="http://testserver/approvals/?month=12&amp;year=2018&amp;on=2019-02-28">' in text


def test_a_month_without_its_year_is_that_month_of_every_year(client):
    text = page(client, "month=3")
    assert {date[5:7] for date in re.findall(r'<p class="when">.*?<time datetime="([^"]*)"', text)} == {"03"}
    assert "decisions in March." in text and len(folds(text)) > 5


@pytest.mark.parametrize("query", ["year=1987&month=2", "year=2018&month=12&cancer=cervical-cancer"])
def test_a_month_without_a_decision_says_so_and_leads_on(client, query):
    text = page(client, query)
    assert listed(text) == 0 and "This site lists no decision in " in text
    ways = re.findall(r'<li><a href="\?([^"]*)">\w+ \d{4}</a> \((\d+) decision', text)
    assert ways
    for address, number in ways:
        assert listed(page(client, address.replace("&amp;", "&"))) == int(number) > 0


def test_a_decision_that_a_feed_tells_of_has_its_row_on_the_page_of_its_year(client):
    address = client.get("/feeds/approvals.json").json()["items"][-1]["url"].removeprefix("http://testserver")
    event = client.get(address).context["step"].event
    assert f'id="e{event.pk}"' in client.get(f"/approvals/?year={event.date.year}").content.decode()


# The chart -----------------------------------------------------------------------------------


def test_the_table_behind_the_chart_adds_up_to_the_list(client):
    text = page(client, "year=all")
    rows = table(text)
    granted, taken_back = (int(number) for number in re.findall(r"\d+", rows.pop("All years")[-1]))
    assert granted + taken_back == listed(text)
    assert taken_back == text.count('class="use off"') + text.count(">Narrowed <time")
    for year, cells in rows.items():
        *families, all_types = ([*map(int, re.findall(r"\d+", cell)), 0][:2] for cell in cells)
        assert [sum(column) for column in zip(*families, strict=True)] == all_types, year
        assert f'id="y{year}"' in text


def test_a_bar_is_as_tall_as_its_number_says():
    decisions = Decisions()
    decisions.select({})
    chart = decisions.chart
    numbers = [*chart.granted.values(), *chart.taken_back.values()]
    heights = [bar.height for strip in chart.strips for bar in strip.bars]
    assert sorted(heights) == pytest.approx(sorted(number * chart.each for number in numbers), abs=0.1)


def test_every_row_of_the_chart_is_named_in_words(client):
    text = page(client)
    for name in ("Targeted antibodies", "Oncolytic virus therapy", "Immunomodulators", "All types"):
        assert f"<p><b>{name}</b> <span>" in text and f'<th scope="col" role="columnheader">{name}</th>' in text


@pytest.mark.parametrize("query", ["", "on=2019-02-28"])
def test_one_sentence_says_why_figures_for_what_ended_differ(client, query):
    """Uses that FDA withdrew, uses that are no longer approved, and decisions that ended or narrowed a use."""
    text = page(client, query)
    told = re.sub("<[^>]*>", "", text)
    ended = int(re.search(r"; (\d+) uses? (?:are no longer approved|is no longer approved|had ended)\.", told)[1])
    whole = r"FDA withdrew (\w+), and (\w+) ended because .* also counts (\d+) decisions? [^:]*: (\d+) in all\."
    found = re.search(whole, told).groups()
    withdrawn, revoked, narrowed, in_all = (0 if number == "none" else int(number) for number in found)
    assert withdrawn + revoked == ended
    assert ended + narrowed == in_all == int(re.findall(r"\d+", table(text)["All years"][-1])[1])
    if not query:
        assert withdrawn == TherapyNumbers().withdrawn_uses()
        home = client.get("/").content.decode()
        assert f"do not include {revoked} that ended because FDA revoked" in home


def test_the_chart_of_one_type_has_one_row(client):
    text = page(client, "family=cancer-vaccine")
    assert text.count('<div class="strip">') == 1 and "All types" not in text


# Filters -------------------------------------------------------------------------------------


def test_a_row_of_the_chart_says_in_words_how_often_and_when_most(client):
    said = re.findall(r'<div class="strip"><p><b>All types</b> <span>([^<]*)</span>', page(client))
    whole = r"approved, expanded, or confirmed \d+ times, most often in \d{4} \(\d+\); ended or narrowed \d+ times"
    assert len(said) == 1 and re.fullmatch(whole, said[0])


@pytest.mark.slow
@pytest.mark.parametrize("query", ["cancer=melanoma", "cancer=skin-cancer", "family=immunomodulator", "kind=withdrawn"])
def test_the_number_beside_a_choice_is_what_choosing_it_shows(client, query):
    value = query.partition("=")[2]
    offered = re.search(rf'<option value="{value}">[^<]*\((\d+)\)</option>', page(client))[1]
    text = page(client, query)
    assert listed(text) == int(offered)
    assert sum(int(n) for n in re.findall(r"\d+", table(text)["All years"][-1])) == int(offered)


def test_a_group_of_cancers_holds_the_decisions_for_each_kind(client):
    inside = set(re.findall('id="(e[0-9]+)"', page(client, "cancer=melanoma")))
    assert inside < set(re.findall('id="(e[0-9]+)"', page(client, "cancer=skin-cancer")))


def test_the_first_approval_of_a_use_and_its_widening_are_different_kinds(client):
    for kind, word in (("approved", "Approved"), ("expanded", "Expanded"), ("confirmed", "Confirmed")):
        assert set(re.findall(r'<p class="when">(?:<a [^>]*>)?(\w+) ', page(client, f"kind={kind}"))) == {word}


def test_what_is_filtered_is_said_in_one_sentence(client):
    text = page(client, "cancer=melanoma&family=immunomodulator&kind=withdrawn&on=2019-02-28")
    assert re.search(
        r"0 of \d+ decisions for melanoma of the type “immunomodulators” of the kind “withdrawn”, up to <time[^>]*>Feb",
        text,
    )


def test_an_empty_list_offers_the_nearest_wider_one_and_keeps_the_day(client):
    text = page(client, "family=cancer-vaccine&kind=withdrawn&on=2019-02-28")
    assert "No decision fits" in text
    ways = re.findall(r'<a href="\?([^"]*)">Remove filter: \w+</a>: (\d+)', text)
    assert len(ways) == 2
    for address, number in ways:
        address = address.replace("&amp;", "&")
        assert "on=2019-02-28" in address
        assert listed(page(client, address)) == int(number) > 0


def test_a_refused_choice_keeps_what_else_was_chosen(client):
    text = page(client, "cancer=melanoma&on=2999-01-01")
    assert '<option value="melanoma" selected>' in text and "is in the future" in text


# What is new ---------------------------------------------------------------------------------


def test_a_decision_is_marked_as_new_for_ninety_days_after_fdas_day():
    today = timezone.localdate()
    assert ApprovalEvent(date=today - datetime.timedelta(days=90)).is_new_on(today)
    assert not ApprovalEvent(date=today - datetime.timedelta(days=91)).is_new_on(today)


def test_a_new_decision_is_marked_in_words_wherever_it_is_told(client, change, second_data_editor):
    pages = (
        "/approvals/?kind=approved",
        "/therapies/pembrolizumab/",
        "/cancers/neuroblastoma/",
        "/therapies/?q=keytruda",
    )
    before = [client.get(address).content.decode().count('class="badge new"') for address in pages]
    actions.confirm(change, by=second_data_editor)
    after = [client.get(address).content.decode().count('class="badge new"') for address in pages]
    assert after == [number + 1 for number in before]


def test_an_old_decision_that_was_entered_today_is_not_new(client, use, source, confirmed):
    event = confirmed(ApprovalEvent, indication=use, kind="approval", date=datetime.date(2015, 3, 10), source=source)
    row = page(client, "year=2015").split(f'id="e{event.pk}"')[1].split("</li>")[0]
    assert "new" not in re.sub("<[^>]*>", "", row)


# At once -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_everything_follows_a_confirmation_at_the_next_request(client, change, data_editor, second_data_editor):
    def seen():
        text = page(client)
        chosen = re.search(r'value="neuroblastoma">[^<]*\((\d+)\)', text)
        newest = client.get("/feeds/approvals.atom").content.decode()
        return {
            "list": listed(page(client, "year=all")),
            "table": int(table(text)["All years"][-1].split(",")[0]),
            "filter": int(chosen[1]),
            "uses": int(re.search(r"approved, in (\d+) uses", text)[1]),
            "feed": newest.count("Pembrolizumab, Neuroblastoma ("),
            "cancer": client.get("/feeds/cancers/neuroblastoma.json").content.decode().count("Pembrolizumab, "),
            "therapy": client.get("/feeds/therapies/pembrolizumab.json").content.decode().count("Neuroblastoma ("),
        }

    before = seen()
    actions.confirm(change, by=second_data_editor)
    with_it = {name: number + 1 for name, number in before.items()}
    assert seen() == with_it
    event = ApprovalEvent.objects.get(pk=change.row)
    removal = actions.propose_removal(event, by=second_data_editor, because="It was another drug.")
    assert seen() == with_it, "it stays until its removal is confirmed"
    actions.confirm(removal, by=data_editor)
    assert seen() == before
