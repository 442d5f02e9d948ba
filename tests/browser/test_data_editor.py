"""An FDA data editor's desk: a notice is pasted, entered, confirmed by somebody else, and its use later withdrawn."""

import os
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .axe import violations
from .desk import CONFIRM, SUBMIT, entered, press, told
from .test_recording import numbers

pytestmark = pytest.mark.browser

NOTICE = """FDA approves naxitamab-gqgk for glioblastoma
On May 27, 2026, the Food and Drug Administration granted accelerated approval to naxitamab-gqgk (Danyelza, Y-mAbs \
Therapeutics) for adult patients with relapsed or refractory glioblastoma after two or more lines of systemic therapy.
05/27/2026
https://www.fda.gov/drugs/a-notice-of-a-test?utm_medium=email"""
SETTING = "Adult patients with relapsed or refractory glioblastoma"


def test_drafts_of_a_closed_tab_are_brought_back_with_the_use_that_was_chosen(staff):
    tab = staff("fda")
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
    data_editor = staff("fda")
    data_editor.goto("/desk/record/?therapy=Danyelza")
    chosen = data_editor.get_by_role("radio", name=re.compile("Neuroblastoma")).first
    data_editor.route("**/desk/record/", lambda route: (chosen.check(), route.continue_()))
    with data_editor.expect_response("**/desk/record/"):
        data_editor.get_by_label("Cancer", exact=True).fill("Glioblastoma")
        data_editor.get_by_label("Cancer", exact=True).press("Tab")
    data_editor.wait_for_timeout(300)  # a swap would come now
    expect(chosen).to_be_checked()

    data_editor.unroute("**/desk/record/")
    data_editor.context.set_offline(True)
    data_editor.get_by_label("Cancer", exact=True).fill("Melanoma")
    data_editor.get_by_label("Cancer", exact=True).press("Tab")
    expect(data_editor.locator(".recorded-uses [role=status]")).to_contain_text("couldn’t look this up")
    expect(chosen).to_be_checked()
    noise.clear()  # the browser says that it is offline


def confirm_first(admin: Page, data_editor: Page) -> None:
    admin.goto(entered(data_editor))
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


def test_a_pasted_notice_is_entered_confirmed_seen_and_withdrawn(staff, visitor):
    data_editor, admin = staff("fda"), staff("admin")
    before = numbers(visitor)
    data_editor.goto("/desk/record/")
    assert violations(data_editor) == []
    looked_at(data_editor, "begin")
    start = time.monotonic()
    data_editor.get_by_label("FDA’s notice", exact=True).fill(NOTICE)
    press(data_editor, "Read the notice")
    expect(data_editor.get_by_label("Therapy", exact=True)).to_have_value("naxitamab")
    expect(data_editor.get_by_label("Cancer", exact=True)).to_have_value("Glioblastoma")
    expect(data_editor.get_by_label("Date", exact=True)).to_have_value("2026-05-27")
    expect(data_editor.get_by_label("Address of the page", exact=True)).to_have_value(
        "https://www.fda.gov/drugs/a-notice-of-a-test"
    )
    expect(data_editor.locator(".draft")).to_contain_text("read from: “granted accelerated approval to”")
    assert violations(data_editor) == []
    looked_at(data_editor, "read")
    press(data_editor, SUBMIT)
    expect(data_editor.get_by_role("alert")).to_contain_text("Compare the fields with FDA’s notice")
    looked_at(data_editor, "refused")
    expect(data_editor.get_by_label("I compared every field")).to_be_focused()
    data_editor.get_by_label("I compared every field").check()
    press(data_editor, SUBMIT)
    expect(data_editor.locator(".state-of-text")).to_contain_text("Readers won’t see it until a second person")
    print(f"paste to entered: {time.monotonic() - start:.1f} s")
    assert violations(data_editor) == []
    looked_at(data_editor, "entered")
    assert numbers(visitor) == before

    confirm_first(admin, data_editor)
    assert numbers(visitor)["approved uses"] == before["approved uses"] + 1
    visitor.goto("/therapies/naxitamab/")
    expect(visitor.locator("main")).to_contain_text(SETTING)

    data_editor.goto("/desk/record/?therapy=Danyelza&kind=withdrawn&date=2026-08-01")
    data_editor.get_by_role("radio", name=re.compile(SETTING)).check()
    data_editor.get_by_label("Address of the page", exact=True).fill("https://www.fda.gov/drugs/a-notice-of-a-test")
    data_editor.get_by_label("Reason", exact=True).fill("The further study did not confirm the benefit.")
    data_editor.get_by_label("I compared every field").check()
    press(data_editor, SUBMIT)
    confirm_first(admin, data_editor)
    after = numbers(visitor)
    assert after["approved uses"] == before["approved uses"]
    assert after["uses withdrawn"] == before["uses withdrawn"] + 1
    visitor.goto("/therapies/naxitamab/")
    expect(visitor.locator("main")).to_contain_text("Withdrawn")
    expect(visitor.locator("main")).to_contain_text(SETTING)
