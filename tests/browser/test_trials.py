"""Two errands on a phone: a trial near Boston in four taps, and two therapies side by side."""

import re

import pytest
from playwright.sync_api import expect

from . import axe
from .conftest import PHONE

pytestmark = pytest.mark.browser


def test_a_trial_near_boston_is_four_taps_from_the_home_page(open_browser):
    visitor = open_browser(java_script_enabled=False, viewport=PHONE)
    visitor.goto("/")
    visitor.locator(".site-foot").get_by_role("link", name="Find a clinical trial").click()
    visitor.get_by_label("Cancer", exact=True).select_option("bladder-cancer")
    visitor.get_by_label("Place").fill("Boston")
    visitor.get_by_role("button", name="Find trials").click()
    expect(visitor.get_by_text("within 50 miles of Boston, Massachusetts").first).to_be_visible()
    link = visitor.get_by_role("link", name=re.compile("Open this search at ClinicalTrials.gov"))
    assert "cond=Bladder%20Cancer" in (link.get_attribute("href") or "")
    assert visitor.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_two_therapies_stand_side_by_side_and_axe_finds_nothing(open_browser):
    visitor = open_browser(viewport=PHONE)
    visitor.goto("/therapies/pembrolizumab/")
    visitor.get_by_role("link", name="Compare therapies").first.click()
    expect(visitor.get_by_text("Choose a second therapy to compare it with.")).to_be_visible()
    visitor.get_by_label("Second therapy").select_option("nivolumab")
    visitor.get_by_label("Your cancer, if you like").select_option("melanoma")
    visitor.get_by_role("button", name="Compare").click()
    expect(visitor.get_by_role("columnheader", name="Nivolumab")).to_be_attached()
    assert visitor.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert axe.violations(visitor) == []
    visitor.goto("/trials/?cancer=bladder-cancer&place=Atlantis")
    assert axe.violations(visitor) == []
