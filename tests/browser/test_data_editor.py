"""A registrar's desk: a notice is pasted, recorded, confirmed by somebody else, and later withdrawn."""

import os
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .axe import violations
from .desk import press, told
from .test_recording import CONFIRM, numbers

pytestmark = pytest.mark.browser

NOTICE = """FDA approves naxitamab-gqgk for glioblastoma
On May 27, 2026, the Food and Drug Administration granted accelerated approval to naxitamab-gqgk (Danyelza, Y-mAbs \
Therapeutics) for adult patients with relapsed or refractory glioblastoma after two or more lines of systemic therapy.
05/27/2026
https://www.fda.gov/drugs/a-notice-of-a-test?utm_medium=email"""
SETTING = "Adult patients with relapsed or refractory glioblastoma"


def test_drafts_of_a_closed_tab_are_brought_back_with_the_use_that_was_chosen(staff):
    tab = staff("registrar")
    tab.goto("/desk/record/")
    tab.get_by_label("FDA’s notice", exact=True).fill(NOTICE)
    press(tab, "Read the notice")
    tab.get_by_role("radio", name=re.compile("Neuroblastoma")).first.check()
    tab.get_by_label("Setting", exact=True).fill("Nearly lost")
    tab.close(run_before_unload=False)

    tab = tab.context.new_page()
    tab.goto("/desk/record/")
    tab.get_by_text("See what differs").click()
    expect(tab.locator(".kept dl")).to_contain_text("Nearly lost")
    expect(tab.locator(".kept dl")).to_contain_text("Which use of naxitamab?")
    tab.get_by_role("button", name="Bring them back").click()
    expect(tab.get_by_label("Setting", exact=True)).to_have_value("Nearly lost")
    expect(tab.get_by_role("radio", name=re.compile("Neuroblastoma")).first).to_be_checked()
    expect(tab.locator(".kept")).to_have_count(0)


def test_what_is_chosen_while_the_script_looks_stays_and_a_lost_connection_is_told(staff, noise):
    registrar = staff("registrar")
    registrar.goto("/desk/record/?therapy=Danyelza")
    chosen = registrar.get_by_role("radio", name=re.compile("Neuroblastoma")).first
    registrar.route("**/desk/record/", lambda route: (chosen.check(), route.continue_()))
    with registrar.expect_response("**/desk/record/"):
        registrar.get_by_label("Cancer", exact=True).fill("Glioblastoma")
        registrar.get_by_label("Cancer", exact=True).press("Tab")
    registrar.wait_for_timeout(300)  # a swap would come now
    expect(chosen).to_be_checked()

    registrar.unroute("**/desk/record/")
    registrar.context.set_offline(True)
    registrar.get_by_label("Cancer", exact=True).fill("Melanoma")
    registrar.get_by_label("Cancer", exact=True).press("Tab")
    expect(registrar.locator(".recorded-uses [role=status]")).to_contain_text("could not be looked up")
    expect(chosen).to_be_checked()
    noise.clear()  # the browser says that it is offline


def confirm_first(admin: Page, registrar: Page) -> None:
    admin.goto(registrar.locator("#content-main li a").first.get_attribute("href") or "")
    press(admin, CONFIRM)
    expect(told(admin)).to_contain_text("Readers see it now.")


def looked_at(page: Page, name: str) -> None:
    """Pictures for a person, where a folder is named."""
    if folder := os.environ.get("PICTURES"):
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.set_viewport_size({"width": 1280, "height": 900})


def test_a_pasted_notice_is_recorded_confirmed_seen_and_withdrawn(staff, visitor):
    registrar, admin = staff("registrar"), staff("admin")
    before = numbers(visitor)
    registrar.goto("/desk/record/")
    assert violations(registrar) == []
    looked_at(registrar, "begin")
    start = time.monotonic()
    registrar.get_by_label("FDA’s notice", exact=True).fill(NOTICE)
    press(registrar, "Read the notice")
    expect(registrar.get_by_label("Therapy", exact=True)).to_have_value("naxitamab")
    expect(registrar.get_by_label("Cancer", exact=True)).to_have_value("Glioblastoma")
    expect(registrar.get_by_label("Date", exact=True)).to_have_value("2026-05-27")
    expect(registrar.get_by_label("Address of the page", exact=True)).to_have_value(
        "https://www.fda.gov/drugs/a-notice-of-a-test"
    )
    expect(registrar.locator(".draft")).to_contain_text("read from: “granted accelerated approval to”")
    assert violations(registrar) == []
    looked_at(registrar, "read")
    press(registrar, "Record for a second person to confirm")
    expect(registrar.get_by_role("alert")).to_contain_text("Compare the fields with FDA’s notice")
    looked_at(registrar, "refused")
    expect(registrar.get_by_label("I compared every field")).to_be_focused()
    registrar.get_by_label("I compared every field").check()
    press(registrar, "Record for a second person to confirm")
    expect(registrar.locator(".state-of-text")).to_contain_text("Readers see nothing of it until a second person")
    print(f"paste to recorded: {time.monotonic() - start:.1f} s")
    assert violations(registrar) == []
    looked_at(registrar, "recorded")
    assert numbers(visitor) == before

    confirm_first(admin, registrar)
    assert numbers(visitor)["approved uses"] == before["approved uses"] + 1
    visitor.goto("/therapies/naxitamab/")
    expect(visitor.locator("main")).to_contain_text(SETTING)

    registrar.goto("/desk/record/?therapy=Danyelza&kind=withdrawn&date=2026-08-01")
    registrar.get_by_role("radio", name=re.compile(SETTING)).check()
    registrar.get_by_label("Address of the page", exact=True).fill("https://www.fda.gov/drugs/a-notice-of-a-test")
    registrar.get_by_label("Reason", exact=True).fill("The further study did not confirm the benefit.")
    registrar.get_by_label("I compared every field").check()
    press(registrar, "Record for a second person to confirm")
    expect(registrar.locator(".state-of-text")).to_contain_text("Recorded.")
    confirm_first(admin, registrar)
    after = numbers(visitor)
    assert after["approved uses"] == before["approved uses"]
    assert after["uses withdrawn"] == before["uses withdrawn"] + 1
    visitor.goto("/therapies/naxitamab/")
    expect(visitor.locator("main")).to_contain_text("Withdrawn")
    expect(visitor.locator("main")).to_contain_text(SETTING)
