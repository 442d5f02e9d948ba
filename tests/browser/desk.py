"""What people do on the staff's pages, in their words."""

import re

from playwright.sync_api import Locator, Page, expect


def press(page: Page, button: str) -> None:
    page.wait_for_load_state()  # the scripts that answer the button come last
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


def say_what_changed(page: Page, words: str = "Says it more clearly.") -> None:
    """Readers of a page that they know are told; without a word of it no text is submitted."""
    page.get_by_label("What changed and why").fill(words)


def told(page: Page) -> Locator:
    """The messages at the top of a page."""
    return page.locator(".messagelist")


def crafted(page: Page, button: str) -> None:
    """Press a button that the page does not show."""
    page.locator("#content-main form").evaluate(
        "(form, name) => { const i = document.createElement('input'); Object.assign(i, {type: 'hidden', name}); "
        "form.append(i) }",
        button,
    )
    page.get_by_role("button", name=re.compile("^Save")).first.click()
    page.wait_for_load_state()


def completing(page: Page, field: str) -> Locator:
    """A field that completes what one types. Its name is the label and what is chosen."""
    return page.locator(".select2-selection").and_(page.get_by_role("combobox", name=re.compile(f"^{field}:")))


def choose(page: Page, field: str, words: str, typed: str = "") -> None:
    completing(page, field).click()
    page.locator(".select2-search__field").last.fill(typed or words)
    page.locator(".select2-results__option", has_text=words).first.click()
    expect(completing(page, field)).to_contain_text(words)


def rich_text(page: Page, name: str) -> Locator:
    # The field of the same name that Django drew is there until the editor takes its place.
    return page.get_by_role("textbox", name=name).and_(page.locator(".ProseMirror"))


def add_to(text: Locator, words: str) -> None:
    """Type at the end of a rich text, as a person does."""
    text.click()
    # Keys that come within the same blink as the click are lost to it: the editor puts the cursor where one clicked.
    text.evaluate("(text) => text.editor.commands.focus('end')")
    text.press_sequentially(words)


def address_of(page: Page) -> str:
    return page.get_by_role("link", name="View on site").get_attribute("href") or ""


def give_passkeys(page: Page) -> None:
    """A device that answers at once, as a person who touches it would."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
