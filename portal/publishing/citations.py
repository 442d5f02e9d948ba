"""How a page or a fact is cited: one declared set of formats, for people to copy and for programs to read."""

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from . import moments


@dataclass(frozen=True)
class Citation:
    """What is cited, and the day on which somebody read it."""

    title: str
    site: str
    day: datetime.date | None  # of the words or facts
    address: str
    read: datetime.date
    as_of: datetime.date | None = None  # the past day that a page shows
    version: str = ""  # of a fact: changes whenever it says something else

    @property
    def named(self) -> str:
        said = f"{self.title}, as of {moments.day(self.as_of)}" if self.as_of else self.title
        return f"{said} (version {self.version})" if self.version else said

    def ended(self, sign: str = ".") -> str:
        """The end of the title, which may have its own."""
        return "" if self.named.endswith("?") else sign

    @property
    def shown(self) -> SafeString:
        """What it is called, on a page."""
        until = format_html(", as of {}", _day(self.as_of)) if self.as_of else ""
        return format_html("{}{}{}", self.title, until, f" (version {self.version})" if self.version else "")


@lru_cache(maxsize=4096)
def _day(day: datetime.date) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), moments.day(day))


@lru_cache(maxsize=4096)
def _dated(day: datetime.date | None, form: str) -> str:
    return date_format(day, form) if day else "n.d."


def apa(one: Citation) -> SafeString:
    return format_html(
        "{}. ({}). <cite>{}</cite>{} Retrieved {}, from {}",
        *(one.site, _dated(one.day, "Y, F j"), one.shown, one.ended(), _day(one.read), one.address),
    )


def ama(one: Citation) -> SafeString:
    updated = _day(one.day) if one.day else "n.d."
    return format_html(
        "{}{} {}. Updated {}. Accessed {}. {}", one.shown, one.ended(), one.site, updated, _day(one.read), one.address
    )


def vancouver(one: Citation) -> SafeString:
    return format_html(
        "{} [Internet]. {}{} [updated {}; cited {}]. Available from: {}",
        *(one.site, one.shown, one.ended(";"), _dated(one.day, "Y M j"), _dated(one.read, "Y M j"), one.address),
    )


def bibtex(one: Citation) -> str:
    entry = {
        "author": f"{{{_for_tex(one.site)}}}",
        "title": f"{{{_for_tex(one.named)}}}",
        "year": str(one.day.year) if one.day else "",
        "month": str(one.day.month) if one.day else "",
        "version": one.version,
        "url": one.address,
        "urldate": one.read.isoformat(),
    }
    fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in entry.items() if value)
    return f"@online{{{_key(one)},\n{fields}\n}}\n"


def ris(one: Citation) -> str:
    lines = [
        ("TY", "ELEC"),
        ("AU", f"{one.site},"),  # the comma keeps a body of several words from being parted into names
        ("TI", one.named),
        ("PB", one.site),
        *([("PY", f"{one.day:%Y}"), ("DA", f"{one.day:%Y/%m/%d}")] if one.day else []),
        *([("ET", one.version)] if one.version else []),
        ("UR", one.address),
        ("Y2", f"{one.read:%Y/%m/%d}"),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines)


def csl_json(one: Citation) -> str:
    entry = {
        "id": _key(one),
        "type": "webpage",
        "title": one.named,
        "author": [{"literal": one.site}],
        "publisher": one.site,
        "issued": _parts(one.day) if one.day else None,
        "accessed": _parts(one.read),
        "version": one.version,
        "URL": one.address,
    }
    return json.dumps([{name: value for name, value in entry.items() if value}], ensure_ascii=False, indent=2) + "\n"


def _parts(day: datetime.date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _key(one: Citation) -> str:
    """A key that any program takes: the last two parts of the address, and the day."""
    path = re.sub(r"[^a-z0-9]+", "-", one.address.split("//", 1)[-1].partition("/")[2].lower()).strip("-")
    return f"{path or 'home'}-{one.read:%Y%m%d}"


TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    }
)


def _for_tex(text: str) -> str:
    return text.translate(TEX)


class CitationFormat(NamedTuple):
    """A format. One that programs read is a file of its own type, by its ending."""

    name: str
    write: Callable[[Citation], str]
    ending: str = ""
    content_type: str = ""


STYLES = (CitationFormat("APA", apa), CitationFormat("AMA", ama), CitationFormat("Vancouver", vancouver))
FILES = (
    CitationFormat("BibTeX", bibtex, "bib", "application/x-bibtex; charset=utf-8"),
    CitationFormat("RIS", ris, "ris", "application/x-research-info-systems; charset=utf-8"),
    CitationFormat("CSL-JSON", csl_json, "json", "application/vnd.citationstyles.csl+json"),
)
