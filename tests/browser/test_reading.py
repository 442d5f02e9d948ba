"""A draft is compared, seen beside the live text and on a phone, and an older text comes back: by keyboard alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from .desk import press, say_what_changed, told
from .test_desk_pages import check

pytestmark = pytest.mark.browser

QUESTION = "What is the Cancer Research Institute, and what does it do?"


def enter(page: Page, target: Locator, key: str = "Enter") -> None:
    """Reach something with the Tab key, which shows where it is, and press Enter."""
    expect(target).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("e => e === document.activeElement"):
            assert target.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
            page.keyboard.press(key)
            page.wait_for_load_state()
            return
    raise AssertionError(f"The Tab key does not reach {target}.")


def link(page: Page, words: str) -> Locator:
    return page.get_by_role("link", name=words)


def write(page: Page, words: str, button: str) -> None:
    page.goto("/admin/faq/question/")
    link(page, QUESTION).click()
    page.get_by_label("In short").fill(words)
    say_what_changed(page)
    press(page, button)


def test_a_draft_is_compared_and_seen_on_a_phone_and_an_older_text_comes_back(staff):
    editor, reviewer = staff("editor"), staff("reviewer")
    write(editor, "Ask your team early.", "Save and submit for review")
    reviewer.goto(editor.url)
    press(reviewer, "Publish")
    write(editor, "Ask your cancer team early.", "Save and submit for review")

    enter(editor, link(editor, "Compare with what readers see"))
    expect(editor.locator(".diff ins")).to_contain_text("cancer")
    expect(editor.locator(".diff-sum")).to_have_text("1 word added")
    check(editor)

    enter(editor, link(editor, "Preview side by side"))
    live, draft = editor.frame_locator("iframe").nth(0), editor.frame_locator("iframe").nth(1)
    expect(live.locator("body")).to_contain_text("As readers see it now.")
    expect(live.locator("main")).to_contain_text("Ask your team early.")
    expect(draft.locator("body")).to_contain_text("Preview of a draft. Readers do not see this.")
    expect(draft.locator("main")).to_contain_text("Ask your cancer team early.")
    assert [frame.evaluate("innerWidth") for frame in editor.frames[1:]] == [390, 390]
    check(editor)
    with editor.expect_popup() as opened:  # the public site stands in no frame
        draft.get_by_role("link", name="About this site").click()
    expect(opened.value).to_have_url(re.compile("/about/$"))
    enter(editor, link(editor, "Desktop"))
    expect(editor.frame_locator("iframe").nth(1).locator("h1")).to_have_text(QUESTION)
    assert [frame.evaluate("innerWidth") for frame in editor.frames[1:]] == [1280, 1280]
    enter(editor, link(editor, "This text only"))
    expect(editor.locator("iframe")).to_have_count(1)

    reviewer.reload()
    press(reviewer, "Publish")
    enter(reviewer, link(reviewer, "History"))
    check(reviewer)
    enter(reviewer, reviewer.get_by_role("button", name="Bring back as a draft").first)
    expect(told(reviewer)).to_contain_text("The older version is back as a draft.")
    expect(reviewer.get_by_label("In short")).to_have_value("Ask your team early.")
    expect(reviewer.get_by_label("What changed and why")).to_have_value(re.compile("^Restores the text from"))
