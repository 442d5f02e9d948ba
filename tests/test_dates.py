"""Days are written in one format wherever people read them: “November 28, 2026”, and with the time “…, 14:02”."""

import datetime
import re
from pathlib import Path

import pytest
from django.utils import timezone

from portal.formats.en import formats
from portal.publishing import moments
from portal.publishing.models import AuditEntry
from therapies.models import ApprovalEvent

ROOT = Path(__file__).parents[1]
FORMATS = {formats.DATE_FORMAT, formats.DATETIME_FORMAT}
#: What browsers and programs read: attributes, and values of inputs.
FOR_MACHINES = {"Y-m-d", r"Y-m-d\TH:i", "c"}
#: Styles of citation have formats of their own.
CITATIONS = "templates/_cite.html"
#: Where code writes a day in another way, and why.
OTHERWISE = {
    "portal/publishing/templatetags/publishing.py": "attributes of <time>, and months",
    "portal/operating/backups.py": "the name of a folder",
    "portal/publishing/citations.py": "styles of citation have formats of their own",
    "portal/publishing/admin/trail.py": "seconds in the audit trail, and the name of its file",
    "portal/publishing/admin/reading.py": "the zone after a moment",
    "therapies/models/approvals.py": "a decision known by its month",
    "therapies/desk/synchronised.py": "a release of a month",
    "therapies/fda/cells.py": "without Django",
    "therapies/fda/purple_book.py": "the release, as data",
    "therapies/lifeline.py": "months in a drawing",
}
BY_HAND = re.compile(r":%[A-Za-z]|%-d|strftime\(|date_format\(")


def files(*folders: str, suffix: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob(f"*{suffix}"))]
    return [path for path in found if "migrations" not in path.parts]


def test_templates_write_days_in_one_format():
    strays = {}
    for path in files("templates", suffix=".html") + files("templates", suffix=".txt"):
        name, text = str(path.relative_to(ROOT)), path.read_text()
        used = {*re.findall(r'\|date:"([^"]*)"', text), *re.findall(r'{% now "([^"]*)"', text)}
        wrong = used - FORMATS - FOR_MACHINES | {*re.findall(r"\|time\b|\|date\b(?!:)", text)}
        if wrong and name != CITATIONS:
            strays[name] = wrong
    assert strays == {}


def test_code_writes_days_by_one_function():
    told = {str(path.relative_to(ROOT)) for path in files("portal", "therapies", "faq", "immune", suffix=".py")
            if BY_HAND.search(path.read_text())}  # fmt: skip
    assert told - {"portal/publishing/moments.py"} == OTHERWISE.keys()


@pytest.mark.django_db
def test_a_day_of_a_moment_is_that_of_the_site_s_own_place(settings):
    midnight = datetime.datetime(2026, 11, 29, 3, 30, tzinfo=datetime.UTC)  # evening in New York
    assert moments.day(midnight) == "November 28, 2026" and moments.minute(midnight) == "November 28, 2026, 22:30"
    assert moments.day(datetime.date(2026, 11, 29)) == "November 29, 2026"


@pytest.mark.django_db
def test_lists_and_the_trail_write_days_as_screens_do(desk, data_editor, confirmed, use, source):
    confirmed(ApprovalEvent, indication=use, kind="approval", date=datetime.date(2024, 3, 1), source=source)
    page = desk(data_editor).get(f"/admin/therapies/approvalevent/?q={use.therapy.slug}").content.decode()
    assert f"by Sam, {moments.day(timezone.localdate())}" in page and "March 1, 2024" in page
    assert str(AuditEntry.objects.first()).startswith(moments.day(timezone.localdate()))
