"""Reading at the desk: any text as the real page, two texts compared, and an older one brought back."""

import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.pages.models import Section
from portal.publishing import actions, comparison
from portal.publishing.models import Edition, SavedDraft, Status
from portal.publishing.parts import Words

from .conftest import ANSWER
from .public import PAGE_MODELS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def at(page, place: str, **query) -> str:
    opts = page.model._meta
    asked = "&".join(f"{name.rstrip('_')}={getattr(value, 'pk', value)}" for name, value in query.items())
    return f"/admin/{opts.app_label}/{opts.model_name}/{page.pk}/{place}/{f'?{asked}' if asked else ''}"


def key(save: SavedDraft) -> str:
    return f"save-{save.pk}"


def preview_of(edition) -> str:
    return at(edition.page, f"preview/{edition.pk}")


@pytest.fixture
def first(question, published, source) -> Edition:
    edition = published(question, **ANSWER)
    edition.sources.add(source)
    return edition


@pytest.fixture
def live(first, published) -> Edition:
    edition = published(first.page, in_short="Yes, it is quite new.")
    first.refresh_from_db()
    return edition


@pytest.fixture
def draft(live, editor) -> Edition:
    draft = actions.start_draft(live.page, by=editor)
    return actions.save_draft(
        draft, by=editor, in_short="Yes, it is very new.", change_note="Says how new.", sources=[]
    )


@pytest.fixture
def read(desk, editor) -> Callable[..., str]:
    def read(address: str) -> str:
        response = desk(editor).get(address)
        assert response.status_code == 200, address
        return response.content.decode()

    return read


# Who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["editor", "reviewer", "data_editor", "administrator"])
def test_whoever_may_see_texts_reads_them_all(desk, draft, first, who, request):
    client = desk(request.getfixturevalue(who))
    for address in (
        preview_of(first),
        at(draft.page, "compare"),
        at(draft.page, "side-by-side"),
        at(draft.page, "history"),
    ):
        assert client.get(address).status_code == 200, address


def test_without_a_role_nobody_reads_them(desk, draft, django_user_model):
    client = desk(django_user_model.objects.create_user("nobody", password="x", is_staff=True))
    for place in (f"preview/{draft.pk}", "compare", "side-by-side", "history"):
        assert client.get(at(draft.page, place)).status_code == 403, place
    assert client.post(at(draft.page, "restore"), {"edition": draft.pk}).status_code == 403
    assert client.post(at(draft.page, "bring-back"), {"save": key(draft.saves.last())}).status_code == 403


def test_visitors_are_sent_to_the_sign_in(client, draft):
    for place in (f"preview/{draft.pk}", "compare", "side-by-side", "history", "restore", "bring-back"):
        response = client.get(at(draft.page, place))
        assert response.status_code == 302 and "/admin/login/" in response.headers["Location"], place


def test_who_may_not_write_is_offered_no_restoring_and_refused(desk, live, first, data_editor):
    client = desk(data_editor)
    for address in (at(live.page, "history"), at(live.page, "compare", from_=first, to=live)):
        page = client.get(address).content.decode()
        assert "Bring back" not in page and "Bring these" not in page
    assert client.post(at(live.page, "restore"), {"edition": first.pk}).status_code == 403
    assert client.post(at(live.page, "bring-back"), {"save": key(first.saves.last())}).status_code == 403
    assert not live.page.open_edition()


# Compare -------------------------------------------------------------------------------------


def test_without_a_choice_the_draft_is_compared_with_what_readers_see(read, draft):
    page = read(at(draft.page, "compare"))
    assert '<span class="visually-hidden">added: </span>very<' in page
    assert '<span class="visually-hidden">removed: </span>quite<' in page
    assert "1 word added, 1 removed" in page and "Question: unchanged" in page
    assert "What changed and why: Says how new." in page


def test_without_a_draft_the_live_text_is_compared_with_the_one_before(read, live):
    assert "2 words added" in read(at(live.page, "compare"))


def test_the_first_text_is_compared_with_nothing(read, first):
    page = read(at(first.page, "compare"))
    assert "Nothing: this is the first version" in page and "4 words added" in page


def test_a_page_without_text_says_so(read, question):
    assert "No text of this page has been written yet." in read(at(question, "compare"))
    assert "No text has been written yet." in read(at(question, "history"))


