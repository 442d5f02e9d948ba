"""openFDA's JSON: answers of ``drugsfda`` and ``label``, the bulk downloads, and the example pages of open.fda.gov.

The text is read as a stream, so that neither depth nor size can fill the memory: each result is built by itself,
from the keys that the portal reads, and is gone when the next begins.
"""

import datetime
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from . import cells, json_text
from .records import Application, FileRefused, Label, Product, Reading, Record, Submission, cut

DRUGSFDA, LABEL = "openfda-drugsfda", "openfda-label"
BULK = re.compile(r"drug-(drugsfda|label)-\d{4}-of-\d{4}\.json")
DEPTH, SIZE = 40, 200_000  # nesting; values of one result
RESULTS = 50_000  # of a file: all of drugsfda has some 30,000
LONG = 400_000  # characters of a label's section
#: The keys of a result that are built. Everything below any other key is passed over.
KEPT = {
    *("application_number", "sponsor_name", "products", "submissions"),
    *("set_id", "version", "effective_time", "indications_and_usage", "boxed_warning", "openfda"),
    "spl_product_data_elements",
}
MESSAGE = "openFDA's JSON has “meta” and “results”"


def read(file: BinaryIO, reading: Reading) -> Iterator[Record]:
    """The records of every result. ``kind`` and edition become known with the first ones."""
    for number, result in enumerate(_results(file, reading), 1):
        if number > RESULTS:
            raise FileRefused(f"An answer of openFDA has at most {RESULTS:,} results, and this one has more.")
        kind = _kind(result)
        if not kind:
            reading.rows += 1
            reading.error(number, "", ", ".join(result), "This result is neither of drugsfda nor a label.")
            continue
        reading.kind = reading.kind or kind
        reading.rows += 1
        if kind != reading.kind:
            reading.error(number, "", ", ".join(result), "This result is of another kind than the first one.")
        elif kind == DRUGSFDA:
            yield from _application(number, result, reading)
        elif label := _label(number, result, reading):
            yield label


def _kind(result: dict[str, Any]) -> str:
    if "products" in result or "submissions" in result or "sponsor_name" in result:
        return DRUGSFDA
    if "set_id" in result or "indications_and_usage" in result or "effective_time" in result:
        return LABEL
    return ""


# The stream ------------------------------------------------------------------------------------


def _results(file: BinaryIO, reading: Reading) -> Iterator[dict[str, Any]]:
    """Objects in a list ``results`` or under a key ``result``, wherever the example pages nest them.

    Other values are looked at only for ``meta`` and for the message of an error.
    """
    path: list[str] = []  # the key or "[]" of each level
    seen: list[set[str]] = []  # the keys of each open object, to find one that stands twice
    key, found, answered = "", 0, False
    build: _Builder | None = None
    for event, value in json_text.parsed(file):
        if build:
            if build.take(event, value):
                if build.value:
                    found += 1
                    if _kind(build.value) or not _is_example(path):
                        yield build.value
                build = None
            continue
        if event == "map_key":
            key, keys = value, seen[-1]
            if key in keys:
                raise FileRefused(f"A key stands once in an object, and “{cut(key)}” stands twice.")
            keys.add(key)
        elif event in ("start_map", "start_array"):
            if len(path) >= DEPTH:
                raise FileRefused(f"openFDA's JSON is a few levels deep, and this one has more than {DEPTH}.")
            under = path[-1] if path else ""
            is_result = under == "results[]" or (key == "result" and len(path) <= 2)
            if event == "start_map" and path and is_result:
                answered = True
                build = _Builder()
                build.take(event, value)
                continue
            path.append(f"{key}[]" if event == "start_array" else key)
            seen.append(set())
            answered = answered or (event == "start_array" and key == "results")
            key = ""
        elif event in ("end_map", "end_array"):
            path.pop()
            seen.pop()
            key = ""
        else:
            _meta(path, key, value, reading)
    if not answered:
        raise FileRefused(f"{MESSAGE}, and this file has no results.")
    if not found:
        raise FileRefused(f"{MESSAGE}, and the results of this file are empty.")


def _is_example(path: list[str]) -> bool:
    """Whether this lies in a wrapper: an answer has its results at the top."""
    return len(path) != 2


def _meta(path: list[str], key: str, value: object, reading: Reading) -> None:
    if path[-1:] == ["meta"] and key == "last_updated" and isinstance(value, str):
        try:
            day = datetime.date.fromisoformat(value)
        except ValueError:
            return
        if day <= reading.today + datetime.timedelta(days=1):  # FDA may be a day ahead of us, not more
            reading.edition = max(reading.edition or "", day.isoformat())
    is_total = path[-2:] == ["meta", "results"] and key == "total" and len(path) == 3
    if is_total and type(value) is int and 0 <= value < 2**31:
        reading.total = value
    if path[-1:] == ["error"] and key == "message":
        raise FileRefused(f"{MESSAGE}, and this file is openFDA's answer “{cut(value)}”.")


