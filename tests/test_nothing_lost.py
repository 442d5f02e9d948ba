"""Nothing typed is lost: two editors meet in the form, and what the desk cannot take comes back with its words."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faq.models import Question
from portal.publishing import actions
from portal.publishing.models import Change, Edition, Presence, Source
from therapies.models import ApprovalEvent, Therapy

from .conftest import ANSWER
from .forms import filled, form_in

pytestmark = pytest.mark.slow

CHANGED = "Someone changed this while you had it open"


class Window:
    """A form that somebody has open, with what they typed into it."""

    def __init__(self, browser: Client, row: Any, address: str = "") -> None:
        self.browser = browser
        row = getattr(row, "specific", row)
        form = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        self.address = address or reverse(form, args=[row.pk])
        self.html = browser.get(self.address).content.decode()
        self.fields = form_in(self.html)

    def type(self, **words: str | list[str]) -> "Window":
        for name, value in words.items():
            key = name if name in self.fields or name.startswith("_") else f"editions-0-{name.replace('__', '-')}"
            self.fields[key] = value if isinstance(value, list) else [value]
        return self

    def press(self, button: str = "_continue", value: str = "x") -> str:
        """Send the form; the page that comes back is the window's page now."""
        response = self.browser.post(self.address, self.fields | {button: [value]}, follow=True)
        assert response.status_code == 200
        self.html = response.content.decode()
        self.fields = form_in(self.html)
        return self.html


@pytest.fixture
def draft(question: Question, editor: User) -> Edition:
    draft = actions.start_draft(question, by=editor)
    return actions.save_draft(draft, by=editor, **ANSWER)


@pytest.fixture
def window(desk: Callable[[User], Client]) -> Callable[..., Window]:
    return lambda user, row: Window(desk(user), row)


@pytest.fixture
def mine_and_theirs(draft, window, editor, reviewer) -> Callable[..., Window]:
    """My window, after they saved something else and I pressed Save."""

    def meet(mine: dict[str, Any], theirs: dict[str, Any]) -> Window:
        window_of_mine = window(editor, draft.page)
        actions.save_draft(draft, by=reviewer, **theirs)
        window_of_mine.type(**mine).press()
        return window_of_mine

    return meet


# Two editors -----------------------------------------------------------------------------------

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


# Two clicks ------------------------------------------------------------------------------------


def twice(tab: Window, button: str) -> str:
    fields = dict(tab.fields)
    tab.press(button)
    tab.fields = fields
    return tab.press(button)


def test_saving_twice_saves_once(draft, window, editor):
    html = twice(window(editor, draft.page).type(in_short="Mine."), "_continue")
    assert "This was already saved." in html and CHANGED not in html


def test_submitting_twice_submits_once(draft, window, editor):
    html = twice(window(editor, draft.page).type(in_short="Mine.", change_note="Why."), "_submit")
    assert "Your first click did it: submitted." in html and CHANGED not in html


def test_publishing_twice_publishes_once(draft, window, editor, reviewer):
    actions.save_draft(draft, by=editor, change_note="Why.")
    actions.submit(draft, by=editor)
    html = twice(window(reviewer, draft.page), "_publish")
    assert "Your first click did it: published." in html and CHANGED not in html
    assert draft.page.open_edition() is None


# Signed out, or signed in anew -------------------------------------------------------------------


