"""The coach at the desk: who hears it, when it reads, and that no advice stands in the way."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from faq.models import Question
from portal.publishing import actions, coach
from portal.publishing.models import Edition

from .conftest import ANSWER

pytestmark = pytest.mark.sampled(4)

COACH = "/admin/faq/question/coach/"
TYPED = {
    "editions-0-question": "Is it new?",
    "editions-0-in_short": "It is a miracle.",
    "editions-0-answer": f"<p>{'one two three four five ' * 5} eleven.</p>",
}


@pytest.fixture
def draft(question: Question, editor: User) -> Edition:
    draft = actions.start_draft(question, by=editor)
    return actions.save_draft(draft, by=editor, **ANSWER | {"in_short": "It is a miracle."})


def test_an_editor_has_words_looked_at_before_saving_them(desk, editor, draft):
    before = Edition.objects.values().get(pk=draft.pk)
    answer = desk(editor).post(COACH, TYPED)
    said = answer.content.decode()
    assert "1 sentence is long; 1 word may be a promise; no source is named." in said
    assert 'href="#id_editions-0-in_short">In short</a>: <q>It is a miracle.</q>' in said
    assert "Nothing was saved." in said and "no-store" in answer["Cache-Control"]
    assert Edition.objects.values().get(pk=draft.pk) == before


def test_looking_at_words_writes_nothing(desk, editor, django_assert_max_num_queries, draft):
    client = desk(editor)
    with django_assert_max_num_queries(6) as asked:
        client.post(COACH, TYPED)
    assert all(query["sql"].lstrip("(").startswith("SELECT") for query in asked.captured_queries)


def test_a_source_in_the_form_counts(desk, editor, source):
    assert "no source" not in desk(editor).post(COACH, TYPED | {"editions-0-sources": [source.pk]}).content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("editor", 200), ("reviewer", 200), ("administrator", 200), ("data_editor", 403)]
)
def test_the_coach_speaks_to_those_who_write_and_review(who, status, desk, request):
    assert desk(request.getfixturevalue(who)).post(COACH, TYPED).status_code == status


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.post(COACH, TYPED)["Location"].startswith("/admin/login/")


def test_only_a_form_of_ours_may_ask(desk, editor):
    assert desk(editor).get(COACH).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.post(COACH, TYPED).status_code == 403


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"editions-0-no_such_field": "x", "editions-0-status": "published", "in_short": "safe"},
        {"editions-0-answer": "<script>alert(1)</script><p>It is safe <img src=x onerror=alert(1)></p>"},
        {"editions-0-in_short": "<script>alert(1)</script> It is safe."},
        pytest.param(
            {"editions-0-in_short": "It is safe. " * 16_000, "editions-0-answer": "<p><h3><a>" * 20_000},
            marks=pytest.mark.slow,
        ),
        {"editions-0-in_short": "\x00\ud83d\udc4d".encode("utf-16", "surrogatepass").decode("utf-16")},
    ],
)
def test_whatever_is_sent_the_answer_is_words(desk, editor, typed):
    answer = desk(editor).post(COACH, typed)
    said = answer.content.decode()
    assert answer.status_code == 200 and "coach-summary" in said
    assert "<script" not in said and "<img" not in said and len(said) < 40_000


@pytest.mark.parametrize("who", ["editor", "reviewer"])
def test_the_form_shows_what_the_coach_said_of_the_saved_words(desk, draft, who, request):
    page = desk(request.getfixturevalue(who)).get(f"/admin/faq/question/{draft.page_id}/change/").content.decode()
    assert "1 word may be a promise; no source is named." in page and "as last saved" in page


def test_who_only_looks_at_texts_is_not_coached(desk, data_editor, draft):
    page = desk(data_editor).get(f"/admin/faq/question/{draft.page_id}/change/").content.decode()
    assert "coach" not in page.lower()


def test_the_history_and_the_readers_page_say_nothing_of_it(desk, editor, reviewer, draft, client):
    history = desk(editor).get(f"/admin/faq/question/{draft.page_id}/history/").content.decode()
    actions.submit(draft, by=editor)
    actions.publish(draft, by=reviewer)
    page = client.get("/faq/a-new-question/").content.decode()
    assert "promise" not in history and "Reading grade" not in history
    assert "may sound like a promise" not in page and "coach" not in page


def test_what_the_coach_finds_is_kept_with_the_words(draft, editor):
    assert draft.findings["counts"] == {"promise": 1, "source": 1}
    actions.save_draft(draft, by=editor, in_short="It may help some people.")
    draft.refresh_from_db()
    assert draft.findings["counts"] == {"source": 1}


def test_a_new_draft_knows_at_once_what_the_coach_says_of_the_live_words(published, question, editor):
    published(question, **ANSWER | {"in_short": "It is a miracle."})
    draft = actions.start_draft(question, by=editor)
    assert draft.findings["counts"]["promise"] == 1


def test_the_form_shows_what_was_kept_and_reads_what_was_not(desk, editor, draft):
    address = f"/admin/faq/question/{draft.page_id}/change/"
    kept = draft.findings | {
        "counts": {"long": 7},
        "findings": [{"kind": "long", "part": "gone", "words": "x", "advice": "Kept."}],
    }
    for findings, said in ((kept, "7 sentences are long."), (None, "1 word may be a promise; no source is named.")):
        Edition.objects.filter(pk=draft.pk).update(findings=findings)
        assert said in desk(editor).get(address).content.decode()


def test_a_coach_that_fails_does_not_keep_words_from_being_saved(draft, editor, monkeypatch, caplog):
    monkeypatch.setattr(coach, "look_at", lambda *args, **kwargs: 1 / 0)
    actions.save_draft(draft, by=editor, in_short="Saved all the same.")
    draft.refresh_from_db()
    assert (draft.words["in_short"], draft.findings) == ("Saved all the same.", None)
    assert "The coach could not read" in caplog.text


def test_advice_never_stands_in_the_way(draft, editor, reviewer):
    actions.save_draft(draft, by=editor, answer="<p>It is safe. Click here.</p>")
    actions.submit(draft, by=editor)
    actions.publish(draft, by=reviewer)
    assert draft.status == "published"


@pytest.mark.parametrize(
    "kind",
    ["therapies/therapy", "therapies/family", "therapies/cancer", "immune/organ", "pages/section", "faq/question"],
)
def test_every_kind_of_page_has_a_coach(desk, editor, kind):
    assert "Nothing to add" not in (said := desk(editor).post(f"/admin/{kind}/coach/", {}).content.decode())
    assert "parts are empty" in said
