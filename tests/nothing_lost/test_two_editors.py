"""Of two people who change the same thing, nobody loses a word, and nobody overwrites one unknowingly."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from portal.publishing import actions
from portal.publishing.models import Change, Source
from therapies.models import ApprovalEvent, Therapy

from ..conftest import ANSWER
from .conftest import CHANGED, Window

pytestmark = pytest.mark.slow


@pytest.fixture
def mine_and_theirs(draft, window, editor, reviewer) -> Callable[..., Window]:
    """My window, after they saved something else and I pressed Save."""

    def meet(mine: dict[str, Any], theirs: dict[str, Any]) -> Window:
        window_of_mine = window(editor, draft.page)
        actions.save_draft(draft, by=reviewer, **theirs)
        window_of_mine.type(**mine).press()
        return window_of_mine

    return meet


SHORT, LONG = "in_short", "answer"
MERGES = {
    "both the same": ({SHORT: "New."}, {SHORT: "New."}, None, {SHORT: "New."}),
    "only they": ({}, {SHORT: "Theirs."}, "Their changes, added automatically", {SHORT: "Theirs."}),
    "each another part": (
        {SHORT: "Mine."},
        {LONG: "<p>Theirs.</p>"},
        "Your changes, kept",
        {SHORT: "Mine.", LONG: "<p>Theirs.</p>"},
    ),
    "only a note of mine": ({"change_note": "A note."}, {SHORT: "Theirs."}, "Their changes", {SHORT: "Theirs."}),
}


@pytest.mark.parametrize("case", MERGES)
def test_what_only_one_of_two_changed_is_merged_without_a_question(mine_and_theirs, draft, case):
    mine, theirs, said, saved = MERGES[case]
    window = mine_and_theirs(mine, theirs)
    assert (CHANGED in window.html) == (said is not None)
    if said:
        assert said in window.html and "you both changed this" not in window.html
        window.press()
        assert CHANGED not in window.html
    draft.refresh_from_db()
    assert draft.words | saved == draft.words
    assert draft.change_note == mine.get("change_note", "")


def test_where_both_changed_the_same_words_both_are_shown_and_nothing_is_saved(mine_and_theirs, draft):
    window = mine_and_theirs({LONG: "<p>Mine <strong>here</strong>.</p>"}, {LONG: "<p>Theirs.</p>"})
    assert CHANGED in window.html and "Last saved by <strong>Rosa</strong>" in window.html
    yours, theirs = re.findall(r'<div class="version-text diff">(.*?)</div>', window.html)
    assert re.search(r"<ins>.*Mine.*here.*</ins>", yours) and "Theirs" not in yours
    assert re.search(r"<ins>.*Theirs.*</ins>", theirs) and re.search(r"<del>.*written.*</del>", theirs)
    draft.refresh_from_db()
    assert draft.words["answer"] == "<p>Theirs.</p>"


@pytest.mark.parametrize(
    ("choice", "typed", "saved"),
    [("mine", {}, "Mine."), ("theirs", {}, "Theirs."), ("hand", {SHORT: "Of both of us."}, "Of both of us.")],
)
def test_a_choice_decides_and_is_saved_over_the_newer_version_knowingly(mine_and_theirs, draft, choice, typed, saved):
    window = mine_and_theirs({SHORT: "Mine."}, {SHORT: "Theirs."})
    window.type(in_short__keep=choice, **typed).press()
    assert CHANGED not in window.html
    draft.refresh_from_db()
    assert draft.words["in_short"] == saved


def test_without_a_choice_nobodys_words_go(mine_and_theirs, draft):
    window = mine_and_theirs({SHORT: "Mine."}, {SHORT: "Theirs."})
    for _ in range(2):
        window.press()
        assert "Choose above which version to keep" in window.html and "you both changed this" in window.html
    draft.refresh_from_db()
    assert draft.words["in_short"] == "Theirs."
    window.type(in_short__keep="mine").press()
    draft.refresh_from_db()
    assert draft.words["in_short"] == "Mine."


def test_a_third_editor_is_noticed_too(mine_and_theirs, draft, administrator, editor, reviewer):
    window = mine_and_theirs({SHORT: "Mine."}, {SHORT: "Theirs."})
    actions.save_draft(draft, by=administrator, in_short="A third version.")
    actions.return_for_changes(actions.submit(draft, by=editor), by=reviewer, because="Shorter.")
    window.type(in_short__keep="mine").press()
    assert CHANGED in window.html and "A third version." in window.html
    assert "Last saved by <strong>Ada</strong>" in window.html
    draft.refresh_from_db()
    assert draft.words["in_short"] == "A third version."
    window.type(in_short__keep="mine").press()
    draft.refresh_from_db()
    assert draft.words["in_short"] == "Mine."


def test_who_took_theirs_gets_a_third_version_of_it_unasked(mine_and_theirs, draft, administrator):
    window = mine_and_theirs({SHORT: "Mine."}, {SHORT: "Theirs."})
    actions.save_draft(draft, by=administrator, in_short="A third version.")
    window.type(in_short__keep="theirs").press()
    assert "Their changes, added automatically" in window.html and "you both changed this" not in window.html
    window.press()
    draft.refresh_from_db()
    assert draft.words["in_short"] == "A third version."


def test_sources_of_both_are_put_together(draft, window, editor, reviewer):
    old, mine, theirs = (Source.objects.create(title=title) for title in ("old", "mine", "theirs"))
    actions.save_draft(draft, by=editor, sources=[old])
    tab = window(editor, draft.page)
    actions.save_draft(draft, by=reviewer, sources=[old, theirs], in_short="Theirs.")
    tab.type(sources=[str(mine.pk)]).press()
    assert "Combined" in tab.html
    tab.press()
    assert set(draft.sources.all()) == {mine, theirs}


def test_a_draft_that_somebody_began_meanwhile_is_met(question, published, window, editor, reviewer):
    published(question, **ANSWER)
    tab = window(editor, question)
    theirs = actions.start_draft(question, by=reviewer)
    actions.save_draft(theirs, by=reviewer, in_short="Theirs.")
    tab.type(in_short="Mine.").press()
    assert CHANGED in tab.html and "Theirs." in tab.html
    tab.type(in_short__keep="mine").press()
    theirs.refresh_from_db()
    assert theirs.words["in_short"] == "Mine." and theirs.edited_by == editor


def test_the_first_draft_of_an_empty_page_is_met_too(question, window, editor, reviewer):
    tab = window(editor, question)
    theirs = actions.start_draft(question, by=reviewer)
    actions.save_draft(theirs, by=reviewer, **ANSWER)
    tab.type(question="Mine?", in_short="Mine.", answer="<p>Mine.</p>").press()
    assert CHANGED in tab.html
    theirs.refresh_from_db()
    assert theirs.words["in_short"] == "Yes, it is."


def test_words_typed_while_the_draft_was_published_become_a_new_draft(draft, window, editor, reviewer):
    tab = window(editor, draft.page)
    actions.submit(draft, by=editor)
    actions.publish(draft, by=reviewer)
    tab.type(in_short="Mine.").press()
    assert CHANGED in tab.html and "becomes a new draft" in tab.html and "Mine." in tab.html
    assert draft.page.open_edition() is None
    tab.press()
    assert draft.page.open_edition().words["in_short"] == "Mine."
    draft.refresh_from_db()
    assert draft.words["in_short"] == "Yes, it is."


def test_who_publishes_has_read_the_words_that_go_public(draft, window, editor, reviewer):
    actions.submit(draft, by=editor)
    tab = window(reviewer, draft.page)
    actions.save_draft(draft, by=editor, in_short="Changed at the last moment.")
    tab.press("_publish")
    assert CHANGED in tab.html and "Changed at the last moment." in tab.html
    draft.refresh_from_db()
    assert draft.status == "in-review"
    tab.press("_publish")
    draft.refresh_from_db()
    assert draft.status == "published"


@pytest.fixture
def decision(use, source, confirmed) -> ApprovalEvent:
    given = {"kind": "approval", "date": datetime.date(2020, 5, 1), "source": source, "note": "Old."}
    return confirmed(ApprovalEvent, indication=use, **given)


def correct(row: Any, by: User, confirmed_by: User, **given: Any) -> None:
    actions.confirm(actions.propose_change(row, given, by=by, because="Read again."), by=confirmed_by)


def test_a_correction_shows_both_values_and_is_proposed_knowingly(
    decision, desk, data_editor, second_data_editor, administrator
):
    tab = Window(desk(data_editor), decision, reverse("desk:event", args=[decision.pk]))
    date = datetime.date(2020, 5, 2)
    correct(decision, second_data_editor, administrator, note="Theirs.", date=date)
    tab.type(because="Read once more.")
    tab.fields["note"] = ["Mine."]
    tab.press("do", "correct")
    assert CHANGED in tab.html and "Theirs." in tab.html and "Ada" in tab.html
    assert "Their changes, added automatically" in tab.html and not Change.objects.pending().of(decision).exists()
    form = tab.html.split("Propose a correction")[1].split("</form>")[0]
    assert 'name="note-keep"' in form, "a choice must be sent with the form"
    tab.browser.post(tab.address, tab.fields | {"note-keep": ["mine"], "do": ["correct"]})
    change = Change.objects.pending().of(decision).get()
    assert (change.before, change.after, change.proposed_by) == ({"note": "Theirs."}, {"note": "Mine."}, data_editor)


def test_of_two_corrections_of_one_fact_the_second_overwrites_nothing_unknowingly(
    decision, data_editor, second_data_editor, administrator
):
    mine = actions.propose_change(decision, {"note": "Mine."}, by=data_editor, because="Read again.")
    correct(decision, second_data_editor, administrator, note="Theirs.")
    with pytest.raises(actions.Refused, match="has changed since the change was proposed"):
        actions.confirm(mine, by=administrator)
    decision.refresh_from_db()
    mine.refresh_from_db()
    assert decision.note == "Theirs." and mine.is_pending and mine.after == {"note": "Mine."}


def test_any_row_shows_both_values(source, window, editor, reviewer):
    mine, theirs = window(editor, source), window(reviewer, source)
    theirs.fields |= {"title": ["Theirs"], "official": []}
    theirs.press()
    mine.fields["title"] = ["Mine"]
    mine.press()
    assert CHANGED in mine.html and "Theirs" in mine.html
    mine.fields["title-keep"] = ["mine"]
    mine.press()
    source.refresh_from_db()
    assert (source.title, source.official) == ("Mine", False)


def test_a_name_that_readers_see_is_met_too_and_waits(window, data_editor, second_data_editor, administrator):
    therapy = Therapy.objects.get(slug="pembrolizumab")
    tab = window(data_editor, therapy)
    correct(therapy, second_data_editor, administrator, scope_note="Theirs.")
    tab.fields["scope_note"] = ["Mine."]
    tab.press()
    assert CHANGED in tab.html and "Theirs." in tab.html
    tab.fields["scope_note-keep"] = ["mine"]
    tab.press()
    therapy.refresh_from_db()
    assert therapy.scope_note == "Theirs."
    assert Change.objects.pending().of(therapy).get().after == {"scope_note": "Mine."}


def test_what_a_person_may_only_look_at_meets_nothing(window, editor, data_editor, second_data_editor):
    therapy = Therapy.objects.get(slug="pembrolizumab")
    tab = window(editor, therapy)
    correct(therapy.facts.first(), data_editor, second_data_editor, note="Theirs.")
    assert "You didn’t change anything, so nothing was saved." in tab.press()
    draft = actions.start_draft(therapy, by=data_editor)
    actions.save_draft(draft, by=data_editor, in_short="Theirs.")
    tab.type(in_short="Mine.").press()
    assert tab.html.count("you both changed this") == 1


def test_a_reason_that_was_typed_for_a_button_comes_back_too(draft, window, editor, reviewer):
    actions.submit(draft, by=editor)
    tab = window(reviewer, draft.page).type(_because="Shorter, please.")
    actions.save_draft(draft, by=editor, in_short="Changed at the last moment.")
    tab.press("_return")
    assert CHANGED in tab.html and tab.fields["_because"] == ["Shorter, please."]


@pytest.mark.parametrize("seen", ["", "nonsense", "0123456789abcdef [1]", '0123456789abcdef {"editions": 3}'])
def test_a_form_that_does_not_say_what_it_showed_overwrites_nothing(draft, window, editor, seen):
    tab = window(editor, draft.page)
    tab.type(in_short="Mine.", seen=seen)
    tab.fields["editions-0-seen"] = [seen]
    tab.press()
    draft.refresh_from_db()
    assert draft.words["in_short"] == "Yes, it is." and "you both changed this" in tab.html
