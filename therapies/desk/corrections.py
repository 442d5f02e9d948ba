"""What readers see of one use, decision or fact, and the form with which somebody proposes to change or remove it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from portal.publishing import actions, audit
from portal.publishing.admin.correcting import NEWEST_SOURCES, add_errors
from portal.publishing.admin.entrance import page, staff_who_may
from portal.publishing.guard import GuardedForm
from portal.publishing.models import Change, Source
from portal.publishing.permissions import allowed, staff_of

from ..models import (
    TERMS,
    ApprovalEvent,
    DrugLabel,
    EarlierTerms,
    FurtherSource,
    Indication,
    LabelledUse,
    Therapy,
    TherapyFact,
    UnlabelledUse,
)

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"})
ABOUT_NOTE_OF_FACT = "For staff. Beside a first approval, readers see it too."
#: What may be corrected of each, in the order of the form.
FIELDS: dict[Any, tuple[str, ...]] = {
    ApprovalEvent: ("kind", "date", "precision", "source", "note"),
    TherapyFact: ("kind", "value", "application", "center", "date", "source", "note"),
    Indication: ("cancer", "also_cancers", *TERMS, "note"),
    EarlierTerms: TERMS,
    FurtherSource: ("source", "date", "why"),
    DrugLabel: (
        *("effective", "scope", "boxed_warning", "common_reactions", "route"),
        *("accepted", "source", "note"),
    ),
    LabelledUse: (
        *("uses", "outside", "cancer", "setting", "stage", "biomarkers", "partners", "children", "accelerated"),
        *("accepted", "note"),
    ),
    UnlabelledUse: ("reason", "note"),
}


class ProposalForm(GuardedForm):
    """New values of a row. Sources to choose from: its own, those of this therapy, and the newest."""

    because = forms.CharField(
        label="Reason",
        required=False,
        max_length=300,
        help_text="What changed, according to the source.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources: Any = self.fields.get("source")
        if sources:
            therapy = therapy_of(self.instance)
            theirs = Q(approvalevents__indication__therapy=therapy) | Q(therapyfacts__therapy=therapy)
            theirs |= Q(druglabels__therapy=therapy)
            newest = list(Source.objects.order_by("-pk").values_list("pk", flat=True)[:NEWEST_SOURCES])
            known = Source.objects.filter(theirs).values("pk")
            sources.queryset = Source.objects.filter(Q(pk__in=known) | Q(pk__in=[self.instance.source_id, *newest]))

    def _post_clean(self) -> None:
        """The verbs judge; the row in memory stays as readers see it."""


def therapy_of(row: Any) -> Therapy:
    """Whose the row is: its own, or that of the use, decision or label on which it rests."""
    if isinstance(row, (EarlierTerms, FurtherSource)):
        return row.event.indication.therapy
    if isinstance(row, ApprovalEvent):
        return row.indication.therapy
    return (row.label if isinstance(row, (LabelledUse, UnlabelledUse)) else row).therapy


def form_class(model: Any) -> Any:
    widgets: dict[str, Any] = {"date": DAY, "note": forms.Textarea(attrs={"rows": 3})}
    told = {"note": ABOUT_NOTE_OF_FACT} if model is TherapyFact else None
    fields = (*FIELDS[model], "seen")
    return forms.modelform_factory(model, form=ProposalForm, fields=fields, widgets=widgets, help_texts=told)


def _screen(model: Any, related: tuple[str, ...]) -> Callable[..., HttpResponse]:
    @staff_who_may("view", model)
    def screen(request: HttpRequest, row: int) -> HttpResponse:
        found = get_object_or_404(model._default_manager.select_related(*related), pk=row)
        if request.method == "POST":
            if not allowed(request, "change", model):
                raise PermissionDenied
            if verb := VERBS.get(request.POST.get("do", "")):
                return verb(request, found)
        return _show(request, found)

    return screen


event = _screen(ApprovalEvent, ("indication__therapy", "indication__cancer__parent", "source", "change"))
fact = _screen(TherapyFact, ("therapy", "source", "change"))
use = _screen(Indication, ("therapy", "cancer__parent"))
label = _screen(DrugLabel, ("therapy", "source", "change"))
labelled_use = _screen(LabelledUse, ("label__therapy", "cancer"))
unlabelled_use = _screen(UnlabelledUse, ("label__therapy", "use__therapy", "use__cancer"))
further_source = _screen(FurtherSource, ("event__indication__therapy", "event__indication__cancer__parent", "source"))
terms = _screen(EarlierTerms, ("event__indication__therapy", "event__indication__cancer__parent"))


def _correct(request: HttpRequest, row: Any) -> HttpResponse:
    form = form_class(type(row))(request.POST, instance=row)
    if not form.is_valid():
        return _show(request, row, form)
    by = staff_of(request)
    given = {name: form.cleaned_data[name] for name in FIELDS[type(row)]}
    visible = {name: value for name, value in given.items() if name in row.READERS_SEE}
    notes = {name: value for name, value in given.items() if name in form.changed_data and name not in visible}
    change = None
    try:
        if not notes or set(form.changed_data) & set(visible):
            change = actions.propose_change(row, visible, by=by, because=form.cleaned_data["because"])
        actions.revise(row, notes, by=by)
    except (actions.Refused, ValidationError) as error:
        add_errors([form], error)
        return _show(request, row, form)
    return proposed(request, change)


def _remove(request: HttpRequest, row: Any) -> HttpResponse:
    because = request.POST.get("because", "").strip()
    try:
        return proposed(request, actions.propose_removal(row, by=staff_of(request), because=because))
    except (actions.Refused, ValidationError) as error:
        messages.error(request, actions.in_words(error))
        return redirect(request.path)


PENDING = {
    Change.Verb.ADD: "Your proposal is pending until another person confirms it.",
    Change.Verb.CHANGE: "Your change is pending. The old values stay until another person confirms it.",
    Change.Verb.REMOVE: "Your proposal is pending. Nothing is removed until another person confirms it.",
}


def proposed(request: HttpRequest, change: Change | None) -> HttpResponse:
    if change is None:  # a note for staff alone
        messages.success(request, "Your note is saved. Readers don’t see it.")
        return redirect(request.path)
    messages.success(request, PENDING[Change.Verb(change.verb)])
    return redirect(change)


VERBS: dict[str, Callable[[HttpRequest, Any], HttpResponse]] = {"correct": _correct, "remove": _remove}


def _show(request: HttpRequest, row: Any, form: Any = None) -> HttpResponse:
    may_change = allowed(request, "change", type(row))
    context = {
        "row": row,
        "therapy": therapy_of(row),
        "kind": row._meta.verbose_name,
        "form": (form or form_class(type(row))(instance=row)) if may_change else None,
        "pending": Change.objects.pending().of(row).select_related("proposed_by"),
        "history": audit.life_of(row)[:8],
        "further_sources": FurtherSource.objects.filter(event=row.pk).select_related("source")
        if isinstance(row, ApprovalEvent)
        else None,
        "decisions": row.events.select_related("source", "change") if isinstance(row, Indication) else [],
        "decision": row.event if isinstance(row, EarlierTerms) else None,
        "earlier": row.changed_terms if isinstance(row, ApprovalEvent) else None,
    }
    return page(request, "row.html", str(row), **context)
