"""An FDA data editor goes through the queue; what a confirmed change makes untrue is fixed by a new text."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from .axe import WCAG, violations
from .conftest import PHONE
from .desk import CONFIRM, enter_decision, entered, press, told

pytestmark = pytest.mark.browser


def doubted(screen: Page) -> str:
    """The last sentence of the cancer’s text that a change may make untrue, and that holds no live number."""
    found = screen.locator(".doubted li", has_text="Neuroblastoma").locator("blockquote")
    expect(found.first).to_be_visible()
    return [sentence for sentence in found.all_inner_texts() if "…" not in sentence][-1]


def rewrite(text: Locator, sentence: str) -> None:
    """Give the paragraph that holds a sentence other words."""
    text.evaluate(
        """(text, sentence) => {
            const page = new DOMParser().parseFromString(text.editor.getHTML(), "text/html");
            const paragraph = [...page.querySelectorAll("p")].find((p) => p.textContent.includes(sentence));
            paragraph.textContent = "This was rewritten, in a test.";
            text.editor.commands.setContent(page.body.innerHTML);
        }""",
        sentence,
    )


def enter(person: Page, setting: str, date: str) -> None:
    enter_decision(person, "pembrolizumab", "Neuroblastoma", setting, kind="Accelerated approval", date=date)
    entered(person)


def with_alt(page: Page, key: str) -> None:
    """Press an access key. Playwright sends Alt with a letter as if no letter were on the key."""
    page.wait_for_load_state()
    keyboard = page.context.new_cdp_session(page)
    pressed = {"modifiers": 1, "key": key, "unmodifiedText": key, "windowsVirtualKeyCode": ord(key.upper())}
    for kind in ("keyDown", "keyUp"):
        keyboard.send("Input.dispatchKeyEvent", {"type": kind, **pressed})
    page.wait_for_load_state()


def test_a_data_editor_confirms_rejects_and_corrects_and_an_editor_fixes_the_text(staff, visitor):
    admin, data_editor = staff("admin"), staff("fda")
    for number in (1, 2, 3):
        enter(admin, f"Use {number} of a test", f"2026-01-0{number}")

    data_editor.goto("/desk/inbox/?by=admin&kind=therapies.approvalevent")
    data_editor.get_by_role("link", name="Start with the first one you can confirm").click()
    expect(data_editor.locator(".check")).to_contain_text("Use 1 of a test")
    sentence = doubted(data_editor)
    data_editor.get_by_role("link", name="Go to the answer").press("Enter")
    data_editor.keyboard.press("Tab")
    expect(data_editor.get_by_role("button", name=CONFIRM)).to_be_focused()
    data_editor.get_by_label("Reason, if you reject it").press("Enter")  # confirms nothing
    expect(data_editor.locator("#refused")).to_contain_text(
        "Say why, so that the person who proposed the change knows what to fix."
    )
    press(data_editor, CONFIRM)
    expect(told(data_editor)).to_contain_text("Readers see it now.")
    visitor.goto("/therapies/pembrolizumab/")
    expect(visitor.locator("main")).to_contain_text("Use 1 of a test")

    expect(data_editor.locator(".check")).to_contain_text("Use 2 of a test")  # the next one is there already
    press(data_editor, "Reject it")
    expect(data_editor.locator("#refused")).to_contain_text("Say why")
    data_editor.get_by_label("Reason, if you reject it").fill("The letter speaks of another drug.")
    press(data_editor, "Reject it")
    expect(told(data_editor)).to_contain_text("You’ll find it under “Rejected,” with your reason.")

    expect(data_editor.locator(".check")).to_contain_text("Use 3 of a test")
    data_editor.get_by_text("Correct it", exact=True).click()
    data_editor.get_by_label("Date").fill("2999-01-01")
    press(data_editor, "Save the correction")
    expect(data_editor.get_by_role("alert")).to_contain_text("What you typed is still in the form below.")
    expect(data_editor.locator(".check-correct")).to_contain_text("This day has not come yet.")
    expect(data_editor.get_by_label("Date")).to_have_value("2999-01-01")
    data_editor.get_by_label("Date").fill("2026-01-05")
    press(data_editor, "Save the correction")
    expect(told(data_editor)).to_contain_text("You’re now its author, so another person must confirm it.")

    editor, reviewer = staff("editor"), staff("reviewer")
    editor.goto("/admin/")
    editor.get_by_role("link", name=sentence[:60]).click()
    item = editor.get_by_role("listitem").filter(has_text=sentence)
    item.get_by_role("button", name="Fix it in a draft").click()
    expect(editor.locator(".said-of-text").first).to_contain_text(sentence)
    rewrite(editor.locator(".ProseMirror").last, sentence)
    press(editor, "Save and submit for review")
    reviewer.goto(editor.url)
    press(reviewer, "Publish")
    data_editor.goto("/desk/sentences/")
    expect(data_editor.locator("#content")).not_to_contain_text(sentence)


def test_a_change_is_seen_on_the_public_page_before_and_after_it_is_confirmed(staff, visitor):
    admin, data_editor = staff("admin"), staff("fda")
    enter(admin, "Seen before and after, in a test", "2026-02-07")
    data_editor.goto("/desk/inbox/?by=admin&q=Seen before and after")
    data_editor.locator(".facts a").first.click()
    change = data_editor.url
    data_editor.get_by_role("link", name="/therapies/pembrolizumab/").click()
    before, after = data_editor.frame_locator("iframe").nth(0), data_editor.frame_locator("iframe").nth(1)
    expect(before.locator("main")).to_contain_text("pembrolizumab")
    expect(before.locator("main")).not_to_contain_text("Seen before and after, in a test")
    expect(after.locator("body")).to_contain_text("Readers don’t see this until a second person confirms the change.")
    expect(after.locator("main")).to_contain_text("Seen before and after, in a test")
    assert violations(data_editor, without=("iframe",)) == []
    visitor.goto("/therapies/pembrolizumab/")
    expect(visitor.locator("main")).not_to_contain_text("Seen before and after, in a test")
    data_editor.goto(change)
    data_editor.get_by_label("Reason, if you reject it").fill("It was a test.")
    press(data_editor, "Reject it")


def test_a_day_s_changes_are_confirmed_from_the_keyboard_one_after_the_other(staff, visitor):
    admin, data_editor = staff("admin"), staff("fda")
    for number in (3, 4, 5):
        enter(admin, f"Key {number} of a test", f"202{number}-06-01")
    data_editor.goto("/desk/inbox/?by=admin&q=Key of a test")
    with_alt(data_editor, "n")
    screen = data_editor.locator(".check")
    expect(screen).to_contain_text("Key 3 of a test")
    with_alt(data_editor, "c")
    expect(told(data_editor)).to_contain_text("Readers see it now.")
    expect(screen).to_contain_text("Key 4 of a test")
    with_alt(data_editor, "n")
    expect(screen).to_contain_text("Key 5 of a test")
    with_alt(data_editor, "r")
    expect(data_editor.get_by_label("Reason, if you reject it")).to_be_focused()
    data_editor.keyboard.type("It was a test.")
    data_editor.keyboard.press("Enter")
    expect(told(data_editor)).to_contain_text("You’ll find it under “Rejected,” with your reason.")
    expect(screen).to_contain_text("Key 4 of a test")
    with_alt(data_editor, "e")
    expect(data_editor.get_by_label("Date")).to_be_visible()
    with_alt(data_editor, "l")
    expect(data_editor.locator(".inbox")).to_contain_text("Key 4 of a test")
    visitor.goto("/therapies/pembrolizumab/")
    expect(visitor.locator("main")).to_contain_text("Key 3 of a test")
    expect(visitor.locator("main")).not_to_contain_text("Key 4 of a test")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_keep_the_rules_of_accessibility(staff, scheme):
    data_editor = staff("fda", color_scheme=scheme)
    data_editor.goto("/desk/inbox/")
    assert violations(data_editor) == []
    data_editor.locator(".facts").get_by_role("link", name=re.compile("boxed warning")).first.click()
    assert violations(data_editor) == []
    data_editor.get_by_text("Correct it", exact=True).click()
    assert violations(data_editor) == []
    data_editor.goto("/desk/sentences/")
    assert violations(data_editor) == []


def test_one_screen_shows_what_changes_on_the_public_pages_before_and_after(staff):
    admin, data_editor = staff("admin"), staff("fda", viewport=PHONE)
    enter(admin, "Read on a small screen", "2026-01-09")
    data_editor.goto("/desk/inbox/?by=admin&kind=therapies.approvalevent")
    data_editor.get_by_role("link", name=re.compile("on a small screen")).click()
    expect(data_editor.locator(".altered ins", has_text="Read on a small screen").first).to_be_visible()
    data_editor.get_by_text("The whole page before and after").first.click()
    for when, number in (("before", 0), ("after", 1)):
        page = data_editor.frame_locator(f'iframe[title^="/therapies/pembrolizumab/ {when}:"]').locator("main")
        expect(page.get_by_text("Read on a small screen")).to_have_count(number)
    assert violations(data_editor, tags=WCAG) == []
    assert data_editor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    data_editor.get_by_label("Reason, if you reject it").fill("It was looked at.")
    press(data_editor, "Reject it")
