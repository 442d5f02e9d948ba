"""openFDA's JSON: answers of ``drugsfda`` and ``label``, the bulk downloads, and the example pages of open.fda.gov."""

import contextlib
import datetime
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from . import cells, json_text, reactions
from .cells import Row
from .records import Application, FileRefused, Label, Product, Reading, Record, Submission, cut
from .routes import routes_of

DRUGSFDA, LABEL = "openfda-drugsfda", "openfda-label"
BULK = re.compile(r"drug-(drugsfda|label)-\d{4}-of-\d{4}\.json")
RESULTS = 50_000  # of a file: all of drugsfda has some 30,000
LONG = 400_000  # characters of a label's section
#: What openFDA adds to a label's own words.
OF_OPENFDA = ("application_number", "brand_name", "generic_name", "route")
#: The pack and section 2.
TELLING_ROUTES = ("package_label_principal_display_panel", "dosage_and_administration")
MESSAGE = "openFDA's JSON has “meta” and “results”"


def read(file: BinaryIO, reading: Reading) -> Iterator[Record]:
    """The records of every result. ``kind`` and edition become known with the first ones."""
    for result in _results(file, reading):
        reading.rows += 1
        if reading.rows > RESULTS:
            raise FileRefused(f"An openFDA answer can have at most {RESULTS:,} results, but this one has more.")
        kind = _kind(result)
        reading.kind = reading.kind or kind
        row = Row(reading.rows, result)
        if not kind:
            reading.error(row.line, "", ", ".join(result), "This result is neither of drugsfda nor a label.")
        elif kind != reading.kind:
            reading.error(row.line, "", ", ".join(result), "This result is of another kind than the first one.")
        elif kind == DRUGSFDA:
            yield from _filings(row, reading)
        else:
            yield from _label(row, reading)


def _kind(result: dict[str, Any]) -> str:
    if "products" in result or "submissions" in result or "sponsor_name" in result:
        return DRUGSFDA
    if "set_id" in result or "indications_and_usage" in result or "effective_time" in result:
        return LABEL
    return ""


def _results(file: BinaryIO, reading: Reading) -> Iterator[dict[str, Any]]:
    """Objects in a list ``results`` or under a key ``result``, wherever the example pages nest them."""
    answered, empty = False, True
    for path, value in json_text.values(file, _is_result):
        if isinstance(value, dict):
            answered = True
            # what is nested in a page of examples may also be a count or the like
            if value and (_kind(value) or len(path) == 2):
                empty = False
                yield value
        elif value == []:
            answered = answered or path[-1:] == ["results"]
        else:
            _meta(path, value, reading)
    if not answered:
        raise FileRefused(f"{MESSAGE}, but this file has no results.")
    if empty:
        raise FileRefused(f"{MESSAGE}, but the results of this file are empty.")


def _is_result(path: json_text.Path) -> bool:
    return path[-2:] == ["results", "[]"] or (path[-1:] == ["result"] and len(path) <= 2)


def _meta(path: json_text.Path, value: object, reading: Reading) -> None:
    if path[-2:] == ["meta", "last_updated"] and isinstance(value, str):
        with contextlib.suppress(ValueError):
            day = datetime.date.fromisoformat(value)
            if day <= reading.today + datetime.timedelta(days=1):  # FDA may be a day ahead of us, not more
                reading.edition = max(reading.edition or "", day.isoformat())
    elif path == ["meta", "results", "total"] and type(value) is int and 0 <= value < 2**31:
        reading.total = value
    elif path[-2:] == ["error", "message"]:
        raise FileRefused(f"{MESSAGE}, but this file is openFDA's answer “{cut(value)}”.")


