"""What an answer states, apart from how its page or file looks that day."""

import datetime
import hashlib
import io
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..fda import recognise
from ..fda.file_kinds import file_kind
from ..fda.records import FileRefused, Record


class Stated(NamedTuple):
    digest: str  # the same whatever the order of the records
    edition: str


def read(content: bytes, kind: str, today: datetime.date) -> Stated:
    """Read an answer to its end. Raises FileRefused where it is not what it should be."""
    reading = recognise.open_file(io.BytesIO(content), today)
    if reading.kind != kind:
        raise FileRefused(f"We expected {file_kind(kind).name}, but this is {file_kind(reading.kind).name}.")
    total = sum(_number(said(record)) for record in reading.records)
    if not reading.rows and not reading.errors:
        raise FileRefused(f"We expected {file_kind(kind).name}, but this has no rows.")
    total += sum(_number(error[1:]) for error in reading.errors)
    return Stated(f"{total % (1 << 256):064x}", reading.edition or "")


def said(record: Record) -> Any:
    """All that a record states, without its line."""
    return tuple(getattr(record, name) for name in record.__slots__ if name != "line")


def _number(said: Any) -> int:
    return int.from_bytes(hashlib.sha256(repr(said).encode()).digest())


def together(answers: Sequence[bytes]) -> bytes:
    """Several answers of openFDA as one."""
    if len(answers) == 1:
        return answers[0]
    read = [json.loads(answer) for answer in answers]
    updated = max((str(one.get("meta", {}).get("last_updated", "")) for one in read), default="")
    results = [result for one in read for result in one["results"]]
    return json.dumps({"meta": {"last_updated": updated}, "results": results}).encode()
