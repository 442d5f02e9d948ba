"""A doctor without an account reads a text on a phone, comments, asks for changes, and approves what came of it."""

import re

import pytest
from playwright.sync_api import Page, expect

from .axe import WCAG, violations
from .conftest import PHONE
from .desk import press, say_what_changed, told
from .test_desk_pages import check as check_desk

pytestmark = pytest.mark.browser


def open_review(page: Page) -> Page:
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Comments and invited reviewers").click()
    opened.value.wait_for_load_state()
    return opened.value


def check(page: Page) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, tags=WCAG) == [], "in the dark"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_guest_asks_for_changes_approves_the_next_words_and_readers_see_the_name(staff, open_browser, visitor):
    editor, reviewer, guest = staff("editor"), staff("reviewer"), open_browser(viewport=PHONE)
    editor.goto("/admin/faq/question/")
    editor.locator("#result_list tbody th a").last.click()
    address = editor.get_by_role("link", name="View on site").get_attribute("href")
    change = editor.url
    editor.get_by_label("In short").fill("Ask for five things.")
    press(editor, "Save and submit for review")
    expect(told(editor)).to_contain_text("Say in a sentence under “What changed and why” what is new")
    expect(editor.get_by_label("In short")).to_have_value("Ask for five things.")
    say_what_changed(editor, "Counts the questions.")
    press(editor, "Save and submit for review")
    expect(told(editor)).to_contain_text("Submitted.")

    # A reviewer makes the link, in a second tab.
    reviewer.goto(change)
    papers = open_review(reviewer)
    papers.get_by_label("Name of the invited reviewer").fill("Dana Test")
    papers.get_by_label("This is a medical professional. I checked it.").check()
    press(papers, "Make a link")
    check_desk(papers)
    link = papers.get_by_label("Link for Dana Test alone").input_value()
    message = papers.get_by_role("link", name="Write a message with this link").get_attribute("href") or ""
    assert message.startswith("mailto:?subject=Please%20read") and link.split("/")[-2] in message

    # The guest reads on a phone, quotes a passage by selecting it, and asks for changes.
    guest.goto(link)
    expect(guest.locator("main")).to_contain_text("Ask for five things.")
    check(guest)
    guest.locator("[data-part=in_short] p").evaluate(
        "p => { const range = document.createRange(); range.selectNodeContents(p); "
        "getSelection().removeAllRanges(); getSelection().addRange(range) }"
    )
    guest.get_by_role("button", name="Comment on these words").click()
    expect(guest.get_by_label("Passage")).to_have_value("Ask for five things.")
    expect(guest.get_by_label("Your comment")).to_be_focused()
    guest.get_by_label("Your comment").fill("Why five?")
    press(guest, "Send this comment")
    expect(guest.locator(".comments")).to_contain_text("Why five?")
    guest.get_by_text("I’d like changes").click()
    guest.get_by_label("What should change").fill("Leave the number out.")
    check(guest)
    press(guest, "Ask for these changes")
    expect(guest.locator("#judgement")).to_contain_text("You asked for changes")

    # The author sees it first thing, changes the words and resolves the comment.
    editor.goto("/admin/")
    asked = editor.locator(".work-list", has_text="Comments to answer").locator(
        "li", has_text="Dana Test asks for changes"
    )
    expect(asked).to_contain_text("1 open comment")
    asked.get_by_role("link").click()
    expect(editor.locator(".judgement")).to_contain_text("Leave the number out.")
    check_desk(editor)
    editor.get_by_label("In short").fill("Ask what matters to you.")
    press(editor, "Save changes")
    papers = open_review(editor)
    papers.get_by_role("button", name=re.compile("Mark as resolved")).click()
    expect(told(papers)).to_contain_text("Resolved.")

    # The guest comes back by the same link and approves, by name.
    guest.goto(link)
    expect(guest.locator("#judgement")).to_contain_text("The text has changed since you answered")
    expect(guest.locator(".comments")).to_contain_text("This passage has changed since then.")
    guest.get_by_text("I approve this text").click()
    guest.get_by_label("Your name").fill("Dana Test")
    guest.get_by_label("Your profession").fill("MD, oncologist")
    expect(guest.locator(".consent")).to_have_text("“Reviewed by Dana Test, MD, oncologist.”")
    press(guest, "Approve this text")
    expect(guest.locator("#judgement")).to_contain_text("readers will see: “Reviewed by Dana Test, MD, oncologist.”")
    assert {(cookie["name"], cookie["path"]) for cookie in guest.context.cookies()} == {("csrftoken", "/review/")}

    # Somebody who did not invite the guest publishes; readers see the name, and the link is closed.
    publisher = staff("admin")
    publisher.goto(change)
    expect(publisher.locator(".judgement")).to_contain_text("approved")
    press(publisher, "Publish")
    visitor.goto(address or "")
    expect(visitor.locator("main")).to_contain_text("Reviewed by Dana Test, MD, oncologist.")
    expect(visitor.locator("main")).to_contain_text("Ask what matters to you.")
    answer = guest.goto(link)
    assert answer and answer.status == 410
    expect(guest.locator("h1")).to_have_text("This link no longer works")
    guest.emulate_media(color_scheme="light")
    assert violations(guest) == []


def test_a_guest_without_script_copies_the_passage_by_hand(staff, open_browser):
    editor, reviewer = staff("editor"), staff("reviewer")
    editor.goto("/admin/immune/organ/")
    editor.get_by_role("link", name="Appendix").click()
    editor.get_by_label("In short").fill("A small organ.")
    press(editor, "Save as draft")
    reviewer.goto(editor.url)
    papers = open_review(reviewer)
    papers.get_by_label("Name of the invited reviewer").fill("Dana Test")
    press(papers, "Make a link")
    guest = open_browser(viewport=PHONE, java_script_enabled=False)
    guest.goto(papers.get_by_label("Link for Dana Test alone").input_value())
    guest.get_by_text("Write a comment").click()
    guest.get_by_label("Part of the text").select_option("In short")
    guest.get_by_label("Passage").fill("A small organ.")
    guest.get_by_label("Your comment").fill("How small?")
    press(guest, "Send this comment")
    expect(guest.locator(".comments")).to_contain_text("How small?")
    expect(guest.locator(".comments")).not_to_contain_text("This passage has changed since then.")
    guest.get_by_role("link", name="See this text as a page on the site").click()
    expect(guest.locator("main")).to_contain_text("A small organ.")
