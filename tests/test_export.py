"""The export: everything that was recorded, safe in a spreadsheet, and read back without change."""

import csv
import datetime
import io
import json

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from portal.publishing import actions, spreadsheets
from portal.publishing.models import Change, Source
from tests.fda_files import TODAY
from therapies.compare.comparison import ComparisonResult
from therapies.compare.comparison import compare as compare_files
from therapies.compare.export import export_rows, in_csv, in_json
from therapies.compare.findings import FileFinding
from therapies.compare.ours import read_our_records
from therapies.compare.proposals import NewEvent, NewFact
from therapies.compare.reasons import Reason
from therapies.fda import portal_export, recognise
from therapies.fda.records import FileRefused, Reading
from therapies.models import ApprovalEvent, Indication, Therapy, TherapyFact

pytestmark = pytest.mark.slow

FORMULA = '=HYPERLINK("https://evil.example";"\'Press\'")\r\n+1'
NASTY = st.one_of(
    st.text(max_size=40),
    st.text("'=+-@\t\r\n\",;\\u0123456789abcdef\u200e\u202e\x00\x1b\ufeff\u2028é😀", max_size=20),
)


def parse(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def compare(data: bytes) -> ComparisonResult:
    return compare_files(recognise.open_file(io.BytesIO(data), TODAY), read_our_records())


def written(kind: str) -> bytes:
    return "".join(in_csv() if kind == "csv" else in_json()).encode()


def table(*records: dict[str, str]) -> bytes:
    """An export as a person may have changed it in a spreadsheet."""
    out = io.StringIO()
    writer = csv.DictWriter(out, portal_export.FIELDS)
    writer.writeheader()
    writer.writerows({field: spreadsheets.guarded(text) for field, text in record.items()} for record in records)
    return out.getvalue().encode()


def exported(**wanted: str) -> dict[str, str]:
    return next(row for row in export_rows() if wanted.items() <= row.items())


# A cell -------------------------------------------------------------------------------------------


@given(NASTY)
def test_any_text_comes_back_exactly_and_is_no_formula(text):
    cell = spreadsheets.guarded(text)
    assert spreadsheets.unguarded(cell) == text
    assert not cell.startswith(tuple("=+-@\t\r\n"))
    assert not spreadsheets.TRICKS.search(cell)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'"])
def test_one_apostrophe_is_put_before_a_formula_and_one_is_taken_off(start):
    assert spreadsheets.guarded(f"{start}1") == f"'{start}1"
    assert spreadsheets.unguarded(f"'{start}1") == f"{start}1"


@given(st.fixed_dictionaries(dict.fromkeys(("value", "note", "source_title", "setting", "doubt"), NASTY)))
def test_a_record_survives_the_file_whatever_it_holds(said):
    said = {"record": "fact", "therapy": "x", "kind": "synonym"} | said | {"value": f"v{said['value']}"}
    reading = recognise.open_file(io.BytesIO(table(said)), TODAY)
    assert [record.said for record in reading.records] == [dict.fromkeys(portal_export.FIELDS, "") | said]
    data = json.dumps({"portal-export": 1, "records": [said]}).encode()
    reading = recognise.open_file(io.BytesIO(data), TODAY)
    assert [record.said for record in reading.records] == [dict.fromkeys(portal_export.FIELDS, "") | said]


# The whole ----------------------------------------------------------------------------------------


@pytest.fixture
def nasty(use, source, pending, confirmed, second_data_editor):
    """Facts in each state, with words that spreadsheets, files and screens trip over."""
    for value in (FORMULA, "'quoted'", "a\r\nb\rc", "“é” 😀 \u2028", "\\u0041"):
        fact = pending(TherapyFact, therapy=use.therapy, kind="synonym", value=value, source=source, note=value)
    actions.reject(fact, by=second_data_editor, because="-no, 'never'")
    event = confirmed(ApprovalEvent, indication=use, kind="approval", date="2020-01-02", source=source)
    Indication.objects.create(therapy=use.therapy, cancer=use.cancer, code="idle", setting="=nobody", children=True)
    return event


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_reading_the_export_again_says_that_everything_agrees(nasty, kind):
    result = compare(written(kind))
    assert (result.reading.kind, result.reading.errors) == ("portal-export", [])
    assert {bucket for bucket, number in result.buckets.items() if number} == {"agrees"}
    number = ApprovalEvent.objects.count() + TherapyFact.objects.count()
    number += Change.objects.to(ApprovalEvent, TherapyFact).filter(verb="add", confirmed_at=None).count()
    waiting = Change.objects.pending().to(ApprovalEvent).values_list("after__indication", flat=True)
    idle = Indication.objects.filter(events=None).exclude(pk__in=list(waiting)).count()
    assert result.reading.rows == result.buckets["agrees"] == number + idle
    assert len(result.therapies) == Therapy.objects.count()


def test_a_record_holds_all_that_is_needed_to_build_it_again(nasty):
    row = next(row for row in parse(written("csv")) if row["use"] == "neuroblastoma--test")
    assert {name: row[name] for name in ("record", "therapy", "name", "class", "cancer", "setting", "kind")} == {
        "record": "event",
        "therapy": "pembrolizumab",
        "name": "pembrolizumab",
        "class": "checkpoint-inhibitor",
        "cancer": "neuroblastoma",
        "setting": "After everything else",
        "kind": "approval",
    }
    assert (row["date"], row["precision"], row["source url"]) == ("2020-01-02", "day", "https://www.fda.gov/test")
    assert (row["state"], row["recorded by"], row["confirmed by"]) == ("confirmed", "Dana", "Sam")
    assert row["confirmed at"].startswith(nasty.confirmed_at.isoformat()[:19])
    states = {row["state"] for row in parse(written("csv"))}
    assert states == {"confirmed", "confirmed from its source", "pending", "rejected", ""}, "a use alone has none"


def test_no_cell_of_the_csv_is_a_formula(nasty):
    rows = parse(written("csv"))
    assert not [cell for row in rows for cell in row.values() if cell.startswith(tuple("=+-@\t\r"))]
    assert f"'{FORMULA}" in {row["value"] for row in rows} and "'=nobody" in {row["setting"] for row in rows}


def test_the_json_tells_types(nasty):
    data = json.loads(written("json"))
    row = next(row for row in data["records"] if row.get("use") == "idle")
    assert row["children"] is True and row["partner_label"] is False and row["setting"] == "=nobody"


def test_the_command_compares_an_export(nasty, tmp_path, capsys):
    path = tmp_path / "export.csv"
    path.write_bytes(written("csv"))
    call_command("fda_diff", str(path), "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["kind"] == "portal-export" and said["rows"] == said["buckets"]["agrees"] > 1500


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_writing_asks_a_fixed_number_of_questions(nasty, kind, django_assert_num_queries):
    with django_assert_num_queries(12):
        written(kind)


# What differs -------------------------------------------------------------------------------------


def sorted_as(row: dict[str, str]) -> FileFinding:
    result = compare(table(row))
    assert not result.reading.errors, result.reading.errors
    return result.findings[0]


def test_an_event_that_we_do_not_record_is_proposed(nasty):
    finding = sorted_as(exported(use="neuroblastoma--test") | {"date": "2021-03-04"})
    day = datetime.date(2021, 3, 4)
    assert (finding.bucket, finding.date) == ("new date", day)
    assert finding.proposal == NewEvent(nasty.indication_id, "approval", day)


def test_a_fact_that_we_do_not_record_is_proposed(db):
    finding = sorted_as(exported(kind="brand", therapy="pembrolizumab") | {"value": "Keytruda Two"})
    proposal = NewFact("pembrolizumab", "brand", "Keytruda Two")
    assert (finding.bucket, finding.proposal) == ("new application or form", proposal)


@pytest.mark.parametrize(
    ("changed", "ours"),
    [
        ({"note": "another"}, {"note": ""}),
        ({"state": "pending"}, {"state": "confirmed"}),
        ({"setting": "x"}, {"setting": "After everything else"}),
    ],
)
def test_other_values_under_the_same_key_conflict(nasty, changed, ours):
    finding = sorted_as(exported(use="neuroblastoma--test") | changed)
    assert (finding.bucket, finding.reason, finding.proposal) == ("conflicts with ours", Reason.OTHER_VALUES, None)
    assert (finding.claim.differing, finding.arguments) == (changed, {"ours": ours})


def test_another_value_where_a_therapy_has_one_conflicts(db):
    finding = sorted_as(exported(kind="market-status", therapy="pembrolizumab") | {"value": "discontinued"})
    assert (finding.bucket, finding.reason) == ("conflicts with ours", Reason.OTHER_VALUE)
    assert finding.arguments == {"ours": "marketed"}


def test_a_value_that_was_removed_is_not_ours(data_editor, second_data_editor):
    fact = TherapyFact.objects.get(kind="market-status", therapy__slug="pembrolizumab")
    row = exported(kind="market-status", therapy="pembrolizumab") | {"value": "discontinued"}
    gone = actions.propose_removal(fact, by=data_editor, because="Nobody read it.")
    actions.confirm(gone, by=second_data_editor)
    finding = sorted_as(row)
    assert (finding.bucket, finding.reason) == ("new application or form", Reason.NO_SUCH_FACT)
    assert finding.proposal == NewFact("pembrolizumab", "market-status", "discontinued")


def test_a_value_that_a_person_rejected_is_told_with_its_reason(pending, use, source, second_data_editor):
    change = pending(TherapyFact, therapy=use.therapy, kind="synonym", value="a rumor", source=source)
    row = exported(value="a rumor")
    actions.reject(change, by=second_data_editor, because="No label says so.")
    assert sorted_as(row).claim.differing == {"state": "pending", "rejected_because": ""}
    assert exported(value="a rumor")["rejected_because"] == "No label says so."


def test_a_therapy_that_we_do_not_keep_is_proposed_once(db):
    rows = [exported(kind="brand") | {"therapy": "newmab", "value": value} for value in ("A", "B")]
    result = compare(table(*rows))
    assert [finding.bucket for finding in result.findings] == ["new therapy", "new application or form"]


def test_what_was_rejected_elsewhere_is_not_proposed(db):
    finding = sorted_as(exported(kind="brand") | {"value": "New", "state": "rejected", "rejected_because": "No."})
    assert (finding.bucket, finding.reason) == ("not ours", Reason.REJECTED_IN_EXPORT)
    assert finding.arguments == {"because": "No."}


def test_columns_that_are_missing_are_not_compared(db):
    row = exported(kind="brand", therapy="pembrolizumab")
    lines = [",".join(portal_export.KEYS), ",".join(row.get(field, "") for field in portal_export.KEYS)]
    assert compare("\n".join(lines).encode()).buckets["agrees"] == 1


@pytest.mark.parametrize(
    ("changed", "column", "message"),
    [
        ({"record": "trial"}, "record", "A record is one of: therapy, use, event, fact."),
        ({"therapy": ""}, "therapy", "Each record names its therapy by its address, but this one does not."),
        ({"date": "yesterday"}, "date", "Write a date like"),
        ({"kind": "rumor"}, "kind", "We know no such kind."),
        ({"value": "a\u202eb"}, "value", "This cell contains a control or direction character, U+202E."),
    ],
)
def test_a_broken_row_says_what_is_wrong_and_leaves_the_others(db, changed, column, message):
    good = exported(kind="brand", therapy="pembrolizumab")
    result = compare(table(good | changed, good))
    assert result.buckets["agrees"] == 1 and result.buckets["unreadable"] == 1
    [error] = result.reading.errors
    assert (error.line, error.column) == (2, column) and error.message.startswith(message)


@pytest.mark.parametrize(
    "data",
    [
        b'{"portal-export": 1, "records": [{"therapy": {"deep": [1]}}]}',
        b'{"portal-export": 1, "records": [{"therapy": "a", "therapy": "b"}]}',
        b'{"portal-export": 1, "records": ["x"]}',
        b'{"portal-export": 1, "others": [{"therapy": "a"}]}',
        b'{"portal-export": 1, "records": [{"therapy": NaN}]}',
        b'{"portal-export": 1, "records": [{"therapy": "a"',
        b'{"portal-export": 1, "records": [{"value": "\\ud800"}]}',
        b'{"portal-export": 1, "records": [{"value": "' + b"x" * 20_001 + b'"}]}',
        b'{"portal-export"' + b"[" * 500_000,
    ],
)
def test_a_json_that_is_no_export_is_refused_with_a_sentence(data):
    reading: Reading = recognise.open_file(io.BytesIO(data), TODAY)
    with pytest.raises(FileRefused, match=r"\.$"):
        list(reading.records)


# The page -----------------------------------------------------------------------------------------


def test_the_page_explains_and_offers_both_files(desk, editor):
    client = desk(editor)
    text = client.get("/desk/export/").content.decode()
    waiting = Change.objects.pending().filter(verb="add")
    decisions, uses, facts = (
        model.objects.count() + waiting.to(model).count() for model in (ApprovalEvent, Indication, TherapyFact)
    )
    assert f"{decisions} FDA decisions on {uses} uses, and {facts} facts" in text
    for ending, kind in (("csv", "text/csv; charset=utf-8"), ("json", "application/json")):
        assert f'href="/desk/export/portal.{ending}"' in text
        response = client.get(f"/desk/export/portal.{ending}")
        assert response.streaming and response["Content-Type"] == kind
        assert response["Content-Disposition"].startswith('attachment; filename="portal-20')
        assert "no-store" in response["Cache-Control"]
        assert b"".join(response.streaming_content) == written(ending)


def test_a_therapy_that_comes_while_the_export_is_taken_does_not_break_it(db):
    taken = export_rows()
    first = next(taken)
    kind = Therapy.objects.first().therapy_class
    new = Therapy.objects.create(name="Zzz", slug="zzz", therapy_class=kind)
    TherapyFact.objects.create(therapy=new, kind="brand", value="Zzz", source=Source.objects.first())
    assert first and "zzz" not in {row["therapy"] for row in taken}
