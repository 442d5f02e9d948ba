"""Properties of the readers that hold for every input that hypothesis can think of.

``HYPOTHESIS_EXAMPLES=2000 make test-fast ARGS=tests/test_fda_properties.py`` thinks longer.
"""

import datetime
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import fda_files as files
from tests.fda_files import TODAY, old_approval, read
from tests.notice_words import WORDS
from therapies.desk.paste import taken_apart
from therapies.fda import cells
from therapies.fda.records import Accelerated, Application, FileRefused, Notice, Product, Submission, cut
from therapies.fda.wording import drafts

VALID = [
    files.purple_book(files.keytruda(), files.keytruda(status="Disc")),
    files.new_purple_book(files.keytruda(files.NEW), changes=[files.keytruda(files.NEW, change="U")]),
    files.table(files.COMPILATION, [old_approval()]),
    files.drugs_zip(),
    files.drugs_zip(compression=zipfile.ZIP_STORED),
    files.answer(files.drugsfda()),
    files.answer(files.label()),
    files.notices(),
    files.page(files.VERIFIED, [["Keytruda (pembrolizumab)", "a", "5/27/2022", "4/1/2024"]]),
]


def survives(data):
    """A reader gives records and errors, or refuses in a sentence: nothing else."""
    try:
        reading, records = read(data)
    except FileRefused as refusal:
        said = [str(refusal)]
    else:
        assert reading.kind and all(record.line > 0 for record in records)
        assert all(error.value.isprintable() for error in reading.errors)
        said = [error.message for error in reading.errors]
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in said)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    survives(data)


@given(
    st.sampled_from([b"PK\3\4", b"PK\5\6", b"{", b'{"results": [', b"<html><table>", b"\xef\xbb\xbf", b"\xff\xfe"]),
    st.binary(max_size=300),
)
def test_any_bytes_after_a_known_beginning_are_read_or_refused(start, data):
    survives(start + data)


@given(st.sampled_from(VALID), st.data())
def test_a_valid_file_with_bytes_changed_is_read_or_refused(data, draw):
    raw = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 6))):
        place = draw.draw(st.integers(0, len(raw) - 1))
        how = draw.draw(st.sampled_from("sdix"))
        if how == "s":
            raw[place] = draw.draw(st.integers(0, 255))
        elif how == "d" and len(raw) > 1:
            del raw[place : place + draw.draw(st.integers(1, 40))]
        elif how == "i":
            raw[place:place] = draw.draw(st.binary(min_size=1, max_size=20))
        else:
            raw = raw[:place] or raw
        if not raw:
            break
    survives(bytes(raw))


tricky = st.text(max_size=30) | st.sampled_from(
    ["=1", "N/A", "\u202e", "4-Sep-14", "1255145", "<b>", '"', "a\nb", "\u0430"]
)


@given(st.lists(st.lists(tricky, min_size=25, max_size=25), max_size=4))
def test_any_cells_of_a_purple_book_are_read_or_told(rows):
    rows = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
    survives(files.purple_book(*rows))


@given(st.lists(st.lists(tricky, min_size=3, max_size=3), max_size=4))
def test_any_cells_of_a_saved_page_are_read_or_told(rows):
    rows = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
    survives(files.page(["Webpage", "Description", "Date"], rows))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
keys = [*files.label(), *files.drugsfda(), "x"]


@given(st.lists(st.dictionaries(st.sampled_from(keys), values, max_size=5), max_size=3))
def test_results_of_any_types_are_read_or_told(results):
    survives(json.dumps({"meta": {"last_updated": "2026-07-23"}, "results": results}).encode())


@given(values)
def test_any_json_is_read_or_refused(value):
    survives(json.dumps(value).encode())


@given(
    st.dictionaries(
        st.sampled_from([*files.TABLES, "TE.txt"]), st.lists(st.lists(tricky, max_size=9), max_size=4), max_size=3
    )
)
def test_any_rows_of_the_zip_are_read_or_told(changed):
    tables = {
        name.removesuffix(".txt"): [
            *files.TABLES.get(name, [])[:1],
            *([c.encode("cp1252", "replace").decode("cp1252") for c in row] for row in rows),
        ]
        for name, rows in changed.items()
    }
    survives(files.drugs_zip(**tables))


@given(st.text(max_size=300))
def test_any_description_gives_drafts(text):
    found = drafts(Notice(1, "", text, None, ""), WORDS, TODAY)
    assert found and all(draft.kind is None or draft.kind.words in text for draft in found)


@given(st.text(max_size=300) | st.lists(tricky, max_size=12).map("\t".join))
def test_whatever_is_pasted_is_taken_apart_and_read(pasted):
    notice = taken_apart(pasted, TODAY)
    assert drafts(notice, WORDS, TODAY) and "" not in notice.description.split("\n")[1:]


