"""A page may move: its old addresses lead to where it is now, and everything that points to it is known."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from faq.models import Question
from immune.models import Component
from portal.pages.models import Section, TakePartLink
from portal.publishing import actions, addresses, prose, where_used
from portal.publishing.models import AuditEntry, Change, FormerAddress, Status
from therapies.models import Biomarker, Cancer, Family, Therapy, TherapyClass

from .conftest import ANSWER
from .forms import filled
from .public import PAGE_MODELS
from .test_loading import load

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def mover(editor: User, reviewer: User):
    """Proposes another address as one person and, once readers know the page, confirms it as another."""

    def move(page, slug):
        if change := actions.move(page, slug, by=editor).pending:
            actions.confirm(change, by=reviewer)
        page.refresh_from_db()
        return page

    return move


@pytest.fixture
def answer(question, published) -> Question:
    published(question, **ANSWER)
    return question


def where(client, path: str) -> str | int:
    """Where an address leads at once, or its status."""
    response = client.get(path)
    return response["Location"] if response.status_code in (301, 302) else response.status_code


# Two people -----------------------------------------------------------------------------------


def test_a_page_stays_where_it_is_until_a_second_person_confirms(answer, editor, reviewer, client):
    change = actions.move(answer, "the-new-one", by=editor).pending
    assert [where(client, f"/faq/{slug}/") for slug in ("a-new-question", "the-new-one")] == [200, 404]
    with pytest.raises(actions.Refused, match="another person must confirm"):
        actions.confirm(change, by=editor)
    actions.confirm(change, by=reviewer)
    assert [where(client, f"/faq/{slug}/") for slug in ("a-new-question", "the-new-one")] == ["/faq/the-new-one/", 200]


def test_an_address_that_was_taken_meanwhile_is_refused_to_who_confirms(answer, editor, reviewer):
    change = actions.move(answer, "b", by=editor).pending
    Question.objects.create(slug="b", topic=answer.topic)
    with pytest.raises(actions.Refused, match="already has the address /faq/b/"):
        actions.confirm(change, by=reviewer)
    assert Question.objects.get(pk=answer.pk).slug == "a-new-question" and not FormerAddress.objects.exists()


# For readers ---------------------------------------------------------------------------------


def test_an_old_address_leads_to_the_page_for_good(answer, mover, client):
    mover(answer, "the-new-one")
    response = client.get("/faq/a-new-question/")
    assert (response.status_code, response["Location"]) == (301, "/faq/the-new-one/")
    assert client.get("/faq/the-new-one/").status_code == 200
    assert client.head("/faq/a-new-question/").status_code == 301
    assert client.post("/faq/a-new-question/").status_code == 405, "it can only be read"


def test_the_query_is_kept(answer, mover, client):
    mover(answer, "b")
    assert where(client, "/faq/a-new-question/?a=1&b=%C3%A9") == "/faq/b/?a=1&b=%C3%A9"


def test_a_page_that_moved_twice_is_one_step_from_each_old_address(answer, mover, client):
    mover(answer, "b")
    mover(answer, "c")
    assert [where(client, f"/faq/{slug}/") for slug in ("a-new-question", "b", "c")] == ["/faq/c/", "/faq/c/", 200]


def test_a_page_that_moves_back_makes_no_circle(answer, mover, client):
    mover(answer, "b")
    mover(answer, "a-new-question")
    assert [where(client, f"/faq/{slug}/") for slug in ("a-new-question", "b")] == [200, "/faq/a-new-question/"]
    # A browser that kept the first redirect for good would go round with the second.
    assert client.get("/faq/b/")["Cache-Control"] == "no-cache"


def test_two_pages_cannot_swap_their_addresses(answer, mover, client):
    types = Question.objects.get(slug="types")
    mover(answer, "between")
    with pytest.raises(actions.Refused, match="links to it still lead there"):
        mover(types, "a-new-question")
    assert where(client, "/faq/types/") == 200


def test_a_page_that_readers_do_not_see_is_not_led_to(answer, mover, client):
    mover(answer, "b")
    live = answer.editions.get(status=Status.PUBLISHED)
    type(live).objects.filter(pk=live.pk).update(status=Status.REPLACED, replaced_at=live.published_at)
    page = client.get("/faq/a-new-question/")
    assert page.status_code == 404 and b"/faq/b/" not in page.content


def test_the_old_address_of_a_page_that_was_unpublished_says_nothing_of_it(answer, mover, client, reviewer):
    mover(answer, "b")
    actions.unpublish(answer.editions.get(status=Status.PUBLISHED), by=reviewer, because="It was out of date.")
    page = client.get("/faq/a-new-question/")
    assert page.status_code == 404 and b"/faq/b/" not in page.content and b"Mistaken" not in page.content


def test_a_draft_that_nobody_saw_leaves_no_trace_when_it_moves(question, mover, client):
    mover(question, "b")
    assert not FormerAddress.objects.exists()
    assert where(client, "/faq/a-new-question/") == 404


def test_an_address_in_use_wins_over_a_former_one(answer, client):
    FormerAddress.objects.create(path="/faq/types/", page=answer)
    assert where(client, "/faq/types/") == 200


@pytest.mark.parametrize("path", ["/nowhere/", "/faq/no-such/", "/faq/%00/", "/%FF/", f"/{'x' * 900}/"])
def test_other_wrong_addresses_are_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_former_address_goes_with_its_page(question, editor, client):
    FormerAddress.objects.create(path="/faq/gone/", page=question)
    actions.remove_page(question, by=editor)
    assert where(client, "/faq/gone/") == 404 and not FormerAddress.objects.exists()


def test_live_pages_do_not_ask_for_former_addresses(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6) as asked:
        client.get("/faq/types/")
    assert not any("formeraddress" in query["sql"] for query in asked.captured_queries)


@pytest.mark.parametrize("model", [m for m in PAGE_MODELS if m is not Section], ids=lambda m: m.__name__)
def test_every_kind_of_page_can_move(model, mover, client):
    page = model.objects.published().last()
    old = page.get_absolute_url()
    mover(page, "quite-another-address")
    assert page.get_absolute_url().endswith("/quite-another-address/")
    assert where(client, old) == page.get_absolute_url()
    assert where(client, page.get_absolute_url()) == 200


# What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "because"),
    [
        ("types", "already has the address /faq/types/"),
        ("a-new-question", "already has that address"),
        ("", "letters, numbers, and hyphens"),
        ("two words", "letters, numbers, and hyphens"),
        ("../admin", "letters, numbers, and hyphens"),
        ("x" * 101, "letters, numbers, and hyphens"),
    ],
)
def test_an_address_that_cannot_be_is_refused_with_a_reason(answer, mover, slug, because):
    with pytest.raises(actions.Refused, match=because):
        mover(answer, slug)
    answer.refresh_from_db()
    assert answer.slug == "a-new-question" and not FormerAddress.objects.exists()


def test_the_addresses_of_the_site_itself_are_refused(mover):
    with pytest.raises(actions.Refused, match="a page of the site itself"):
        mover(Therapy.objects.get(slug="olaratumab"), "types")


def test_pages_of_two_kinds_do_not_share_an_address(mover):
    with pytest.raises(actions.Refused, match=r"Spleen.*already has the address /immune/spleen/"):
        mover(Component.objects.get(slug="antibodies"), "spleen")


def test_a_page_whose_address_follows_from_another_is_not_moved_by_the_way(mover):
    family = Family.objects.get(slug="oncolytic-virus")
    with pytest.raises(actions.Refused, match="takes its address from this one"):
        mover(family, "viruses")
    assert Family.objects.filter(slug="oncolytic-virus").exists() and not FormerAddress.objects.exists()


def test_a_section_has_no_address_of_its_own(mover):
    with pytest.raises(actions.Refused, match="part of a larger page"):
        mover(Section.objects.first(), "elsewhere")


def test_of_two_people_who_move_a_page_at_once_one_wins(answer, mover, editor, reviewer):
    other = actions.move(Question.objects.get(pk=answer.pk), "c", by=reviewer).pending
    mover(answer, "b")
    with pytest.raises(actions.Refused, match="has changed since the change was proposed"):
        actions.confirm(other, by=editor)
    assert Question.objects.get(pk=answer.pk).slug == "b"


def test_a_move_is_in_the_audit_trail(answer, mover, editor):
    mover(answer, "b")
    entry = AuditEntry.objects.filter(verb="moved").get()
    assert (entry.by, entry.detail) == (editor, "/faq/a-new-question/ → /faq/b/")


def test_a_new_page_cannot_take_an_address_that_readers_knew(answer, mover, desk, editor):
    mover(answer, "b")
    form = {"topic": answer.topic_id, "order": 3, "slug": "a-new-question", "editions-TOTAL_FORMS": 0}
    page = desk(editor).post("/admin/faq/question/add/", form | {"editions-INITIAL_FORMS": 0}).content.decode()
    assert "used to be at" in page and "still lead there" in page
    assert Question.objects.filter(slug="a-new-question").count() == 0


@pytest.mark.slow
def test_loading_the_content_again_leaves_a_moved_page_where_it_is(mover, client):
    moved = [
        mover(Therapy.objects.get(slug="olaratumab"), "olara"),
        mover(Cancer.objects.get(slug="melanoma"), "skin-melanoma"),
        mover(Question.objects.get(slug="types"), "kinds"),
        mover(TherapyClass.objects.get(slug="checkpoint-inhibitor"), "checkpoints"),
        mover(Biomarker.objects.get(slug="pd-l1"), "pdl1"),
        mover(Component.objects.get(slug="antibodies"), "y-shaped"),
    ]
    texts = {page: page.editions.count() for page in moved}
    out = load()
    assert "new" not in out and "published" not in out
    assert {page: page.editions.count() for page in moved} == texts
    assert client.get("/therapies/olara/").status_code == 200


# What points to a page ----------------------------------------------------------------------------


def hows(page) -> set[tuple[str, str]]:
    return {(use.how, use.state) for use in where_used.of(page)}


def test_rows_links_and_figures_that_point_to_a_page_are_found(published, question, editor):
    melanoma = Cancer.objects.get(slug="melanoma")
    before = len(where_used.of(melanoma))
    words = '<p>See <a href="/cancers/melanoma/#uses">melanoma</a>: [[therapies-for: melanoma]].</p>'
    published(question, **ANSWER | {"answer": words, "onward_address": "/cancers/melanoma/"})
    draft = actions.start_draft(question, by=editor)
    TakePartLink.objects.create(kind="trial", label="Test", address="/cancers/melanoma/?x=1")
    found = [use for use in where_used.of(melanoma) if use.title in ("a new question", "Test")]
    assert sorted((use.how, use.state) for use in found) == [
        ("links to this page", ""),
        ("links to this page", "draft"),
        ("links to this page", "published"),
        ("shows the live number [[therapies-for: melanoma]]", "draft"),
        ("shows the live number [[therapies-for: melanoma]]", "published"),
    ]
    assert len(where_used.of(melanoma)) == before + 5
    assert reverse("admin:faq_question_change", args=[draft.page_id]) in {use.admin for use in found}


def test_rows_are_found_through_every_relation():
    kinds = {use.kind for use in where_used.of(Therapy.objects.get(slug="pembrolizumab"))}
    assert {"Approved uses", "Facts"} <= kinds
    assert {"Classes"} <= {use.kind for use in where_used.of(Family.objects.get(slug="immunomodulator"))}
    assert {"Therapies"} <= {use.kind for use in where_used.of(Component.objects.get(slug="antibodies"))}


@pytest.mark.parametrize(
    "text",
    [
        "<p>/cancers/melanoma/ in words</p>",
        '<p><a href="https://example.org/cancers/melanoma/">x</a></p>',
        "<p>[[uses-of: melanoma]]</p>",
        "<p>[[therapies-for: melanoma-of-the-eye]]</p>",
    ],
)
def test_what_only_looks_like_a_link_is_not_one(published, question, text):
    published(question, **ANSWER | {"answer": text})
    assert "a new question" not in {use.title for use in where_used.of(Cancer.objects.get(slug="melanoma"))}


def test_a_replaced_text_and_the_pages_own_text_point_nowhere(published, question):
    published(question, **ANSWER | {"answer": '<p><a href="/faq/a-new-question/">x</a></p>'})
    assert where_used.of(question) == []


def test_what_points_to_a_page_is_found_with_few_queries(django_assert_max_num_queries):
    page = Cancer.objects.get(slug="melanoma")
    with django_assert_max_num_queries(15):
        where_used.of(page)


def test_after_a_move_links_and_figures_go_on_working_and_are_listed_to_be_mended(published, question, mover):
    words = '<p><a href="/therapies/olaratumab/">x</a> [[uses-of: olaratumab]] [[first-approval: olaratumab]]</p>'
    published(question, **ANSWER | {"answer": words})
    therapy = Therapy.objects.get(slug="olaratumab")
    shown = prose.render(words)
    mover(therapy, "olara")
    assert prose.render(words) == shown and "—" not in shown
    assert prose.unknown_figures(words) == []
    old = {use.how for use in where_used.of(therapy) if use.old and use.title == "a new question"}
    assert old == {
        "links to /therapies/olaratumab/",
        "shows the live number [[uses-of: olaratumab]]",
        "shows the live number [[first-approval: olaratumab]]",
    }


# On the desk --------------------------------------------------------------------------------------


def test_an_editor_sees_what_points_here_and_the_new_address_before_changing_it(desk, editor, reviewer, answer, client):
    form = desk(editor).get(f"/admin/faq/question/{answer.pk}/change/").content.decode()
    address = f"/admin/faq/question/{answer.pk}/address/"
    assert "Pages that link here (0)" in form and address in form and 'name="slug"' not in form
    look = desk(editor).get(address, {"slug": "better"}).content.decode()
    assert "/faq/a-new-question/" in look and "The page would be at <strong>/faq/better/</strong>" in look
    assert Question.objects.get(pk=answer.pk).slug == "a-new-question"
    done = desk(editor).post(address, {"slug": "better", "because": "Shorter."}, follow=True).content.decode()
    assert "Your change to the address is pending." in done and "A change to this address is pending" in done
    change = Change.objects.pending().of(answer).get()
    assert change.because == "Shorter." and change.get_absolute_url() in done
    assert where(client, "/faq/a-new-question/") == 200
    actions.confirm(change, by=reviewer)
    assert where(client, "/faq/a-new-question/") == "/faq/better/"
    assert "Earlier addresses that lead here: /faq/a-new-question/" in desk(editor).get(address).content.decode()


def test_a_page_that_readers_never_saw_moves_at_once(desk, editor, question):
    address = f"/admin/faq/question/{question.pk}/address/"
    done = desk(editor).post(address, {"slug": "better"}, follow=True).content.decode()
    assert "The address is now /faq/better/." in done and not FormerAddress.objects.exists()


def test_a_refusal_is_told_and_keeps_what_was_typed(desk, editor, answer):
    page = desk(editor).post(f"/admin/faq/question/{answer.pk}/address/", {"slug": "types"}).content.decode()
    assert "already has the address /faq/types/" in page and 'value="types"' in page


@pytest.mark.parametrize("slug", ["two words", "../admin", "", "é", "<script>", "x" * 500])
def test_nonsense_in_the_address_is_answered_kindly(desk, editor, answer, slug):
    address = f"/admin/faq/question/{answer.pk}/address/"
    assert desk(editor).get(address, {"slug": slug}).status_code == 200
    answered = desk(editor).post(address, {"slug": slug})
    assert "letters, numbers, and hyphens" in answered.content.decode() and b"<script>x" not in answered.content


def test_only_who_may_change_a_page_may_move_it(desk, data_editor, answer, client):
    address = f"/admin/faq/question/{answer.pk}/address/"
    assert desk(data_editor).get(address).status_code == 403
    assert desk(data_editor).post(address, {"slug": "b"}).status_code == 403
    assert client.post(address, {"slug": "b"})["Location"].startswith("/admin/login/")
    assert desk(data_editor).get("/admin/faq/question/999999/address/").status_code == 404
    assert addresses.former(answer) == []


def test_the_page_that_asks_before_deleting_shows_what_points_here(desk, administrator, question):
    draft = actions.start_draft(Question.objects.get(slug="types"), by=administrator)
    actions.save_draft(draft, by=administrator, onward_address="/faq/a-new-question/")
    page = desk(administrator).get(f"/admin/faq/question/{question.pk}/delete/").content.decode()
    assert "Pages that link here" in page and "links to this page" in page


@pytest.mark.parametrize("words", ["", "???"])
@pytest.mark.parametrize("kind", ["faq/question", "pages/term"])
def test_a_new_page_whose_words_make_no_address_is_refused_with_a_reason(desk, editor, kind, words):
    client = desk(editor)
    address = f"/admin/{kind}/add/"
    sent = filled(client.get(address), **{"editions-0-question": words, "editions-0-name": words, "_continue": "Save"})
    page = client.post(address, sent)
    assert page.status_code == 200
    assert "We can’t make an address from this" in page.content.decode()
