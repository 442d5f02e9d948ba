"""A registrar goes through the queue; what a confirmed fact makes untrue is mended by a new text."""

import re

import pytest
from playwright.sync_api import expect

from .axe import violations
from .desk import press, told
from .test_recording import add_use, fill_event

pytestmark = pytest.mark.browser
CONFIRM = "Confirm: readers may see it"
DOUBTED = "Children with low risk do not need these antibodies, and checkpoint inhibitors have no settled role."


def record(registrar, setting, date):
    add_use(registrar, "pembrolizumab", "Neuroblastoma", setting)
    registrar.get_by_role("link", name="Record an event").click()
    fill_event(registrar, kind="Accelerated approval", date=date)
    press(registrar, "Save")


def test_a_registrar_confirms_rejects_and_corrects_and_an_editor_mends_the_text(staff, visitor):
    admin, registrar = staff("admin"), staff("registrar")
    for number in (1, 2, 3):
        record(admin, f"Use {number} of a test", f"2026-01-0{number}")

    registrar.goto("/desk/inbox/?by=admin&kind=accelerated-approval")
    registrar.get_by_role("link", name="Begin with the first that you may confirm").click()
    expect(registrar.locator(".check")).to_contain_text("Use 1 of a test")
    expect(registrar.locator(".check")).to_contain_text(DOUBTED)
    registrar.get_by_role("link", name="Go to the answer").press("Enter")
    registrar.keyboard.press("Tab")
    expect(registrar.get_by_role("button", name=CONFIRM)).to_be_focused()
    registrar.get_by_label("Reason, if you reject it").press("Enter")  # confirms nothing
    expect(registrar.locator("#refused")).to_contain_text("Say why, so that whoever recorded the fact knows")
    press(registrar, CONFIRM)
    expect(told(registrar)).to_contain_text("Readers see it now.")
    visitor.goto("/therapies/pembrolizumab/")
    expect(visitor.locator("main")).to_contain_text("Use 1 of a test")

    expect(registrar.locator(".check")).to_contain_text("Use 2 of a test")  # the next one is there already
    press(registrar, "Reject it")
    expect(registrar.locator("#refused")).to_contain_text("Say why")
    registrar.get_by_label("Reason, if you reject it").fill("The letter speaks of another drug.")
    press(registrar, "Reject it")
    expect(told(registrar)).to_contain_text("It stays under “Rejected”, with your reason.")

    expect(registrar.locator(".check")).to_contain_text("Use 3 of a test")
    registrar.get_by_text("Correct it", exact=True).click()
    registrar.get_by_label("Date").fill("2999-01-01")
    press(registrar, "Save the correction")
    expect(registrar.get_by_role("alert")).to_contain_text("This day has not come yet.")
    registrar.get_by_label("Date").fill("2026-01-05")
    press(registrar, "Save the correction")
    expect(told(registrar)).to_contain_text("You recorded it now, so another person must confirm it.")

    editor, reviewer = staff("editor"), staff("reviewer")
    editor.goto("/admin/")
    editor.get_by_role("link", name=DOUBTED).click()
    item = editor.get_by_role("listitem").filter(has_text=DOUBTED)
    item.get_by_role("button", name="Write a draft that mends it").click()
    expect(editor.locator(".said-of-text").first).to_contain_text(DOUBTED)
    text = editor.locator(".ProseMirror").last
    expect(text).to_contain_text(DOUBTED)
    text.evaluate(
        "(text, [old, now]) => text.editor.commands.setContent(text.editor.getHTML().replace(old, now))",
        [DOUBTED, "Children with low risk do not need these antibodies."],
    )
    press(editor, "Save and submit for review")
    reviewer.goto(editor.url)
    press(reviewer, "Publish")
    registrar.goto("/desk/sentences/")
    expect(registrar.locator("#content")).not_to_contain_text(DOUBTED)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_keep_the_rules_of_accessibility(staff, scheme):
    registrar = staff("registrar", color_scheme=scheme)
    registrar.goto("/desk/inbox/")
    assert violations(registrar) == []
    registrar.locator(".facts").get_by_role("link", name=re.compile("boxed warning")).first.click()
    assert violations(registrar) == []
    registrar.goto("/desk/sentences/")
    assert violations(registrar) == []
