"""One of FDA's files: read with progress, accepted, confirmed by somebody else, and undone with a reason."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import fda_files as files

from .axe import violations
from .desk import CONFIRM, press, told

pytestmark = pytest.mark.browser
SIMILAR = {"name": "bevacizumab-zzzz", "licence": "351(k) Biosimilar", "reference": "bevacizumab"}
BOOK = files.purple_book(
    files.keytruda(),
    files.product(number="769999", brand="Newsimilar", approved="1-Jan-25", **SIMILAR),
    files.product(number="769998", brand="Newmab", name="ivonescimab-abcd", approved="2-Jan-25"),
    files.keytruda(number="wrong"),
)


def choose_file(page: Page, data: bytes) -> None:
    page.goto("/desk/files/")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "purple.csv", "mimeType": "text/csv", "buffer": data}
    )


def looked_at(page: Page, name: str) -> None:
    """Pictures for a person, where a folder is named; and no page scrolls sideways."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def keeps_the_rules(page: Page, name: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.reload()  # colours fade into each other
        assert violations(page) == [], (name, scheme)
        looked_at(page, f"{name}-{scheme}")


def test_a_file_is_read_accepted_confirmed_and_undone(staff, visitor):
    data_editor, admin = staff("fda", java_script_enabled=False), staff("admin")
    watched = staff("fda")
    choose_file(data_editor, b"one,two\n1,2\n")
    press(data_editor, "Upload and compare")
    expect(data_editor.get_by_role("alert")).to_contain_text("expected")

    choose_file(data_editor, BOOK)
    press(data_editor, "Upload and compare")
    data_editor.wait_for_url(re.compile(r"/desk/files/\d+/"))
    expect(data_editor.locator(".about-file")).to_contain_text("purple.csv")
    watched.goto("/desk/files/")
    keeps_the_rules(watched, "files")
    watched.goto(data_editor.url)
    keeps_the_rules(watched, "new-therapy")
    watched.goto(data_editor.url + "?bucket=new application or form")
    keeps_the_rules(watched, "batch")

    watched.get_by_role("button", name="Accept all 1").click()
    expect(watched.locator("#content")).to_contain_text("Biosimilar")
    expect(watched.locator(".warnings")).to_contain_text("1 row of the file couldn’t be read")
    for width in (1280, 360):
        watched.set_viewport_size({"width": width, "height": 900})
        assert violations(watched) == []
        looked_at(watched, "accept")
    data_editor.get_by_role("link", name="New application or form (1, 1 open)").click()
    data_editor.get_by_label("Newsimilar").check()
    press(data_editor, "Accept selected rows")
    expect(told(data_editor)).to_contain_text("1 row accepted: 1 fact entered. Readers won’t see any of it")
    visitor.goto("/therapies/bevacizumab/")
    expect(visitor.locator("main")).not_to_contain_text("Newsimilar")

    address = data_editor.locator(".state a").get_attribute("href")
    admin.goto(address)
    press(admin, CONFIRM)
    expect(told(admin)).to_contain_text("Readers see it now.")
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("Newsimilar")

    data_editor.reload()
    data_editor.get_by_text("Undo the whole batch").click()
    expect(data_editor.locator(".undo")).to_contain_text("1 of them is confirmed, so readers see it.")
    data_editor.locator(".undo").get_by_label("Reason").press("Enter")
    expect(data_editor.get_by_role("alert")).to_contain_text("Say why")
    data_editor.get_by_text("Undo the whole batch").click()
    data_editor.locator(".undo").get_by_label("Reason").fill("The file was cut short.")
    press(data_editor, "Undo the batch")
    expect(told(data_editor)).to_contain_text("For 1 already public, the opposite is now pending")
    watched.goto(data_editor.url)
    keeps_the_rules(watched, "undone")
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("Newsimilar")

    admin.goto("/desk/inbox/?by=fda&q=Newsimilar")
    admin.locator(".facts").get_by_role("link", name=re.compile("^Remove .*Newsimilar")).click()
    expect(admin.locator(".check")).to_contain_text("The file was cut short.")
    press(admin, CONFIRM)
    visitor.reload()
    expect(visitor.locator("main")).not_to_contain_text("Newsimilar")
