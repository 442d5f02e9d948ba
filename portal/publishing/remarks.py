"""Remarks on the parts of a text, as its staff and its guests read and write them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.text import capfirst

from . import prose
from .models import Comment, Edition

#: Said after sending: the attribute ``maxlength`` would let browsers cut off what somebody pastes, without a word.
NOT_TOO_LONG = [MaxLengthValidator(4000)]


class Part(NamedTuple):
    """One field of a text under the name that people know it by."""

    name: str
    label: str
    rich: bool
    text: str


def parts(edition: Edition) -> list[Part]:
    """The parts of a text that say something, in reading order."""
    fields: Any = ((edition._meta.get_field(name), getattr(edition, name)) for name in edition.TEXT)
    return [
        Part(field.name, str(capfirst(field.verbose_name)), isinstance(field, prose.ProseField), text)
        for field, text in fields
        if text
    ]


def remarks(edition: Edition, found: Iterable[Comment]) -> list[Any]:
    """Remarks, each with the ``label`` of its part, and whether its passage still ``stands`` there."""
    known = {part.name: part for part in parts(edition)}
    shown = {name: prose.plain(part.text) for name, part in known.items()}
    told: list[Any] = list(found)
    for remark in told:
        remark.label = known[remark.part].label if remark.part in known else ""
        remark.stands = not remark.quote or any(
            remark.quote in text for name, text in shown.items() if remark.part in ("", name)
        )
    return told


class RemarkForm(forms.Form):
    part = forms.ChoiceField(required=False, label="Part of the text")
    quote = forms.CharField(
        required=False,
        label="Passage",
        help_text="Copy the words that you speak of, or leave this empty.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = forms.CharField(label="Your remark", validators=NOT_TOO_LONG, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "The whole text"), *((part.name, part.label) for part in parts(edition))]
        self.fields["part"].choices = choices  # type: ignore[attr-defined]