# What is written is read again --------------------------------------------------------------------

names = st.text("abcdefghijklmnopqrstuvwxyz -", min_size=3, max_size=20).filter(
    lambda s: cells.optional(s) and s.strip(" -") and s.strip()[0].isalpha()
)
numbers = st.integers(10_000, 999_999)
days = st.dates(datetime.date(1930, 1, 1), datetime.date(2026, 6, 30))


@pytest.mark.slow
@given(st.lists(st.tuples(numbers, names, names, days, st.sampled_from(["351(a)", "351(k) Biosimilar"])), max_size=5))
def test_both_purple_books_give_back_the_rows_that_were_written(rows):
    for header, build in ((files.OLD, files.purple_book), (files.NEW, files.new_purple_book)):
        written = [
            files.product(
                header, number=str(number), brand=brand, name=name, approved=day.strftime("%-d-%b-%Y"), licence=licence
            )
            for number, brand, name, day, licence in rows
        ]
        reading, products = read(build(*written))
        assert not reading.errors
        assert [(p.application, p.brand, p.names, p.approved, p.licence) for p in products] == [
            (Application("BLA", number), " ".join(brand.split()), (" ".join(name.split()),), day, licence)
            for number, brand, name, day, licence in rows
        ]


@given(
    st.lists(
        st.tuples(numbers, st.sampled_from(["BLA", "NDA", "ANDA"]), names, days),
        max_size=5,
        unique_by=lambda row: row[0],
    )
)
def test_the_zip_gives_back_the_rows_that_were_written(rows):
    heads = {name: table[:1] for name, table in files.TABLES.items()}
    data = files.drugs_zip(
        Applications=heads["Applications.txt"] + [[f"{n:06d}", kind, "", "X"] for n, kind, _, _ in rows],
        Products=heads["Products.txt"]
        + [[f"{n:06d}", "001", "A;B", "1", "0", name, name, "0"] for n, _, name, _ in rows],
        Submissions=heads["Submissions.txt"]
        + [[f"{n:06d}", "7", "ORIG", "1", "AP", f"{day} 00:00:00", "", ""] for n, _, _, day in rows],
    )
    reading, records = read(data)
    assert not reading.errors
    assert [(r.application, r.brand) for r in records if isinstance(r, Product)] == [
        (Application(kind, n), " ".join(name.split())) for n, kind, name, _ in rows
    ]
    assert [r.date for r in records if isinstance(r, Submission)] == [day for _, _, _, day in rows]


@given(st.lists(st.tuples(names, names, days, days), min_size=1, max_size=5))
def test_a_saved_page_gives_back_the_rows_that_were_written(rows):
    written = [[f"{brand} ({name})", "a use", f"{a:%m/%d/%Y}", f"{b:%m/%d/%Y}"] for brand, name, a, b in rows]
    _, records = read(files.page(files.VERIFIED, written))
    assert all(isinstance(r, Accelerated) for r in records)
    assert [(r.granted, r.converted) for r in records] == [(a, b) for _, _, a, b in rows]


@given(
    numbers,
    st.sampled_from(["BLA", "NDA", "ANDA"]),
    st.sampled_from(["{k}{n}", "{k} {n}", "{k}-{n}", "{n}", "{k}{n:06d}", " {k} {n:06d} "]),
)
def test_an_application_number_is_read_as_it_was_written(number, kind, form):
    application = cells.application(form.format(k=kind, n=number), kind)
    assert application == Application(kind, number) == cells.application(str(application))


@given(st.text(max_size=15))
def test_any_text_is_an_application_number_or_bad(text):
    try:
        application = cells.application(text, "BLA")
    except cells.Bad:
        return
    assert str(application.number) in text.replace("0", "") or str(application.number) in text


@given(days, st.sampled_from(["%-d-%b-%y", "%-m/%-d/%Y", "%Y-%m-%d 00:00:00", "%Y%m%d", "%B %-d, %Y", "%d-%b-%Y"]))
def test_a_day_is_read_as_it_was_written_and_never_after_the_edition(day, form):
    edition = datetime.date(2026, 6, 30)
    found = cells.day(day.strftime(form), edition)
    assert found <= edition
    assert found == day or (form.endswith("%y") and found.year - day.year == 100)


@given(st.text(max_size=200))
def test_what_is_shown_of_a_value_is_printable_and_short(text):
    assert cut(text).isprintable() and len(cut(text)) <= 81


@given(st.text(max_size=40))
def test_a_name_that_passes_holds_latin_letters_alone(text):
    try:
        name = cells.name(text)
    except cells.Bad:
        return
    assert not set(name) & set("<>\u0430\u202e\x00\u200b") and name == cells.name(name)


def test_nothing_is_stored_outside_of_var():
    assert not (files.ROOT / ".hypothesis").exists()
