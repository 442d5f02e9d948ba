"""An administrator adds somebody, who comes in with a link, from adding to their first look at the desk."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import PATIENCE, PHONE, Site, serving
from .desk import give_passkeys, press, told
from .test_desk_pages import check

pytestmark = pytest.mark.browser
PASSWORD = "quite a new passphrase"


def add(office: Page, username: str, name: str) -> str:
    """Add an editor, and answer the link to hand over."""
    office.goto("/admin/")
    office.get_by_role("link", name="Add a person").click()
    office.get_by_label("Username").fill(username)
    first, last = name.split()
    office.get_by_label("First name").fill(first)
    office.get_by_label("Last name").fill(last)
    office.get_by_role("checkbox", name=re.compile("^Editor")).check()
    check(office)
    press(office, "Save")
    expect(office.get_by_role("heading", name=f"{name} has been added")).to_be_visible()
    return office.get_by_label(f"Password link for {name} alone").input_value()


def choose_password(page: Page, username: str) -> None:
    expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
    expect(page.get_by_text(f"Your username is {username}.")).to_be_visible()
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    press(page, "Save and sign in")


def test_an_administrator_adds_an_editor_who_signs_in_for_the_first_time(staff, open_browser):
    office = staff("admin")
    link = add(office, "nora", "Nora Lee")
    check(office)
    page = open_browser(viewport=PHONE)
    page.goto(link)
    check(page)
    choose_password(page, "nora")
    expect(page.locator(".greeting")).to_contain_text("Good to see you, Nora. Your role: Editor.")
    expect(page.get_by_role("heading", name="Your drafts")).to_be_visible()
    # The link is used up
    other = open_browser(viewport=PHONE)
    other.goto(link)
    expect(other.get_by_role("heading", name="This link doesn’t work")).to_be_visible()
    check(other)
    # She leaves: her page closes, and the list says why
    office.get_by_role("link", name="nora", exact=True).click()
    check(office)
    office.get_by_role("link", name="Deactivate").click()
    office.get_by_label("Reason").fill("Left the hospital.")
    check(office)
    press(office, "Deactivate")
    expect(told(office)).to_have_text("Nora Lee is deactivated and can’t sign in anymore.")
    expect(office.get_by_text("Left the hospital.")).to_be_visible()
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_link_is_copied_with_one_press(staff, browser):
    office = staff("admin", permissions=["clipboard-read", "clipboard-write"])
    link = add(office, "noel", "Noel Fox")
    press(office, "Copy")
    expect(office.get_by_role("status")).to_have_text("Copied.")
    assert office.evaluate("navigator.clipboard.readText()") == link


def test_where_two_step_verification_is_required_the_editor_sets_it_up_first(
    staff, browser: Browser, site: Site, tmp_path
):
    link = add(staff("admin"), "nell", "Nell Ray")
    with serving(site.environment | {"REQUIRE_MFA": "1"}, tmp_path / "server.log") as address:
        address = address.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
        context = browser.new_context(base_url=address)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        give_passkeys(page)
        page.goto(link.replace(site.address, address))
        choose_password(page, "nell")
        expect(page.get_by_text("One more step: set up two-step verification.")).to_be_visible()
        page.get_by_role("link", name="Add a passkey").click()
        page.get_by_label("Name of the device or key").fill("Phone")
        press(page, "Add a passkey")
        page.get_by_role("link", name="I’ve saved them. Go to my work").click()
        press(page, "Use a passkey")
        expect(page.locator(".greeting")).to_contain_text("Good to see you, Nell.")
        context.close()
