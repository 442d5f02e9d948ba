"""Fields of the desk's own forms, and the form of what was pasted and where it stands."""

import datetime
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils import timezone

from portal.publishing.links import WebAddressField
from portal.publishing.models import Source
from portal.publishing.models.sources import why_refused

from ..fda import cells


def refuse_tricks(value: str) -> None:
    """Refuse what nobody sees in a text, and what turns the letters that follow it around."""
    if trick := cells.TRICKS.search(value):
        raise ValidationError(f"This contains a hidden character, U+{ord(trick[0]):04X}. Type it again without it.")


class DayField(forms.CharField):
    """A day in any of FDA's ways of writing, not after ``latest``: today, unless the form says otherwise."""

    widget = forms.TextInput(attrs={"autocomplete": "off"})
    default_error_messages = {"required": "Enter the date on which FDA acted."}

    def __init__(self, *args: Any, latest: Callable[[], datetime.date] = timezone.localdate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = latest

    def clean(self, value: Any) -> datetime.date | None:
        written = super().clean(value)
        try:
            day = cells.day(written, self.latest()) if written else None
        except cells.Bad as bad:
            raise ValidationError(str(bad)) from bad
        if day is None and self.required:  # a word for no day
            raise ValidationError(self.error_messages["required"], "required")
        return day


class QuietForm(forms.Form):
    """A form that can show what was typed without judging it yet."""

    def __init__(self, *args: Any, quiet: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.quiet = quiet

    def full_clean(self) -> None:
        if self.quiet:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    def raw(self, name: str) -> Any:
        """What stands in a field now, as typed."""
        value = self[name].value()
        return " ".join(value.split()) if isinstance(value, str) else value


class WrappedLine(forms.Textarea):
    """One line that is often longer than its field. It wraps, so that nobody compares the half that is in sight."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return " ".join(value.split()) if value else value


def line(label: str, help_text: str = "", most: int = 250, **kwargs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"} | kwargs.pop("attrs", {}))
    given: dict[str, Any] = {"required": False, "validators": [refuse_tricks], "widget": widget} | kwargs
    return forms.CharField(label=label, help_text=help_text, max_length=most, **given)


def long_line(label: str, help_text: str = "", most: int = 250) -> forms.CharField:
    return line(label, help_text, most, widget=WrappedLine(attrs={"autocomplete": "off", "rows": 2}))


class SourceForm(QuietForm):
    """What was pasted, and where it stands."""

    notice = forms.CharField(
        label="FDA’s notice",
        required=False,
        max_length=20_000,
        strip=False,
        help_text="Copy the title, description, date, and address from FDA’s page, in any order.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": "This is too long for one notice. Paste at most 20,000 characters."},
    )
    address = line(
        "Address of the page",
        "Where other people can read the notice, for example https://www.fda.gov/…",
        most=500,
        attrs={"inputmode": "url"},
    )
    title = line("Title of the page", "Not needed if the address is already one of our sources.", most=300)

    def __init__(self, *args: Any, given: Source | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.given = given  # the source of an FDA file

    def clean_address(self) -> str:
        address = cells.address(self.cleaned_data["address"])
        if self.cleaned_data["address"] and not address:
            raise ValidationError("Begin the address with https:// or http://.")
        address = WebAddressField(blank=True).clean(address, None)
        if why := why_refused(address):
            raise ValidationError(why)
        return address

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "address" in data:
            data["source"] = self._source(data["address"], data.get("title", "")) if data["address"] else self.given
            if not data["source"]:
                self.add_error("address", "Every FDA decision needs a source. Enter the address of FDA’s page.")
        return data

    def _source(self, address: str, title: str) -> Source:
        known = Source.objects.filter(url=address).order_by("read_as", "pk").first()
        if known is None and not title:
            self.add_error("title", "This address is new to us. Enter the title of the page.")
        host = urlsplit(address).hostname or ""
        official = host == "gov" or host.endswith(".gov")
        return known or Source(title=title, url=address, official=official, read_on=timezone.localdate())
