"""JSON as a stream of events, for openFDA's answers and for our own export: strict, within limits, in flat memory."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson

from .records import FileRefused, cut

EVENTS = 2_500_000  # values of a file
BLOCK, LONGEST = 1 << 18, 1 << 21  # bytes: read at once; of one value


def parsed(file: BinaryIO) -> Iterator[tuple[str, Any]]:
    """Each event of a JSON text with its value. Raises FileRefused where the text breaks the rules or a limit."""
    stream = Stream(file)
    try:
        for number, event in enumerate(ijson.basic_parse(stream, use_float=True, buf_size=BLOCK), 1):
            if number > EVENTS:
                raise FileRefused(f"A JSON file has at most {EVENTS:,} values, and this one has more.")
            stream.quiet = 0
            yield event
    except (ijson.JSONError, UnicodeError, ValueError, OverflowError) as error:
        reason = cut(str(error).strip().split("\n")[0], 60)
        raise FileRefused(f"JSON was expected, and this file breaks its rules or is cut off ({reason}).") from None


#: Half of a surrogate pair, as JSON escapes it, with all backslashes before it: two of them are no escape.
HALF = re.compile(rb"(?<!\\)(\\++)u[dD]([89a-fA-F])[0-9a-fA-F]{2}")


class Stream:
    """The bytes of a file from where it stands, without the mark of UTF-8. Refuses half of a surrogate pair."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.start = file, file.read(3).removeprefix(b"\xef\xbb\xbf")
        self.tail = self.start
        self.quiet = 0  # bytes since the parser last told of a value: it begins a value anew with each block

    def read(self, size: int = -1) -> bytes:
        if size == 0 or not self.start:
            block = self.file.read(size)
            if size:
                self._look(block)
            self.quiet += len(block)
            if self.quiet > LONGEST:
                raise FileRefused(f"A value of JSON has at most {LONGEST >> 20} MB, and one in this file has more.")
            return block
        start, self.start = self.start, b""
        return start

    def _look(self, block: bytes) -> None:
        """yajl would quietly write a question mark. Looks back a little, since a block may end within a pair."""
        text = self.tail + block
        ends = max(0, len(text) - 12) if block else len(text)
        ends -= (len(text[:ends]) - len(text[:ends].rstrip(b"\\"))) % 2  # never between a backslash and what it escapes
        pair = -1
        for half in HALF.finditer(text):
            start = half.end() - 6
            if start < pair or len(half[1]) % 2 == 0 or start >= ends:
                continue
            low = HALF.match(text, half.end())
            if half[2] in b"89abAB" and low and low[1] == b"\\" and low[2] not in b"89abAB":
                pair = low.end()
            else:
                raise FileRefused(
                    "JSON writes a letter beyond the first 65,536 as a pair, and this file holds half of one."
                )
        self.tail = text[max(ends, pair) :]
