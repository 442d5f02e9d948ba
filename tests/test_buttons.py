"""The buttons under a text: only those that make sense now, and a crafted request goes no further than a button."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from faq.models import Question
from portal.publishing import actions
from portal.publishing.models import AuditEntry, Edition, Status

from .conftest import ANSWER

pytestmark = pytest.mark.sampled(4)


@pytest.fixture
def asked(question: Question) -> Question:
    return question


def address(question: Question) -> str:
    return reverse("admin:faq_question_change", args=[question.pk])


def send(client, question: Question, **typed: str):
    """Send the form of a page as the browser does, with what somebody typed and the button they pressed."""
    page = client.get(address(question))
    data = {"topic": question.topic_id, "order": question.order, "slug": question.slug}
    data["seen"] = page.context["adminform"].form.initial["seen"]
    for inline in page.context["inline_admin_formsets"]:
        formset = inline.formset
        management = formset.management_form
        data |= {management.add_prefix(name): management[name].value() for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
        for form in formset.forms:
            data |= {form.add_prefix(n): form[n].value() or "" for n in form.fields if n != "sources"}
    return client.post(address(question), data | typed)


def press(client, question: Question, button: str, **typed: str) -> str:
    """What the person is told after pressing a button."""
    response = send(client, question, **{button: "1", **typed})
    assert response.status_code == 302
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


BUTTONS = (
    *("submit", "discard", "publish", "schedule", "unschedule", "return"),
    *("review", "unpublish", "plan_unpublication", "keep"),
)


def shown(client, question: Question) -> set[str]:
    page = client.get(address(question)).content.decode()
    return {f"_{name}" for name in BUTTONS if f'name="_{name}"' in page}


@pytest.fixture
def submitted(asked, editor) -> Edition:
    draft = actions.start_draft(asked, by=editor)
    actions.save_draft(draft, by=editor, **ANSWER)
    return actions.submit(draft, by=editor)


def tomorrow() -> str:
    return f"{timezone.localtime() + datetime.timedelta(days=1):%Y-%m-%dT%H:%M}"


def test_only_the_buttons_that_make_sense_now_are_shown(asked, desk, editor, reviewer, submitted):
    writing, reading = desk(editor), desk(reviewer)
    assert shown(writing, asked) == {"_discard"}
    assert shown(reading, asked) == {"_discard", "_publish", "_schedule", "_return"}
    actions.schedule(submitted, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    assert shown(writing, asked) == set()
    assert shown(reading, asked) == {"_publish", "_schedule", "_unschedule", "_plan_unpublication"}
    live = actions.publish(submitted, by=reviewer)
    assert shown(writing, asked) == {"_submit"}
    assert shown(reading, asked) == {"_submit", "_review", "_unpublish", "_plan_unpublication"}
    actions.plan_unpublication(
        live, by=reviewer, at=timezone.now() + datetime.timedelta(days=1), because="It was out of date."
    )
    assert "_keep" in shown(reading, asked)
    actions.unpublish(live, by=reviewer, because="It was out of date.")
    assert shown(reading, asked) == {"_submit"}


def test_a_reviewer_schedules_reschedules_and_takes_off(asked, desk, reviewer, submitted):
    client = desk(reviewer)
    assert press(client, asked, "_schedule", _publish_at=tomorrow()).startswith(
        "Scheduled. Readers will see this version"
    )
    submitted.refresh_from_db()
    assert submitted.status == Status.SCHEDULED
    assert "New York time" in client.get(address(asked)).content.decode()
    assert "Taken off the schedule." in press(client, asked, "_unschedule")


SKIPPED = "2027-03-14T02:30"  # in New York the clock goes from 2:00 to 3:00 that night


@pytest.mark.parametrize("typed", ["", "tomorrow", "2020-01-01T10:00", SKIPPED, "9999-12-31T23:59"])
def test_a_moment_that_cannot_be_is_refused(asked, desk, reviewer, submitted, typed):
    said = press(desk(reviewer), asked, "_schedule", _publish_at=typed)
    assert any(words in said for words in ("Choose a date and a time.", "has passed", "within the next ten years"))
    submitted.refresh_from_db()
    assert submitted.status == Status.IN_REVIEW


def test_what_was_typed_for_a_refused_button_comes_back(asked, desk, reviewer, published):
    published(asked, **ANSWER)
    client = desk(reviewer)
    typed = {
        "_unpublish_because": "It was out of date.",
        "_unpublish_words": "The trial ended.",
        "_unpublish_at": "2020-01-01T10:00",
    }
    refused = send(client, asked, _plan_unpublication="1", **typed)
    again = client.get(refused.headers["Location"]).content.decode()
    assert "<option selected>It was out of date.</option>" in again and 'value="The trial ended."' in again
    assert 'value="2020-01-01T10:00"' in again


@pytest.mark.parametrize("button", ["_publish", "_schedule", "_return", "_unschedule"])
def test_an_author_cannot_publish_schedule_or_return_by_a_crafted_request(asked, desk, editor, submitted, button):
    said = press(desk(editor), asked, button, _publish_at=tomorrow(), _because="x")
    assert "Only a reviewer can do that." in said
    submitted.refresh_from_db()
    assert submitted.status == Status.IN_REVIEW


@pytest.mark.parametrize("button", ["_unpublish", "_plan_unpublication", "_review", "_keep"])
def test_an_editor_cannot_unpublish_or_review(asked, desk, editor, published, button):
    live = published(asked, **ANSWER)
    press(desk(editor), asked, button, _unpublish_because="x", _unpublish_at=tomorrow())
    live.refresh_from_db()
    assert (live.status, live.unpublish_at) == (Status.PUBLISHED, None)


def test_an_unpublished_page_says_so_at_its_address_with_the_reason_and_nowhere_else(
    asked, desk, reviewer, published, client
):
    published(asked, **ANSWER)
    press(desk(reviewer), asked, "_unpublish", _unpublish_because="It was out of date.")
    page = client.get("/faq/a-new-question/")
    assert page.status_code == 410
    assert page["Cache-Control"] == "no-store", "a browser would keep a 410 for good, and the page may come back"
    assert "It was out of date." in page.content.decode()
    assert "Is this new?" not in page.content.decode() and "Yes, it is." not in page.content.decode()
    assert "a-new-question" not in client.get("/faq/").content.decode()
    assert "a-new-question" not in client.get("/sitemap.xml").content.decode()
    assert client.get("/therapies/a-new-question/").status_code == 404


def test_one_person_tells_readers_no_words_of_their_own(asked, desk, reviewer, published, client):
    published(asked, **ANSWER)
    said = press(desk(reviewer), asked, "_unpublish", _unpublish_because="Drink alkaline water instead.")
    assert "Choose a reason." in said and client.get("/faq/a-new-question/").status_code == 200
    told = {"_unpublish_because": "We are rewriting it.", "_unpublish_words": "Ask Rosa about the trial."}
    press(desk(reviewer), asked, "_unpublish", **told)
    assert "Ask Rosa" not in client.get("/faq/a-new-question/").content.decode()
    assert AuditEntry.objects.filter(detail="We are rewriting it. Ask Rosa about the trial.").exists()


def test_a_new_text_brings_an_unpublished_page_back(asked, desk, editor, reviewer, published, client):
    actions.unpublish(published(asked, **ANSWER), by=reviewer, because="It was out of date.")
    right = {"editions-0-in_short": "It is right now.", "editions-0-change_note": "Mends the mistake."}
    assert "Submitted." in press(desk(editor), asked, "_submit", **right)
    assert "Published." in press(desk(reviewer), asked, "_publish")
    assert "It is right now." in client.get("/faq/a-new-question/").content.decode()


def test_words_of_a_scheduled_text_are_not_saved_and_not_lost(asked, desk, editor, reviewer, submitted):
    actions.schedule(submitted, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    answer = send(desk(editor), asked, _continue="1", **{"editions-0-in_short": "Slipped in."})
    assert answer.status_code == 200
    assert "take it off the schedule" in answer.content.decode() and "Slipped in." in answer.content.decode()


def test_one_list_shows_everything_that_will_happen_by_itself(asked, desk, editor, reviewer, published, submitted):
    actions.schedule(submitted, by=reviewer, at=timezone.now() + datetime.timedelta(days=2))
    other = Question.objects.get(slug="types")
    actions.plan_unpublication(
        other.editions.get(),
        by=reviewer,
        at=timezone.now() + datetime.timedelta(days=1),
        because="Another page of ours says this now.",
    )
    page = desk(editor).get(reverse("admin:schedule")).content.decode()
    assert page.index("the page is unpublished") < page.index("a new version goes public")
    assert "Another page of ours says this now." in page and "Rosa" in page and "New York" in page
    assert "Scheduled" in desk(editor).get("/admin/").content.decode()


def test_the_list_is_empty_in_plain_words(desk, editor):
    assert "Nothing is scheduled." in desk(editor).get(reverse("admin:schedule")).content.decode()


# What a save says ------------------------------------------------------------------------------


def save(client, question: Question, **typed: str) -> str:
    """What the person is told who presses the button that only saves."""
    return press(client, question, "_continue", **{f"editions-0-{name}": text for name, text in typed.items()})


def test_a_shipped_text_bears_the_day_it_was_written_at_the_desk_as_well(desk, editor):
    shipped = Question.objects.get(slug="types")
    live = shipped.live_edition()
    Edition.objects.filter(pk=live.pk).update(written_on="2026-01-02")
    page = desk(editor).get(f"/admin/faq/question/{shipped.pk}/change/").content.decode()
    assert "Readers see the version of January 2, 2026" in page
    assert (
        save(desk(editor), shipped, in_short="No.") == "Draft saved. Readers still see the version of January 2, 2026."
    )


def test_who_saves_a_draft_is_told_what_readers_see_meanwhile(asked, desk, editor, reviewer, published):
    client = desk(editor)
    assert save(client, asked, in_short="Perhaps.") == "Draft saved. Readers don’t see this page yet."
    actions.discard(asked.open_edition(), by=editor)
    live = published(asked, **ANSWER)
    day = f"{live.dated:%B %-d, %Y}"  # as readers see it, not the day of the installation
    assert save(client, asked, in_short="No.") == f"Draft saved. Readers still see the version of {day}."
    actions.save_draft(asked.open_edition(), by=editor, change_note="It was wrong.")
    actions.submit(asked.open_edition(), by=editor)
    assert save(client, asked, in_short="Never.") == f"Changes saved. Readers still see the version of {day}."
    actions.unpublish(live, by=reviewer, because="It was out of date.")
    told = save(client, asked, in_short="Never ever.")
    assert told == "Changes saved. This page is unpublished, so readers don’t see it."


def test_a_new_page_is_saved_as_a_draft_though_it_is_not_complete(desk, editor, asked):
    client = desk(editor)
    words = {"editions-TOTAL_FORMS": "1", "editions-INITIAL_FORMS": "0", "editions-0-question": "What is new?"}
    sent = {"topic": asked.topic_id, "order": "98", "slug": "what-is-new", "_continue": "1", **words}
    page = client.post(reverse("admin:faq_question_add"), sent, follow=True).content.decode()
    assert "Draft saved. Readers don’t see this page yet." in page and 'value="What is new?"' in page
    said = press(client, Question.objects.get(slug="what-is-new"), "_submit")
    assert said == "This text isn’t complete yet. Still empty: “In short”, “Answer”."


def test_what_waits_for_a_second_person_is_not_said_to_be_saved(asked, desk, editor, published):
    published(asked, **ANSWER)
    other = Question.objects.exclude(topic=asked.topic_id).first().topic_id
    told = press(desk(editor), asked, "_continue", topic=str(other), order="7")
    assert told.startswith("Saved. Readers see the new order now. Readers still see the old topic.")
    assert "successfully" not in told


def test_a_draft_is_discarded_and_brought_back_at_the_desk(asked, desk, editor, reviewer):
    client = desk(editor)
    save(client, asked, in_short="Perhaps.")
    draft = asked.open_edition()
    assert "bring it back from there" in press(client, asked, "_discard")
    assert asked.open_edition() is None and shown(client, asked) == {"_submit"}
    history = client.get(reverse("admin:faq_question_history", args=[asked.pk])).content.decode()
    assert "Discarded" in history and "Bring back as a draft" in history
    client.post(reverse("admin:faq_question_restore", args=[asked.pk]), {"edition": draft.pk})
    assert asked.open_edition().words["in_short"] == "Perhaps."


# A page that readers never saw ------------------------------------------------------------------


def test_a_page_that_readers_never_saw_is_deleted_with_its_drafts(asked, desk, editor, submitted):
    client = desk(editor)
    delete = reverse("admin:faq_question_delete", args=[asked.pk])
    assert delete in client.get(address(asked)).content.decode()
    assert client.post(delete, {"post": "yes"}).status_code == 302
    assert not Question.objects.filter(pk=asked.pk).exists()


def test_a_page_that_readers_saw_is_not_deleted(asked, desk, administrator, reviewer, published):
    actions.unpublish(published(asked, **ANSWER), by=reviewer, because="It was out of date.")
    client = desk(administrator)
    delete = reverse("admin:faq_question_delete", args=[asked.pk])
    assert delete not in client.get(address(asked)).content.decode()
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Question.objects.filter(pk=asked.pk).exists()


# A scheduled text is locked ---------------------------------------------------------------------


def test_a_scheduled_text_is_shown_and_not_to_be_typed_in(asked, desk, editor, reviewer, submitted):
    written = {"answer": "<p>It was <strong>written</strong> today.</p>", "in_short": "Yes, it <b> is."}
    actions.save_draft(submitted, by=editor, **written)
    actions.schedule(submitted, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    for person, way in ((editor, "ask a reviewer to take them off"), (reviewer, "take them off the schedule first")):
        page = desk(person).get(address(asked)).content.decode()
        assert "These words are locked." in page and "as Rosa approved them" in page and way in page
        assert "<p>It was <strong>written</strong> today.</p>" in page and "<p>Yes, it &lt;b&gt; is.</p>" in page
        assert 'name="editions-0-in_short"' not in page and 'name="editions-0-answer"' not in page
    assert "Taken off the schedule." in press(desk(reviewer), asked, "_unschedule")
    assert 'name="editions-0-in_short"' in desk(editor).get(address(asked)).content.decode()


def test_the_place_of_a_scheduled_page_can_still_be_saved(asked, desk, editor, reviewer, submitted):
    actions.schedule(submitted, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    assert send(desk(editor), asked, _continue="1", order="7").status_code == 302
    asked.refresh_from_db()
    assert asked.order == 7
    submitted.refresh_from_db()
    assert (submitted.status, submitted.words["in_short"]) == (Status.SCHEDULED, "Yes, it is.")


def test_who_may_not_write_reads_the_words(asked, desk, data_editor, submitted):
    page = desk(data_editor).get(address(asked)).content.decode()
    assert "<p>Yes, it is.</p>" in page and "<p>It was written today.</p>" in page
    assert 'name="editions-0-in_short"' not in page


# What is unanswered -----------------------------------------------------------------------------


@pytest.fixture
def disputed(submitted, reviewer) -> Edition:
    """A text of which a guest wants another wording, and that has two open comments."""
    until = timezone.now() + datetime.timedelta(days=7)
    guest = actions.invite(submitted, by=reviewer, name="Ana Ruiz", until=until)
    actions.ask_for_changes(submitted, by=guest, seen=submitted.digest(), because="Shorter.")
    for text in ("Really?", "Since when?"):
        actions.comment(submitted, by=reviewer, text=text)
    return submitted


UNANSWERED = "Ana Ruiz asked for changes, and 2 comments are open."


def test_whoever_publishes_is_warned_of_what_is_unanswered(asked, desk, editor, reviewer, disputed):
    assert f"Before you publish:</strong> {UNANSWERED}" in desk(reviewer).get(address(asked)).content.decode()
    assert "Before you publish" not in desk(editor).get(address(asked)).content.decode()
    said = press(desk(reviewer), asked, "_publish")
    assert said == f"Published. Readers see this version now. Still unanswered: {UNANSWERED}"


def test_whoever_schedules_is_warned_too(asked, desk, reviewer, disputed):
    assert press(desk(reviewer), asked, "_schedule", _publish_at=tomorrow()).endswith(f"Still unanswered: {UNANSWERED}")


def test_what_was_answered_warns_nobody(asked, desk, editor, reviewer, administrator, disputed):
    for comment in disputed.comments.all():
        actions.resolve(comment, by=editor)
    actions.save_draft(disputed, by=administrator, in_short="Shorter now.")  # so what the guest judged is another text
    assert "Before you publish" not in desk(reviewer).get(address(asked)).content.decode()
    assert press(desk(reviewer), asked, "_publish") == "Published. Readers see this version now."
