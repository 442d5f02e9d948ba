"""Pictures in texts: how readers get them, who may see and change them, and why one stays that a text shows."""

import io
import re

import pytest
from PIL import Image

from faq.models import Question
from portal.publishing import actions, pictures, prose
from portal.publishing.models import Picture

from ..conftest import ANSWER
from ..forms import filled
from .uploading import ADD, file

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(4)]


# In texts ----------------------------------------------------------------------------------


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


# Files -------------------------------------------------------------------------------------


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


# Staying and going -------------------------------------------------------------------------


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
