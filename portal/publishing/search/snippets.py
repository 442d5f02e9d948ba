"""The sentence of a page that answers best what was asked, with its words marked."""

import re
from collections.abc import Sequence

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

LONGEST = 240  # characters


class Marker:
    """Marks words wherever a text has them, however it writes them: “PD-L1” for “pdl1”."""

    def __init__(self, forms: Sequence[Sequence[str]]) -> None:
        groups = ["|".join("-?".join(map(re.escape, form)) for form in several) for several in forms if several]
        self.words = re.compile(rf"\b(?:{'|'.join(f'({group})' for group in groups)})\b", re.I) if groups else None

    def quote(self, text: str) -> SafeString:
        """The sentence with most of the words; the first one, where none has any."""
        best, most = "", -1
        for sentence in text.splitlines():
            found = {match.lastindex for match in self.words.finditer(sentence)} if self.words else set()
            if len(found) > most:
                best, most = sentence, len(found)
        return self.marked(self._around(best))

    def marked(self, text: str) -> SafeString:
        if not self.words:
            return escape(text)
        parts, place = [], 0
        for match in self.words.finditer(text):
            parts += [escape(text[place : match.start()]), format_html("<mark>{}</mark>", match[0])]
            place = match.end()
        return mark_safe("".join([*parts, escape(text[place:])]))  # noqa: S308 - each part is escaped

    def _around(self, sentence: str) -> str:
        """A part of a long sentence, whole words, around the first that is marked."""
        if len(sentence) <= LONGEST:
            return sentence
        first = self.words.search(sentence) if self.words else None
        start = max(0, (first.start() if first else 0) - LONGEST // 3)
        start = sentence.rfind(" ", 0, start) + 1 if start else 0
        end = sentence.rfind(" ", start, start + LONGEST)
        cut = sentence[start : end if end > start else start + LONGEST]
        return f"{'… ' if start else ''}{cut}{' …' if start + len(cut) < len(sentence) else ''}"
