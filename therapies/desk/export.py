"""The export at the desk for FDA data: a page that explains it, and the two files."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from portal.publishing.admin.entrance import page, staff_who_may

from ..compare.export import in_csv, in_json, not_shown
from ..models import ApprovalEvent, Indication, TherapyFact

who_may_export = staff_who_may("view", ApprovalEvent, TherapyFact)


@who_may_export
def show(request: HttpRequest) -> HttpResponse:
    counts = {"events": ApprovalEvent, "facts": TherapyFact}
    numbers = {name: model._default_manager.count() + len(not_shown(model)) for name, model in counts.items()}
    numbers["uses"] = Indication.objects.count()
    return page(request, "export.html", "Export", **numbers)


@who_may_export
def file(request: HttpRequest, ending: str) -> StreamingHttpResponse:
    content, kind = (in_csv(), "text/csv; charset=utf-8") if ending == "csv" else (in_json(), "application/json")
    name = f"portal-{timezone.localdate().isoformat()}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(content, content_type=kind, headers=headers)
