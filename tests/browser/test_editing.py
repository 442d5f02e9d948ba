"""An editor's and a reviewer's day: words are drafted, reviewed by a second person, and only then seen by readers."""

import re

import pytest
from playwright.sync_api import Page, expect

from .axe import WCAG, violations
from .conftest import PHONE, WIDE
from .desk import add_to, address_of, crafted, press, rich_text, say_what_changed, told

pytestmark = pytest.mark.browser

DRAFT, SUBMIT, PUBLISH, RETURN = "Save as draft", "Save and submit for review", "Publish", "Return for changes"


def open_question(page: Page, question: str) -> None:
    page.goto("/admin/faq/question/")
    page.get_by_role("link", name=question).click()


# The journey -------------------------------------------------------------------------------


def test_an_editor_revises_an_answer_a_reviewer_publishes_it_and_the_visitor_sees_it(staff, visitor):
    question, sentence = "What side effects can immunotherapy have?", "This sentence was added by an editor."
    editor, reviewer = staff("editor"), staff("reviewer")
    open_question(editor, question)
    address = address_of(editor)
    add_to(rich_text(editor, "Answer"), f" {sentence}")
    say_what_changed(editor, "Says who added it.")
    press(editor, SUBMIT)
    expect(told(editor)).to_contain_text("Submitted.")
    visitor.goto(address)
    expect(visitor.locator("main")).not_to_contain_text(sentence)

    with editor.expect_popup() as opened:
        editor.get_by_role("link", name="Preview the draft").click()
    preview = opened.value
    expect(preview.locator("main")).to_contain_text(sentence)
    expect(preview.locator("body")).to_contain_text("Preview of a draft. Readers do not see this.")
    expect(preview.locator("h1")).to_have_text(question)

    reviewer.goto("/admin/")
    reviewer.locator(".work-list", has_text="To review and publish").get_by_role("link", name=question).click()
    expect(reviewer.locator(".state-of-text")).to_contain_text("submitted by editor")
    expect(reviewer.locator(".state-of-text")).to_contain_text("Says who added it.")
    press(reviewer, PUBLISH)
    expect(told(reviewer)).to_contain_text("Published. Readers see this version now.")
    visitor.goto(address)
    expect(visitor.locator("main")).to_contain_text(sentence)
    visitor.get_by_text("Changes to this page (2)").click()
    expect(visitor.get_by_text("Says who added it.")).to_be_visible()

    reviewer.get_by_role("link", name="History").click()
    newest = reviewer.locator(".editions > li").first
    for words in ("Published", "editor", "reviewer", "Says who added it."):
        expect(newest).to_contain_text(words)
    expect(reviewer.locator(".editions > li").nth(1)).to_contain_text("the project’s authors")
    expect(reviewer.locator("#change-history")).to_contain_text("Submitted")


def test_a_new_question_is_written_from_nothing(staff, visitor):
    editor, reviewer = staff("editor"), staff("reviewer")
    editor.goto("/admin/")
    editor.get_by_role("link", name="Write a new question").click()
    editor.get_by_label("Topic").select_option("How it works")
    editor.get_by_label("Question", exact=False).last.fill("May I ask a new question?")
    editor.get_by_label("In short").fill("Yes.")
    add_to(rich_text(editor, "Answer"), "Whenever you like.")
    press(editor, SUBMIT)
    expect(told(editor)).to_contain_text("Submitted.")
    expect(editor.get_by_role("link", name="View on site")).to_have_count(0)
    assert visitor.goto("/faq/may-i-ask-a-new-question/").status == 404

    reviewer.goto("/admin/")
    reviewer.get_by_role("link", name="May I ask a new question?").click()
    press(reviewer, PUBLISH)
    expect(reviewer.get_by_role("link", name="View on site")).to_have_attribute(
        "href", "/faq/may-i-ask-a-new-question/"
    )
    assert visitor.goto("/faq/may-i-ask-a-new-question/").status == 200
    expect(visitor.locator("main")).to_contain_text("Whenever you like.")


