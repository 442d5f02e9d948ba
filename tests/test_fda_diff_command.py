"""The command that prints what a file of FDA's says beside our data."""

import hashlib
import io
import json

import pytest
from django.core.management import call_command
from django.db import connection

from tests import fda_files as files
from tests.imports import NOTHING, rows_of_ours
from therapies.compare.ours import read_our_records
from therapies.management.commands import fda_diff
from therapies.models import Therapy

pytestmark = pytest.mark.django_db


@pytest.fixture
def printed(tmp_path):
    def run(data, *options):
        path = tmp_path / "a name that tells nothing.bin"
        path.write_bytes(data)
        out = io.StringIO()
        call_command("fda_diff", str(path), *options, stdout=out)
        return out.getvalue()

    return run


def test_the_command_prints_one_json_object(printed):
    data = files.purple_book(files.keytruda(), files.keytruda(number="12"))
    assert json.loads(printed(data, "--json")) == {
        "kind": "purple-book",
        "edition": None,
        "sha256": hashlib.sha256(data).hexdigest(),
        "rows": 2,
        "buckets": NOTHING | {"agrees": 3, "unreadable": 1},
        "therapies": {"pembrolizumab": {"applications": ["BLA125514"], "first_approval": "2014-09-04", "status": "Rx"}},
        "notices": [],
        "errors": [
            {
                "line": 3,
                "column": "BLA Number",
                "value": "12",
                "message": "An application number has five or six digits, for example 125514 or BLA125514.",
            }
        ],
        "findings": [],
    }


def test_the_json_gives_what_waits_for_a_person_in_codes_and_in_words(printed):
    [finding] = json.loads(printed(files.drugs_zip(), "--json"))["findings"]
    assert finding == {
        "bucket": "new date",
        "line": 2,
        "claim": {
            "states": "efficacy-supplements",
            "application": "BLA125514",
            "therapy": "pembrolizumab",
            "numbers": ["99"],
            "date": "2016-02-03",
        },
        "reason": "use-not-named",
        "arguments": {},
        "therapies": ["pembrolizumab"],
        "application": "BLA125514",
        "date": "2016-02-03",
        "proposal": {
            "make": "fact",
            "therapy": "pembrolizumab",
            "kind": "supplement",
            "value": "BLA125514 supplement 99",
            "date": "2016-02-03",
            "choices": {"supplement": "BLA125514 supplement 99", "first-approval": "2016-02-03"},
        },
        "words": [
            "BLA125514 supplement 99, February 3, 2016",
            "FDA added or changed a use of pembrolizumab, but this file doesn’t say which one.",
        ],
    }


def test_the_command_prints_a_summary_for_people(printed):
    said = printed(files.answer(files.label(), total=6))
    assert "The file contains 1 of the 6 results" in said and "Matches our data: 2" in said
    said = printed(files.drugs_zip())
    assert "pembrolizumab: FDA counts 2 efficacy supplements; our data has a decision on the dates of 1." in said
    assert (
        "line 2: BLA125514 supplement 99, February 3, 2016. "
        "FDA added or changed a use of pembrolizumab, but this file doesn’t say which one."
    ) in said


def test_the_command_writes_nothing_and_cannot(printed, monkeypatch):
    before = rows_of_ours()
    printed(files.purple_book(files.keytruda()))
    assert rows_of_ours() == before
    with connection.execute_wrapper(fda_diff.read_only), pytest.raises(RuntimeError, match="reads only"):
        Therapy.objects.update(note="written")


def test_our_facts_are_read_in_a_fixed_number_of_queries(django_assert_num_queries):
    with django_assert_num_queries(8):
        read_our_records()
