"""A visitor's day: finding a therapy, reading the record of a past day, getting about by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE, Site

pytestmark = pytest.mark.browser


def listed(page: Page) -> list[str]:
    page.wait_for_load_state()  # the address is there before the list is
    return page.locator("#results h3 a").all_text_contents()


def said(page: Page) -> str:
    return page.locator("#said").inner_text()


# Finding a therapy for a cancer ------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_visitor_finds_a_therapy_for_a_cancer_from_the_home_page(open_browser, script):
    visitor = open_browser(java_script_enabled=script)
    visitor.goto("/")
    visitor.get_by_label("Start with a cancer").select_option("merkel-cell-carcinoma")
    visitor.get_by_role("button", name="Show").first.click()
    expect(visitor).to_have_url(re.compile(r"/cancers/merkel-cell-carcinoma/$"))
    visitor.get_by_role("link", name=re.compile("avelumab", re.I)).first.click()
    expect(visitor).to_have_url(re.compile(r"/therapies/avelumab/$"))
    expect(visitor.get_by_role("heading", level=1)).to_contain_text(re.compile("avelumab", re.I))
    expect(visitor.locator("main").get_by_text("Merkel cell carcinoma").first).to_be_visible()


def test_the_filters_work_without_javascript(open_browser):
    visitor = open_browser(java_script_enabled=False)
    visitor.goto("/therapies/")
    whole = len(listed(visitor))
    visitor.get_by_label("Cancer", exact=True).select_option("melanoma")
    visitor.get_by_label("Type", exact=True).select_option("immunomodulator")
    visitor.locator("#filters").get_by_role("button", name="Show").click()
    expect(visitor).to_have_url(re.compile("cancer=melanoma.*family=immunomodulator"))
    assert 0 < len(listed(visitor)) < whole
    assert "for melanoma" in said(visitor)


def test_results_and_address_follow_the_filters_at_once(visitor):
    visitor.goto("/therapies/")
    whole = len(listed(visitor))
    visitor.evaluate("document.body.dataset.same = 'yes'")
    cancer = visitor.get_by_label("Cancer", exact=True)
    cancer.evaluate("field => { field.focus(); field.dataset.same = 'yes' }")
    cancer.select_option("melanoma")
    expect(visitor).to_have_url(re.compile("cancer=melanoma"))
    expect(visitor.locator("#said")).to_contain_text("for melanoma")
    # Spoken: the sentence above the list, in a place that stays. Not spoken again: the field that has the focus.
    expect(visitor.get_by_role("status").filter(has_text="approved for melanoma")).to_have_text(said(visitor))
    expect(cancer).to_have_attribute("data-same", "yes")
    of_melanoma = listed(visitor)
    assert 0 < len(of_melanoma) < whole
    visitor.get_by_label("Brand or drug name").press_sequentially("nivo")
    expect(visitor).to_have_url(re.compile("q=nivo"))
    expect(visitor.locator("#results h3 a").first).to_have_text(re.compile("nivolumab", re.I))
    assert len(listed(visitor)) < len(of_melanoma)
    assert visitor.locator("body").get_attribute("data-same") == "yes", "no page was loaded anew"
    assert visitor.url.count("cancer=") == 1


def test_counts_beside_the_choices_say_how_many_therapies_they_leave(visitor):
    visitor.goto("/therapies/?cancer=melanoma")
    choice = visitor.locator("#id_family option[value='immunomodulator']").inner_text()
    visitor.get_by_label("Type", exact=True).select_option("immunomodulator")
    expect(visitor).to_have_url(re.compile("family=immunomodulator"))
    expect(visitor.locator("#said")).to_contain_text("of the type")
    assert choice.endswith(f"({len(listed(visitor))})")


def test_back_returns_to_the_list_and_the_form_before(visitor):
    visitor.goto("/therapies/?q=pembro")
    visitor.get_by_label("Brand or drug name").fill("nivo")
    expect(visitor).to_have_url(re.compile("q=nivo"))
    expect(visitor.locator("#results h3 a").first).to_have_text(re.compile("nivolumab", re.I))
    visitor.get_by_label("Cancer", exact=True).select_option("melanoma")
    expect(visitor).to_have_url(re.compile("cancer=melanoma"))
    expect(visitor.locator("#said")).to_contain_text("for melanoma")
    visitor.go_back()
    expect(visitor).to_have_url(re.compile("q=nivo"))
    expect(visitor.locator("#said")).not_to_contain_text("for melanoma")
    expect(visitor.get_by_label("Brand or drug name")).to_have_value("nivo")
    expect(visitor.get_by_label("Cancer", exact=True)).to_have_value("")
    visitor.wait_for_load_state()
    visitor.go_back()
    expect(visitor.locator("#results h3 a").first).to_have_text(re.compile("pembrolizumab", re.I))
    expect(visitor.get_by_label("Brand or drug name")).to_have_value("pembro")


def test_arrow_keys_in_a_filter_are_one_step_back(visitor):
    visitor.goto("/therapies/?q=mab")
    entries = visitor.evaluate("history.length")
    cancer = visitor.get_by_label("Cancer", exact=True)
    cancer.focus()
    for number in range(1, 4):
        wanted = cancer.locator("option").nth(number).get_attribute("value")
        visitor.keyboard.press("ArrowDown")
        expect(visitor).to_have_url(re.compile(f"cancer={wanted}(&|$)"))
        expect(cancer).to_be_focused()
    assert visitor.evaluate("history.length") == entries + 1
    visitor.keyboard.press("Tab")
    visitor.keyboard.press("ArrowDown")  # another filter
    expect(visitor).to_have_url(re.compile("family=[a-z]"))
    assert visitor.evaluate("history.length") == entries + 2
    visitor.wait_for_load_state()
    visitor.go_back()
    expect(visitor).to_have_url(re.compile(f"cancer={wanted}&family=&"))
    expect(cancer).to_have_value(wanted)
    visitor.wait_for_load_state()
    visitor.go_back()
    expect(visitor).to_have_url(re.compile(r"\?q=mab$"))
    expect(cancer).to_have_value("")


def test_quick_arrow_keys_whose_lists_are_never_seen_leave_the_list_before_in_the_history(visitor, noise):
    visitor.goto("/therapies/?q=mab")
    entries = visitor.evaluate("history.length")
    visitor.get_by_label("Cancer", exact=True).focus()
    for _ in range(5):
        visitor.keyboard.press("ArrowDown")
    visitor.keyboard.press("Tab")
    expect(visitor.locator("#said")).to_contain_text(" for ")
    visitor.wait_for_load_state("networkidle")
    assert visitor.evaluate("history.length") == entries + 1
    visitor.go_back()
    expect(visitor).to_have_url(re.compile(r"\?q=mab$"))
    noise[:] = [one for one in noise if ": htmx:" not in one]  # which says that it was told to stop asking


def test_back_from_a_therapy_returns_to_the_filtered_list(visitor):
    visitor.goto("/therapies/")
    visitor.get_by_label("Cancer", exact=True).select_option("melanoma")
    expect(visitor.locator("#said")).to_contain_text("for melanoma")
    before = listed(visitor)
    visitor.locator("#results h3 a").first.click()
    expect(visitor.locator("#said")).to_have_count(0)
    visitor.go_back()
    expect(visitor.locator("#said")).to_contain_text("for melanoma")
    assert listed(visitor) == before
    expect(visitor.get_by_label("Cancer", exact=True)).to_have_value("melanoma")


def test_an_empty_list_offers_a_wider_search(visitor):
    visitor.goto("/therapies/?cancer=melanoma&family=cancer-vaccine")
    assert listed(visitor) == []
    visitor.get_by_role("link", name=re.compile("^Remove filter")).first.click()
    expect(visitor.locator("#results h3 a").first).to_be_visible()


def test_a_test_result_leads_to_its_page(visitor):
    visitor.goto("/")
    visitor.get_by_label("Start with a test result").select_option("pd-l1")
    visitor.locator(".door", has_text="Start with a test result").get_by_role("button").click()
    expect(visitor).to_have_url(re.compile("/biomarkers/pd-l1/$"))


def test_a_name_leads_to_its_page_from_every_page(visitor):
    visitor.goto("/faq/types/")
    search = visitor.get_by_label("Search this site")
    search.fill("keytruda")
    search.press("Enter")
    visitor.locator(".best a").first.click()
    expect(visitor).to_have_url(re.compile("/therapies/pembrolizumab/$"))


def test_a_page_tells_how_to_cite_it_with_the_day(visitor):
    visitor.goto("/therapies/pembrolizumab/")
    visitor.get_by_role("link", name="Cite", exact=True).click()
    expect(visitor.locator("#cite")).to_be_visible()
    for style in ("APA", "AMA", "Vancouver"):
        expect(visitor.locator("#cite")).to_contain_text(style)
    expect(visitor.locator("#cite")).to_contain_text("/therapies/pembrolizumab/")


def test_the_end_of_the_home_page_shares_it_and_says_so_there(open_browser):
    visitor = open_browser(permissions=["clipboard-read", "clipboard-write"])
    visitor.goto("/")
    visitor.get_by_role("link", name="Share this page").click()
    expect(visitor.locator(".share")).to_contain_text("Link copied.")
    assert visitor.evaluate("navigator.clipboard.readText()") == visitor.url


def test_heading_citation_and_what_is_shared_follow_the_filters(open_browser):
    visitor = open_browser(permissions=["clipboard-read", "clipboard-write"])
    visitor.goto("/therapies/")
    visitor.get_by_label("Cancer", exact=True).select_option("melanoma")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Therapies for melanoma")
    expect(visitor).to_have_title(re.compile("^Therapies for melanoma"))
    visitor.get_by_role("link", name="Share", exact=True).click()
    expect(visitor.locator(".tools")).to_contain_text("Link copied.")
    assert visitor.evaluate("navigator.clipboard.readText()").endswith("/therapies/?cancer=melanoma")
    expect(visitor.locator("#cite")).to_contain_text("approved by FDA for melanoma")


def test_a_question_leads_to_its_answer(visitor):
    visitor.goto("/")
    visitor.get_by_label("Start with a question").select_option("types")
    visitor.get_by_role("button", name="Read").click()
    expect(visitor).to_have_url(re.compile("/faq/types/$"))


# The record of a past day --------------------------------------------------------------------


def test_the_catalogue_of_a_past_day_is_as_it_stood(visitor):
    visitor.goto("/therapies/")
    visitor.get_by_label("As of this date").fill("2019-02-28")
    expect(visitor).to_have_url(re.compile("on=2019-02-28"))
    expect(visitor.locator("#results")).to_contain_text("This is what was approved on that day")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Therapies approved by February 28, 2019")
    assert said(visitor).startswith("46 therapies approved")
    names = " ".join(listed(visitor)).lower()
    assert all(name in names for name in ("mogamulizumab", "moxetumomab pasudotox", "tagraxofusp"))
    assert "tebentafusp" not in names, "approved in 2022"
    visitor.get_by_role("link", name="Back to today").click()
    expect(visitor).to_have_url(re.compile("/therapies/$"))


def test_the_record_of_a_past_day_ends_with_that_day(visitor):
    visitor.goto("/approvals/")
    visitor.get_by_label("Through", exact=True).fill("2011-03-25")
    visitor.get_by_role("button", name="Show").click()
    expect(visitor.locator(".said")).to_contain_text("On March 25, 2011")
    days = visitor.locator("main .year time").evaluate_all("ts => ts.map(t => t.dateTime)")
    assert max(days) == "2011-03-25", "ipilimumab’s first approval"


def test_a_day_that_has_not_come_is_refused_with_a_sentence(open_browser):
    visitor = open_browser(java_script_enabled=False)
    assert visitor.goto("/approvals/?on=2999-01-01").status == 400
    expect(visitor.locator("main")).to_contain_text("This date is in the future")


# By keyboard ---------------------------------------------------------------------------------


def test_the_first_stop_of_the_keyboard_skips_to_the_text(visitor):
    visitor.goto("/cancers/")
    visitor.keyboard.press("Tab")
    skip = visitor.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    visitor.keyboard.press("Enter")
    expect(visitor).to_have_url(re.compile("#main$"))
    visitor.keyboard.press("Tab")
    assert visitor.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize(("width", "size"), [(PHONE["width"], "100%"), (320, "100%"), (PHONE["width"], "200%")])
def test_the_menu_of_a_phone_opens_below_its_button_and_closes_by_it_and_by_a_tap_outside(open_browser, width, size):
    visitor = open_browser(viewport=PHONE | {"width": width})
    visitor.goto("/")
    visitor.evaluate("size => document.documentElement.style.fontSize = size", size)
    menu = visitor.get_by_role("navigation", name="Main")
    button = visitor.get_by_role("button", name="Menu")
    button.click()
    expect(menu).to_be_visible()
    assert menu.bounding_box()["y"] >= button.bounding_box()["y"] + button.bounding_box()["height"]
    button.click()
    expect(menu).to_be_hidden()
    button.click()
    visitor.mouse.click(3, 3)
    expect(menu).to_be_hidden()


def test_a_tablet_has_the_whole_menu_in_one_row(open_browser):
    visitor = open_browser(viewport={"width": 768, "height": 900})
    visitor.goto("/faq/")
    lines = visitor.get_by_role("navigation", name="Main").get_by_role("listitem")
    assert lines.count() == 7 and len(set(lines.evaluate_all("ls => ls.map(l => l.offsetTop)"))) == 1


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(open_browser, script):
    visitor = open_browser(viewport=PHONE, java_script_enabled=script)
    visitor.goto("/")
    link = visitor.get_by_role("navigation", name="Main").get_by_role("link", name="Cancers")
    button = visitor.get_by_role("button", name="Menu")
    expect(link).to_be_hidden()
    button.focus()
    visitor.keyboard.press("Enter")
    expect(link).to_be_visible()
    visitor.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(button).to_be_focused()
    visitor.keyboard.press("Space")
    if script:
        visitor.locator("main a").first.focus()
        expect(link).to_be_hidden()  # not over what the keyboard has come to
        button.press("Space")
    for _ in range(5):  # the search and its button, what it is, therapies, cancers
        visitor.keyboard.press("Tab")
    expect(link).to_be_focused()
    visitor.keyboard.press("Enter")
    expect(visitor).to_have_url(re.compile("/cancers/$"))


def test_the_filters_of_a_phone_open_as_a_sheet_and_lead_back_to_the_list(open_browser):
    visitor = open_browser(viewport=PHONE)
    visitor.goto("/therapies/")
    cancer = visitor.get_by_label("Cancer", exact=True)
    expect(cancer).to_be_hidden()
    visitor.get_by_role("button", name="Search and filter").press("Enter")
    cancer.select_option("melanoma")
    expect(visitor.locator("#said")).to_contain_text("for melanoma")
    visitor.get_by_role("button", name="Show the list").press("Enter")
    expect(cancer).to_be_hidden()
    expect(visitor.locator("#results h3 a").first).to_be_in_viewport()


@pytest.mark.parametrize("address", ["/", "/therapies/", "/therapies/pembrolizumab/", "/immune/"])
def test_every_stop_of_the_keyboard_can_be_seen(visitor, address):
    visitor.goto(address)
    for _ in range(25):
        visitor.keyboard.press("Tab")
        seen = visitor.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
            // a date field has stops of its own inside, which the browser marks
            return e === document.body || e.type === 'date' || (b.width > 0 && s.outlineStyle !== 'none') }"""
        )
        assert seen, visitor.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_an_unknown_address_says_where_to_go(visitor, site: Site):
    assert visitor.goto("/no-such-page/").status == 404
    visitor.get_by_role("main").get_by_role("link", name="Find your cancer").click()
    expect(visitor).to_have_url(f"{site.address}/cancers/")


# A word that is not understood -----------------------------------------------------------


def test_a_word_is_explained_in_place_by_keyboard_and_without_javascript(open_browser):
    visitor = open_browser(java_script_enabled=False)
    visitor.goto("/faq/side-effects/")
    word = visitor.get_by_role("link", name="T-cell engager", exact=True)
    mark = visitor.get_by_role("button", name="What “T-cell engager” means")
    meaning = visitor.get_by_role("dialog", name="T-cell engager")
    word.focus()
    visitor.keyboard.press("Tab")
    expect(mark).to_be_focused()
    visitor.keyboard.press("Enter")
    expect(meaning).to_be_visible()
    expect(meaning.locator("p").first).to_be_focused()
    visitor.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    expect(mark).to_be_focused()
    visitor.keyboard.press("Enter")
    visitor.keyboard.press("Tab")
    visitor.keyboard.press("Tab")
    visitor.keyboard.press("Enter")  # Close
    expect(meaning).to_be_hidden()
    expect(mark).to_be_focused()
    visitor.keyboard.press("Enter")
    visitor.keyboard.press("Tab")
    visitor.keyboard.press("Enter")  # More
    expect(visitor).to_have_url(re.compile(r"/glossary/t-cell-engager/$"))


def test_no_line_of_a_meaning_is_out_of_reach_when_letters_are_twice_as_large(open_browser):
    visitor = open_browser(viewport=PHONE)
    visitor.goto("/therapies/pembrolizumab/")
    visitor.evaluate("document.documentElement.style.fontSize = '200%'")
    meanings = visitor.locator("dialog.meaning").all()
    for meaning in meanings:
        meaning.evaluate("meaning => meaning.showPopover()")
        assert meaning.bounding_box()["y"] >= 0
        meaning.evaluate("meaning => meaning.hidePopover()")
    assert len(meanings) > 10


def test_a_meaning_closes_with_a_tap_elsewhere_and_the_word_itself_leads_to_its_page(open_browser):
    visitor = open_browser(viewport=PHONE, has_touch=True)
    visitor.goto("/faq/side-effects/")
    visitor.get_by_role("button", name="What “T-cell engager” means").tap()
    meaning = visitor.get_by_role("dialog", name="T-cell engager")
    expect(meaning).to_be_in_viewport(ratio=1)
    visitor.touchscreen.tap(5, 5)
    expect(meaning).to_be_hidden()
    visitor.emulate_media(media="print")
    expect(visitor.locator(".means").first).to_be_hidden()
    visitor.emulate_media(media="screen")
    visitor.get_by_role("link", name="T-cell engager", exact=True).tap()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("T-cell engager")
