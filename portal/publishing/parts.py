"""The parts that the words of a page are made of. A kind of page lists them in ``PARTS``, in reading order.

A page's words are one mapping from the name of each part to its text. ``cleaned`` is the only way to make one
that the database takes, so no road into the table goes around the cleaning.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, NoReturn

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst

from . import folding, links, prose
from .markup import normalized


class LineFeeds(AdminTextareaWidget):
    """Browsers send CR LF at the end of a line. With LF alone an untouched text stays the text that it was."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if value else value


@dataclass(frozen=True)
class Part:
    """One text of a page. ``quotes`` says whether live numbers are filled in where readers see it."""

    name: str
    label: str = ""
    help: str = ""
    required: bool = True
    longest: int | None = None  # characters
    quotes: bool = False

    is_rich = False  # sanitized HTML; the others are plain text
    is_line = False  # one line, such as a title

    @property
    def title(self) -> str:
        return str(capfirst(self.label or self.name.replace("_", " ")))

    def cleaned(self, text: str) -> str:
        return text.replace("\x00", "")

    def plain(self, text: str) -> str:
        """The words alone, for searching."""
        return text

    def refuse(self, text: str) -> None:
        """Raises ValidationError, which says what is wrong, for a text that is not in the form of this part."""

    def field(self) -> forms.Field:
        """The form field that the desk shows."""
        tools = {"data-insert": prose.INSERTIONS} if self.quotes else {}  # rich text has these among its own
        return forms.CharField(widget=LineFeeds(tools), validators=[self.refuse], **self._told())

    def _told(self) -> dict[str, Any]:
        return {"label": self.title, "help_text": self.help, "required": False, "max_length": self.longest}


@dataclass(frozen=True)
class Line(Part):
    is_line = True

    def field(self) -> forms.Field:
        return forms.CharField(widget=AdminTextInputWidget(), **self._told())


@dataclass(frozen=True)
class Paragraph(Part):
    """Plain text without markup, one paragraph or one item a line."""


@dataclass(frozen=True)
class Rows(Part):
    """A small table: one row a line, with a bar between its cells, so that it is drafted, compared, and reviewed as
    words are. Nothing else is accepted.
    """

    cells: tuple[str, ...] = ()

    BAR = "|"

    def rows(self, text: str) -> list[list[str]]:
        """The rows that are whole: a draft from before may hold others."""
        return [row for row in self._read(text) if self._is_whole(row)]

    def stored(self, rows: Iterable[Iterable[str]]) -> str:
        """How rows are stored."""
        return "\n".join(f" {self.BAR} ".join(row).strip() for row in rows)

    def cleaned(self, text: str) -> str:
        return self.stored(self._read(super().cleaned(text)))

    def plain(self, text: str) -> str:
        return "\n".join(" ".join(row) for row in self._read(text))

    def refuse(self, text: str) -> None:
        form = f" {self.BAR} ".join(self.cells)
        for row in self._read(text):
            if not self._is_whole(row):
                told = f" {self.BAR} ".join(row)
                raise ValidationError(f"“{told}” isn’t a whole row. Write each on a line of its own: {form}.")

    def _read(self, text: str) -> list[list[str]]:
        return [[cell.strip() for cell in line.split(self.BAR)] for line in text.splitlines() if line.strip()]

    def _is_whole(self, row: list[str]) -> bool:
        return len(row) == len(self.cells) and all(row)


@dataclass(frozen=True)
class Address(Line):
    """Where a link leads. What readers may not follow is refused in a form and dropped on every other road."""

    def cleaned(self, text: str) -> str:
        return links.AddressField().sanitised(super().cleaned(text))

    def field(self) -> forms.Field:
        widget = AdminTextInputWidget({"data-pages": prose.PAGES})
        return forms.CharField(widget=widget, validators=[links.AddressField().refuse], **self._told())


@dataclass(frozen=True)
class RichText(Part):
    quotes: bool = True

    is_rich = True

    def cleaned(self, text: str) -> str:
        return normalized(super().cleaned(text))

    def plain(self, text: str) -> str:
        return prose.without_markup(text)

    def field(self) -> forms.Field:
        return prose.ProseFormField(**self._told())


class Passage(NamedTuple):
    """One text of a page, as it is stored, and the part that it is."""

    part: Part
    text: str


def passages(parts: Iterable[Part], words: Mapping[str, str]) -> list[Passage]:
    """The words of a page, part by part; one that is not there is empty."""
    return [Passage(part, words.get(part.name, "")) for part in parts]


IN_SHORT = Paragraph("in_short", help="One or two sentences, for lists and the top of the page.", quotes=True)
ABOUT = RichText("about")
ONWARD = (
    Line("onward_label", "related link, words", required=False, longest=100),
    Address(
        "onward_address",
        "related link, address",
        "An address on this site (/cancers/) or https://…",
        required=False,
        longest=300,
    ),
)


class Words(dict[str, str]):
    """Cleaned texts by the names of their parts. Only ``cleaned`` makes one, and nothing changes it afterwards."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Words never change. Make others with parts.cleaned.")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> Any:  # copying and unpickling would set item by item
        return Words, (dict(self),)


def cleaned(parts: Iterable[Part], texts: Mapping[str, str]) -> Words:
    """The texts as they are stored, one for every part. Raises TypeError for a text that is no part."""
    by_name = {part.name: part for part in parts}
    if unknown := set(texts) - set(by_name):
        raise TypeError(f"No part is called {', '.join(sorted(unknown))}.")
    return Words({name: part.cleaned(texts.get(name) or "") for name, part in by_name.items()})


def missing(parts: Iterable[Part], words: Mapping[str, str]) -> list[Part]:
    """The parts that must not be empty, and are."""
    return [part for part, text in passages(parts, words) if part.required and not text.strip()]


def refuse(parts: Iterable[Part], words: Mapping[str, str]) -> None:
    """Raises ValidationError for words of which a text is not in the form of its part. It names that."""
    for part, text in passages(parts, words):
        try:
            part.refuse(text)
        except ValidationError as error:
            raise ValidationError(f"{part.title}: {error.message}") from None


def folded(parts: Iterable[Part], words: Mapping[str, str]) -> str:
    """Everything that the words say, without markup, accents and case: what a search reads."""
    return folding.fold("\n".join(part.plain(text) for part, text in passages(parts, words)))


class WordsField(models.JSONField):
    """Holds ``Words``; anything else is a mistake of the code, since nobody has cleaned it."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        found = super().from_db_value(value, expression, connection)
        return Words(found) if type(found) is dict else found

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if not isinstance(value, Words):
            raise TypeError("Clean words with parts.cleaned before they are stored.")
        return super().get_db_prep_save(value, connection)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs
