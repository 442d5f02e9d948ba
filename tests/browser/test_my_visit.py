"""A sheet for the doctor, and the grid of cancers and types, as a visitor uses them."""

import re

import pytest
from playwright.sync_api import expect

from .axe import violations
from .conftest import PHONE

pytestmark = pytest.mark.browser
TYPICAL = "/my-visit/?cancer=melanoma&therapy=pembrolizumab,ipilimumab&result=braf-v600"


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_sheet_for_the_doctor_takes_four_steps_from_the_home_page(open_browser, script):
    visitor = open_browser(java_script_enabled=script, viewport=PHONE)
    visitor.goto("/")
    visitor.get_by_role("link", name="Make a sheet for your next visit").click()
    visitor.get_by_label("Your cancer").select_option("melanoma")
    visitor.get_by_label("A therapy you want to talk about").select_option("pembrolizumab")
    visitor.get_by_role("button", name="Make my sheet").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("For my visit: Melanoma")
    expect(visitor).to_have_url(re.compile(r"/my-visit/$"))
    expect(visitor.get_by_role("button", name="Print or save as PDF")).to_be_visible(visible=script)
    assert visitor.context.cookies() == []


def test_words_that_are_too_long_stay_in_the_form(visitor):
    visitor.goto(TYPICAL)
    words = visitor.get_by_label("Your own questions")
    words.evaluate("field => { field.removeAttribute('maxlength'); field.value = 'why '.repeat(1000) }")
    visitor.get_by_role("button", name="Make my sheet").click()
    expect(visitor.get_by_role("alert")).to_contain_text("This is too long for the sheet")
    assert words.input_value().count("why") == 1000
    expect(visitor.get_by_label("Your cancer")).to_have_value("melanoma")
    words.fill("May I fly?")
    visitor.get_by_role("button", name="Make my sheet").click()
    expect(visitor.get_by_role("listitem").filter(has_text="May I fly?")).to_be_visible()
    expect(visitor.get_by_label("Your own questions")).to_have_value("May I fly?"), "nothing is lost below the sheet"


THREE = "/my-visit/?cancer=melanoma&therapy=pembrolizumab,tebentafusp,lifileucel&result=braf-v600"


@pytest.mark.parametrize("sheet", [TYPICAL, THREE], ids=["of one class", "of three classes"])
def test_a_sheet_prints_on_two_pages(visitor, sheet):
    visitor.goto(sheet)
    visitor.get_by_label("Your own questions").fill("May I fly?\nWhat about my thyroid?")
    visitor.get_by_role("button", name="Make my sheet").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("For my visit")
    for paper in ("A4", "Letter"):
        pages = len(re.findall(rb"/Type /Page\b", visitor.pdf(format=paper)))
        assert pages <= 2, paper
    visitor.emulate_media(media="print")
    expect(visitor.get_by_role("button", name="Make my sheet")).to_be_hidden()
    expect(visitor.get_by_text("Make this sheet again later")).to_be_hidden()


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/compare/?therapy=pembrolizumab&therapy=nivolumab&therapy=teclistamab&cancer=non-small-cell-lung-cancer", 2),
        ("/cancers/by-type/", 4),
    ],
)
def test_tables_stay_tables_on_paper(visitor, address, most):
    visitor.goto(address)
    for paper in ("A4", "Letter"):
        assert len(re.findall(rb"/Type /Page\b", visitor.pdf(format=paper))) <= most, paper
    visitor.set_viewport_size({"width": 700, "height": 900})  # of a sheet of paper
    visitor.emulate_media(media="print")
    assert visitor.locator("main table td").first.evaluate("cell => getComputedStyle(cell).display") == "table-cell"


def test_the_grid_leads_from_a_cell_to_its_list_by_keyboard(visitor):
    visitor.goto("/cancers/by-type/")
    cell = (
        visitor.get_by_role("row", name=re.compile("^Melanoma")).get_by_role("link", name=re.compile("approved")).first
    )
    name = cell.inner_text()
    cell.focus()
    visitor.keyboard.press("Enter")
    expect(visitor).to_have_url(re.compile("cancer=melanoma&family="))
    assert re.search(r"\d+", name)[0] in visitor.locator("#said").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desktop"])
def test_both_are_accessible_and_fit(open_browser, scheme, size):
    visitor = open_browser(viewport=size, color_scheme=scheme)
    found = []
    for address in ("/cancers/by-type/", "/cancers/by-type/?type=immunomodulator", TYPICAL, ""):
        if address:
            visitor.goto(address)
        else:
            visitor.get_by_role("button", name="Make my sheet").click()
            expect(visitor.get_by_role("heading", level=1)).to_contain_text("For my visit")
        found += [f"{address}: {fault}" for fault in violations(visitor)]
        wide = visitor.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{address}: {wide} px too wide"] if wide > 0 else []
    assert found == []