def test_a_reviewer_returns_a_text_with_a_reason(staff):
    question, reason = "How long do the effects of immunotherapy last?", "Say it in fewer words, please."
    editor, reviewer = staff("editor"), staff("reviewer")
    open_question(editor, question)
    editor.get_by_label("In short").fill("It varies a great deal.")
    say_what_changed(editor)
    press(editor, SUBMIT)

    open_question(reviewer, question)
    press(reviewer, RETURN)
    expect(told(reviewer)).to_contain_text("Say in a sentence what the author should change")
    reviewer.get_by_label("Reason, if you return it").fill(reason)
    press(reviewer, RETURN)
    expect(told(reviewer)).to_contain_text("Returned to its author with your reason.")

    editor.goto("/admin/")
    draft = editor.locator(".work-list", has_text="Your drafts").locator("li", has_text=question)
    expect(draft).to_contain_text(reason)
    draft.get_by_role("link").click()
    expect(editor.locator(".state-of-text")).to_contain_text("Returned by reviewer")
    expect(editor.get_by_label("In short")).to_have_value("It varies a great deal.")
    editor.get_by_label("In short").fill("It varies.")
    press(editor, SUBMIT)
    expect(told(editor)).to_contain_text("Submitted.")
    editor.get_by_role("link", name="History").click()
    expect(editor.locator("#change-history")).to_contain_text(f"Returned for changes: {reason}")


# Two pairs of eyes -----------------------------------------------------------------------------


def test_an_author_cannot_publish(staff, visitor):
    question = "How long has immunotherapy been used?"
    reviewer = staff("reviewer")
    open_question(reviewer, question)
    address = address_of(reviewer)
    reviewer.get_by_label("In short").fill("For more than a hundred years.")
    say_what_changed(reviewer)
    press(reviewer, SUBMIT)
    expect(reviewer.get_by_role("button", name=PUBLISH)).to_have_count(0)
    expect(reviewer.locator(".further-buttons")).to_contain_text("another person must publish it")
    crafted(reviewer, _publish="x")
    expect(told(reviewer)).to_contain_text("You helped write this text, so another person must publish it.")
    visitor.goto(address)
    expect(visitor.locator("main")).not_to_contain_text("For more than a hundred years.")


def test_an_editor_cannot_publish_or_return(staff):
    editor = staff("editor")
    open_question(editor, "What does the immune system have to do with cancer?")
    editor.get_by_label("In short").fill("A great deal.")
    say_what_changed(editor)
    press(editor, SUBMIT)
    for button, sentence in (
        ("_publish", "Only a reviewer can do that."),
        ("_return", "Only a reviewer can do that."),
    ):
        expect(editor.get_by_role("button", name=PUBLISH)).to_have_count(0)
        crafted(editor, **{button: "x"})
        expect(told(editor)).to_contain_text(sentence)
    expect(editor.locator(".state-of-text")).to_contain_text("waiting for review")


def test_the_enter_key_only_saves(staff):
    """Browsers press the first button of a form for somebody who presses Enter in a field."""
    editor = staff("editor")
    open_question(editor, "How is immunotherapy different from chemotherapy?")
    editor.get_by_label("What changed and why").fill("Nothing yet")
    editor.get_by_label("What changed and why").press("Enter")
    expect(editor.locator(".state-of-text")).to_contain_text("A draft is open, started by editor")


# Nothing by accident -----------------------------------------------------------------------------

KINDS = {
    "faq/question": "What types of immunotherapy are there?",
    "therapies/therapy": "blinatumomab",
    "therapies/family": "Cancer vaccines",
    "therapies/therapyclass": "Interferon",
    "therapies/cancer": "Anal cancer",
    "therapies/biomarker": "HER2-positive",
    "immune/component": "Cytokines",
    "immune/organ": "Thymus",
    "pages/section": "Home page: impact",
}


@pytest.mark.parametrize("kind", KINDS)
def test_saving_without_touching_the_words_starts_no_draft(staff, kind):
    editor = staff("editor")
    editor.goto(f"/admin/{kind}/")
    editor.get_by_role("link", name=KINDS[kind], exact=True).click()
    editor.locator(".ProseMirror").first.wait_for()
    press(editor, DRAFT)
    expect(told(editor)).to_contain_text("You didn’t change anything, so nothing was saved.")
    # The rich text editor writes the text anew, in its own spelling, as soon as somebody types.
    for text in editor.locator(".ProseMirror").all():
        add_to(text, "x")
        text.press("Backspace")
    press(editor, DRAFT)
    expect(told(editor)).to_contain_text("You didn’t change anything, so nothing was saved.")
    expect(editor.locator(".state-of-text")).not_to_contain_text("draft is open")


