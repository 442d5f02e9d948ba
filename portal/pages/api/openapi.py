"""The API in OpenAPI 3.1: every address, made of the declared tables and of the parameters that are read.

What it shows as examples are rows that readers see now. It is a plain document; the page about the API shows the same.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone

from portal.publishing import rooms
from portal.publishing.addresses import absolute
from portal.publishing.open_data import describing
from portal.publishing.open_data.counting import TableCount
from portal.publishing.open_data.declaring import DATE, LIST, DataField, DataRow, DataTable

from . import parameters, problems

VERSION = "1.0"
NOTE = (
    "Everything that this site tells as a fact, read-only: therapies, the uses that FDA approved them for, each of "
    "FDA’s decisions with its day and its source, and what they are sorted under. Facts that still wait for a second "
    "person, and drafts, are not in it. It is education, not medical advice."
)
#: What may go wrong at an address of one row, and of a list.
OF_A_ROW = (
    "bad-date",
    "unknown-parameter",
    "no-such-row",
    "not-acceptable",
    "too-many-requests",
    "fault",
    "away",
    "busy",
)
OF_A_LIST = ("bad-value", "bad-cursor", "bad-date", "unknown-parameter", "no-such-key", *OF_A_ROW[3:])
IN_WORDS = {
    400: "The request can’t be understood.",
    404: "There is no such row, or no such key.",
    406: "The request accepts no JSON.",
    429: "Too many requests from one address.",
    500: "A fault of ours.",
    503: "Too many are asking right now, or our database can’t be reached.",
}


def document(counted: Mapping[str, TableCount]) -> dict[str, Any]:
    """``counted`` has the number of rows, and the first one, of each table."""
    tables = rooms.open_tables()
    paths: dict[str, Any] = {"/": {"get": _of_tables()}}
    schemas: dict[str, Any] = {"Problem": _problem_schema()}
    for name, table in tables.items():
        schemas[_called(table)] = row_schema(table, counted[name].first)
        paths[f"/{name}/"] = {"get": _list_of(table, counted[name])}
        paths[row_path(table)] = {"get": _one_of(table, counted[name].first)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Immunotherapies for cancer and what FDA approved them for",
            "version": VERSION,
            "description": NOTE,
            "license": {"name": describing.LICENSE["title"], "identifier": describing.LICENSE["name"]},
        },
        "externalDocs": {"description": "How to use it", "url": absolute(reverse("data-api"))},
        "servers": [{"url": absolute(reverse("api:tables")).rstrip("/")}],
        "tags": [{"name": "tables", "description": "What there is."}, *map(_tag, tables.values())],
        "paths": paths,
        "components": {"schemas": schemas, "headers": _headers(), "responses": _problems()},
    }


def row_path(table: DataTable) -> str:
    return f"/{table.name}/" + "".join(f"{{{name}}}/" for name in table.order)


def row_address(table: DataTable, row: DataRow) -> str:
    """Of one row, on this site."""
    return f"{reverse('api:rows', args=[table.name])}{'/'.join(quote(str(one), safe='') for one in table.place(row))}/"


# Rows -------------------------------------------------------------------------------------


def _called(table: DataTable) -> str:
    """A row in the schemas: EarlierTerm."""
    return table.one.title().replace("_", "")


def row_schema(table: DataTable, example: DataRow | None) -> dict[str, Any]:
    fields = {field.name: column(field) for field in table.columns}
    told: dict[str, Any] = {"type": "object", "title": _called(table), "description": table.about}
    told |= {"properties": fields, "required": [*fields]}
    return told | ({"examples": [example]} if example else {})


def column(field: DataField) -> dict[str, Any]:
    """A column in the words of JSON Schema. Every row has every column; what may be unknown may be null."""
    told = describing.column(field)
    kind = "string" if field.kind == DATE else told["type"]
    schema: dict[str, Any] = {"type": kind if field.required else [kind, "null"], "description": told["description"]}
    if field.kind == DATE:
        schema["format"] = "date"
    if field.kind == LIST:
        schema["items"] = {"type": "string"}
    if field.one_of:
        schema["enum"] = [*field.one_of, *([] if field.required else [None])]
    if field.to:
        schema["x-key-of"] = field.to
    return schema


# Addresses --------------------------------------------------------------------------------


def _tag(table: DataTable) -> dict[str, Any]:
    return {"name": table.name, "description": table.about}


def _of_tables() -> dict[str, Any]:
    day = {"type": "string", "format": "date"}
    held = {
        "as_of": day,
        "checked_through": {"type": ["string", "null"], "format": "date"},
        "note": {"type": "string"},
        "license": {"type": "string"},
        "digest": {"type": "string"},
        "description": {"type": "string", "format": "uri"},
        "documentation": {"type": "string", "format": "uri"},
        "data": {"type": "array", "items": _schema_of_tables()},
    }
    return {
        "operationId": "list_tables",
        "tags": ["tables"],
        "summary": "Tables, with their number of rows",
        "description": "We checked FDA decisions through the day of “checked_through”; later ones may be missing.",
        "responses": _ok("The tables.", _object(held)) | _refused(OF_A_ROW[1:2] + OF_A_ROW[3:]),
    }


def _schema_of_tables() -> dict[str, Any]:
    text, names = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    held: dict[str, Any] = dict.fromkeys(("name", "title", "about", "digest"), text)
    held |= {"rows": {"type": "integer"}, "key": names, "filters": names, "has_history": {"type": "boolean"}}
    return _object(held | {"address": {"type": "string", "format": "uri"}})


def _list_of(table: DataTable, counted: TableCount) -> dict[str, Any]:
    held = {
        "as_of": {"type": "string", "format": "date", "description": "The day that the rows hold for."},
        "data": {"type": "array", "items": {"$ref": f"#/components/schemas/{_called(table)}"}},
        "next": {
            "type": ["string", "null"],
            "format": "uri",
            "description": "The address of the rows that follow; null where these are the last.",
        },
    }
    example = {
        "as_of": timezone.localdate().isoformat(),
        "data": [counted.first] if counted.first else [],
        "next": None,
    }
    return {
        "operationId": f"list_{table.name}",
        "tags": [table.name],
        "summary": table.title,
        "description": f"{table.about} By {' and '.join(table.order)}, in the order of their characters.",
        "parameters": [*_queried(parameters.of_list(table), counted.first)],
        "responses": _ok("Some rows.", _object(held), example) | _refused(OF_A_LIST),
        "x-rows": counted.rows,
    }


def _one_of(table: DataTable, example: DataRow | None) -> dict[str, Any]:
    held = {
        "as_of": {"type": "string", "format": "date", "description": "The day that the row holds for."},
        "data": {"$ref": f"#/components/schemas/{_called(table)}"},
    }
    shown = {"as_of": timezone.localdate().isoformat(), "data": example}
    return {
        "operationId": f"get_{table.one}",
        "tags": [table.name],
        "summary": f"One {table.one.replace('_', ' ')}",
        "description": table.about,
        "parameters": [*_of_key(table, example), *_queried(parameters.of_row(table), example)],
        "responses": _ok("The row.", _object(held), shown if example else None) | _refused(OF_A_ROW),
    }


def _of_key(table: DataTable, example: DataRow | None) -> Iterator[dict[str, Any]]:
    for name in table.order:
        told = {
            "name": name,
            "in": "path",
            "required": True,
            "description": table.by_name[name].about,
            "schema": {"type": "string", "minLength": 1},
        }
        yield told | ({"example": example[name]} if example else {})


def _queried(known: tuple[parameters.Parameter, ...], example: DataRow | None) -> Iterator[dict[str, Any]]:
    """With the value that the row of the example has, where it has one."""
    for one in known:
        told = {"name": one.name, "in": "query", "description": one.about, "schema": one.schema}
        value = (example or {}).get(one.name)
        value = value[0] if isinstance(value, list) and value else value
        yield told | ({"example": value} if value not in (None, []) else {})


# Answers ----------------------------------------------------------------------------------


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": [*fields]}


def _ok(said: str, schema: dict[str, Any], example: Any = None) -> dict[str, Any]:
    content = {"schema": schema} | ({"example": example} if example else {})
    return {
        "200": {
            "description": said,
            "headers": {"ETag": {"$ref": "#/components/headers/ETag"}},
            "content": {"application/json": content},
        },
        "304": {"description": "You have it already: If-None-Match named its ETag."},
    }


def _refused(kinds: tuple[str, ...]) -> dict[str, Any]:
    statuses = sorted({problems.KINDS[kind].status for kind in kinds})
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses}


def _problems() -> dict[str, Any]:
    """For each status what may have gone wrong."""
    found: dict[str, Any] = {}
    for name, kind in problems.KINDS.items():
        if kind.status in IN_WORDS:
            told = found.setdefault(str(kind.status), {"description": IN_WORDS[kind.status], "content": {}})
            content = told["content"].setdefault(problems.CONTENT_TYPE, {})
            content["schema"] = {"$ref": "#/components/schemas/Problem"}
            content.setdefault("examples", {})[name] = {
                "summary": kind.title,
                "value": problems.plain(name, kind.about),
            }
            if kind.status in (429, 503):
                told["headers"] = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
    return found


def _problem_schema() -> dict[str, Any]:
    text = {"type": "string"}
    told = _object({"type": {"type": "string", "format": "uri"}, "title": text, "status": {"type": "integer"}})
    told["properties"]["detail"] = text
    told["properties"] |= {"parameter": text, "allowed": {"type": "array", "items": text}}
    told["description"] = "What went wrong, as in RFC 9457. Programs go by “type”, and people read “detail”."
    return told


def _headers() -> dict[str, Any]:
    return {
        "ETag": {
            "description": "Send it back as If-None-Match to learn whether anything changed.",
            "schema": {"type": "string"},
        },
        "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
    }
