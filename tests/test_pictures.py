"""Pictures: what is taken in, what is kept of it, how readers get it, and why one stays where a text shows it."""

import errno
import io
import os
import re
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
from django.test import Client
from PIL import Image

from faq.models import Question
from portal.publishing import actions, pictures, prose
from portal.publishing.models import Picture

from .conftest import ANSWER
from .forms import filled
from .machine import steps_in_the_time_of

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(4)]
ADD = "/admin/publishing/picture/add/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def file(width: int = 1000, height: int = 500, kind: str = "JPEG", mode: str = "RGB", **options) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new(mode, (width, height), "teal").save(out, kind, **options)
    return SimpleUploadedFile("picture.bin", out.getvalue())


@pytest.fixture
def picture(editor) -> Picture:
    made = Picture(alt="A T cell", caption="A cell at work.", credit="The portal’s contributors, BSD")
    return actions.add_picture(made, pictures.read(file()), by=editor)


def upload(client: Client, content: SimpleUploadedFile, **typed: str):
    said = {"alt": "A T cell", "credit": "Ours", "seen": ""} | typed
    return client.post(ADD, {"file": content} | said)


# Taking in -----------------------------------------------------------------------------------


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


# In texts --------------------------------------------------------------------------------------


def test_readers_get_a_figure_with_renditions_size_description_and_credit(picture, question, published, client):
    published(question, **ANSWER | {"answer": f"<p>Look:</p><p>{picture.token}</p><p>And on.</p>"})
    page = client.get("/faq/a-new-question/").content.decode()
    figure = re.search(r"<p>Look:</p>\s*(<figure.*</figure>)\s*<p>And on.</p>", " ".join(page.split()))[1]
    assert f'srcset="/media/pictures/{picture.key}/400.webp 400w, ' in figure
    assert f'src="/media/pictures/{picture.key}/1000.jpg"' in figure
    assert 'width="1000" height="500" alt="A T cell" loading="lazy"' in figure
    assert "A cell at work." in figure and "Picture: The portal’s contributors, BSD" in figure


def test_what_is_said_of_a_picture_is_text_and_never_markup(picture):
    Picture.objects.filter(pk=picture.pk).update(alt='"><script>x</script>', caption="<b>", credit="[[as-of]]")
    shown = prose.render(f"<p>{picture.token}</p>")
    assert 'alt="&quot;&gt;&lt;script&gt;' in shown and "&lt;b&gt;" in shown and "Picture: [[as-of]]" in shown


def test_a_text_with_many_pictures_asks_for_them_once_and_one_without_does_not_ask(
    picture, editor, django_assert_num_queries
):
    other = actions.add_picture(Picture(alt="B", credit="Ours"), pictures.read(file()), by=editor)
    with django_assert_num_queries(1):
        prose.render(f"<p>{picture.token}</p><p>{other.token}</p><p>{picture.token}</p>")
    with django_assert_num_queries(0):
        prose.render("<p>No picture here.</p>")


@pytest.mark.parametrize(
    "wrong",
    [
        "<p>A word {}</p>",
        "<ul><li><p>{} a word</p></li></ul>",
        "<h3>{}</h3>",
        "<p>[[picture]]</p>",
        "<p>[[picture: 12]]</p>",
    ],
)
def test_a_picture_that_is_unknown_or_not_alone_in_its_paragraph_is_refused_and_never_shown_as_a_code(picture, wrong):
    text = wrong.format(picture.token)
    assert prose.unknown_figures(text)
    assert "[[" not in prose.render(text) and "<figure" not in prose.render(text)


def test_a_picture_has_no_place_in_plain_text(picture):
    from portal.publishing.templatetags.publishing import short

    assert short(f"<p>{picture.token}</p>", prose.Figures()) == "&lt;p&gt;—&lt;/p&gt;"


def test_the_insert_menu_offers_pictures_to_whoever_may_see_them(picture, desk, editor, data_editor):
    lines = desk(editor).get("/admin/publishing/picture/insertions/").json()["insertions"]
    assert [line for line in lines if line["image"]] == [
        {"label": "A T cell", "text": picture.token, "group": "A picture", "now": "A T cell",
         "image": f"/media/pictures/{picture.key}/400.jpg", "block": True}
    ]  # fmt: skip
    lines = desk(data_editor).get("/admin/publishing/picture/insertions/").json()["insertions"]
    assert lines and not [line for line in lines if line["image"]]


