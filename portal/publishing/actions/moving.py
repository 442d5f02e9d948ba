"""How a verb moves an edition from one status to the next, so that of two at once only one does."""

from collections.abc import Iterable
from typing import Any

from .. import audit
from ..models import Edition
from .refusal import Refused


def hold(edition: Edition) -> None:
    """Read how an edition stands, and let nobody else move it until the transaction ends.

    It keeps its page, which knows more than the row of the page does.
    """
    page = edition.page
    edition.refresh_from_db(from_queryset=Edition.objects.select_for_update(of=("self",)))
    edition.page = page


def moved(edition: Edition, *, allowed: Iterable[str], **values: Any) -> None:
    """Change ``edition`` if its status is still one of ``allowed``; refresh it either way."""
    changed = Edition.objects.filter(pk=edition.pk, status__in=allowed).update(**values)
    hold(edition)
    if not changed:
        raise Refused(
            f"Someone else acted first: this text is now “{edition.get_status_display().lower()}”. Nothing changed. "
            "Open the page again to see its current state."
        )


def noted(verb: str, edition: Edition, **told: Any) -> Edition:
    audit.note(verb, edition, **told)
    return edition
