"""The answer of a verb that does not apply."""

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags

from ..spreadsheets import TRICKS


class Refused(Exception):  # noqa: N818 - it is an answer, not an error
    """The verb does not apply. ``str()`` is a sentence that says why and what to do."""


def in_words(error: Refused | ValidationError) -> str:
    """Why a verb did not apply, in plain words, whichever of the two it raised."""
    return strip_tags(" ".join(error.messages)) if isinstance(error, ValidationError) else str(error)


def reason(because: str, ask: str, longest: int = 300) -> str:
    """A reason in one line. Raises Refused with the sentence ``ask`` where there is none."""
    because = " ".join(TRICKS.sub(" ", because).split())
    if not because:
        raise Refused(ask)
    return because[:longest]