# Files -------------------------------------------------------------------------------------------


def test_a_file_is_served_as_what_it_is_for_a_long_time_and_to_everybody(picture, client):
    for ending, kind in (("webp", "image/webp"), ("jpg", "image/jpeg")):
        response = client.get(f"/media/pictures/{picture.key}/400.{ending}", headers={"Accept-Encoding": "gzip, br"})
        assert response.status_code == 200 and response.headers["Content-Type"] == kind
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Content-Encoding" not in response.headers and not response.cookies
        assert Image.open(io.BytesIO(b"".join(response.streaming_content))).width == 400


def test_nothing_else_is_served_from_the_folder(picture, client, media):
    (media / "secret.jpg").write_text("x")
    (media / "pictures" / "secret.jpg").write_text("x")
    key = picture.key
    for path in (
        "", "pictures/", f"pictures/{key}/", f"pictures/{key}", "secret.jpg", "pictures/secret.jpg",
        f"pictures/{key}/9.jpg",
        f"pictures/{key}/../secret.jpg", f"pictures/{key}/..%2fsecret.jpg", f"pictures/{'0' * 32}/400.jpg",
        f"pictures/{key.upper()}X/400.jpg", f"pictures/{key}/400.svg", f"pictures/{key}/400.jpg/",
        f"pictures/{key}/400.jpg%00",
        "pictures/..%2f..%2fportal.sqlite3", f"pictures/{key}/400.jpg%0a",
    ):  # fmt: skip
        assert client.get(f"/media/{path}").status_code == 404, path
    assert client.post(f"/media/pictures/{key}/400.jpg").status_code == 405


def test_the_key_of_a_picture_cannot_be_guessed(editor):
    keys = {Picture(alt="x", credit="y").key for _ in range(100)}
    assert len(keys) == 100 and all(re.fullmatch("[0-9a-f]{32}", key) for key in keys)


# Staying and going ---------------------------------------------------------------------------------


def test_a_picture_that_no_text_shows_is_removed_with_its_files(
    picture, desk, editor, media, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        desk(editor).post(f"/admin/publishing/picture/{picture.pk}/delete/", {"post": "yes"})
    assert not Picture.objects.exists() and not list(media.rglob("*.*"))


@pytest.fixture
def shown(picture, question, editor) -> Question:
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, **ANSWER | {"answer": f"<p>{picture.token}</p>"})
    return question


def test_a_picture_that_a_text_shows_stays_and_the_texts_are_listed(picture, shown, desk, administrator, editor):
    client = desk(administrator)
    asked = client.post(f"/admin/publishing/picture/{picture.pk}/delete/", {"post": "yes"}).content.decode()
    assert "a new question, draft of" in asked and f"/admin/faq/question/{shown.pk}/change/" in asked
    many = client.post(
        "/admin/publishing/picture/", {"action": "delete_selected", "_selected_action": picture.pk, "post": "yes"}
    )
    assert Picture.objects.exists() and many.status_code == 200
    with pytest.raises(actions.Refused, match="is shown in 1 version, including a new question"):
        actions.remove_picture(picture, by=administrator)


def test_what_is_said_of_a_picture_may_change_until_somebody_else_reads_it(
    picture, shown, desk, editor, reviewer, published
):
    client, address = desk(editor), f"/admin/publishing/picture/{picture.pk}/change/"
    words = filled(client.get(address), alt="A killer T cell", credit="Ours")
    client.post(address, words)
    picture.refresh_from_db()
    assert picture.alt == "A killer T cell"
    actions.submit(shown.open_edition(), by=editor)
    assert "To use other words, add the picture again." in client.get(address).content.decode()
    assert client.post(address, words | {"alt": "Something else"}).status_code == 403


def test_reviewers_see_pictures_and_data_editors_do_not(picture, desk, reviewer, data_editor):
    assert desk(reviewer).get("/admin/publishing/picture/").status_code == 200
    assert desk(reviewer).get(ADD).status_code == 403
    assert desk(data_editor).get("/admin/publishing/picture/").status_code == 403


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
