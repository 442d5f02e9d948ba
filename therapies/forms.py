"""Forms of the public pages. All of them are plain GET forms; htmx only saves a page load."""

import datetime
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from . import decisions
from .catalogue.filters import FILTERS

EARLIEST = datetime.date(1900, 1, 1)


class DayInput(forms.DateInput):
    """The browser's own picker; a plain line for what is no day, which the picker would throw away."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        with suppress(ValueError):
            if not shown or parse_date(shown):
                context["widget"]["type"] = "date"
                context["widget"]["attrs"] |= {"min": "1985-01-01", "max": timezone.localdate().isoformat()}
        return context


class PastDayField(forms.DateField):
    """A day that has come: ISO, from 1900 to today."""

    widget = DayInput(format="%Y-%m-%d")
    default_error_messages = {"invalid": "Enter the date as year-month-day, for example 2019-02-28."}
    default_validators = [
        MaxValueValidator(timezone.localdate, "This date is in the future. Choose today or an earlier date."),
        MinValueValidator(EARLIEST, "FDA’s records don’t go back before 1900. Choose a later date."),
    ]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], required=False, **kwargs)


class Select(forms.Select):
    """A select written in one go: Django renders a template for every option, and the catalogue has hundreds."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, SELECTED if str(key) == chosen else "", label) for key, label in self.choices),
        )
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", attributes, options)


SELECTED = SafeString(" selected")


class Choice(forms.ChoiceField):
    widget = Select
    default_error_messages = {
        "invalid_choice": "“%(value)s” is not in this list. Choose an item from the list, or leave the field empty."
    }


class SearchField(forms.CharField):
    widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
    default_error_messages = {"max_length": "This is too long. Use at most 100 characters."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=100, required=False, **kwargs)


class FilterForm(forms.Form):
    """Choices that a list can be narrowed by, each with how many rows it would leave."""

    #: Labels of filters that are declared elsewhere.
    labels: Mapping[str, str] = {}

    def __init__(self, *args: Any, choices: Mapping[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {name: Choice(label=label, required=False) for name, label in self.labels.items()}
        self.order_fields(self.field_order)
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = offered

    def show_counts(self, counts: dict[str, dict[str, int]]) -> None:
        """Write beside each choice how many rows it would leave; drop the choices that would leave none."""
        for name, numbers in counts.items():
            field: Any = self.fields[name]
            chosen = self.data.get(name, "")
            field.choices = [
                (value, f"{label} ({numbers.get(value, 0)})" if value else label)
                for value, label in field.choices
                if not value or numbers.get(value) or value == chosen
            ]

    def sent_to(self, address: str, css_class: str, said: str, button: str = "Show") -> FormHelper:
        helper = FormHelper()
        helper.form_method = "get"
        helper.form_action = address
        helper.form_class = css_class
        helper.disable_csrf = True
        helper.attrs = {"aria-label": said}
        helper.layout = Layout(*self.fields, Submit("", button, css_class="button"))
        return helper


class CatalogueForm(FilterForm):
    labels = {one.name: one.label for one in FILTERS}
    field_order = ["q", *labels, "sort", "on"]

    q = SearchField(label="Brand or drug name")
    sort = Choice(label="Order", required=False)
    on = PastDayField(label="As of this date", help_text="Leave empty for today.")

    @property
    def helper(self) -> FormHelper:
        helper = self.sent_to("therapies:index", "filters", "Filter therapies")
        helper.form_id = "filters"
        helper.attrs |= {
            "data-hx-get": reverse("therapies:index"),
            "data-hx-target": "#results",
            "data-hx-select": "#results",
            "data-hx-select-oob": ",".join(["#heading", "#cite", *(f"#id_{name}" for name in self.labels)]),
            "data-hx-swap": "outerHTML show:none",
            "data-hx-push-url": "true",
            "data-hx-sync": "this:replace",
            "data-hx-trigger": "change, submit, input changed delay:350ms from:#id_q",
        }
        return helper


class ApprovalsForm(FilterForm):
    labels = {one.name: one.label for one in decisions.FILTERS}
    field_order = [*labels, "on"]

    on = PastDayField(label="Through")

    @property
    def helper(self) -> FormHelper:
        return self.sent_to("therapies:approvals", "filters line-form", "Filter decisions")


class DayForm(FilterForm):
    """The day that a single page was asked for; where it is none, the way to the list of another."""

    on = PastDayField(label="As of this date")

    @property
    def helper(self) -> FormHelper:
        return self.sent_to("therapies:index", "day-form", "Show the therapies of a past day")


class GridForm(FilterForm):
    """Which types are the columns, and of which day. An empty choice takes the five types."""

    field_order = ["type", "on"]

    type = Choice(label="Type", required=False)
    on = PastDayField(label="As of this date", help_text="Leave empty for today.")

    @property
    def helper(self) -> FormHelper:
        return self.sent_to("therapies:grid", "filters line-form", "Choose types and a day")


#: What the queries of our addresses may hold.
PARAMETERS = {
    "therapies:index": (*CatalogueForm.field_order, "go"),
    "therapies:detail": ("on",),
    "therapies:oembed": ("url", "maxwidth", "maxheight", "format"),
    "therapies:cancers": ("cancer",),
    "therapies:cancer": ("on",),
    "therapies:biomarkers": ("result",),
    "therapies:biomarker": ("on",),
    "therapies:approvals": tuple(ApprovalsForm.field_order),
    "therapies:grid": tuple(GridForm.field_order),
}
