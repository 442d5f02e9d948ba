"""``/data/``: everything that readers may see as tables, for any day: what there is, and what the columns mean."""

import datetime
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from portal.publishing.addresses import absolute
from portal.publishing.linked_data import Node, Shown, node
from portal.publishing.open_data import changes, counting, describing, lists, whole
from portal.publishing.open_data.declaring import DataTable, past
from portal.publishing.open_data.formats import FORMATS
from portal.publishing.prose import figures_of
from therapies.forms import FilterForm, PastDayField

#: Changes that a page shows; the files have all.
SHOWN = 200
PARAMETERS = {"data": ("on",), "data-package": ("on",), "data-changes": ("from", "to")}


class DataForm(FilterForm):
    """The day that somebody wants the data of."""

    on = PastDayField(label="As of this date", help_text="Leave empty for today.")

    @property
    def helper(self) -> Any:
        return self.sent_to("data", "day-form", "Choose a day")


class TwoDaysForm(FilterForm):
    """Two days, in either order. They are called as in the address, which Python has other uses for."""

    @property
    def helper(self) -> Any:
        return self.sent_to("data-changes", "filters line-form", "Choose two days")

    def clean(self) -> dict[str, Any]:
        told: Any = super().clean()
        for name in ("from", "to"):
            if not self.errors and not told.get(name):
                self.add_error(name, "Enter a date, for example 2019-02-28.")
        return told

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        first, second = sorted((self.cleaned_data["from"], self.cleaned_data["to"]))
        return first, second


TwoDaysForm.base_fields |= {"from": PastDayField(label="From"), "to": PastDayField(label="To")}


def overview(request: HttpRequest) -> HttpResponse:
    """What there is, what it means, and where the files are."""
    form = DataForm(request.GET, choices={})
    if not form.is_valid():
        return render(request, "pages/data.html", {"form": form}, status=400)
    on = past(form.cleaned_data["on"])
    counted = counting.count_all(on) if on else figures_of(request).provider(counting.CountNow).tables
    tables = lists.of_day(on)
    context = {
        "form": form,
        "on": on,
        "day": on or timezone.localdate(),
        "list_query": f"?on={on.isoformat()}" if on else "",
        "tables": [(table, counted[name].rows) for name, table in sorted(tables.items(), key=_title)],
        "lists": [one for name, one in lists.with_lists(on).items() if name not in tables],
        "rows": sum(one.rows for one in counted.values()),
        "digest": counting.digest(counted),
        "formats": FORMATS.values(),
        "wholes": whole.WHOLE.items(),
        "license": describing.LICENSE_FILE.read_text(),
        "license_name": describing.LICENSE["title"],
    }
    return render(request, "pages/data.html", context)


def _title(item: tuple[str, DataTable]) -> str:
    return item[1].title


def what_changed(request: HttpRequest) -> HttpResponse:
    """What is otherwise on one day than on another. The first of them, and how many there are."""
    form = TwoDaysForm(request.GET or None, choices={})
    if form.is_bound and not form.is_valid():
        return render(request, "pages/data_changes.html", {"form": form}, status=400)
    context: dict[str, Any] = {"form": form}
    if form.is_bound:
        earlier, later = form.days
        found = changes.between(earlier, later)
        first = list(islice(found, SHOWN))
        counted = changes.counted(first) + changes.counted(found)
        query = f"?from={earlier.isoformat()}&to={later.isoformat()}"
        context |= {
            "earlier": earlier,
            "later": later,
            "changes": first,
            "number": counted.total(),
            "list_query": query,
        }
        kinds = [(table, sort) for table in changes.tables(earlier) for sort in changes.WORDS]
        context["counted"] = [(table, sort, n) for table, sort in kinds if (n := counted[table.name, sort])]
    return render(request, "pages/data_changes.html", context)


def dataset(shown: Shown) -> Node | None:
    """The data, for search engines of data sets."""
    if "digest" not in shown:
        return None
    return node(
        "Dataset",
        name="Immunotherapies for cancer and what FDA approved them for",
        description="Every therapy, use and FDA decision that this site tells of, dated and sourced.",
        license=describing.LICENSE["path"],
        version=shown["digest"],
        temporalCoverage=f"../{shown['day'].isoformat()}",
        spatialCoverage=node("Place", name="United States"),
        url=absolute(reverse("data")),
        distribution=[
            node("DataDownload", encodingFormat=one.content_type, contentUrl=_whole_address(ending))
            for ending, one in whole.WHOLE.items()
        ],
    )


def _whole_address(ending: str) -> str:
    return absolute(reverse("data-whole", args=[ending]))
