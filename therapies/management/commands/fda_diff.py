"""``manage.py fda_diff FILE [--json]``: what one of FDA's files says beside our data. Reads only."""

import hashlib
import json
import os
import stat
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

import msgspec
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from therapies.compare.comparison import ComparisonResult, compare
from therapies.compare.findings import FileFinding
from therapies.compare.ours import read_our_records
from therapies.compare.reasons import SETTLED, Bucket
from therapies.desk.wording_of_findings import BUCKETS, claim_in_words, counted, reason_in_words
from therapies.fda import recognise
from therapies.fda.file_kinds import FILE_KINDS, file_kind
from therapies.fda.records import UNFORESEEN, FileRefused

#: Findings of a bucket in the summary: there are many that nobody needs to answer.
FEW, MANY = 5, 60
#: Why a file cannot be opened, where we say it better than the system.
REASONS: dict[type[Exception], str] = {
    IsADirectoryError: "it is a folder",
    FileNotFoundError: "there is none",
    PermissionError: "its permissions do not allow it",
}


class Command(BaseCommand):
    help = "Compares one of FDA's files with our data and prints what differs. Writes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="; ".join(f"{kind.name} ({kind.saved_as})" for kind in FILE_KINDS))
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        with open_regular(options["file"]) as file, connection.execute_wrapper(read_only):
            digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
            try:
                ours = read_our_records()
                result = compare(recognise.open_file(file, timezone.localdate()), ours)
                result.refuse_empty()
            except FileRefused as refusal:
                raise CommandError(str(refusal), returncode=2) from None
            except DatabaseError:
                raise CommandError(
                    "Our data could not be read from the database: run migrate and load_content first.", returncode=2
                ) from None
            except UNFORESEEN as error:
                if options.get("traceback"):
                    raise
                raise CommandError(
                    f"The file can’t be read, for a reason we didn’t expect ({type(error).__name__}); "
                    "please report it with the file, and run with --traceback to see where.",
                    returncode=2,
                ) from None
        names = {slug: therapy.name for slug, therapy in ours.therapies.items()}
        if options["json"]:
            self.stdout.write(json.dumps(as_json(result, digest, names)))
        else:
            self.stdout.write("\n".join(summary(result, digest, names)))


def open_regular(path: str) -> BinaryIO:
    """The file, or one sentence why not. A pipe or a device could be without end."""
    try:
        file = open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))  # noqa: SIM115
    except (OSError, ValueError) as error:
        reason = REASONS.get(type(error)) or getattr(error, "strerror", None) or error
        raise CommandError(f"The file {path!r} could not be opened: {reason}.", returncode=2) from None
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise CommandError(f"We expected a plain file, but {path!r} is something else.", returncode=2)
    return file


def read_only(execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
    """The database is asked questions only."""
    if not sql.lstrip().upper().startswith("SELECT"):
        raise RuntimeError(f"fda_diff reads only, and this would write: {sql[:60]}")
    return execute(sql, params, many, context)


def as_json(result: ComparisonResult, digest: str, names: Mapping[str, str]) -> dict[str, Any]:
    """``findings`` are those that wait for a person; the others are counted."""
    reading = result.reading
    return {
        "kind": reading.kind,
        "edition": reading.edition,
        "sha256": digest,
        "rows": reading.rows,
        "buckets": result.buckets,
        "therapies": {slug: held.to_data() for slug, held in result.therapies.items()},
        "notices": [notice.to_data() for notice in result.notices],
        "errors": [error._asdict() for error in reading.errors],
        "findings": [finding_as_json(one, names) for one in result.findings if one.bucket not in SETTLED],
    }


def finding_as_json(finding: FileFinding, names: Mapping[str, str]) -> dict[str, Any]:
    words = [claim_in_words(finding.claim, names), reason_in_words(finding, names)]
    return msgspec.to_builtins(finding) | {"bucket": finding.bucket, "application": finding.application, "words": words}


def summary(result: ComparisonResult, digest: str, names: Mapping[str, str]) -> Iterator[str]:
    reading = result.reading
    place = file_kind(reading.kind).place.lower()
    yield f"{reading.kind}, release {reading.edition or 'not stated'}, {counted(reading.rows, 'row')}, sha256 {digest}"
    if reading.total is not None:
        yield f"The file contains {reading.rows:,} of the {reading.total:,} results that openFDA has for its question."
    yield (
        f"It contains {len(result.therapies)} of our therapies. If a therapy is missing from it, that doesn’t mean "
        "FDA withdrew it."
    )
    for slug, (total, explained) in sorted(result.supplements.items()):
        yield (
            f"{names[slug]}: FDA counts {counted(total, 'efficacy supplement')}; "
            f"our data has a decision on the dates of {explained}."
        )
    for bucket, number in result.buckets.items():
        found = [finding for finding in result.findings if finding.bucket == bucket]
        shown = found[: FEW if bucket in (Bucket.AGREES, Bucket.NOT_OURS) else MANY]
        yield f"\n{BUCKETS[bucket]}: {number:,}"
        for finding in shown:
            yield f"  {place} {finding.line}: {claim_in_words(finding.claim, names)}. {reason_in_words(finding, names)}"
        if number > len(shown):
            yield f"  … and {number - len(shown):,} more"