def test_any_two_texts_are_compared_either_way(read, first, draft):
    forth, back = (
        read(at(draft.page, "compare", from_=first, to=draft)),
        read(at(draft.page, "compare", from_=draft, to=first)),
    )
    assert "2 words added" in forth and "2 words removed" in back
    assert f"?from={draft.pk}&amp;to={first.pk}" in forth  # swap
    assert "Both are the same text." in read(at(draft.page, "compare", from_=first, to=first))


def test_sources_are_compared_too(read, draft, source):
    page = read(at(draft.page, "compare"))
    assert f"<strong>Removed:</strong> <del>{source.title}</del>" in page and source.url in page
    found = comparison.compare(None, draft)
    assert (found.sources, found.sources_changed) == ([], False)


def test_the_page_says_that_facts_are_not_compared(read, draft):
    assert "Facts, such as names and approvals, do not" in read(at(draft.page, "compare"))


@pytest.mark.parametrize("wrong", ["0", "-1", "x", "9" * 40, "1 OR 1", "None", "save-", "save-0"])
@pytest.mark.parametrize("name", ["from", "to"])
def test_an_edition_that_does_not_exist_is_not_found(desk, editor, live, name, wrong):
    assert desk(editor).get(at(live.page, "compare"), {name: wrong}).status_code == 404


def test_an_edition_of_another_page_is_not_found(desk, editor, live):
    client, other = desk(editor), Edition.objects.exclude(page=live.page).first()
    assert client.get(at(live.page, "compare", to=other)).status_code == 404
    assert client.get(at(live.page, "side-by-side", edition=other)).status_code == 404
    assert client.get(at(live.page, f"preview/{other.pk}")).status_code == 404
    assert client.post(at(live.page, "restore"), {"edition": other.pk}).status_code == 404
    theirs = SavedDraft.objects.create(edition=other, words=other.words)
    assert client.get(at(live.page, "compare", to=key(theirs))).status_code == 404
    assert client.post(at(live.page, "bring-back"), {"save": key(theirs)}).status_code == 404


@pytest.mark.slow
def test_twenty_editions_cost_no_more_queries_than_two(desk, editor, live, published):
    client = desk(editor)

    def queries() -> list[int]:
        counts = []
        for place in ("compare", "side-by-side", "history"):
            with CaptureQueriesContext(connection) as captured:
                client.get(at(live.page, place))
            counts.append(len(captured))
        return counts

    queries()  # content types and the site's settings are read once
    few = queries()
    for number in range(18):
        published(live.page, in_short=f"Yes, for the {number}th time.")
    assert queries() == few and max(few) <= 16


# The real page -------------------------------------------------------------------------------


def test_a_preview_shows_any_text_as_the_real_page_and_says_which(read, first, live, draft):
    assert "Yes, it is very new." in read(preview_of(draft))
    assert "Preview of a draft. Readers do not see this. Draft, " in read(preview_of(draft))
    assert "Preview of an older text. Readers do not see this. Replaced, " in read(preview_of(first))
    assert "As readers see it now. Published, " in read(preview_of(live))


def test_a_preview_is_neither_stored_nor_indexed_and_its_links_leave_the_frame(desk, editor, draft):
    response = desk(editor).get(preview_of(draft))
    assert "no-store" in response.headers["Cache-Control"] and response.headers["X-Robots-Tag"] == "noindex"
    page = response.content.decode()
    assert '<meta name="robots" content="noindex">' in page and '<base target="_blank">' in page
    assert 'rel="canonical"' not in page


@pytest.mark.parametrize("model", PAGE_MODELS, ids=lambda m: m.__name__)
def test_a_draft_of_any_page_that_readers_do_not_see_yet_is_previewed(desk, editor, model):
    """A section, too, which has no page of its own."""
    shipped = model.objects.published().first()
    new = model.objects.get(pk=shipped.pk)
    new.pk = new.id = None
    new._state.adding = True
    new.slug = "brand-new"
    for field in new._meta.concrete_fields:
        if field.unique and not field.primary_key:
            setattr(new, field.attname, None if field.null else "brand-new")
    new.save()
    draft = actions.start_draft(new, by=editor)
    names = [part.name for part in model.PARTS]
    words = {name: "/about/" if "address" in name else "Words that nobody saw yet." for name in names}
    actions.save_draft(draft, by=editor, **words)
    page = desk(editor).get(preview_of(draft)).content.decode()
    assert "Words that nobody saw yet." in page and "Preview of a draft." in page
    assert "nothing to compare it with" in desk(editor).get(at(new, "side-by-side")).content.decode()


