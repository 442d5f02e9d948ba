"""Accepts a batch of 500 rows, is killed at random moments, and looks at what is left; for ``test_killed.py``.

Last, several accept it at the same moment, and several send one file at the same moment.

Run with the number of kills. It forks, so that each victim starts in milliseconds.
"""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from portal.publishing.models import AuditEntry, Change, Source  # noqa: E402
from therapies.compare.claims import FiledProduct  # noqa: E402
from therapies.compare.findings import FileFinding, row_of  # noqa: E402
from therapies.compare.proposals import NewFact  # noqa: E402
from therapies.compare.reasons import Bucket, Reason  # noqa: E402
from therapies.desk import actions  # noqa: E402
from therapies.models import Batch, BatchRow, Family, Therapy, TherapyClass, TherapyFact  # noqa: E402

from . import fda_files as files  # noqa: E402
from .imports import keep  # noqa: E402

ROWS = 500


def make(by: User) -> None:
    family = Family.objects.create(slug="family", name="Family")
    kind = TherapyClass.objects.create(slug="kind", name="Kind", family=family)
    Therapy.objects.create(slug="therapy", name="therapy", therapy_class=kind)
    source = Source.objects.create(title="A file", official=True)
    known = {"kind": "purple-book", "sha256": "0" * 64, "name": "a.csv", "size": 1, "rows_read": ROWS}
    batch = Batch.objects.create(**known, source=source, read_by=by)
    rows = []
    for number in range(ROWS):
        finding = FileFinding(
            line=number,
            claim=FiledProduct(f"BLA{number:06d}", f"Similar{number}"),
            reason=Reason.BIOSIMILAR,
            arguments={"license": "351(k)"},
            therapies=("therapy",),
            proposal=NewFact("therapy", "biosimilar", f"Similar{number}"),
        )
        row = row_of(finding, batch.kind, {})
        row.batch, row.position = batch, number
        rows.append(row)
    BatchRow.objects.bulk_create(rows)


def victim(pipe: int) -> None:
    """Accept everything and undo it, again and again, with a sign of life before each verb."""
    by = User.objects.get()
    batch = Batch.objects.get()
    while True:
        os.write(pipe, b".")
        if not batch.rows.filter(answer="accepted").exists():
            actions.accept(batch, bucket=Bucket.NEW_FORM, by=by)
        os.write(pipe, b".")
        actions.undo(batch, by=by, because="A test.")
        Batch.objects.update(undone_at=None, undone_by=None, undone_because="")  # for another turn


def look() -> int:
    """How often the whole was accepted. Raises AssertionError when a part of something is left."""
    pending = Change.objects.pending().count()
    accepted = BatchRow.objects.filter(answer="accepted")
    linked = accepted.filter(change__confirmed_at=None, change__rejected_at=None, change__isnull=False).count()
    assert pending == accepted.count() == linked and pending in (0, ROWS), (pending, accepted.count(), linked)
    assert not TherapyFact.objects.exists(), "nobody has confirmed anything"
    told = AuditEntry.objects.filter(verb="accepted").count()
    assert AuditEntry.objects.filter(verb="proposed").count() == told * ROWS
    return told


def begin_anew() -> None:
    """As if nobody had answered any row."""
    BatchRow.objects.update(answer="", answered_at=None, answered_by=None, change=None)
    Change.objects.all().delete()


def main(kills: int) -> None:
    settings.MIGRATION_MODULES = dict.fromkeys(config.label for config in apps.get_app_configs())  # they take longer
    call_command("migrate", run_syncdb=True, verbosity=0)
    make(User.objects.create_user("data_editor"))
    accepted = 0
    for kill in range(kills):
        Batch.objects.update(undone_at=None, undone_by=None, undone_because="")
        if kill % 3:  # otherwise it may be killed while it undoes
            begin_anew()
        connection.close()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            victim(writing)
        os.close(writing)
        assert os.read(reading, 1), "it died by itself"
        time.sleep(random.uniform(0, 1.4))  # noqa: S311 - any moment will do
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reading)
        accepted = look()
    race()
    race_of_uploads()
    print(accepted)


def race() -> None:
    """Several FDA data editors accept the same batch at once. It is accepted once."""
    Batch.objects.update(undone_at=None, undone_by=None, undone_because="")
    begin_anew()
    told, by, batch = look(), User.objects.get(), Batch.objects.get()
    at_once(lambda: actions.accept(batch, bucket=Bucket.NEW_FORM, by=by))
    assert look() == told + 1 and Change.objects.pending().count() == ROWS


def race_of_uploads() -> None:
    """Several FDA data editors send the same file at once. It is kept once."""
    by, before, data = User.objects.get(), Batch.objects.count(), files.purple_book(files.keytruda())
    at_once(lambda: keep(data, by=by))
    assert Batch.objects.count() == before + 1


def at_once(verb: Callable[[], object]) -> None:
    """Three processes do it. Each waits for the one before, however slow the machine is just now.

    Other tests tell whom the database sends away, and when.
    """
    connection.close()
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["timeout"] = 600
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            try:
                verb()
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]


if __name__ == "__main__":
    main(int(sys.argv[1]))
