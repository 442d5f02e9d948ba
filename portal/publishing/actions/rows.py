"""Verbs of rows that stand around texts and facts: what readers see of them waits, the rest is stored at once."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from itertools import product
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError
from PIL.Image import Image

from .. import addresses, audit, pictures, values
from ..models import Change, Governed, Page, Picture, Source
from ..models.changes import ROOM
from ..search import indexing
from . import changes
from .refusal import Refused, in_words


class Revision(NamedTuple):
    """What became of some new values."""

    at_once: list[str]  # names of the fields that are stored
    pending: Change | None  # what waits for a second person


@transaction.atomic
def revise(row: Governed, given: Mapping[str, Any], *, by: User, because: str = "") -> Revision:
    """Give a row other values. What readers see of it waits, as long as they see anything of it.

    Raises ValidationError.
    """
    before, after = changes.differing(row, given)
    waits = {name: after[name] for name in after if name in row.READERS_SEE} if row.is_seen() else {}
    at_once = {name: after[name] for name in after if name not in waits}
    if at_once:
        stored: Any = type(row)._default_manager.get(pk=row.pk)
        several = values.written(stored, at_once)
        stored.save()
        for name, keys in several.items():
            getattr(stored, name).set(keys)
        done = Change(model=row._meta.label_lower, before={name: before[name] for name in at_once}, after=at_once)
        audit.note("changed", row, by=by, detail=values.differences(done))
        indexing.follow(done, stored)
    pending = changes.propose_change(row, waits, by=by, because=because) if waits else None
    return Revision([*at_once], pending)


@transaction.atomic
def shift(row: Any, places: int, *, by: User) -> int:
    """Move a row up (-1) or down (1) in its list and answer its new place, from 1. Readers see it at once.

    Raises Refused at the end of the list.
    """
    alike = {name: getattr(row, name) for name in row.ORDERED_WITHIN}
    rows = type(row)._default_manager.select_for_update(of=("self",)).filter(**alike)
    several = list(rows.order_by(*row._meta.ordering, "pk"))  # as lists show them
    numbers: list[int] = []
    for other in several:  # two may have the same one
        numbers.append(max(other.order, numbers[-1] + 1) if numbers else other.order)
    if numbers[-1] > ROOM["PositiveSmallIntegerField"][1]:  # somebody typed the largest one for several
        numbers = [*range(len(several))]
    place = several.index(row)
    if not 0 <= place + places < len(several):
        raise Refused(f"“{row}” is already {'first' if places < 0 else 'last'} in its list.")
    several.insert(place + places, several.pop(place))
    for other, number in zip(several, numbers, strict=True):
        revise(other, {"order": number}, by=by)
    return place + places + 1


def move(page: Page, slug: str, *, by: User, because: str = "") -> Revision:
    """Give a page another address; once readers know the page, it waits like all that they see. Raises Refused."""
    return revise(page, {"slug": addresses.checked(page, slug)}, by=by, because=because)


@transaction.atomic
def add_source(source: Source, *, by: User) -> Source:
    """Keep a source that was typed beside what rests on it; one that is kept already stays. Raises Refused."""
    if source.pk is None:
        try:
            source.full_clean()
        except ValidationError as error:
            raise Refused(in_words(error)) from error
        source.save()
        audit.note("added", source, by=by)
    return source


@transaction.atomic
def remove_source(source: Source, *, by: User) -> None:
    """Delete a source that nothing names. Raises Refused with the pages and facts that do."""
    texts = source.editions.select_related("page")
    pages = [str(text.page.specific) for text in texts]
    cited = [*dict.fromkeys([*pages, *map(str, source.facts())])]
    if cited:
        more = f" and {len(cited) - 5} more" if len(cited) > 5 else ""
        raise Refused(f"This source is cited by {'; '.join(cited[:5])}{more}. Give those another source first.")
    if source.changes.exists() or source.was_named():
        raise Refused("A change names this source, so it can’t be deleted.")
    audit.note("deleted", source, by=by)
    try:
        source.delete()
    except ProtectedError:
        raise Refused("A file that was read here depends on this source, so it can’t be deleted.") from None


# Pictures: they come once, and go while no text shows them -------------------------------


@transaction.atomic
def add_picture(picture: Picture, image: Image, *, by: User) -> Picture:
    """Keep a picture: its renditions, and what is said of it. Raises Refused where there is no room for it."""
    made = pictures.renditions(image)
    picture.widths = sorted({width for width, _ in made})
    picture.width, picture.height = image.size
    picture.uploaded_by = by
    picture.save()
    audit.note("added", picture, by=by)
    _keep({pictures.place(picture.key, width, ending): content for (width, ending), content in made.items()})
    return picture


def _keep(files: Mapping[str, bytes]) -> None:
    """All of the files of a picture, or none. Raises Refused where there is no room for them."""
    try:
        for name, content in files.items():
            default_storage.save(name, ContentFile(content))
    except OSError as error:
        for name in files:  # one of them may be there in part
            with suppress(OSError):
                default_storage.delete(name)
        raise Refused("The server couldn’t store this picture; its disk may be full. Tell whoever runs it.") from error


@transaction.atomic
def describe_picture(picture: Picture, *, by: User) -> Picture:
    picture.save()
    audit.note("described", picture, by=by, detail=f"{picture.caption} {picture.credit}".strip())
    return picture


@transaction.atomic
def remove_picture(picture: Picture, *, by: User) -> None:
    """Remove a picture that no text shows. Raises Refused when one does, in the history too."""
    if number := picture.editions.count():
        first = picture.editions.select_related("page")[0].page.specific
        raise Refused(
            f"This picture is shown in {number} version{'s' if number > 1 else ''}, including {first}, "
            "so it can’t be deleted."
        )
    audit.note("removed", picture, by=by, detail=picture.key)
    picture.delete()
    for width, ending in product(picture.widths, pictures.KINDS):
        transaction.on_commit(partial(default_storage.delete, pictures.place(picture.key, width, ending)))
