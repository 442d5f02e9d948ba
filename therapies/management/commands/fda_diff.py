"""``manage.py fda_diff FILE [--json]``: what one of FDA's files says beside our facts. Reads only."""

import hashlib
import json
import os
import stat
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from therapies.compare import buckets, diff, ours
from therapies.fda import recognise
from therapies.fda.file_kinds import FILE_KINDS, file_kind
from therapies.fda.records import Refused

SHOWN = {buckets.AGREES: 5, buckets.NOT_OURS: 5}  # findings of a bucket in the summary; of the others
MANY = 60


class Command(BaseCommand):
    help = "Compares one of FDA's files with our facts and prints what differs. Writes nothing."
    requires_migrations_checks = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="; ".join(f"{kind.name} ({kind.saved_as})" for kind in FILE_KINDS))
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        with open_regular(options["file"]) as file, connection.execute_wrapper(read_only):
            digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
            try:
                result = diff.compare(recognise.open_file(file, timezone.localdate()), ours.read())
            except Refused as refusal:
                raise CommandError(str(refusal), returncode=2) from None
            except DatabaseError:
                raise CommandError(
                    "Our facts could not be read from the database: run migrate and load_content first.", returncode=2
                ) from None
            except (ValueError, TypeError, LookupError, ArithmeticError, RuntimeError, MemoryError, OSError) as error:
                if options.get("traceback"):
                    raise
                raise CommandError(
                    f"The file breaks a rule that no reader foresaw ({type(error).__name__}); "
                    "please report it with the file, and run with --traceback to see where.",
                    returncode=2,
                ) from None
        write = self.stdout.write
        write(json.dumps(as_json(result, digest)) if options["json"] else summary(result, digest))


def open_regular(path: str) -> BinaryIO:
    """The file, or one sentence why not. A pipe or a device could be without end."""
    try:
        file = open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))  # noqa: SIM115
    except IsADirectoryError:
        raise CommandError(f"A file was expected, and {path!r} is a folder.", returncode=2) from None
    except FileNotFoundError:
        raise CommandError(f"A file was expected, and there is none at {path!r}.", returncode=2) from None
    except PermissionError:
        raise CommandError(
            f"The file {path!r} may not be read: its permissions do not allow it.", returncode=2
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CommandError(f"The file {path!r} could not be opened: {reason}.", returncode=2) from None
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise CommandError(f"A plain file was expected, and {path!r} is something else.", returncode=2)
    return file


def read_only(execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
    """The database is asked questions only."""
    if not sql.lstrip().upper().startswith("SELECT"):
        raise RuntimeError(f"fda_diff reads only, and this would write: {sql[:60]}")
    return execute(sql, params, many, context)


def as_json(result: diff.Result, digest: str) -> dict[str, Any]:
    return {
        "kind": result.kind,
        "edition": result.edition,
        "sha256": digest,
        "rows": result.rows,
        "buckets": result.buckets,
        "therapies": result.matched,
        "notices": result.notices,
        "errors": [error._asdict() for error in result.errors],
    }


def summary(result: diff.Result, digest: str) -> str:
    place = file_kind(result.kind).place.lower()
    lines = [f"{result.kind}, edition {result.edition or 'not told'}, {result.rows:,} rows, sha256 {digest}"]
    if result.total is not None:
        lines.append(
            f"The file holds {result.rows:,} of the {result.total:,} results that openFDA has for its question."
        )
    lines.append(f"{len(result.matched)} of our therapies are in it. A therapy that is not in it is not withdrawn.")
    for slug, (count, explained) in sorted(result.supplements.items()):
        lines.append(f"{slug}: FDA counts {count} efficacy supplements; on the days of {explained} we record an event.")
    for bucket, count in result.buckets.items():
        lines.append(f"\n{bucket}: {count:,}")
        most = SHOWN.get(bucket, MANY)
        if bucket == buckets.UNREADABLE:
            shown = [
                f"  {place} {error.line}{f', {error.column}' if error.column else ''}: {error.message} [{error.value}]"
                for error in result.errors[:most]
            ]
        else:
            found = [finding for finding in result.findings if finding.bucket == bucket]
            shown = [f"  {place} {finding.line}: {finding.what}. {finding.why}" for finding in found[:most]]
        lines += shown
        if count > len(shown):
            lines.append(f"  … and {count - len(shown):,} more")
    return "\n".join(lines)