def test_only_previews_may_stand_in_a_frame_of_this_site(desk, editor, client, draft):
    framed = desk(editor).get(preview_of(draft)).headers
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
    assert "script-src 'self';" in framed["Content-Security-Policy"]  # otherwise the policy of public pages
    section = Section.objects.published().first()
    for address in (
        "/faq/a-new-question/",
        section.get_absolute_url(),
        at(draft.page, "change"),
        at(draft.page, "compare"),
    ):
        headers = (desk(editor) if address.startswith("/admin/") else client).get(address).headers
        assert headers["X-Frame-Options"] == "DENY", address
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], address
        if not address.startswith("/admin/"):  # the desk shows previews in frames
            assert "frame-src" not in headers["Content-Security-Policy"], address
    framing = desk(editor).get(at(draft.page, "side-by-side")).headers
    assert framing["X-Frame-Options"] == "DENY" and "frame-src 'self'" in framing["Content-Security-Policy"]
    assert "'nonce-" in framing["Content-Security-Policy"]


def test_a_draft_stands_beside_the_live_text_at_three_widths_and_alone(read, live, draft):
    for width in ("phone", "tablet", "desktop"):
        page = read(at(draft.page, "side-by-side", width=width))
        assert f'class="frames {width} two"' in page
        assert page.index(f'src="{preview_of(live)}"') < page.index(f'src="{preview_of(draft)}"')
        assert page.count("<iframe") == page.count('title="What readers see now"') + page.count('title="The draft, as')
    alone = read(at(draft.page, "side-by-side", width="desktop", alone=""))
    assert alone.count("<iframe") == 1 and preview_of(draft) in alone
    assert 'class="frames phone' in read(at(draft.page, "side-by-side", width="<b>"))


def test_markup_that_an_old_text_brought_along_cannot_run(read, first, live):
    evil = '<p>Old</p><script>alert(1)</script><img src=x onerror="alert(1)"><a href="javascript:alert(1)">x</a>'
    old = Words(first.words | {"answer": evil, "in_short": evil})
    Edition.objects.filter(pk=first.pk).update(words=old, change_note=evil)
    save = SavedDraft.objects.create(edition=first, words=old)
    for address in (
        preview_of(first),
        at(live.page, "compare", from_=first, to=live),
        at(live.page, "compare", from_=key(save), to=live),
        at(live.page, "history"),
    ):
        page = read(address)
        for run in ("<script>alert", "<img src=x", '<a href="javascript:'):
            assert run not in page, address


# Back again ----------------------------------------------------------------------------------


def test_an_older_text_comes_back_as_a_draft_with_its_sources(desk, editor, first, live, source):
    client = desk(editor)
    assert "Bring back as a draft" in client.get(at(live.page, "compare", from_=first, to=live)).content.decode()
    response = client.post(at(live.page, "restore"), {"edition": first.pk}, follow=True)
    assert "is back as a draft" in response.content.decode()
    draft = live.page.open_edition()
    assert (draft.words["in_short"], draft.created_by) == (ANSWER["in_short"], editor)
    assert list(draft.sources.all()) == [source]
    assert draft.change_note.startswith("Restores the text from")
    live.refresh_from_db()
    assert live.status == Status.PUBLISHED
    assert "Restored: Restores the text from" in client.get(at(live.page, "history")).content.decode()


def test_an_unpublished_text_comes_back_too(desk, editor, live, reviewer):
    actions.unpublish(live, by=reviewer, because="It was out of date.")
    client = desk(editor)
    history = client.get(at(live.page, "history")).content.decode()
    assert "It was out of date." in history and history.count("Bring back as a draft") == 2
    client.post(at(live.page, "restore"), {"edition": live.pk})
    assert live.page.open_edition().words == live.words


def test_while_a_draft_is_open_no_text_is_brought_back_and_the_draft_is_named(desk, editor, first, draft):
    client = desk(editor)
    for address in (at(draft.page, "history"), at(draft.page, "compare", from_=first, to=draft)):
        page = client.get(address).content.decode()
        assert "Bring back as a draft" not in page and "Open the draft" in page
    response = client.post(at(draft.page, "restore"), {"edition": first.pk}, follow=True)
    page = response.content.decode()
    assert "already has an open draft" in page and f'<a href="{at(draft.page, "change")}">Open the page</a>' in page
    draft.refresh_from_db()
    assert draft.words["in_short"] == "Yes, it is very new."


