"""The form that finds a way to trials. It is a plain GET form, so that a search has an address."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from ..forms import Choice, FilterForm
from . import places

UNKNOWN = (
    "We don’t know the place “{}”. Type a US city with its state, such as “Boston, MA,” or only a state or a country. "
    "You can also leave the place empty to search everywhere."
)
NO_ZIP_CODE = (
    "We don’t know the ZIP code {}. Our list has none of territories or military addresses. Type your city with its "
    "state instead, such as “Boston, MA.”"
)
LONGEST = 100
NOTHING = "Choose a cancer, a therapy, or a test result first, so that we know what to search for."


class PlaceField(forms.CharField):
    """Cleans to a ``Place``; to None where nothing was typed, or where a name has to be asked back about."""

    widget = forms.TextInput(attrs={"autocomplete": "postal-code"})
    default_error_messages = {"max_length": "This is too long. Use at most 100 characters."}

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        place = places.found(typed) if typed else None
        if typed and not place and not places.namesakes(typed):
            unknown = NO_ZIP_CODE if places.ZIP_CODE.fullmatch(typed) else UNKNOWN
            raise ValidationError(unknown.format(typed))
        return place


class TrialsForm(FilterForm):
    cancer = Choice(label="Cancer", required=False)
    therapy = Choice(label="Therapy", required=False)
    result = Choice(label="Test result", required=False)
    place = PlaceField(
        label="Place",
        required=False,
        max_length=LONGEST,
        help_text="A US ZIP code, city, or state, or a country. For example 02115, or Boston, MA.",
    )
    miles = Choice(
        label="How far from the city",
        required=False,
        choices=[("", "50 miles"), ("25", "25 miles"), ("100", "100 miles"), ("250", "250 miles")],
    )
    which = Choice(
        label="Which trials",
        required=False,
        choices=[("", "Looking for volunteers now"), ("all", "All, also finished ones")],
    )
    age = Choice(label="For whom", required=False, choices=[("", "Any age"), ("child", "Children and teens")])

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and not any(told.get(name) for name in ("cancer", "therapy", "result")):
            raise ValidationError(NOTHING)
        return told

    @property
    def helper(self) -> FormHelper:
        return self.sent_to("therapies:trials", "filters line-form trial-form", "Find clinical trials", "Find trials")