def test_a_reviewer_who_leaves_the_words_alone_does_not_become_an_author(staff):
    question = "Can I have immunotherapy if I have an autoimmune disease?"
    editor, reviewer = staff("editor"), staff("reviewer")
    open_question(editor, question)
    editor.get_by_label("In short").fill("Perhaps. Ask your team.")
    say_what_changed(editor)
    press(editor, SUBMIT)
    open_question(reviewer, question)
    add_to(rich_text(reviewer, "Answer"), "x")
    rich_text(reviewer, "Answer").press("Backspace")
    press(reviewer, PUBLISH)
    expect(told(reviewer)).to_contain_text("Published.")


def test_a_stale_form_is_refused_and_keeps_what_was_typed(staff):
    question = "Can I receive immunotherapy?"
    first, second = staff("editor"), staff("editor")
    open_question(first, question)
    open_question(second, question)
    first.get_by_label("In short").fill("The words of the first tab.")
    press(first, DRAFT)
    second.get_by_label("In short").fill("The words of the second tab.")
    press(second, DRAFT)
    expect(second.locator("#content")).to_contain_text("What you typed is still here.")
    expect(second.get_by_label("In short")).to_have_value("The words of the second tab.")
    open_question(second, question)
    expect(second.get_by_label("In short")).to_have_value("The words of the first tab.")
    second.get_by_label("In short").fill("The second tab again.")
    first.get_by_label("In short").fill("The first tab again.")
    press(first, DRAFT)
    press(second, DRAFT)
    expect(second.locator("#content")).to_contain_text("Someone changed this while you had it open")
    expect(second.get_by_label("In short")).to_have_value("The second tab again.")


def test_words_typed_while_somebody_published_the_draft_are_not_lost(staff):
    question = "How will we know whether immunotherapy is working?"
    editor, reviewer = staff("editor"), staff("reviewer")
    open_question(editor, question)
    editor.get_by_label("In short").fill("By scans.")
    say_what_changed(editor)
    press(editor, SUBMIT)
    editor.get_by_label("In short").fill("By scans and blood tests.")
    open_question(reviewer, question)
    press(reviewer, PUBLISH)
    press(editor, "Save changes")
    expect(editor.locator("#content")).to_contain_text("Someone changed this while you had it open")
    expect(editor.get_by_label("In short")).to_have_value("By scans and blood tests.")


# The rich text editor and the preview ----------------------------------------------------------------


def test_the_rich_text_editor_makes_bold_words_lists_and_links(staff):
    editor = staff("editor")
    open_question(editor, "Which cancers can immunotherapy treat?")
    text = rich_text(editor, "Answer")
    expect(text).to_have_attribute("aria-describedby", re.compile("helptext"))
    add_to(text, "\nThe first point")
    editor.get_by_role("button", name="unordered list").click()
    text.press("Shift+Home")
    editor.get_by_role("button", name="bold").click()
    editor.get_by_role("button", name="insert link").click()
    editor.get_by_label("Address", exact=True).fill("https://www.cancer.gov/")
    editor.get_by_role("button", name="Set link").click()
    press(editor, DRAFT)
    with editor.expect_popup() as opened:
        editor.get_by_role("link", name="Preview the draft").click()
    link = opened.value.locator("main ul li strong a, main ul li a strong", has_text="The first point")
    expect(link).to_have_count(1)
    expect(opened.value.get_by_role("link", name="The first point")).to_have_attribute(
        "href", "https://www.cancer.gov/"
    )


def test_the_words_in_the_form_are_seen_beside_it_before_they_are_saved(staff, visitor):
    question, typed = "Which cancers can immunotherapy treat?", "Seen beside the form, and saved by nobody."
    editor = staff("editor")
    open_question(editor, question)
    preview = editor.frame_locator("iframe[name=beside]")
    editor.get_by_role("button", name="Preview", exact=True).click()
    expect(preview.locator("body")).to_contain_text("Preview of unsaved words. Readers don’t see this.")
    expect(preview.locator("h1")).to_have_text(question)
    editor.get_by_label("In short").fill(typed)
    add_to(rich_text(editor, "Answer"), " And at the end.")
    expect(preview.locator("main")).to_contain_text(typed)
    expect(preview.locator("main")).to_contain_text("And at the end.")
    assert violations(editor, tags=WCAG, without=(".select2-selection--multiple", "iframe")) == []
    editor.get_by_role("button", name="Close", exact=True).click()
    expect(editor.get_by_role("button", name="Preview", exact=True)).to_be_focused()
    editor.on("dialog", lambda dialog: dialog.accept())  # the words are not saved
    editor.reload()
    expect(editor.get_by_label("In short")).not_to_have_value(typed)