class _Builder:
    """Builds one result from its events, without what the portal does not read."""

    def __init__(self) -> None:
        self.value: dict[str, Any] = {}
        self.stack: list[Any] = []
        self.keys: list[str] = []
        self.skipping = 0  # how many levels deep in a value that is passed over
        self.skip_next = False
        self.size = 0

    def take(self, event: str, value: Any) -> bool:
        """True when the result is complete."""
        opens, closes = event in ("start_map", "start_array"), event in ("end_map", "end_array")
        if self.skipping or (self.skip_next and event != "map_key"):
            self.skipping += opens - closes
            self.skip_next = False
            if self.skipping > DEPTH:
                raise FileRefused(f"openFDA's JSON is a few levels deep, and this one has more than {DEPTH}.")
            return False
        self.size += 1
        if self.size > SIZE or len(self.stack) > DEPTH:
            raise FileRefused("openFDA's results are short and a few levels deep, and one in this file is not.")
        if event == "map_key":
            if value in self.stack[-1]:
                raise FileRefused(f"A key stands once in an object, and “{cut(value)}” stands twice.")
            self.keys[-1] = value
            self.skip_next = len(self.stack) == 1 and value not in KEPT
            if self.skip_next:
                self.stack[-1][value] = None
            return False
        if closes:
            self.stack.pop()
            self.keys.pop()
            return not self.stack
        fresh: Any = {} if event == "start_map" else [] if event == "start_array" else value
        if not self.stack:
            self.value = fresh
        elif isinstance(self.stack[-1], list):
            self.stack[-1].append(fresh)
        else:
            self.stack[-1][self.keys[-1]] = fresh
        if opens:
            self.stack.append(fresh)
            self.keys.append("")
        return False


# Results as records -----------------------------------------------------------------------------


def _words(value: Any, most: int = cells.MOST) -> str:
    """A string, or the strings of a list, as text. Anything else is of the wrong type."""
    if value is None:
        return ""
    parts = value if isinstance(value, list) else [value]
    if not all(isinstance(part, str) for part in parts):
        raise cells.Bad("A text was expected here.")
    if sum(map(len, parts)) > most:
        raise cells.Bad(f"This text has more than {most:,} characters.")
    return cells.text(" ".join(parts))


def _objects(value: Any) -> list[dict[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
        raise cells.Bad("A list of objects was expected here.")
    return value


def _names(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    parts = value if isinstance(value, list) else [value]
    return tuple(name for part in parts if (name := cells.name(_words(part))))


def _application(line: int, result: dict[str, Any], reading: Reading) -> Iterator[Record]:
    """The products and submissions of one application; a broken one is an error and leaves the others."""
    column: str = "application_number"
    raw: Any = result.get(column)
    try:
        application = cells.application(_words(raw))
        parts = []
        for column in ("products", "submissions"):
            raw = result.get(column)
            parts += [(column, part) for part in _objects(raw)]
    except cells.Bad as error:
        reading.error(line, column, raw, str(error))
        return
    if not parts:
        reading.error(line, "products", str(application), "This application has neither products nor submissions.")
    latest = _latest(reading)
    for column, part in parts:
        try:
            yield (
                _product(line, application, part)
                if column == "products"
                else _submission(line, application, part, latest)
            )
        except cells.Bad as error:
            reading.error(line, column, part, str(error))


def _product(line: int, application: Application, part: dict[str, Any]) -> Product:
    actives = _objects(part.get("active_ingredients"))
    names = tuple(name for active in actives for name in _names(active.get("name")))
    brand = cells.name(_words(part.get("brand_name")))
    form, route = _words(part.get("dosage_form")), _words(part.get("route"))
    return Product(line, application, brand, names, form=form, route=route)


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


def _label(line: int, result: dict[str, Any], reading: Reading) -> Label | None:
    column: str = "openfda"
    raw: Any = result.get(column)
    try:
        known = raw if raw is not None else {}
        if not isinstance(known, dict):
            raise cells.Bad("An object was expected here.")
        column, raw = "application_number", known.get("application_number")
        numbers = raw if isinstance(raw, list) else [raw] if raw else []
        # Monographs and unapproved drugs carry words here ("M020", "part352"): no application.
        words = [_words(number) for number in numbers]
        applications = tuple(cells.application(n) for n in words if re.match(r"(?i)\s*(A?NDA|BLA|BN|\d)", n))
        column, raw = "brand_name", known.get("brand_name")
        brands = _names(raw)
        column, raw = "generic_name", known.get("generic_name")
        names = _names(raw)
        if not (applications or brands or names):
            column, raw = "spl_product_data_elements", result.get("spl_product_data_elements")
            brands, names = _elements(_words(raw, LONG))
        column, raw = "effective_time", result.get("effective_time")
        effective = cells.day(_words(raw), _latest(reading).replace(year=_latest(reading).year + 1, day=1))
        column, raw = "indications_and_usage", result.get("indications_and_usage")
        use = _words(raw, LONG)
        column, raw = "boxed_warning", result.get("boxed_warning")
        warning = _words(raw, LONG)
        column, raw = "set_id", result.get("set_id")
        set_id, version = _words(raw), _words(result.get("version"))
    except cells.Bad as error:
        reading.error(line, column, raw, str(error))
        return None
    return Label(line, applications, brands, names, set_id, version, effective, use, warning)
