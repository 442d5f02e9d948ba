"""``/data/api/``: the API for people who write programs, as its description in OpenAPI has it."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.publishing import rooms
from portal.publishing.addresses import absolute
from portal.publishing.open_data import counting
from portal.publishing.open_data.declaring import DataTable
from portal.publishing.prose import figures_of

from .api import openapi, parameters, problems

#: Parameters that mean the same everywhere they stand, which the page tells once.
EVERYWHERE = ("on", "limit", "cursor")
#: The table from which the page takes its example.
EXAMPLE = "uses"


def about(request: HttpRequest) -> HttpResponse:
    described = openapi.document(figures_of(request).provider(counting.CountNow).tables)
    shown = _example(described, EXAMPLE)
    tables = sorted(rooms.open_tables().values(), key=lambda table: table.title)
    context = {
        "at": absolute(reverse("api:tables")),
        "version": described["info"]["version"],
        "tables": [_table(described, table) for table in tables],
        "example": json.dumps(shown, ensure_ascii=False, indent=2) if shown else "",
        "problems": sorted(problems.KINDS.items()),
        "usual": parameters.USUAL,
        "most": parameters.MOST,
        "a_minute": settings.API_REQUESTS_PER_MINUTE,
    }
    return render(request, "pages/data_api.html", context)


def _table(described: dict[str, Any], table: DataTable) -> dict[str, Any]:
    """A table as the page shows it: its addresses, what its rows can be narrowed by, and one of them."""
    several = described["paths"][f"/{table.name}/"]["get"]
    one = described["paths"][openapi.row_path(table)]["get"]
    shown = _example(described, table.name)
    return {
        "name": table.name,
        "title": several["summary"],
        "about": one["description"],
        "rows": several["x-rows"],
        "has_history": table.has_history,
        "list_address": reverse("api:rows", args=[table.name]),
        "row_address": reverse("api:tables") + openapi.row_path(table)[1:],
        "filters": [each for each in several["parameters"] if each["name"] not in EVERYWHERE],
        "example_address": openapi.row_address(table, shown["data"]) if shown else "",
    }


def _example(described: dict[str, Any], table: str) -> dict[str, Any] | None:
    """The answer to one row of a table, in the description."""
    one = described["paths"][openapi.row_path(rooms.open_tables()[table])]["get"]
    example: dict[str, Any] | None = one["responses"]["200"]["content"]["application/json"].get("example")
    return example
