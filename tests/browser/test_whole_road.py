"""The whole road of a text, by keyboard alone: revised, returned, submitted again, scheduled, published, restored."""

import datetime
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from .desk import rich_text, told

pytestmark = pytest.mark.browser
QUESTION = "How is immunotherapy given, and how often?"


def on(field: Locator, *keys: str, words: str = "") -> None:
    """Go to a field as the Tab key does, and type."""
    field.focus()
    if words:
        field.press("ControlOrMeta+a")
        field.press_sequentially(words)
    for key in keys:
        field.press(key)


def enter(page: Page, button: str) -> None:
    on(page.get_by_role("button", name=button, exact=True), "Enter")
    page.wait_for_load_state()


def open_page(page: Page) -> None:
    page.goto("/admin/faq/question/")
    on(page.get_by_role("link", name=QUESTION), "Enter")


def open_form(page: Page) -> None:
    open_page(page)
    expect(rich_text(page, "Answer")).to_be_visible()


def test_a_text_goes_the_whole_road_by_keyboard_alone(staff, visitor):
    editor, reviewer = staff("editor"), staff("reviewer")
    open_form(editor)
    address = editor.get_by_role("link", name="View on site").get_attribute("href")
    on(editor.get_by_label("In short"), words="By drip, by needle or by mouth.")
    on(editor.get_by_label("What changed and why"), words="Names the three ways.")
    enter(editor, "Save and submit for review")
    expect(told(editor)).to_contain_text("Submitted.")

    open_form(reviewer)
    on(reviewer.get_by_label("Reason, if you return it"), words="Say it is a drip into a vein.")
    enter(reviewer, "Return for changes")
    expect(told(reviewer)).to_contain_text("Returned to its author")

    open_form(editor)
    on(editor.get_by_label("In short"), words="By drip into a vein, by needle or by mouth.")
    enter(editor, "Save and submit for review")
    expect(told(editor)).to_contain_text("Submitted.")

    open_form(reviewer)
    on(reviewer.locator("summary", has_text="Publish at a set time"), "Enter")
    tomorrow = datetime.datetime.now() + datetime.timedelta(days=2)
    reviewer.locator("#id_publish_at").fill(f"{tomorrow:%Y-%m-%dT%H:%M}")
    enter(reviewer, "Schedule")
    expect(told(reviewer)).to_contain_text("Scheduled. Readers will see this version from")
    visitor.goto(address)
    expect(visitor.locator("main")).not_to_contain_text("By drip into a vein")
    reviewer.goto("/admin/schedule/")
    expect(reviewer.locator("#content-main")).to_contain_text(QUESTION)

    open_page(reviewer)
    expect(reviewer.locator(".locked")).to_contain_text("These words are locked.")
    enter(reviewer, "Publish now")
    expect(told(reviewer)).to_contain_text("Published.")
    visitor.goto(address)
    expect(visitor.locator("main")).to_contain_text("By drip into a vein")

    editor.goto(reviewer.url)
    on(editor.get_by_role("link", name="History"), "Enter")
    oldest = editor.locator(".editions > li").last
    on(oldest.get_by_role("link", name=re.compile("Compare")), "Enter")
    expect(editor.locator("#content del, #content ins").first).to_be_visible()
    editor.go_back()
    on(editor.locator(".editions > li").last.get_by_role("button", name=re.compile("^Bring back as a draft")), "Enter")
    expect(editor.get_by_label("What changed and why")).to_have_value(re.compile("^Restores the text from "))
