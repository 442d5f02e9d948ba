"""What people do on the staff's pages, in their words."""

import re
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

CONFIRM = "Confirm: readers will see it"
SUBMIT = "Submit for confirmation"
#: Address of a page of FDA's that is one of our sources already.
NOTICE = (
    "https://www.fda.gov/vaccines-blood-biologics/cellular-gene-therapy-products/"
    "approved-cellular-and-gene-therapy-products"
)


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


def crafted(page: Page, **fields: str) -> None:
    """Send a form with fields that the page does not show, such as a button that is for others."""
    form = page.locator(".check-answer form[method=post], form[id$=_form]").first
    with page.expect_navigation():
        form.evaluate(
            """(form, fields) => {
                for (const [name, value] of Object.entries(fields)) {
                    form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
                }
                HTMLFormElement.prototype.submit.call(form);
            }""",
            fields,
        )


def completing(page: Page, field: str) -> Locator:
    """A field that completes what one types. Its name is the label and what is chosen."""
    return page.locator(".select2-selection").and_(page.get_by_role("combobox", name=re.compile(rf"^{field}\b")))


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


def enter_decision(
    page: Page,
    therapy: str,
    cancer: str = "",
    setting: str = "",
    *,
    use: str = "",
    kind: str,
    date: str,
    source: str = NOTICE,
    because: str = "",
    note: str = "",
) -> None:
    """Fill in an FDA decision by hand, on a new use or on one that is there, and submit it."""
    page.goto(f"/desk/record/?{urlencode({'therapy': therapy})}")
    page.get_by_label("What FDA did").select_option(kind)
    page.get_by_label("Date", exact=True).fill(date)
    if use:
        page.locator(".uses-list label", has_text=re.compile(use)).first.get_by_role("radio").check()
    else:
        page.get_by_label("Cancer", exact=True).fill(cancer)
        page.get_by_label("Setting", exact=True).fill(setting)
        page.get_by_label("When in the course of treatment").select_option(index=1)
    page.get_by_label("Address of the page", exact=True).fill(source)
    page.get_by_label("Reason", exact=True).fill(because)
    page.get_by_label("Note", exact=True).fill(note)
    page.get_by_label("I compared every field").check()
    press(page, SUBMIT)


def entered(page: Page) -> str:
    """The address of the first change that was just entered."""
    expect(page.locator(".state-of-text")).to_contain_text("Entered.")
    return page.locator("#content-main li a").first.get_attribute("href") or ""


def address_of(page: Page) -> str:
    return page.get_by_role("link", name="View on site").get_attribute("href") or ""


def give_passkeys(page: Page) -> None:
    """A device that answers at once, as a person who touches it would."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
