"""Comments on the parts of a text, as its staff and its guests read and write them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.core.validators import MaxLengthValidator

from . import prose
from .models import Comment, Edition

#: Said after sending: the attribute ``maxlength`` would let browsers cut off what somebody pastes, without a word.
NOT_TOO_LONG = [MaxLengthValidator(4000)]


class CommentedPassage(NamedTuple):
    """One part of a text under the name that people know it by."""

    name: str
    label: str
    rich: bool
    text: str


def passages(edition: Edition) -> list[CommentedPassage]:
    """The parts of a text that say something, in reading order."""
    return [
        CommentedPassage(part.name, part.title, part.is_rich, text)
        for part in edition.parts
        if (text := edition.words.get(part.name, ""))
    ]


def shown(edition: Edition, found: Iterable[Comment]) -> list[Any]:
    """Comments, each with the ``label`` of its part, and whether its passage is ``still_there``."""
    known = {passage.name: passage for passage in passages(edition)}
    plain = {name: prose.plain(passage.text) for name, passage in known.items()}
    comments: list[Any] = list(found)
    for comment in comments:
        comment.label = known[comment.part].label if comment.part in known else ""
        comment.still_there = not comment.quote or any(
            comment.quote in text for name, text in plain.items() if comment.part in ("", name)
        )
    return comments


class CommentForm(forms.Form):
    part = forms.ChoiceField(required=False, label="Part of the text")
    quote = forms.CharField(
        required=False,
        label="Passage",
        help_text="Copy the words that your comment is about, or leave this empty.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = forms.CharField(label="Your comment", validators=NOT_TOO_LONG, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "The whole text"), *((passage.name, passage.label) for passage in passages(edition))]
        self.fields["part"].choices = choices  # type: ignore[attr-defined]
