"""Files that mean harm or were chosen by mistake: one sentence each, in time, within memory, and nothing is written."""

import contextlib
import io
import json
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from tests import fda_files as files
from tests.fda_files import TODAY, read
from tests.hostile_files import GOOD, HOSTILE, hostile
from tests.imports import rows_of_ours
from tests.machine import steps_in_the_time_of
from therapies.compare import rules
from therapies.fda import json_text, recognise
from therapies.fda.records import FileRefused

pytestmark = pytest.mark.slow

#: Those that take half a second to refuse.
SLOW = ("a million values", "100,001 rows", "100,000 results", "a workbook of a million cells")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in HOSTILE]
)
def test_a_hostile_file_gets_one_sentence(name):
    data, said = hostile(name)
    caught: list[FileRefused] = []

    def refuse():
        with pytest.raises(FileRefused) as raised:
            read(data)
        caught.append(raised.value)

    assert steps_in_the_time_of(refuse) < 600
    sentence = str(caught[0])
    assert said in sentence and sentence.isprintable()
    assert sentence.endswith(".") and len(sentence) < 400


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (files.purple_book(files.keytruda(brand="=cmd|' /C calc'!A0")), "spreadsheet's formula"),
        (files.purple_book(files.keytruda(name="<script>alert(1)</script>")), "contain < or >"),
        (files.purple_book(files.keytruda(name="pembrolizum\u0430b")), "only looks Latin"),
        (files.purple_book(files.keytruda(approved="30-Feb-24")), "no such date"),
        (files.purple_book(files.keytruda(licence="351(\u043a)")), "begins with 351(a) or 351(k)"),
        (files.purple_book(files.keytruda(approved="2124-01-01")), "is after"),
        (files.purple_book(files.keytruda(brand="Key\u2066truda")), "direction character"),
        (files.table([*files.OLD, "Remarks"], [[*files.keytruda(), "a\u202eb"]]), "direction character"),
        (files.purple_book(files.keytruda())[:-30], "cut off here"),
        (files.purple_book(files.keytruda()) + b'U,"Merck,x', "quotation marks"),
        (
            files.drugs_zip(Applications=[*files.TABLES["Applications.txt"], ["12x", "BLA", "", ""]]),
            "five or six digits",
        ),
        (files.answer(files.label(indications_and_usage=[{"a": 1}])), "Text was expected"),
        (files.answer(files.label(openfda=["a"])), "An object was expected"),
        (files.answer(files.drugsfda(brand="K\u202e")), "direction character"),
        (files.answer(files.drugsfda(submissions=[{"submission_status_date": "20141399"}])), "no such date"),
        (files.notices(("t", "", "1/1/2024")), "this one has none"),
        (files.page(files.VERIFIED, [["Keytrud\u0430 (x)", "a", "1/1/2024", ""]]), "only looks Latin"),
    ],
)
def test_a_hostile_row_is_told_and_gives_nothing(data, said):
    reading, records = read(data)
    assert [said in error.message for error in reading.errors] == [True] and reading.errors[0].value.isprintable()
    assert all(r.brand in ("Keytruda", "KEYTRUDA") for r in records if hasattr(r, "brand"))


@pytest.mark.slow
def test_heavy_files_stay_within_memory(tmp_path):
    heavy = (
        "a line of commas",
        "a bomb by size",
        "a million values",
        "100,001 rows",
        "a page of 5 MB",
        "JSON of depth",
        "a directory for huge zips",
        "a table of nothing but errors",
        "a value of 60 MB",
        "tables within tables",
        "a workbook of a million cells",
        "a workbook of 60,000 styles",
        "a workbook with a tag of 10 MB",
    )
    for place, name in enumerate(heavy):
        (tmp_path / f"{place}").write_bytes(hostile(name)[0])
    (tmp_path / "rows.zip").write_bytes(
        files.drugs_zip(
            Submissions=files.tsv(files.TABLES["Submissions.txt"][:1] + files.TABLES["Submissions.txt"][1:2] * 200_000)
        )
    )
    script = (
        "import datetime, glob, sys\n"
        "from therapies.fda import recognise, records\n"
        "for path in sorted(glob.glob(sys.argv[1] + '/*')):\n"
        "    with open(path, 'rb') as file:\n"
        "        try:\n"
        "            for _ in recognise.open_file(file, datetime.date(2026, 11, 24)).records: pass\n"
        "        except records.FileRefused: pass\n"
        # ru_maxrss would count the test runner, from which this process was forked
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], cwd=files.ROOT, capture_output=True, check=True
    )
    assert int(done.stdout) < 300 * 1024


