"""The rules for one cell: numbers of applications, days, names and text. ``Bad`` says what is wrong with it."""

import calendar
import contextlib
import datetime
import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.publishing import spreadsheets

from .records import Application, Reading

MOST = 20_000  # characters of a cell
MOST_DRUGS = 50  # in one name; mixtures for feeding by vein hold some twenty

TRICKS = spreadsheets.TRICKS  # what we do not write, we do not read either
#: Characters that take no room. FDA's web pages are full of them, so they are dropped, not refused.
WIDTHLESS = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
NOTHING = {"", "n/a", "na", "none", "null", "tbd", "date tbd", "[drug marketed without a proprietary name]"}
#: What stands between the drugs of one product.
BETWEEN = re.compile(r"\s*(?:;|,|\band\b|\+|/)\s*")
#: Each by its whole name and by its first three letters.
MONTHS = {name.lower(): n for names in (calendar.month_name, calendar.month_abbr) for n, name in enumerate(names) if n}
MONTHS["sept"] = 9
LETTERS = set("αβγδκλμµæøåðþßÆØÅÞ")


class Bad(ValueError):  # noqa: N818 - said of the cell
    """What is wrong with a cell, as a sentence."""


@dataclass(slots=True)
class Row:
    """One row of a table, or one result, by field. It remembers the field asked for last: there an error lies."""

    line: int
    values: Mapping[str, Any]
    asked: str = ""

    def __getitem__(self, field: str) -> Any:
        """The cell, empty where the file has no such column."""
        self.asked = field
        return self.values.get(field, "")

    @contextlib.contextmanager
    def errors_to(self, reading: Reading) -> Iterator[None]:
        """With a bad cell the row is an error of the reading, which goes on with the next one."""
        try:
            yield
        except Bad as error:
            reading.error(self.line, self.asked, self[self.asked], str(error))


def trick(raw: str) -> str:
    """What is wrong with a cell that plays a trick; empty for any other."""
    found = TRICKS.search(raw)
    return f"This cell contains a control or direction character, U+{ord(found[0]):04X}." if found else ""


def text(raw: str) -> str:
    """A cell as text: no tricks, no characters without width, single spaces."""
    if message := trick(raw):
        raise Bad(message)
    return " ".join(WIDTHLESS.sub("", raw).split())


def optional(raw: str) -> str:
    """A cell as text, empty where FDA writes that there is nothing."""
    value = text(raw)
    return "" if value.lower() in NOTHING else value


def name(raw: str) -> str:
    """The name of a product. Letters that only look Latin would make a second therapy of the first."""
    value = optional(raw).rstrip("®™ ")
    if len(value) > 500:
        raise Bad("A name can have at most 500 characters.")
    if len(BETWEEN.findall(value)) >= MOST_DRUGS:
        raise Bad(f"A name can contain at most {MOST_DRUGS} drugs.")
    if value[:1] in ("=", "+", "-", "@"):
        raise Bad(f"A name does not begin with “{value[0]}”, as a spreadsheet's formula does.")
    if "<" in value or ">" in value:
        raise Bad("A name can’t contain < or >.")
    if value.isascii():
        return value
    for word in re.findall(r"[^\W\d_]+", value):
        foreign = [c for c in word if not _latin(c)]
        if foreign and (len(word) > 1 or foreign[0] not in LETTERS):
            known = unicodedata.name(foreign[0], "unnamed")
            raise Bad(f"This name contains a letter that only looks Latin: U+{ord(foreign[0]):04X} {known}.")
    return value


def _latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.normalize("NFD", letter)[0].isascii() or letter in "æøåðþßÆØÅÞ"


def application(raw: str, kind: str = "", *, supplement: bool = False) -> Application:
    """``BLA 125514``, ``125514``, ``17016``. ``kind`` is the file's.

    With ``supplement`` also what letters say: CDER's ``125514/S-004`` and CBER's ``STN: BL 125746/0``.
    """
    value = text(raw)
    stn, tail = (r"|STN:?(?: ?BLA?)?", r"(?:\s*/\s*(?:S-?)?\d{1,4})?") if supplement else ("", "")
    found = re.fullmatch(rf"(BLA?|BN|NDA|ANDA{stn})?[ -]?(\d{{5,6}}){tail}", value.upper(), re.ASCII)
    if not found or int(found[2]) == 0:
        raise Bad("An application number has five or six digits, for example 125514 or BLA125514.")
    given = found[1] if found[1] in (None, "NDA", "ANDA") else "BLA"  # only biologics have the others
    if kind and given and given != kind:
        raise Bad(f"This number says {given}, and the row says {kind}.")
    if (given or kind) not in ("BLA", "NDA", "ANDA"):
        raise Bad("This number does not say whether it is a BLA or an NDA.")
    return Application(given or kind, int(found[2]))


WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day,? ", re.IGNORECASE)
DAYS = [
    re.compile(r"(?P<d>\d{1,2})-(?P<m>[A-Za-z]{3,9})-(?P<y>\d{4}|\d\d)", re.ASCII),
    re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4}|\d\d)(?: 0?0:00(?::00)?)?", re.ASCII),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?:[ T]\d\d:\d\d:\d\d(?:\.\d+)?)?", re.ASCII),
    re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)", re.ASCII),
    re.compile(r"(?P<m>[A-Za-z]{3,9})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?, ?(?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)? (?P<m>[A-Za-z]{3,9})\.?,? (?P<y>\d{4})", re.ASCII),
]


def day(raw: str, latest: datetime.date) -> datetime.date | None:
    """A day in any of FDA's ways of writing. Of two centuries it is the later that ``latest`` allows.

    ``latest`` is the rule of the column: an approval lies before the file's edition, an exclusivity may end after.
    """
    value = text(raw).rstrip(".")
    if value.lower() in NOTHING:
        return None
    if weekday := WEEKDAY.match(value):
        value = value[weekday.end() :]
    for shape in DAYS:
        if found := shape.fullmatch(value):
            year, month, number = int(found["y"]), found["m"].lower(), int(found["d"])
            try:
                month = MONTHS[month] if month.isalpha() else int(month)
                if len(found["y"]) == 2:
                    day = datetime.date(2000 + year, month, number)
                    return day if day <= latest else datetime.date(1900 + year, month, number)
                day = datetime.date(year, month, number)
            except (ValueError, KeyError):
                raise Bad("There is no such date.") from None
            if day > latest:
                raise Bad(f"This date is after {latest:%B} {latest.day}, {latest.year}, the last one possible here.")
            if year < 1900:
                raise Bad("FDA's records do not go back that far.")
            return day
    raise Bad("Write a date like 4-Sep-14, 9/4/2014, 2014-09-04, 20140904 or September 4, 2014.")


def address(raw: str) -> str:
    """A link without what newsletters add to follow their readers. Paths of fda.gov get their host."""
    value = text(raw)
    if value.startswith("/") and not value.startswith("//"):
        value = f"https://www.fda.gov{value}"
    if not re.match(r"https?://[^\s/]", value, re.IGNORECASE):
        return ""
    base, _, rest = value.partition("?")
    query, mark, fragment = rest.partition("#")
    kept = [part for part in query.split("&") if part and not part.lower().startswith("utm_")]
    return base + ("?" + "&".join(kept) if kept else "") + (mark + fragment if mark else "")


def key(written: str) -> str:
    """A name for comparing: no marks of trade, no case, no dirt between the words."""
    plain = unicodedata.normalize("NFKC", written).casefold()
    return " ".join(re.sub(r"[®™©*]", "", plain).split()).strip(" .,;")


BRACKETS = re.compile(r"\s*\([^)]*\)")
SUFFIX = re.compile(r"(?<=[a-z0-9])-[a-z]{4}$")


def base(written: str) -> str:
    """A proper name without FDA's four-letter suffix and what stands in brackets."""
    return SUFFIX.sub("", BRACKETS.sub("", key(written)).strip(" ,;"))


#: What makes an injection under the skin of a drip: no drug by itself.
CARRIER = re.compile(r"\b(?:bera)?hyaluronidase\b")


def parts(names: Iterable[str]) -> tuple[str, ...]:
    """The drugs that one product holds, without carriers: ``daratumumab and hyaluronidase-fihj`` gives one."""
    return tuple(dict.fromkeys(part for written in names for part in _parts(written)))


@functools.lru_cache(4096)  # the names of a product are asked for several times
def _parts(written: str) -> tuple[str, ...]:
    whole = BETWEEN.split(BRACKETS.sub("", key(written)))
    bases = (SUFFIX.sub("", part.strip(" .")) for part in whole if not CARRIER.search(part))
    return tuple(filter(None, bases))
