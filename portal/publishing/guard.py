"""Forms that refuse to save over a newer version of what they show."""

import hashlib
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify

from . import addresses


def fingerprint(row: models.Model) -> str:
    """Short digest of a row's own columns, to tell whether it is still what a form was made from."""
    values = [str(getattr(row, field.attname)) for field in row._meta.concrete_fields]
    return hashlib.sha256("\x1f".join(values).encode()).hexdigest()[:16]


class Lines(AdminTextareaWidget):
    """Browsers send CR LF at the end of a line. With LF alone an untouched text stays the text that it was."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if value else value


LINES: Any = {models.TextField: {"widget": Lines}}  # for ``formfield_overrides``


class GuardedForm(forms.ModelForm):
    """Carries a fingerprint of the row that the form showed, and refuses to overwrite a different one.

    What was typed stays in the form.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("seen", fingerprint(self.instance) if self.instance.pk else "")
        if "seen" in self.fields:  # absent where the form only shows
            self.fields["seen"].has_changed = lambda initial, data: False  # type: ignore[method-assign]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        seen = self.cleaned_data.get("seen")
        if seen and self.initial["seen"] and seen != self.initial["seen"]:
            raise ValidationError(
                "Somebody changed this while you had it open, so nothing was saved. What you typed is still here. "
                "Open the page in another tab, compare, and carry your changes over there."
            )
        return cleaned


class PageForm(GuardedForm):
    """The form of a page. It refuses an address that another page has, or had before readers."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if "slug" in self.fields and not self.errors and (why := addresses.refusal(self.instance, self.instance.slug)):
            self.add_error("slug", why)


class NamedByWordsForm(PageForm):
    """Makes the address of a new page from its words, unless somebody chose one."""

    named_by: str  # the field of the edition that holds them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            words = "Last part of the web address. Leave it empty to make it from the"
            self.fields["slug"].help_text = f"{words} {self.named_by}."

    def clean_slug(self) -> str:
        words = self.data.get(f"editions-0-{self.named_by}", "")
        if slug := self.cleaned_data["slug"] or slugify(words)[:60].strip("-"):
            return slug
        raise ValidationError(f"No address can be made from this {self.named_by}. Write one here, in plain letters.")
