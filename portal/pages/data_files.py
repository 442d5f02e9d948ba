"""Files of ``/data/``: tables, all of them at once, and changes. Any site may read them.

They pass by the memory of finished pages, since they may be of any size, and are sent while they are made.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_safe

from portal.publishing import content_version
from portal.publishing.open_data import changes, counting, describing, lists, whole
from portal.publishing.open_data.declaring import Day, past
from portal.publishing.open_data.formats import FORMATS
from portal.publishing.prose import figures_of
from therapies.forms import FilterForm

from .data import DataForm, TwoDaysForm
from .headers import readable_anywhere

#: How their addresses begin.
AT = "/data/files/"


def of_asked_day(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view gets the past day that was asked for, None for now. Where it is no such day, the answer says why."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form = DataForm(request.GET, choices={})
        if said := _unreadable(request, form):
            return _wrong(said)
        return view(request, past(form.cleaned_data["on"]), **kwargs)

    return answer


@of_asked_day
def package(request: HttpRequest, on: Day) -> HttpResponse:
    """The description of the data package, whose files lie beside it."""
    return readable_anywhere(
        JsonResponse(describing.online(on), json_dumps_params={"ensure_ascii": False, "indent": 1})
    )


@of_asked_day
def file(request: HttpRequest, on: Day, name: str, ending: str) -> HttpResponseBase:
    """One table, or a list of one, in one format."""
    if ending not in FORMATS or name not in lists.with_lists(None):
        raise Http404
    form, table = FORMATS[ending], lists.with_lists(on).get(name)
    if table is None:
        return _wrong("We have this table as of today only. Leave out the date.")
    named = f"{name}-{on or timezone.localdate()}.{ending}"
    return _sent(request, named, form.content_type, lambda: form.write(table, on, table.stream(on)))


@require_safe
def change_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    """All changes between two days."""
    form = TwoDaysForm(request.GET, choices={})
    if said := _unreadable(request, form):
        return _wrong(said)
    written = {"csv": changes.csv, "ndjson": changes.ndjson}
    if ending not in written:
        raise Http404
    earlier, later = form.days
    found = changes.between(earlier, later)
    return _sent(
        request, f"changes-{earlier}-{later}.{ending}", FORMATS[ending].content_type, lambda: written[ending](found)
    )


@of_asked_day
def whole_file(request: HttpRequest, on: Day, ending: str) -> HttpResponseBase:
    """All tables in one file."""
    if ending not in whole.WHOLE:
        raise Http404
    if unchanged := _unchanged(request):
        return unchanged
    form = whole.WHOLE[ending]
    try:
        made = whole.settled(lambda: form.make(on))
    except whole.ContentMovedError:
        response = _wrong("Our facts are changing right now. Ask again in a minute.", status=503)
        response["Retry-After"] = "60"
        return response
    made.seek(0)
    name = f"data-{(on or timezone.localdate()).isoformat()}.{ending}"
    return _tagged(request, FileResponse(made, as_attachment=True, filename=name, content_type=form.content_type))


@of_asked_day
def digests(request: HttpRequest, on: Day) -> HttpResponse:
    """The digest of each table as ``sha256sum -c`` reads it."""
    counted = counting.count_all(on) if on else figures_of(request).provider(counting.CountNow).tables
    return readable_anywhere(HttpResponse(counting.lines(counted), content_type="text/plain; charset=utf-8"))


def _unreadable(request: HttpRequest, form: FilterForm) -> str:
    """What is wrong with what somebody asks for. A file for another question than was asked looks like an answer."""
    for name, values in request.GET.lists():
        if name not in form.fields:
            return f"“{name[:100]}” is no parameter of this address. It takes: {', '.join(form.fields)}."
        if len(values) > 1:
            return f"“{name}” was given {len(values)} times."
    return " ".join(f"{name}: {error}" for name, errors in form.errors.items() for error in map(str, errors))


def _wrong(said: str, status: int = 400) -> HttpResponse:
    return readable_anywhere(HttpResponse(f"{said}\n", status=status, content_type="text/plain; charset=utf-8"))


def _sent(request: HttpRequest, name: str, content_type: str, lines: Callable[[], Iterator[str]]) -> HttpResponseBase:
    if unchanged := _unchanged(request):
        return unchanged
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return _tagged(request, StreamingHttpResponse(lines(), content_type=content_type, headers=headers))


def _tag(request: HttpRequest) -> str:
    """Of what is there now. It changes with the content and with the day, and says nothing of either."""
    said = f"{content_version.number()} {timezone.localdate()} {request.get_full_path()}"
    return f'"{salted_hmac("portal.data", said, algorithm="sha256").hexdigest()[:20]}"'


def _unchanged(request: HttpRequest) -> HttpResponseBase | None:
    """The answer for whoever has the file already."""
    if "If-None-Match" not in request.headers:
        return None
    answer: Any = get_conditional_response(request, etag=_tag(request), response=HttpResponse())
    return _tagged(request, answer) if answer.status_code == 304 else None


def _tagged(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response["ETag"] = _tag(request)
    return readable_anywhere(response)
