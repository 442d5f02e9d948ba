"""What is taken in as a picture, what is kept of it, and what that costs at most."""

import errno
import io
import os
import subprocess
import sys
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from PIL import Image

from portal.publishing import pictures
from portal.publishing.models import Picture

from ..machine import steps_in_the_time_of
from .uploading import file, upload

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(4)]


def test_an_editor_uploads_a_picture_and_only_our_own_renditions_are_kept(desk, editor, media):
    upload(desk(editor), file(1000, 500))
    picture = Picture.objects.get()
    assert (picture.width, picture.height, picture.uploaded_by) == (1000, 500, editor)
    kept = sorted(str(path.relative_to(media)) for path in media.rglob("*.*"))
    assert kept == sorted(f"pictures/{picture.key}/{w}.{e}" for w in (400, 800, 1000) for e in ("jpg", "webp"))
    for path in media.rglob("*.*"):
        image = Image.open(path)
        assert (image.format, image.width) == ({"jpg": "JPEG", "webp": "WEBP"}[path.suffix[1:]], int(path.stem))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("AVIF", "RGB"), ("PNG", "I;16"), ("JPEG", "CMYK")],
)
def test_every_format_that_is_taken_becomes_webp_and_jpeg(kind, mode):
    content = io.BytesIO()
    (Image.new(mode, (40, 20)) if mode == "I;16" else Image.new("RGBA", (40, 20)).convert(mode)).save(content, kind)
    made = pictures.renditions(pictures.read(SimpleUploadedFile("x", content.getvalue())))
    assert {key: Image.open(io.BytesIO(b)).format for key, b in made.items()} == {
        (40, "webp"): "WEBP",
        (40, "jpg"): "JPEG",
    }


def test_place_camera_and_remarks_are_gone_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    content = file(600, 300, exif=exif, comment=b"by a patient")
    for (width, _), kept in pictures.renditions(pictures.read(content)).items():
        image = Image.open(io.BytesIO(kept))
        assert image.height == 2 * width
        assert not image.getexif() and not {"comment", "exif", "xmp"} & image.info.keys()
        assert b"camera" not in kept and b"patient" not in kept


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SimpleUploadedFile("a.svg", b"<svg><script>alert(1)</script></svg>"), "read this file as a picture"),
        (SimpleUploadedFile("a.jpg", b"<html><script>alert(1)</script>"), "read this file as a picture"),
        (SimpleUploadedFile("a.png", file(kind="PNG").read()[:200]), "read this file as a picture"),
        (SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"\0" * 40), "read this file as a picture"),
        (file(kind="GIF"), "read this file as a picture"),
        (file(kind="BMP"), "read this file as a picture"),
        (SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"\0" * pictures.BYTES), "larger than 10 MB"),
        (lambda: file(6000, 6000, kind="PNG", mode="L"), "6000 × 6000 pixels"),
        (lambda: file(1, 20_000, kind="PNG"), "1 × 20000 pixels"),
        (SimpleUploadedFile("a.png", b""), "empty"),
    ],
    ids=["svg", "page", "cut off", "garbage", "gif", "bmp", "heavy", "bomb", "thread", "empty"],
)  # fmt: skip
def test_what_is_no_picture_for_readers_is_refused_with_a_sentence(desk, editor, content, said, media):
    content = content() if callable(content) else content
    content.seek(0)
    page = upload(desk(editor), content).content.decode()
    assert said in page and "A T cell" in page
    assert not Picture.objects.exists() and not list(media.rglob("*.*"))


@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")
def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("unpacked"))
    for side in (6_000, 9_900, 20_000, 100_000):
        size = side.to_bytes(4) + side.to_bytes(4)
        head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size + b"\x08\x02\0\0\0") + chunk(b"IDAT", b"")
        with pytest.raises(pictures.Unusable, match="pixels"):
            pictures.read(SimpleUploadedFile("bomb.png", head))