def test_on_a_phone_the_words_in_the_form_open_in_a_tab_of_their_own(staff):
    editor = staff("editor", viewport=PHONE)
    open_question(editor, "Which cancers can immunotherapy treat?")
    editor.get_by_label("In short").fill("Typed on a phone.")
    with editor.expect_popup() as opened:
        editor.get_by_role("button", name="Preview", exact=True).click()
    expect(opened.value.locator("main")).to_contain_text("Typed on a phone.")
    expect(editor.get_by_label("In short")).to_have_value("Typed on a phone.")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_save_buttons_are_always_in_sight_and_cover_no_field(staff, size):
    editor = staff("editor", viewport=size)
    open_question(editor, "What types of immunotherapy are there?")
    save = editor.get_by_role("button", name=re.compile("^Save (as draft|changes)$"))
    for field in (editor.get_by_label("In short"), editor.get_by_label("What changed and why")):
        field.focus()
        expect(save).to_be_in_viewport(ratio=1)
        bottom, top = (one.bounding_box() for one in (field, editor.locator(".submit-row").last))
        assert bottom["y"] + bottom["height"] <= top["y"]


def test_the_coach_looks_again_without_saving(staff):
    editor = staff("editor")
    open_question(editor, "How is immunotherapy given, and how often?")
    coach = editor.get_by_role("region", name="Plain-language coach")
    expect(coach).to_contain_text("as last saved")
    expect(coach).not_to_contain_text("promise")
    editor.get_by_label("In short").fill("It is a miracle.")
    add_to(rich_text(editor, "Answer"), " And it is always safe.")
    coach.get_by_role("button", name="Check again").click()
    expect(coach).to_contain_text("3 words may be promises")
    expect(coach).to_contain_text("Nothing was saved.")
    assert violations(editor, tags=WCAG, without=(".select2-selection--multiple",)) == []  # Django’s own
    coach.get_by_role("link", name="Answer").first.click()
    expect(rich_text(editor, "Answer")).to_be_focused()
    editor.reload()
    expect(editor.get_by_label("In short")).not_to_have_value("It is a miracle.")


def test_a_live_number_that_does_not_exist_is_refused(staff):
    editor = staff("editor")
    open_question(editor, "How is immunotherapy given, and how often?")
    editor.get_by_label("In short").fill("[[aproved-therapies]] therapies.")
    press(editor, DRAFT)
    expect(editor.locator("#content")).to_contain_text(
        "There is no live number called [[aproved-therapies]]. Check its spelling."
    )
    expect(editor.get_by_label("In short")).to_have_value("[[aproved-therapies]] therapies.")


PLAIN = {
    "therapies/therapy": ("dostarlimab", "In short"),
    "therapies/family": ("Adoptive cell therapy", "In short"),
    "therapies/therapyclass": ("Interleukin", "In short"),
    "therapies/cancer": ("Melanoma", "In short"),
    "therapies/biomarker": ("CD20-positive", "In short"),
    "immune/component": ("Antibodies", "In short"),
    "immune/organ": ("Spleen", "In short"),
    "pages/section": ("About page: privacy", "Title"),
}


@pytest.mark.parametrize("kind", PLAIN)
def test_the_preview_shows_every_kind_of_page_with_its_draft(staff, visitor, kind):
    name, field = PLAIN[kind]
    editor = staff("editor")
    editor.goto(f"/admin/{kind}/")
    editor.get_by_role("link", name=name, exact=True).click()
    editor.get_by_label(field).fill("Words that only the staff see.")
    press(editor, DRAFT)
    address = address_of(editor)
    editor.goto(editor.get_by_role("link", name="Preview the draft").get_attribute("href"))
    expect(editor.locator("body")).to_contain_text("Preview of a draft.")
    expect(editor.locator("main")).to_contain_text("Words that only the staff see.")
    visitor.goto(address)
    expect(visitor.locator("body")).not_to_contain_text("Words that only the staff see.")
