"""Pictures: read from what somebody uploads, kept as renditions of our own making, shown as figures.

What is uploaded is decoded and thrown away: place and camera go with it, and so does whatever
else may hide in a file. The format is what the bytes are, not what the name says.
"""

import io
import struct
import threading
import warnings
from collections.abc import Iterable
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from PIL import Image, ImageOps
from PIL.ExifTags import Base

from .models import Picture
from .prose import FIGURE, Insertion

BYTES = 10 * 2**20
PIXELS = 30_000_000
SIDE = 10_000
WIDTHS = (400, 800, 1600)
STRIP = 32  # rows that are made at a time
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
#: Endings of the renditions, the better one first, and what a browser calls them.
KINDS = {"webp": "image/webp", "jpg": "image/jpeg"}
LYING = (5, 6, 7, 8)  # on its side, by what the camera noted
BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error)

#: A picture takes 120 MB while it is decoded, and a server has many threads.
ONE_AT_A_TIME = threading.Lock()

warnings.simplefilter("error", Image.DecompressionBombWarning)


class Unusable(Exception):  # noqa: N818 - it is an answer, not an error
    """The file is no picture for us. ``str()`` is a sentence for the person who chose it."""


def read(file: File) -> Image.Image:
    """The picture in an uploaded file, upright, without what else the file holds. Raises Unusable."""
    if file.size > BYTES:
        raise Unusable(f"This file is larger than {BYTES // 2**20} MB. Save a smaller version, then try again.")
    try:
        with Image.open(file, formats=FORMATS) as image:  # reads the head only
            if image.width * image.height > PIXELS or max(image.size) > SIDE:
                raise Unusable(
                    f"This picture is {image.width} × {image.height} pixels. The limit is {PIXELS // 10**6} "
                    f"million pixels in all and {SIDE} on a side. Save a smaller version, then try again."
                )
            if getattr(image, "n_frames", 1) > 1:
                raise Unusable("This picture is animated. Save one frame of it as a still picture, then try again.")
            with ONE_AT_A_TIME:
                turned, reduced = _decoded(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unusable("This picture has far too many pixels. Save a smaller version, then try again.") from None
    except BROKEN:
        raise Unusable("We can’t read this file as a picture. Choose a JPEG, PNG, WebP, or AVIF file.") from None
    reduced.getexif()[Base.Orientation] = turned
    ImageOps.exif_transpose(reduced, in_place=True)
    reduced.thumbnail((WIDTHS[-1], SIDE))
    return reduced.convert("RGBA" if reduced.mode == "RGBa" else "RGB")


def _decoded(image: Image.Image) -> tuple[int, Image.Image]:
    """How the camera was held, and the picture as it came, made smaller. A JPEG is read smaller from the start."""
    image.draft(None, (WIDTHS[-1], WIDTHS[-1]))  # whichever side is across, readers need no more of it
    image.load()
    turned = image.getexif().get(Base.Orientation, 1)
    return turned, _reduced(image, image.height if turned in LYING else image.width)


def _reduced(image: Image.Image, wide: int) -> Image.Image:
    """A new picture in our own colors, at most four times as wide as readers need it; ``wide`` is its width upright.

    It is made strip by strip: a large picture takes 120 MB of memory, and a copy of it as much again.
    """
    clear = image.has_transparency_data
    factor = max(1, wide // (2 * WIDTHS[-1]))
    made = Image.new("RGBa" if clear else "RGB", (-(-image.width // factor), -(-image.height // factor)))
    for top in range(0, image.height, STRIP * factor):
        strip = image.crop((0, top, image.width, min(top + STRIP * factor, image.height)))
        # Colors are weighed by how much one sees of them, or the clear parts would bleed into the others.
        strip = strip.convert("RGBA").convert("RGBa") if clear else strip.convert("RGB")
        made.paste(strip.reduce(factor), (0, top // factor))
    return made


def renditions(image: Image.Image) -> dict[tuple[int, str], bytes]:
    """The files of a picture by width and ending: every width that is smaller than the picture, and its own."""
    made = {}
    for width in [*(width for width in WIDTHS if width < image.width), image.width]:
        sized = image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)
        made[width, "webp"] = _saved(sized, "WEBP", quality=80)
        made[width, "jpg"] = _saved(_on_white(sized), "JPEG", quality=82, progressive=True, optimize=True)
    return made


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


# Files ---------------------------------------------------------------------------------


def place(key: str, width: int | str, ending: str) -> str:
    return f"pictures/{key}/{width}.{ending}"


# In texts ------------------------------------------------------------------------------


class Pictures:
    """The pictures that the texts of one request show."""

    def __init__(self) -> None:
        self._known: dict[str, Picture] = {}

    def fetch(self, keys: set[str | None]) -> None:
        self._known |= {picture.key: picture for picture in Picture.objects.filter(key__in=keys)}

    def figure(self, key: str) -> SafeString:
        if key not in self._known:
            self.fetch({key})
        return figure(self._known[key])


def named_in(texts: Iterable[str]) -> QuerySet[Picture]:
    """The pictures that some texts show."""
    keys = {found["argument"] for text in texts for found in FIGURE.finditer(text) if found["name"] == "picture"}
    return Picture.objects.filter(key__in=keys)


def figure(picture: Picture) -> SafeString:
    sources = [
        (mime, ", ".join(f"{address(picture, width, ending)} {width}w" for width in picture.widths))
        for ending, mime in KINDS.items()
    ]
    shown = {"picture": picture, "sources": sources, "address": address(picture, picture.width)}
    return mark_safe(render_to_string("_picture.html", shown).strip())  # noqa: S308 - a template escapes what it shows


def insertions() -> list[Insertion]:
    """Lines of the Insert menu, the newest picture first."""
    return [
        Insertion(str(picture), picture.token, "A picture", picture.alt, address(picture, picture.widths[0]), True)
        for picture in Picture.objects.all()
    ]


def address(picture: Picture, width: int, ending: str = "jpg") -> str:
    return default_storage.url(place(picture.key, width, ending))