MEASURE = """
import re, sys
import django
django.setup()
from django.core.files.base import File
from portal.publishing import pictures
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024
before = peak()
pictures.renditions(pictures.read(File(open(sys.argv[1], "rb"))))
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell how much memory is used")
@pytest.mark.parametrize(("size", "megabytes"), [((9990, 3000), 200), ((3000, 9990), 400)], ids=["wide", "tall"])
def test_the_largest_picture_takes_little_more_memory_than_its_own_points(tmp_path, size, megabytes):
    """120 MB are its own, as it is decoded whole; of a tall one, what readers get is large, too."""
    Image.new("RGBA", size, "teal").save(tmp_path / "large.png", compress_level=1)
    measure = [sys.executable, "-c", MEASURE, str(tmp_path / "large.png")]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    assert int(subprocess.run(measure, env=environment, check=True, capture_output=True).stdout) < megabytes


@pytest.mark.slow
def test_a_large_picture_is_read_in_a_moment_and_its_clear_parts_do_not_bleed():
    image = Image.new("RGBA", (9990, 3000), (255, 0, 0, 0))
    image.paste((0, 128, 128, 255), (5001, 0, 9990, 3000))
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    assert steps_in_the_time_of(lambda: pictures.read(SimpleUploadedFile("x.png", out.getvalue()))) < 600
    read = pictures.read(SimpleUploadedFile("x.png", out.getvalue()))
    assert (read.mode, read.size) == ("RGBA", (1600, 480))
    assert not [color for _, color in read.getcolors(4096) if color[3] and color[0] > 8]  # nothing red is seen


def chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)


def test_on_a_full_disk_no_part_of_a_picture_is_left_and_its_words_stay(desk, editor, media, monkeypatch):
    saved, kept = [], default_storage.save

    def save(name, content):
        if len(saved) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        saved.append(kept(name, content))

    with monkeypatch.context() as full:
        full.setattr(default_storage, "save", save)
        response = upload(browser := desk(editor), file(1000, 500), alt="A T cell at work")
    page = browser.get(response.url).content.decode()
    assert "its disk may be full" in page and "A T cell at work" in page
    assert (len(saved), [path for path in media.rglob("*") if path.is_file()], Picture.objects.count()) == (3, [], 0)
    upload(browser, file(1000, 500))
    assert Picture.objects.count() == 1


def test_a_moving_picture_is_refused():
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(pictures.Unusable, match="animated"):
        pictures.read(SimpleUploadedFile("x.webp", out.getvalue()))


def test_a_picture_is_described_or_decorative_and_says_where_it_comes_from(desk, editor):
    client = desk(editor)
    for typed in ({"alt": ""}, {"alt": "A cell", "decorative": "on"}):
        page = upload(client, file(), **typed).content.decode()
        assert "Describe what the picture shows, or mark it as decorative" in page and "Choose the file again" in page
    assert "This field is required" in upload(client, file(), credit="").content.decode()
    assert not Picture.objects.exists()
    assert upload(client, file(), alt="", decorative="on").status_code == 302


def test_the_database_keeps_the_promise_of_a_description(picture):
    with pytest.raises(IntegrityError):
        Picture.objects.filter(pk=picture.pk).update(alt="")


def test_pictures_are_decoded_one_at_a_time(monkeypatch):
    """Four at once took two gigabytes."""
    inside, most = [], []

    def decoded(image):
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.02)
        inside.pop()
        return 1, image.copy()

    monkeypatch.setattr(pictures, "_decoded", decoded)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: pictures.read(file(20, 10)), range(8)))
    assert most == [1] * 8


def test_a_large_photograph_is_read_smaller_from_the_start(monkeypatch):
    sizes = []
    reduce = pictures._reduced
    monkeypatch.setattr(pictures, "_reduced", lambda image, wide: sizes.append(image.size) or reduce(image, wide))
    made = pictures.read(file(4000, 3600))
    assert sizes == [(2000, 1800)] and made.size == (1600, 1440)
