"""Verbs of pictures: they come once, and go while no text shows them."""

from django.contrib.auth.models import User
from django.db import transaction
from PIL.Image import Image

from .. import audit, pictures
from ..models import Picture
from .refusal import Refused


@transaction.atomic
def add_picture(picture: Picture, image: Image, *, by: User) -> Picture:
    """Keep a picture: its renditions, and what is said of it."""
    made = pictures.renditions(image)
    picture.widths = sorted({width for width, _ in made})
    picture.width, picture.height = image.size
    picture.uploaded_by = by
    picture.save()
    audit.note("added", picture, by=by)
    pictures.store(picture, made)  # should the rest fail, nobody can find these files
    return picture


@transaction.atomic
def describe_picture(picture: Picture, *, by: User) -> Picture:
    """Say something else of a picture."""
    picture.save()
    audit.note("described", picture, by=by, detail=f"{picture.caption} {picture.credit}".strip())
    return picture


@transaction.atomic
def remove_picture(picture: Picture, *, by: User) -> None:
    """Remove a picture that no text shows. Raises Refused when one does, in the history too."""
    if number := picture.editions.count():
        first = picture.editions.select_related("page")[0].page.specific
        raise Refused(
            f"This picture is shown in {number} version{'s' if number > 1 else ''}, among them: {first}. It stays."
        )
    names = pictures.files(picture)
    audit.note("removed", picture, by=by, detail=picture.key)
    picture.delete()
    transaction.on_commit(lambda: pictures.discard(names))