# The command -------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["empty", "a bomb by size", "JSON of depth", "an apology", "an old spreadsheet"])
def test_the_command_says_one_sentence_and_ends_with_two(name, tmp_path):
    path = tmp_path / "purplebook.csv"
    path.write_bytes(hostile(name)[0])
    before = rows_of_ours()
    with pytest.raises(CommandError) as caught:
        call_command("fda_diff", str(path))
    assert caught.value.returncode == 2 and HOSTILE[name][1] in str(caught.value)
    assert rows_of_ours() == before


@pytest.mark.django_db
def test_what_is_no_file_gets_a_sentence(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    locked = tmp_path / "locked"
    locked.write_text("x")
    locked.chmod(0)
    cases = [(tmp_path, "is a folder"), (tmp_path / "none", "there is none"), (tmp_path / "pipe", "something else")]
    cases += [("/dev/zero", "something else"), ("a\0b", "could not be opened")]
    if os.geteuid():
        cases.append((locked, "permissions"))
    for path, said in cases:
        with pytest.raises(CommandError, match=said) as caught:
            call_command("fda_diff", str(path))
        assert caught.value.returncode == 2


@pytest.mark.django_db
def test_a_reader_that_fails_gives_no_traceback(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes(files.notices())
    monkeypatch.setattr(recognise, "open_file", lambda file, today: 1 / 0)
    with pytest.raises(CommandError, match="for a reason we didn’t expect"):
        call_command("fda_diff", str(path))


def test_no_name_takes_long():
    assert steps_in_the_time_of(lambda: [rules.scope_of("BLA", ("a" * 499,), "") for _ in range(500)]) < 130


@pytest.mark.parametrize("said", [-5, 10**12, True])
def test_a_number_of_results_that_cannot_be_is_not_believed(said):
    data = json.loads(files.answer(files.label()))
    data["meta"]["results"] = {"total": said}
    assert read(json.dumps(data).encode())[0].total is None


@pytest.mark.parametrize("day", ["9999-12-31", "2099-01-01"])
def test_an_edition_that_is_yet_to_come_is_not_believed(day):
    """It would stand as the newest one for years, and before readers."""
    data = json.loads(files.answer(files.label()))
    data["meta"]["last_updated"] = day
    reading, labels = read(json.dumps(data).encode())
    assert reading.edition is None and len(labels) == 1


def test_damaged_deflate_is_no_traceback():
    data = bytearray(GOOD)
    for place in range(40, len(data) - 200, 7):
        data[place] ^= 0x55
        with contextlib.suppress(FileRefused):
            read(bytes(data), TODAY)
        data[place] ^= 0x55


@pytest.mark.parametrize("size", [1, 2, 5, 7, 13, 64])
def test_whole_pairs_pass_and_halves_do_not_wherever_a_block_ends(size):
    def through(data):
        stream = json_text.Stream(io.BytesIO(data))
        return b"".join(iter(lambda: stream.read(size), b""))

    whole = rb'{"a": "\\ud83d \ud83d\ude00\\\\\ud83d\ude00 \ud83d\ude00"}'
    assert through(whole) == whole
    for half in (rb'["\ud83d"]', rb'["\ude00"]', rb'["\ud83d\\\ude00"]', rb'["\ud83d\ud83d\ude00"]'):
        with pytest.raises(FileRefused, match="half of one"):
            through(half)
