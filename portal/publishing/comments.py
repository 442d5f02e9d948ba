"""Comments on the parts of a text, as its staff and its guests read and write them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from . import prose
from .models import Comment, Edition
from .parts import Passage, passages

#: Said after sending: the attribute ``maxlength`` would let browsers cut off what somebody pastes, without a word.
NOT_TOO_LONG = [MaxLengthValidator(4000)]


def filled(edition: Edition) -> list[Passage]:
    """The parts of a text that say something, in reading order."""
    return [passage for passage in passages(edition.parts, edition.words) if passage.text]


def shown(edition: Edition, found: Iterable[Comment]) -> list[Any]:
    """Comments, each with the ``label`` of its part, and whether its passage is ``still_there``."""
    labels = {part.name: part.title for part, _ in filled(edition)}
    plain = {part.name: prose.plain(text) for part, text in filled(edition)}
    comments: list[Any] = list(found)
    for comment in comments:
        comment.label = labels.get(comment.part, "")
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
        choices = [("", "The whole text"), *((part.name, part.title) for part, _ in filled(edition))]
        self.fields["part"].choices = choices  # type: ignore[attr-defined]
