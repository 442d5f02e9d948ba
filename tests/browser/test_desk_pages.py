"""The staff's pages: open to everybody who works there, and each role finds its work."""

import pytest
from django.contrib import admin
from playwright.sync_api import expect

from .axe import WCAG, violations
from .conftest import PHONE, sign_in
from .desk import press

pytestmark = pytest.mark.browser

#: Faults of Django's own markup, by name. Nothing of ours may be added here.
DJANGO = (".select2-selection--multiple > ul",)  # select2 puts the button that clears all into the list of choices

LISTS = (
    "faq/question/",
    "therapies/therapy/",
    "therapies/indication/",
    "therapies/approvalevent/",
    "therapies/therapyfact/",
    "publishing/source/",
)
#: Forms of the admin in which somebody begins with nothing.
EMPTY = ("faq/question/", "therapies/therapy/", "publishing/source/")
DESK = ("", "record/", "record/?by-hand", "facts/new/", "inbox/", "sentences/", "files/", "watch/", "gaps/", "export/")


def check(page):
    page.emulate_media(color_scheme="light", reduced_motion="reduce")  # no colour is halfway when it is measured
    page.wait_for_load_state("networkidle")
    assert violations(page, tags=WCAG, without=DJANGO) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, tags=WCAG, without=DJANGO) == [], "in the dark"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_signing_in_breaks_no_rule_of_accessibility(visitor):
    visitor.goto("/admin/")
    check(visitor)
    sign_in(visitor, "nobody", "a wrong password")
    expect(visitor.locator(".errornote")).to_be_visible()
    check(visitor)


@pytest.mark.parametrize("name", ["editor", "reviewer", "fda", "admin"])
def test_the_first_page_breaks_no_rule_of_accessibility(staff, name):
    page = staff(name)
    page.goto("/admin/")
    check(page)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_breaks_no_rule_of_accessibility(staff, address):
    page = staff("admin")
    page.goto(f"/admin/{address}")
    check(page)


def test_every_list_fits_a_phone(staff):
    page = staff("admin", viewport=PHONE)
    wide = []
    for model in admin.site._registry:
        page.goto(f"/admin/{model._meta.app_label}/{model._meta.model_name}/")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(model.__name__)
    assert wide == []


@pytest.mark.parametrize("address", LISTS)
def test_a_form_breaks_no_rule_of_accessibility(staff, address):
    page = staff("admin")
    page.goto(f"/admin/{address}")
    page.locator("#result_list tbody th a").first.click()
    check(page)


@pytest.mark.parametrize("kind", EMPTY)
def test_an_empty_form_and_its_errors_break_no_rule_on_a_phone(staff, kind):
    page = staff("admin", viewport=PHONE)
    page.goto(f"/admin/{kind}add/")
    page.locator("[type=submit][name^=_]").first.click()
    expect(page.locator(".errornote")).to_be_visible()
    check(page)


#: Lists that are there only while other journeys on this database left something open.
OF_JOURNEYS = {
    "Waiting for a reviewer",
    "Comments to answer",
    "Sentences that may no longer be true",
    "Your changes, waiting for a second person",
}


def test_each_role_is_greeted_with_its_work(staff):
    texts = ["To review and publish", "Your drafts"]
    facts = ["FDA’s goal dates", "FDA’s sources not checked lately", "Changes to confirm"]
    work = {
        "editor": ["Your drafts"],
        "reviewer": texts,
        "fda": facts,
        "admin": [*texts, *facts],
    }
    for name, titles in work.items():
        page = staff(name)
        page.goto("/admin/")
        expect(page.locator(".greeting")).to_contain_text(f"Good to see you, {name}.")
        shown = page.locator(".work-list h2").evaluate_all("hs => hs.map(h => h.firstChild.textContent.trim())")
        assert [title for title in shown if title not in OF_JOURNEYS] == titles, name


def test_search_finds_a_therapy_by_its_brand(staff):
    page = staff("fda")
    page.goto("/admin/therapies/therapy/")
    page.locator("#searchbar").fill("keytruda")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#result_list tbody th")).to_have_text(["pembrolizumab"])


def test_the_dark_look_can_be_chosen_on_a_light_device(staff):
    page = staff("editor", color_scheme="light", reduced_motion="reduce")
    page.goto("/admin/")
    page.locator("button.theme-toggle").click()  # automatic, then dark
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("button.theme-toggle").click()
    assert dark != page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert violations(page, tags=WCAG, without=DJANGO) == []


@pytest.mark.parametrize("address", ["schedule/", "publishing/auditentry/", "publishing/picture/add/"])
def test_a_page_of_ours_breaks_no_rule_of_accessibility(staff, address):
    page = staff("admin")
    page.goto(f"/admin/{address}")
    check(page)


@pytest.mark.parametrize("address", DESK)
def test_the_desk_of_fda_data_breaks_no_rule_of_accessibility(staff, address):
    page = staff("fda", viewport=PHONE)
    page.goto(f"/desk/{address}")
    check(page)


@pytest.mark.parametrize("kind", ["indication", "approvalevent", "therapyfact"])
def test_what_is_corrected_at_the_desk_breaks_no_rule_of_accessibility(staff, kind):
    page = staff("fda", viewport=PHONE)
    page.goto(f"/admin/therapies/{kind}/")
    page.get_by_role("link", name="Open under FDA data").first.click()
    check(page)
    press(page, "Propose this change")
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)


def test_a_list_is_put_in_order_by_keys_alone_and_the_focus_stays_on_the_row(staff):
    page = staff("editor")
    page.set_viewport_size(PHONE)
    page.goto("/admin/faq/topic/")
    first, second, third = page.locator("#result_list tbody th").all_inner_texts()[:3]
    page.get_by_role("button", name=f"Move down “{first}”", exact=True).focus()
    for number, expected in ((2, [second, first, third]), (3, [second, third, first])):
        page.keyboard.press("Enter")
        expect(page.locator(".messagelist")).to_contain_text(f"“{first}” is number {number} now.")
        expect(page.get_by_role("button", name=f"Move down “{first}”", exact=True)).to_be_focused()
        assert page.locator("#result_list tbody th").all_inner_texts()[:3] == expected
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name=f"Move up “{first}”", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"Move up “{first}”", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text(f"“{first}” is number 1 now.")
    check(page)