def _listed(value: Any) -> list[Any]:
    """openFDA gives a list where there may be several, and at times the one alone."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _words(value: Any, most: int = cells.MOST) -> str:
    """A string, or the strings of a list, as text. Anything else is of the wrong type."""
    parts = _listed(value)
    if not all(isinstance(part, str) for part in parts):
        raise cells.Bad("Text was expected here.")
    if sum(map(len, parts)) > most:
        raise cells.Bad(f"This text has more than {most:,} characters.")
    return cells.text(" ".join(parts))


def _objects(value: Any) -> list[dict[str, Any]]:
    if value and not (isinstance(value, list) and all(isinstance(part, dict) for part in value)):
        raise cells.Bad("A list of objects was expected here.")
    return value or []


def _names(value: Any) -> tuple[str, ...]:
    return tuple(name for part in _listed(value) if (name := cells.name(_words(part))))


def _filings(row: Row, reading: Reading) -> Iterator[Product | Submission]:
    """The products and submissions of one application; a broken one is an error and leaves the others."""
    with row.errors_to(reading):
        application = cells.application(_words(row["application_number"]))
        products, submissions = _objects(row["products"]), _objects(row["submissions"])
        if not (products or submissions):
            reading.error(row.line, "products", application, "This application has neither products nor submissions.")
        for part in products:
            with Row(row.line, {"products": part}, "products").errors_to(reading):
                yield _product(row.line, application, part)
        for part in submissions:
            with Row(row.line, {"submissions": part}, "submissions").errors_to(reading):
                yield _submission(row.line, application, part, _latest(reading))


def _product(line: int, application: Application, part: dict[str, Any]) -> Product:
    actives = _objects(part.get("active_ingredients"))
    names = tuple(name for active in actives for name in _names(active.get("name")))
    brand = cells.name(_words(part.get("brand_name")))
    return Product(line, application, brand, names)


def _submission(line: int, application: Application, part: dict[str, Any], latest: datetime.date) -> Submission:
    date = cells.day(_words(part.get("submission_status_date")), latest)
    fields = ("submission_type", "submission_number", "submission_class_code", "submission_status")
    kind, number, code, status = (_words(part.get(field)) for field in fields)
    return Submission(line, application, kind, number, code, status, date)


def _latest(reading: Reading) -> datetime.date:
    return max(reading.today, datetime.date.fromisoformat(reading.edition)) if reading.edition else reading.today


#: “KEYTRUDA pembrolizumab PEMBROLIZUMAB PEMBROLIZUMAB HISTIDINE …”: brand, name, active ingredient, its moiety.
ELEMENTS = re.compile(r"(\S+(?: \S+)?) ((\S.{2,60}?)(?:-[a-z]{4})?) \3 \3(?!\S)", re.IGNORECASE)


def _elements(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Brand and name of the one drug that a label's data begin with; nothing where they cannot be told apart.

    openFDA leaves ``openfda`` empty for many labels: then only these words say whose label it is.
    """
    found = ELEMENTS.match(text)
    return ((cells.name(found[1]),), (cells.name(found[2]),)) if found else ((), ())


def _label(row: Row, reading: Reading) -> Iterator[Label]:
    with row.errors_to(reading):
        known = row["openfda"] or {}
        if not isinstance(known, dict):
            raise cells.Bad("An object was expected here.")
        row.values = {**row.values, **{f: known.get(f) for f in OF_OPENFDA}}
        # Monographs and unapproved drugs carry words here ("M020", "part352"): no application.
        words = [_words(number) for number in _listed(row["application_number"])]
        applications = tuple(cells.application(n) for n in words if re.match(r"(?i)\s*(A?NDA|BLA|BN|\d)", n))
        brands, names = _names(row["brand_name"]), _names(row["generic_name"])
        if not (applications or brands or names):
            brands, names = _elements(_words(row["spl_product_data_elements"], LONG))
        latest = _latest(reading)
        effective = cells.day(_words(row["effective_time"]), latest.replace(year=latest.year + 1, day=1))
        use, warning = _words(row["indications_and_usage"], LONG), _words(row["boxed_warning"], LONG)
        set_id = _words(row["set_id"])
        routes = routes_of(_names(row["route"]), lambda: (_words(row[field], LONG) for field in TELLING_ROUTES))
        common = tuple(map(str, reactions.lists(_words(row["adverse_reactions"], LONG), brands)))
        yield Label(row.line, applications, brands, names, set_id, effective, use, warning, routes, common)
