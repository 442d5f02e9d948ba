"""FDA's labels beside our data: which are accounted for, and on each what waits for a person."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from portal.publishing.admin.entrance import page, staff_who_may
from portal.publishing.models import Change

from ..compare.label_records import label_accounts, safety_of
from ..compare.label_uses import LabelAccount, LeftOut
from ..models import DrugLabel, UnlabelledUse

#: Why a label leaves out a use of ours, in words. What people told besides is ``UnlabelledUse.Reason``.
LEFT_OUT = {
    LeftOut.BIOSIMILAR: "A biosimilar may lack uses of the drug it copies",
    LeftOut.FORM: "This is the label of another form or brand",
    LeftOut.PARTNER_LABEL: "It is on the label of the partner drug",
    LeftOut.LATER: "FDA approved it after this version",
    LeftOut.ANOTHER_LABEL: "Another of the therapy’s labels names it",
    **{reason.value: reason.label for reason in UnlabelledUse.Reason},
}


@staff_who_may("view", DrugLabel)
def index(request: HttpRequest) -> HttpResponse:
    accounts = label_accounts()
    names = {label.pk: label for label in DrugLabel.objects.select_related("therapy")}
    rows = [(names[one.label.key], one) for one in accounts if one.label.key]
    rows.sort(key=lambda row: (row[1].is_complete, row[0].therapy.name, row[0].brand))
    context: dict[str, Any] = {"rows": rows, "complete": sum(one.is_complete for one in accounts)}
    return page(request, "labels.html", "FDA’s labels", **context)


@staff_who_may("view", DrugLabel)
def show(request: HttpRequest, label: int) -> HttpResponse:
    found = get_object_or_404(DrugLabel.objects.select_related("therapy", "source"), pk=label)
    account = next((one for one in label_accounts(found.therapy_id) if one.label.key == found.pk), None)
    return page(request, "label.html", str(found), **_context(found, account))


def _context(label: DrugLabel, account: LabelAccount | None) -> dict[str, Any]:
    """``account`` is None for a version that a newer reading replaced."""
    context: dict[str, Any] = {"label": label, "account": account, "safety": safety_of(label)}
    if account:
        told = {one.use_id: one for one in label.silences.all()}
        rows = label.uses.select_related("cancer").prefetch_related("uses")
        context |= {
            "uses": list(zip(rows, account.uses, strict=True)),
            "left_out": [(use, LEFT_OUT.get(reason, ""), told.get(use.key)) for use, reason in account.left_out],
        }
    context["pending"] = Change.objects.pending().of_whole(label, label.uses, label.silences)
    return context
