"""One of FDA's files comes in: it is read with progress, compared, and stored as a batch in one transaction.

The answer is written while the file is read, so the browser shows each line as it comes; no script is needed. The file
itself is never kept. Until the last row was read and compared, nothing is stored.
"""

import hashlib
import time
from collections.abc import Generator, Iterator
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from portal.publishing.admin.entrance import page, staff_who_may
from portal.publishing.permissions import allowed, staff_of

from ..compare.comparison import FileComparison
from ..compare.ours import read_our_records
from ..fda import recognise
from ..fda.file_kinds import FILE_KINDS
from ..fda.records import UNFORESEEN, FileRefused, cut
from ..models import Batch, BatchRow
from . import actions
from .synchronised import title_of

ON_A_PAGE = 20
LINE_EVERY = 4_000  # rows
MARK = "<!-- here -->"  # where lines come while the file is read, and where it ends


class FileForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text=f"{'; '.join(f'{kind.name} ({kind.saved_as})' for kind in FILE_KINDS)}. At most 20 MB.",
        error_messages={
            "required": "Choose a file first.",
            "invalid": "No file arrived. Choose one and upload it again.",
            "empty": "This file is empty. Download it again from FDA’s page.",
        },
    )

    helper = FormHelper()
    helper.attrs = {"enctype": "multipart/form-data"}
    helper.form_action = "desk:batches"
    helper.layout = Layout("file", Submit("", "Upload and compare"))

    def clean_file(self) -> UploadedFile:
        several = self.files.getlist("file")
        file: UploadedFile = self.cleaned_data["file"]
        if len(several) > 1:
            raise forms.ValidationError(f"Upload one file at a time. {len(several)} arrived.")
        if (file.size or 0) > recognise.UPLOAD:
            raise forms.ValidationError(f"A file can be up to 20 MB. This one is {(file.size or 0) / 2**20:,.1f} MB.")
        return file


@staff_who_may("view", Batch)
@require_http_methods(["GET", "HEAD", "POST"])
def batches(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        return _listed(request, FileForm())
    if not allowed(request, "add", Batch):
        raise PermissionDenied
    form = FileForm(request.POST, request.FILES)
    try:
        if form.is_valid():
            return IncomingFile(request, form).answer()
    except (FileRefused, DatabaseError, *UNFORESEEN) as error:
        form.add_error("file", _why(error))
    return _listed(request, form)


def _listed(request: HttpRequest, form: FileForm) -> HttpResponse:
    """Every file that was read here, the newest first, and the form for another."""
    found = Batch.objects.select_related("read_by", "undone_by")
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = BatchRow.objects.filter(batch__in=[batch.pk for batch in shown]).order_by()
    answered = rows.filter(Q(proposal__isnull=False) | ~Q(answer="")).values("batch")
    numbers = answered.annotate(
        open=Count("pk", filter=Q(answer="", proposal__isnull=False) & Q(pk__in=rows.asked_last().values("pk"))),
        accepted=Count("pk", filter=Q(answer=BatchRow.Answer.ACCEPTED)),
        skipped=Count("pk", filter=Q(answer=BatchRow.Answer.SKIPPED)),
    )
    by_batch = {row["batch"]: row for row in numbers}
    context: dict[str, Any] = {
        "shown": shown,
        "rows": [(batch, title_of(batch.kind, batch.edition), by_batch.get(batch.pk, {})) for batch in shown],
        "form": form if allowed(request, "add", Batch) else None,
    }
    return page(request, "batches.html", "FDA’s files", **context)


def _why(error: BaseException) -> str:
    if isinstance(error, FileRefused):
        return str(error)
    if isinstance(error, (OperationalError, InterfaceError)):
        return "The database is busy or can’t be reached. Nothing was stored. Try again in a minute."
    return f"This file can’t be read, for a reason we didn’t expect ({type(error).__name__}). Please report it."


class IncomingFile:
    """A file on its way, and the page that shows how far along it is."""

    def __init__(self, request: HttpRequest, form: FileForm) -> None:
        """Raises FileRefused where the beginning of the file shows that it cannot be read."""
        self.request, self.form = request, form
        file: UploadedFile = form.cleaned_data["file"]
        content: Any = file.file
        content = getattr(content, "file", content)  # without the wrapper of a temporary file
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        self.upload = actions.Upload(cut(file.name or "without a name", 150), file.size or 0, digest)
        self.reading = recognise.open_file(content, timezone.localdate())
        self.comparison = FileComparison(self.reading, read_our_records())

    def answer(self) -> StreamingHttpResponse:
        around = page(self.request, "reading.html", f"Reading {self.upload.name}").text.split(MARK)
        headers = {"Content-Encoding": "identity", "X-Accel-Buffering": "no"}  # packed, lines would wait for each other
        return StreamingHttpResponse(self._told(*around), headers=headers)

    def _told(self, top: str, middle: str, bottom: str) -> Iterator[str]:
        """A browser that goes away ends this at a line, before anything is stored."""
        yield top
        try:
            yield from self._lines()
            result = self.comparison.result()
            result.refuse_empty()
            batch, new = actions.keep(result, self.upload, by=staff_of(self.request))
        except (FileRefused, DatabaseError, *UNFORESEEN) as error:
            self.form.add_error("file", _why(error))
            yield middle + render_to_string("desk/_upload.html", {"form": self.form}, self.request) + bottom
            return
        finally:
            if isinstance(self.reading.records, Generator):
                self.reading.records.close()  # before the file is
        address = reverse("desk:batch", args=[batch.pk]) + ("" if new else "?again=1")
        said = "Your file was read and compared." if new else "Nothing new: this same file was read before."
        shown = '<p>{} <a href="{}">See the results</a></p><meta http-equiv="refresh" content="0; url={}">'
        yield middle + format_html(shown, said, address, address) + bottom

    def _lines(self) -> Iterator[str]:
        reading, start, told = self.reading, time.monotonic(), 0
        yield "<p>Opening the file …</p>\n"
        for record in reading.records:
            self.comparison.take(record)
            if reading.rows >= told + LINE_EVERY:
                told = reading.rows
                yield f"<p>{told:,} rows read, {time.monotonic() - start:.0f} s</p>\n"
        yield f"<p>{reading.rows:,} rows read, {time.monotonic() - start:.0f} s. Comparing and storing …</p>\n"
