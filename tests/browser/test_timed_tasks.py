"""Two errands counted in taps from the home page: a trial near Boston for bladder cancer, a sheet for the doctor.

By touch on the narrowest phone without JavaScript, and by keyboard alone.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from . import axe

pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 640}
TRIAL, SHEET = 4, 6  # taps at most
REGISTER = re.compile("Open this search at ClinicalTrials.gov")


class Taps:
    """Somebody who taps, and counts it. To choose from a list is one tap, to type in a field another."""

    def __init__(self, page: Page) -> None:
        self.page, self.number = page, 0

    def on(self, what: Locator) -> None:
        self.number += 1
        assert (what.bounding_box() or {"height": 0})["height"] >= 24, "large enough for a thumb"
        what.tap()

    def choose(self, label: str, value: str) -> None:
        self.number += 1
        self.page.get_by_label(label, exact=True).select_option(value)

    def type(self, label: str, words: str) -> None:
        self.number += 1
        self.page.get_by_label(label, exact=True).fill(words)


@pytest.fixture
def phone(open_browser) -> Page:
    page = open_browser(viewport=NARROW, java_script_enabled=False, has_touch=True)
    page.goto("/")
    return page


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_a_trial_near_boston_by_touch(phone):
    taps = Taps(phone)
    taps.on(phone.get_by_role("link", name="Find a clinical trial").first)
    taps.choose("Cancer", "bladder-cancer")
    taps.type("Place", "02115")
    taps.on(phone.get_by_role("button", name="Find trials"))
    expect(phone.get_by_role("link", name=REGISTER)).to_be_visible()
    assert "city=Boston" in (phone.get_by_role("link", name=REGISTER).get_attribute("href") or "")
    assert taps.number <= TRIAL and fits(phone)


def test_a_trial_near_boston_by_the_search(phone):
    phone.goto("/search/?q=trial+near+boston+for+bladder+cancer")
    phone.get_by_role("link", name="Find clinical trials for bladder cancer near Boston, Massachusetts").click()
    link = phone.get_by_role("link", name=REGISTER).get_attribute("href") or ""
    assert "cond=Bladder%20Cancer" in link and "city=Boston" in link and fits(phone)


def test_a_town_of_many_is_one_more_tap(phone):
    phone.goto("/trials/?cancer=bladder-cancer&place=Springfield")
    assert fits(phone)
    taps = Taps(phone)
    taps.on(phone.get_by_role("link", name="Springfield, Illinois"))
    expect(phone.get_by_role("link", name=REGISTER)).to_be_visible()


def test_a_sheet_by_touch(phone):
    taps = Taps(phone)
    taps.on(phone.get_by_role("link", name="Make a sheet for your next visit"))
    taps.choose("Your cancer", "bladder-cancer")
    taps.choose("A therapy you want to talk about", "pembrolizumab")
    taps.on(phone.get_by_role("button", name="Make my sheet"))
    expect(phone.get_by_role("heading", name="Questions to ask about bladder cancer")).to_be_visible()
    assert taps.number <= SHEET and fits(phone)


# By keyboard ---------------------------------------------------------------------------------


def reach(page: Page, name: str, most: int = 150) -> None:
    """Press Tab until what is focused is called so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        called = page.evaluate(
            "document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText || ''"
        )
        value = page.evaluate("document.activeElement.value || ''")
        if name in (called.partition("\xa0")[0].strip(), value):  # a link tells where it leads, too
            return
    pytest.fail(f"Tab never comes to “{name}”")


def test_a_trial_near_boston_by_keyboard(visitor):
    visitor.goto("/")
    reach(visitor, "Find a clinical trial")
    visitor.keyboard.press("Enter")
    expect(visitor).to_have_url(re.compile("/trials/$"))
    reach(visitor, "Cancer")
    visitor.keyboard.type("Bladder")
    reach(visitor, "Place")
    visitor.keyboard.type("Boston, MA")
    visitor.keyboard.press("Enter")
    link = visitor.get_by_role("link", name=REGISTER)
    expect(link).to_be_visible()
    assert "cond=Bladder%20Cancer" in (link.get_attribute("href") or "")
    reach(visitor, "Open this search at ClinicalTrials.gov")


def test_a_sheet_by_keyboard(visitor):
    visitor.goto("/")
    reach(visitor, "Make a sheet for your next visit")
    visitor.keyboard.press("Enter")
    expect(visitor).to_have_url(re.compile("/my-visit/$"))
    reach(visitor, "Your cancer")
    visitor.keyboard.type("Bladder")
    reach(visitor, "A therapy you want to talk about")
    visitor.keyboard.type("Pembro")
    reach(visitor, "Make my sheet")
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("For my visit: Bladder cancer")


def test_what_asks_back_and_what_is_filled_in_is_accessible(visitor):
    found = []
    for address in (
        "/trials/?cancer=bladder-cancer&place=Springfield",
        "/trials/?cancer=bladder-cancer&place=Portland",
        "/trials/?cancer=bladder-cancr&place=Bostn",
        "/search/?q=BRCA+mutation",
        "/search/?q=compare+keytruda+opdivo",
        "/therapies/?cancer=anal-cancer&family=oncolytic-virus",
        "/about/freshness/",
    ):
        visitor.goto(address)
        found += [f"{address}: {fault}" for fault in axe.violations(visitor)]
    assert found == []
