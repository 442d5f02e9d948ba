"""JSON as a stream of values, for openFDA's answers and for our own export: strict, within limits, in flat memory."""

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import ijson
from ijson.common import ObjectBuilder

from .records import FileRefused, cut

EVENTS = 2_500_000  # values of a file
DEPTH, SIZE = 40, 200_000  # nesting; values of one object that comes as a whole
BLOCK, LONGEST = 1 << 18, 1 << 21  # bytes: read at once; of one value

Path = list[str]  # the key in each open object, or ``[]`` for a list


def values(file: BinaryIO, is_whole: Callable[[Path], bool]) -> Iterator[tuple[Path, Any]]:
    """Each value with its path. An object whose path ``is_whole`` comes as one, others as what they hold.

    A list comes as an empty one when it begins. Raises FileRefused where the text breaks the rules or a limit.
    """
    path: Path = []
    keys: list[set[str]] = []  # of each open level, to find one that stands twice
    whole, outside, size = None, 0, 0
    for event, value in _events(file):
        if event == "map_key":
            if value in keys[-1]:
                raise FileRefused(f"A key appears once in an object, but “{cut(value)}” appears twice.")
            keys[-1].add(value)
            path[-1] = value
        elif event in ("start_map", "start_array"):
            if len(path) >= DEPTH:
                raise FileRefused(f"JSON from FDA or from us has few levels, but this one has more than {DEPTH}.")
            if whole is None and event == "start_map" and is_whole(path):
                whole, outside, size = ObjectBuilder(), len(path), 0
            elif whole is None and event == "start_array":
                yield path, []
            path.append("[]" if event == "start_array" else "")
            keys.append(set())
        elif event in ("end_map", "end_array"):
            path.pop()
            keys.pop()
        elif whole is None:
            yield path, value
        if whole is not None:
            size += 1
            if size > SIZE:
                raise FileRefused(f"A result or record can have at most {SIZE:,} values, but one here has more.")
            whole.event(event, value)
            if len(path) == outside:
                yield path, whole.value
                whole = None


def _events(file: BinaryIO) -> Iterator[tuple[str, Any]]:
    stream = Stream(file)
    try:
        for number, event in enumerate(ijson.basic_parse(stream, use_float=True, buf_size=BLOCK), 1):
            if number > EVENTS:
                raise FileRefused(f"A JSON file can have at most {EVENTS:,} values, but this one has more.")
            stream.quiet = 0
            yield event
    except (ijson.JSONError, UnicodeError, ValueError, OverflowError) as error:
        reason = cut(str(error).strip().split("\n")[0], 60)
        raise FileRefused(f"We expected JSON, but this file breaks its rules or is cut off ({reason}).") from None


#: Text in which every escaped half of a surrogate pair has its other half. It ends before one that has not, or that
#: may go on in the next block.
PAIRED = re.compile(
    rb"(?:[^\\]++|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F]|\\(?:[^u]|u(?:[^dD]|[dD][^89a-fA-F])))*+"
)


class Stream:
    """The bytes of a file from where it stands, without the mark of UTF-8. Refuses half of a surrogate pair."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.start = file, file.read(3).removeprefix(b"\xef\xbb\xbf")
        self.open = self.start  # what was read and not yet seen to be paired
        self.quiet = 0  # bytes since the parser last told of a value: it begins a value anew with each block

    def read(self, size: int = -1) -> bytes:
        if size == 0 or not self.start:
            block = self.file.read(size)
            if size:
                self._look(block)
            self.quiet += len(block)
            if self.quiet > LONGEST:
                raise FileRefused(f"A JSON value can have at most {LONGEST >> 20} MB, but one in this file has more.")
            return block
        start, self.start = self.start, b""
        return start

    def _look(self, block: bytes) -> None:
        """yajl would quietly write a question mark."""
        text = self.open + block
        self.open = PAIRED.sub(b"", text, count=1)
        if len(self.open) >= len(rb"\ud83d\ude00") or (not block and self.open[:3] in (rb"\ud", rb"\uD")):
            raise FileRefused(
                "JSON writes a letter beyond the first 65,536 as a pair, but this file contains half of one."
            )
