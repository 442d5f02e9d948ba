"""The form with which a pending change is corrected: one part for each row of its group."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import fields_for_model

from ..actions.refusal import Refused
from ..models import Change, Source, with_names

NEWEST_SOURCES = 20


def correction_forms(change: Change, data: Any = None) -> list[Any]:
    """A form for each row of a pending change. A reference to another new row stays as it is."""
    return [_form(one, data) for one in change.group()]


def add_errors(several: Sequence[Any], error: Refused | ValidationError) -> None:
    """Tell what a verb refused at the fields of some forms, and above the first what belongs to none of them."""
    wrong = error if isinstance(error, ValidationError) else ValidationError(str(error))
    by_field = wrong.message_dict if hasattr(wrong, "error_dict") else {"": wrong.messages}
    for name, sentences in by_field.items():
        form = next((form for form in several if name in form.fields), several[0])
        form.add_error(name if name in form.fields else None, sentences)


def _form(change: Change, data: Any) -> Any:
    model = change.governed
    # A position in a list, for example, is not editable: only the software writes it.
    editable = {field.name for field in (*model._meta.fields, *model._meta.many_to_many) if field.editable}
    names = [name for name, value in change.after.items() if name in editable and not isinstance(value, dict)]
    fields: Any = fields_for_model(model, fields=names, formfield_callback=_field)
    made: Any = type("CorrectionForm", (forms.Form,), dict(fields))  # which it empties
    initial = {name: change.after[name] for name in fields}
    form = made(data, prefix=f"change-{change.pk}", initial=initial, auto_id=f"id_{change.pk}_%s")
    form.change = change
    if "source" in fields:
        newest = Source.objects.order_by("-pk").values_list("pk", flat=True)[:NEWEST_SOURCES]
        named = [key for key in (change.source_id, change.after["source"]) if key]
        form.fields["source"].queryset = Source.objects.filter(pk__in=[*newest, *named])
    return form


def _field(field: Any, **kwargs: Any) -> Any:
    made = field.formfield(**kwargs)
    if isinstance(made, forms.ModelChoiceField) and made.queryset is not None:
        made.queryset = with_names(made.queryset)  # or each choice asks for its own
    if isinstance(made, forms.DateField):
        made.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"})
    return made