@pytest.fixture
def strict(editor: User) -> Client:
    """A browser whose tokens are checked, as everywhere outside of tests."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    return client


def test_words_sent_after_the_session_ended_come_back_and_can_be_sent_again(draft, strict, editor):
    tab = Window(strict, draft.page).type(in_short='Mine & "yours".')
    del strict.cookies["sessionid"]
    response = strict.post(tab.address, tab.fields | {"_submit": ["x"]})
    html = response.content.decode()
    assert response.status_code == 403 and "You were signed out" in html and "Send again" in html
    strict.force_login(editor)
    again = form_in(html)
    assert again["editions-0-in_short"] == ['Mine & "yours".'] and again["_submit"] == ["x"]
    assert strict.post(tab.address, again).status_code == 302
    draft.refresh_from_db()
    assert (draft.words["in_short"], draft.status) == ('Mine & "yours".', "in-review")


def test_words_at_the_desk_of_data_editors_come_back_too(strict, data_editor):
    typed = {"csrfmiddlewaretoken": "x" * 64, "draft": ["0", "1"], "use-1-setting": "Typed for long", "record": ""}
    strict.logout()
    response = strict.post("/desk/record/", typed, headers={"Origin": "http://testserver"})
    html = response.content.decode()
    assert response.status_code == 403 and "Send again" in html and 'value="Typed for long"' in html
    file = strict.post("/desk/files/", {"csrfmiddlewaretoken": "x" * 64}, headers={"Origin": "http://testserver"})
    assert "Send again" not in file.content.decode(), "a file cannot be sent again"


def test_a_token_that_changed_with_a_new_sign_in_costs_one_press_more(draft, strict, editor):
    tab = Window(strict, draft.page).type(in_short="Mine.")
    tab.fields["csrfmiddlewaretoken"] = ["x" * 64]
    response = strict.post(tab.address, tab.fields, headers={"Origin": "http://testserver"})
    again = form_in(response.content.decode())
    assert response.status_code == 403 and "You are signed in as <strong>Edith</strong>" in response.content.decode()
    assert strict.post(tab.address, again).status_code == 302
    draft.refresh_from_db()
    assert draft.words["in_short"] == "Mine."


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_that_another_site_sends_is_never_offered_again(draft, strict, headers):
    tab = Window(strict, draft.page).type(in_short="Of a stranger.")
    tab.fields["csrfmiddlewaretoken"] = ["x" * 64]
    response = strict.post(tab.address, tab.fields, headers=headers)
    assert response.status_code == 403 and "Of a stranger." not in response.content.decode()


def test_a_password_is_never_shown_again(strict):
    data = {"username": "Edith", "password": "a long passphrase", "csrfmiddlewaretoken": "x" * 64}
    response = strict.post(reverse("admin:login"), data, headers={"Origin": "http://testserver"})
    assert response.status_code == 403 and "a long passphrase" not in response.content.decode()


def test_only_a_save_tells_the_browser_to_forget_its_copy(draft, window, editor, reviewer):
    tab = window(editor, draft.page)
    stale = window(editor, draft.page).type(in_short="Too late.", kept="abc-1")
    tab.type(in_short="Mine.")
    tab.fields["kept"] = ["abc-2"]
    tab.press()
    assert tab.browser.cookies["kept"].value == "abc-2"
    stale.fields["kept"] = ["abc-1"]
    stale.press()
    assert "kept" not in stale.browser.cookies


def test_rows_that_somebody_chose_meanwhile_stay_chosen(draft, desk, editor):
    """They lie in a table of their own, so that no column of the row tells of them."""
    question, (first, second, third) = draft.page, Therapy.objects.all()[:3]
    question.therapies.set([first])
    browser, address = desk(editor), reverse("admin:faq_question_change", args=[question.pk])
    sent = filled(browser.get(address))
    question.therapies.set([first, second])  # somebody else does
    browser.post(address, sent | {"order": 7})
    assert set(question.therapies.all()) == {first, second}, "of two who changed different fields, both are right"
    page = browser.post(address, sent | {"therapies": [first.pk, third.pk]}).content.decode()
    assert CHANGED in page and set(question.therapies.all()) == {first, second}


def test_a_page_has_one_draft_however_many_are_sent(draft, desk, editor):
    browser, address = desk(editor), reverse("admin:faq_question_change", args=[draft.page_id])
    sent = filled(browser.get(address)) | {"editions-TOTAL_FORMS": 2, "editions-1-question": "Another?"}
    assert "submit at most 1 form" in browser.post(address, sent).content.decode()


# Who else is here --------------------------------------------------------------------------------


def here(client: Client, row: Any) -> Any:
    return client.post(reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_present", args=[row.pk]))


def test_who_has_a_page_open_is_told_who_else_has(draft, desk, editor, reviewer):
    first, second = desk(editor), desk(reviewer)
    assert here(first, draft.page).content == b""
    told = here(second, draft.page).content.decode()
    assert told == "Edith has this page open, too. Last saved just now, by Edith."
    actions.return_for_changes(actions.submit(draft, by=editor), by=reviewer, because="Shorter.")
    assert "just now, by you." in here(first, draft.page).content.decode()
    assert "Rosa has this page open, too." in Window(first, draft.page).html
    assert "open now at Rosa" in first.get(reverse("admin:index")).content.decode()


def test_whoever_falls_silent_is_gone_and_forgotten(draft, desk, editor, reviewer):
    here(desk(reviewer), draft.page)
    Presence.objects.update(at=timezone.now() - datetime.timedelta(seconds=91))
    assert here(desk(editor), draft.page).content == b""
    assert list(Presence.objects.values_list("person", flat=True)) == [editor.pk]


def test_presence_is_told_only_to_those_who_may_see_the_page(draft, desk, data_editor, client, django_user_model):
    nobody = django_user_model.objects.create_user("nobody", password="x", is_staff=True)
    assert here(desk(nobody), draft.page).status_code == 403
    assert here(client, draft.page).status_code == 302
    assert not Presence.objects.exists()
    assert desk(data_editor).get(reverse("admin:faq_question_present", args=[draft.page.pk])).status_code == 405
