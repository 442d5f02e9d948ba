"""The search by keyboard, by touch, without a script, and for who cannot see it."""

import re

import pytest
from playwright.sync_api import Page, expect

from .axe import violations
from .conftest import PHONE

pytestmark = pytest.mark.browser
FIELD = "Search this site"


def test_a_reader_gets_to_a_page_by_keyboard_alone(visitor: Page):
    visitor.goto("/faq/types/")
    visitor.keyboard.press("/")
    field = visitor.get_by_label(FIELD)
    expect(field).to_be_focused()
    visitor.keyboard.type("keytr")
    expect(visitor.get_by_role("option").first).to_contain_text("Pembrolizumab")
    expect(field).to_have_attribute("aria-expanded", "true")
    visitor.keyboard.press("ArrowDown")
    chosen = visitor.get_by_role("option", selected=True)
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "none")
    visitor.keyboard.press("Escape")
    expect(visitor.get_by_role("listbox")).to_be_hidden()
    visitor.keyboard.type("u")
    expect(visitor.get_by_role("option").first).to_be_visible()
    visitor.keyboard.press("ArrowDown")
    visitor.keyboard.press("Enter")
    expect(visitor).to_have_url(re.compile("/therapies/pembrolizumab/$"))


def test_without_a_script_the_form_leads_to_results(open_browser):
    visitor = open_browser(java_script_enabled=False)
    visitor.goto("/")
    visitor.get_by_label(FIELD).fill("keytrda")
    visitor.get_by_label(FIELD).press("Enter")
    expect(visitor.get_by_text("Showing results for keytruda")).to_be_visible()
    visitor.locator(".best a").first.click()
    expect(visitor).to_have_url(re.compile("/therapies/pembrolizumab/$"))


def test_suggestions_can_be_touched_on_a_phone(open_browser):
    visitor = open_browser(viewport=PHONE, has_touch=True)
    visitor.goto("/search/")
    visitor.locator("#search-words").fill("bladder")
    option = visitor.get_by_role("option").first
    expect(option).to_be_visible()
    assert option.bounding_box()["height"] >= 44
    option.tap()
    expect(visitor).to_have_url(re.compile("/cancers/bladder-cancer/$"))


@pytest.mark.parametrize("asked", ["?q=skin+cancer", "?q=xqzvw", "?q=keytrda", "", "?q=t+cells&kind=therapies"])
def test_no_rule_of_accessibility_is_broken(visitor: Page, asked: str):
    visitor.goto(f"/search/{asked}")
    assert violations(visitor) == []
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_open_suggestions_break_no_rule_either(visitor: Page):
    visitor.goto("/search/")
    visitor.locator("#search-words").fill("lung")
    expect(visitor.get_by_role("option").first).to_be_visible()
    assert violations(visitor) == []
