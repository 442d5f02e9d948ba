"""Forms that propose one new row: a fact, another source of a decision, or why a label leaves out a use."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from portal.publishing import actions
from portal.publishing.admin.correcting import add_errors
from portal.publishing.admin.entrance import page, staff_who_may
from portal.publishing.permissions import staff_of

from ..fact_kinds import choices
from ..models import ApprovalEvent, DrugLabel, FurtherSource, Indication, TherapyFact, UnlabelledUse
from .corrections import ABOUT_NOTE_OF_FACT, DAY, proposed


def _source_of(model: Any) -> AutocompleteSelect:
    return AutocompleteSelect(model._meta.get_field("source"), admin.site)


class NewRowForm(forms.ModelForm):
    """What a person tells of a new row."""

    def _post_clean(self) -> None:
        """The verbs judge."""


class NewFactForm(NewRowForm):
    """One fact about a therapy. Each kind of fact says by itself how its value is written."""

    kind = forms.ChoiceField(label="Kind of fact", choices=[("", "Choose one"), *choices()])
    because = forms.CharField(
        label="Reason", required=False, max_length=300, help_text="Required if the fact affects patients."
    )
    field_order = ("therapy", "kind", "value", "application", "center", "date", "source", "because", "note")

    class Meta:
        model = TherapyFact
        fields = ("therapy", "kind", "value", "application", "center", "date", "source", "note")
        widgets = {"date": DAY, "source": _source_of(TherapyFact)}
        help_texts = {"source": "Where you read it. Type part of its title.", "note": ABOUT_NOTE_OF_FACT}


class FurtherSourceForm(NewRowForm):
    """A source that tells of the same decision. With another day, it says why ours stands."""

    class Meta:
        model = FurtherSource
        fields = ("source", "date", "why")
        widgets = {"date": DAY, "source": _source_of(FurtherSource)}
        help_texts = {"source": "Where else you read of it. Type part of its title."}


class LeftOutForm(NewRowForm):
    """Why a label doesn't name a use of ours."""

    class Meta:
        model = UnlabelledUse
        fields = ("reason", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}


@staff_who_may("add", TherapyFact)
def new_fact(request: HttpRequest) -> HttpResponse:
    form = NewFactForm(request.POST or None, initial={name: request.GET.get(name) for name in ("therapy", "kind")})
    said = (
        "Enter anything a source says about a therapy, such as a name, an application number, a warning, or how it is "
        "given. FDA’s decisions on its uses have their own form."
    )
    return _proposing(request, form, title="Enter a fact about a therapy", said=said, button="Propose this fact")


@staff_who_may("add", FurtherSource)
def new_further_source(request: HttpRequest, event: int) -> HttpResponse:
    decision = get_object_or_404(ApprovalEvent.objects.select_related("indication__therapy"), pk=event)
    said = (
        "Add a page by another publisher that tells of this decision. "
        "A copy of the same press release is not another source."
    )
    told = {"title": "Add another source", "said": said, "button": "Propose this source"}
    back = (reverse("desk:event", args=[decision.pk]), decision)
    return _proposing(request, FurtherSourceForm(request.POST or None), {"event": decision}, back=back, **told)


@staff_who_may("add", UnlabelledUse)
def leave_out(request: HttpRequest, label: int, use: int) -> HttpResponse:
    found = get_object_or_404(DrugLabel.objects.select_related("therapy"), pk=label)
    ours = get_object_or_404(Indication.objects.select_related("cancer"), pk=use, therapy=found.therapy)
    said = f"Our data has this use, and the label doesn’t name it: {ours}."
    told = {"title": "Why the label leaves it out", "said": said, "button": "Propose this reason"}
    back = (found.get_absolute_url(), found)
    return _proposing(request, LeftOutForm(request.POST or None), {"label": found, "use": ours}, back=back, **told)


def _proposing(
    request: HttpRequest, form: NewRowForm, about: dict[str, Any] | None = None, *, title: str, **shown: Any
) -> HttpResponse:
    """Show a form, and once it is whole propose its row. ``about`` are the rows that its address names."""
    if request.method == "POST" and form.is_valid():
        given = {**(about or {}), **form.cleaned_data}
        told = {"by": staff_of(request), "because": given.pop("because", "")}
        try:
            return proposed(request, actions.propose_new(form._meta.model, given, **told))
        except (actions.Refused, ValidationError) as error:
            add_errors([form], error)
    status = 400 if form.is_bound and form.errors else 200
    return page(request, "new_row.html", title, status=status, form=form, **shown)