def test_only_a_click_brings_a_text_back(desk, editor, first, live):
    assert desk(editor).get(at(live.page, "restore", edition=first)).status_code == 405
    for nothing in ({}, {"edition": ""}, {"edition": "x"}):
        assert desk(editor).post(at(live.page, "restore"), nothing).status_code == 404
    assert not live.page.open_edition()


# Saves ---------------------------------------------------------------------------------------


def test_every_save_of_a_version_is_listed_with_its_date_and_author(desk, editor, reviewer, draft):
    actions.save_draft(draft, by=reviewer, in_short="Yes, it is the newest.")
    page = desk(editor).get(at(draft.page, "history")).content.decode()
    saves = page.split('<details class="saves" open>')[1].split("</details>")[0]
    assert "3 saves" in saves and saves.index(", Rosa") < saves.index(", Edith")
    for save in draft.saves.all():
        assert f'{at(draft.page, "compare")}?to={key(save)}"' in saves
    assert saves.count("Bring these words back") == 2, "the last save is what is there"


def test_a_save_is_compared_with_the_one_before_it_and_with_any_other(read, live, draft):
    first_save, begun = draft.saves.all()
    page = read(at(draft.page, "compare", to=key(first_save)))
    assert '<span class="visually-hidden">added: </span>very<' in page and "A save from this version: Draft, " in page
    assert f'<option value="{key(begun)}" selected>Saved ' in page and "sources are not compared here" in page
    assert "The words are the same." in read(at(draft.page, "compare", from_=key(begun), to=live))
    assert "very" not in read(at(draft.page, "compare", to=key(begun))).split("facts-stand")[0].split('"diff"')[1]


def test_a_click_gives_the_draft_the_words_of_an_earlier_save(desk, editor, draft):
    begun = draft.saves.last()
    client = desk(editor)
    assert client.get(at(draft.page, "bring-back")).status_code == 405
    page = client.post(at(draft.page, "bring-back"), {"save": key(begun)}, follow=True).content.decode()
    assert "The draft has these words again: Saved " in page and "Yes, it is quite new." in page
    draft.refresh_from_db()
    assert draft.words == begun.words and draft.saves.count() == 3
    assert "Brought back: the words that Edith saved" in client.get(at(draft.page, "history")).content.decode()


def test_a_save_of_an_older_version_begins_a_draft_where_none_is_open(desk, editor, first, live):
    save = first.saves.first()
    client = desk(editor)
    assert "Bring these words back" in client.get(at(live.page, "compare", to=key(save))).content.decode()
    client.post(at(live.page, "bring-back"), {"save": key(save)})
    assert live.page.open_edition().words == first.words
    assert f'value="{key(save)}"><button' not in client.get(at(live.page, "history")).content.decode()
    page = client.post(at(live.page, "bring-back"), {"save": key(save)}, follow=True).content.decode()
    assert "already has an open draft" in page


def test_words_of_a_scheduled_text_are_not_offered_back(desk, editor, reviewer, draft):
    actions.submit(draft, by=editor)
    actions.schedule(draft, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    client = desk(editor)
    assert "Bring these words back" not in client.get(at(draft.page, "history")).content.decode()
    page = client.post(at(draft.page, "bring-back"), {"save": key(draft.saves.last())}, follow=True).content.decode()
    assert "this text is now “scheduled”" in page


def test_only_a_save_that_exists_is_brought_back(desk, editor, draft):
    for nothing in ({}, {"save": ""}, {"save": "x"}, {"save": str(draft.saves.last().pk)}):
        assert desk(editor).post(at(draft.page, "bring-back"), nothing).status_code == 404


# History -------------------------------------------------------------------------------------


def test_the_history_lists_every_text_newest_first_and_says_whose_time_it_is(read, first, live, draft):
    page = read(at(draft.page, "history"))
    assert page.index("Draft</h3>") < page.index("Published <") < page.index("Replaced</h3>")
    assert "Times are New York time." in page
    assert f"?from={live.pk}&amp;to={draft.pk}" in page and f"?from={first.pk}&amp;to={live.pk}" in page
    assert "Says how new." in page


def test_the_form_of_a_page_leads_to_all_of_this(read, draft):
    page = read(at(draft.page, "change"))
    for address in (preview_of(draft), at(draft.page, "compare"), at(draft.page, "side-by-side")):
        assert f'href="{address}"' in page


def test_a_page_that_does_not_exist_is_not_found(desk, editor, live):
    for place in (f"preview/{live.pk}", "compare", "side-by-side", "history"):
        address = at(live.page, place).replace(f"/{live.page_id}/", "/99999/")
        assert desk(editor).get(address).status_code == 404, place
