"""Signing in as people do it: with a name and a password, and with a passkey that the browser keeps."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import PHONE, sign_in
from .desk import give_passkeys, press
from .test_desk_pages import check

pytestmark = pytest.mark.browser

OWN_PAGES = ("", "app/", "passkeys/", "passkeys/add/", "password/", "confirm/?next=/admin/", "logout/")


def test_the_pages_of_signing_in_break_no_rule_of_accessibility(staff):
    page = staff("fda", viewport=PHONE)
    for path in OWN_PAGES:
        page.goto(f"/account/{path}")
        check(page)


def test_somebody_adds_a_passkey_and_signs_in_with_it(open_browser, site):
    address = site.address.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    page = open_browser(base_url=address)
    give_passkeys(page)
    sign_in(page, "fda", site.passwords["fda"])
    page.get_by_role("link", name="Your sign-in").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of the device or key").fill("Work laptop")
    press(page, "Add a passkey")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    check(page)
    # With the password, the passkey is asked as the second factor
    press(page, "Log out")
    sign_in(page, "fda", site.passwords["fda"])
    expect(page.get_by_role("heading", name="Enter your verification code")).to_be_visible()
    check(page)
    press(page, "Use a passkey")
    expect(page.locator(".greeting")).to_be_visible()
    # Alone, it is enough
    press(page, "Log out")
    press(page, "Sign in with a passkey")
    expect(page.locator(".greeting")).to_contain_text("fda")
    # And it can be removed
    page.goto("/account/passkeys/")
    page.get_by_role("link", name="Remove Work laptop").click()
    check(page)
    press(page, "Remove the passkey")
    expect(page.get_by_text("You don’t have a passkey yet.")).to_be_visible()


def test_a_passkey_that_does_not_answer_is_explained(open_browser, site):
    page = open_browser(base_url=site.address.replace("127.0.0.1", "localhost"))
    page.goto("/account/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')) }")
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("alert")).to_have_text(re.compile("No passkey was used"))


def test_logging_out_on_its_own_page_also_asks_about_words_that_the_browser_keeps(staff):
    page = staff("fda")
    page.goto("/account/logout/")
    page.evaluate("localStorage.setItem(`kept:${document.querySelector('[data-person]').dataset.person}:/x/:1`, '{}')")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Log out").click()
    assert "have not saved" in asked[0] and page.url.endswith("/account/logout/")
