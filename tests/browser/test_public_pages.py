"""Every kind of public page is open to everybody: by axe's rules, on a narrow phone, in the dark, and without noise."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from .axe import violations
from .conftest import PHONE, WIDE

pytestmark = pytest.mark.browser

#: One page of each public template, and the status that it answers.
PAGES = {
    "/": 200,
    "/therapies/": 200,
    "/therapies/pembrolizumab/": 200,
    "/therapies/olaratumab/": 200,  # withdrawn
    "/therapies/types/": 200,
    "/therapies/types/immunomodulator/": 200,
    "/therapies/types/checkpoint-inhibitor/": 200,
    "/cancers/": 200,
    "/cancers/bladder-cancer/": 200,
    "/biomarkers/": 200,
    "/biomarkers/pd-l1/": 200,
    "/approvals/": 200,
    "/faq/": 200,
    "/faq/types/": 200,
    "/know/": 200,
    "/know/always-mild/": 200,
    "/immune/": 200,
    "/immune/antibodies/": 200,
    "/immune/spleen/": 200,
    "/glossary/": 200,
    "/glossary/?q=no-such-word": 200,
    "/glossary/cytokine-release-syndrome/": 200,
    "/take-part/": 200,
    "/about/": 200,
    "/about/freshness/": 200,
    "/data/": 200,
    "/data/api/": 200,
    "/no-such-page/": 404,
    "/therapies/?cancer=no-such-cancer&on=2999-01-01": 400,
    "/therapies/?cancer=melanoma&family=cancer-vaccine": 200,  # nothing found
    "/approvals/?on=1997-12-31": 200,
}
every_page = pytest.mark.parametrize("address", PAGES)


@every_page
def test_a_page_breaks_no_rule_of_accessibility(visitor, address):
    assert visitor.goto(address).status == PAGES[address]
    assert violations(visitor) == []
    visitor.emulate_media(color_scheme="dark")
    visitor.set_viewport_size(PHONE)
    assert violations(visitor) == [], "on a phone, in the dark"


#: What the Tab key stops at.
STOPS = """[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(one => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({visibilityProperty: true})).length"""


@pytest.mark.parametrize(
    ("address", "most"),
    [("/approvals/", 80), ("/approvals/?year=all", 180), ("/glossary/", 60), ("/therapies/pembrolizumab/", 140)],
)
def test_a_long_list_has_few_stops_for_the_tab_key_and_is_whole_on_paper(visitor, address, most):
    visitor.goto(address)
    assert visitor.evaluate(STOPS) <= most
    folded = visitor.locator("details.prints > ul")
    expect(folded.last).to_be_hidden()
    visitor.emulate_media(media="print")
    assert all(one.is_visible() for one in folded.all())


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_address_opens_the_fold_that_it_leads_into(open_browser, script):
    visitor = open_browser(java_script_enabled=script)
    visitor.goto("/glossary/#letter-c")
    expect(visitor.get_by_role("link", name="CAR T cell", exact=True)).to_be_in_viewport()
    visitor.goto("/approvals/?year=2025#y2025-02")
    expect(visitor.locator("#y2025-02 .use").first).to_be_in_viewport()
    expect(visitor.locator("#y2025-03")).to_be_hidden()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_somebody_finds_the_uses_for_their_cancer_with_one_tap(open_browser, script):
    visitor = open_browser(java_script_enabled=script, viewport=PHONE, has_touch=True)
    visitor.goto("/therapies/pembrolizumab/")
    uses, others = visitor.locator("#for-melanoma .use"), visitor.locator("#for-cervical-cancer .use")
    expect(uses.first).to_be_hidden()
    visitor.locator("#cancers + p + .chips").get_by_role("link", name="Melanoma").tap()
    expect(uses.first).to_be_in_viewport()
    expect(visitor.locator("summary", has_text="Melanoma")).to_be_in_viewport()
    expect(others.first).to_be_hidden()
    expect(visitor.locator("#withdrawn ~ .uses .use").first).to_be_visible()


def test_a_browser_that_leaves_folds_closed_is_helped_to_open_what_an_address_leads_into(visitor):
    visitor.goto("/therapies/pembrolizumab/")
    visitor.evaluate("document.querySelectorAll('details').forEach(one => { one.open = false })")
    visitor.evaluate("history.replaceState(null, '', '#for-melanoma'); dispatchEvent(new Event('hashchange'))")
    expect(visitor.locator("#for-melanoma .use").first).to_be_in_viewport()


def test_each_cancer_of_a_folded_list_is_told_with_the_number_of_its_uses(visitor):
    visitor.goto("/therapies/pembrolizumab/")
    folds = visitor.locator(".of-cancer").all()
    told = [fold.locator(":scope > summary").inner_text().replace("\n", " ") for fold in folds]
    numbers = [int(re.search(r": (\d+) uses?$", one)[1]) for one in told]
    assert numbers == [fold.locator(".use").count() for fold in folds] and len(set(told)) == len(told) > 15
    visitor.goto("/therapies/cemiplimab/")
    assert visitor.locator(".of-cancer").count() == 0 and visitor.locator(".use").first.is_visible()


#: Each summary’s name, as the elements that name it tell it.
NAMES = """all => all.map(one => one.getAttribute('aria-labelledby').split(' ')
    .map(id => document.getElementById(id).textContent.trim()).join(' '))"""


@pytest.mark.parametrize("address", ["/therapies/pembrolizumab/", "/cancers/melanoma/", "/biomarkers/pd-l1/"])
def test_each_fold_of_medical_terms_has_a_name_of_its_own(visitor, address):
    visitor.goto(address)
    named = visitor.locator(".terms > summary").evaluate_all(NAMES)
    assert len(set(named)) == len(named) > 10
    assert all(
        re.match(r"(In medical terms, with (changes and )?sources|(Changes and s|S)ources) ", name) for name in named
    )


@pytest.mark.parametrize("address", ["/", "/faq/types/"])
@pytest.mark.parametrize(("scheme", "size"), [("dark", WIDE), ("light", PHONE)], ids=["dark", "phone"])
def test_what_frames_a_page_breaks_no_rule_either(open_browser, address, scheme, size):
    visitor = open_browser(color_scheme=scheme, viewport=size)
    visitor.goto(address)
    assert violations(visitor) == []


@pytest.mark.parametrize(
    ("address", "button"),
    [("/", "Menu"), ("/therapies/", "Search and filter"), ("/faq/side-effects/", "What “T-cell engager” means")],
)
def test_what_a_phone_opens_breaks_no_rule(open_browser, address, button):
    visitor = open_browser(viewport=PHONE)
    visitor.goto(address)
    visitor.get_by_role("button", name=button).click()
    assert violations(visitor) == []


@every_page
def test_a_page_fits_a_narrow_screen_and_leaves_no_trace(open_browser, address):
    visitor = open_browser(viewport={"width": 320, "height": 640})
    visitor.goto(address)
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 320
    assert visitor.context.cookies() == []
    assert visitor.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("size", ["100%", "200%"])
@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize(("address", "heading"), [("/about/freshness/", "Therapies"), ("/approvals/", "2026")])
def test_a_table_stacks_its_rows_on_a_phone_and_stays_a_table(open_browser, address, heading, width, size):
    visitor = open_browser(viewport={"width": width, "height": 640})
    visitor.goto(address)
    visitor.evaluate("size => document.documentElement.style.fontSize = size", size)
    visitor.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    assert visitor.evaluate("document.documentElement.scrollWidth") <= width
    assert visitor.evaluate(WIDER_INSIDE) == []
    table = visitor.get_by_role("table").first
    row = table.get_by_role("row", name=heading)
    cells = row.get_by_role("cell").all()
    columns = table.get_by_role("columnheader").all_text_contents()
    assert row.get_by_role("rowheader", name=heading).count() == 1
    assert len(columns) == len(cells) + 1, "each cell has its column"
    boxes = [cell.bounding_box() for cell in cells]
    assert all(below["y"] > above["y"] for above, below in pairwise(boxes)), "one below the other"
    assert [cell.get_attribute("data-label") for cell in cells] == columns[1:]


@pytest.mark.parametrize("size", ["100%", "200%"])
@pytest.mark.parametrize(
    "address",
    ["/therapies/pembrolizumab/", "/therapies/lisocabtagene-maraleucel/", "/cancers/melanoma/", "/cancers/lymphoma/"],
)
def test_key_facts_break_no_word_on_a_phone_even_with_letters_of_twice_the_size(open_browser, address, size):
    visitor = open_browser(viewport=PHONE)
    visitor.goto(address)
    visitor.evaluate("size => document.documentElement.style.fontSize = size", size)
    assert visitor.locator(".facts dt").count() > 3
    assert visitor.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for entry in visitor.locator(".facts :is(dt, dd)").all():
        assert entry.evaluate(BROKEN_WORDS) == []
        assert entry.evaluate("entry => entry.scrollWidth - entry.clientWidth") <= 1, entry.inner_text()


@pytest.mark.parametrize("slug", ["pembrolizumab", "axicabtagene-ciloleucel", "trastuzumab-deruxtecan", "bcg"])
def test_when_to_call_begins_on_the_first_screen_of_a_phone(open_browser, slug):
    visitor = open_browser(viewport=PHONE)
    visitor.goto(f"/therapies/{slug}/")
    expect(visitor.get_by_role("heading", name="When to call")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("address", ["/cancers/melanoma/", "/therapies/olaratumab/", "/biomarkers/pd-l1/"])
def test_the_years_stay_in_view_over_the_lines_and_not_over_what_follows(open_browser, address):
    visitor = open_browser(viewport={"width": 1280, "height": 400})
    visitor.goto(address)
    visitor.locator(".use").last.evaluate("use => use.scrollIntoView({block: 'end'})")
    expect(visitor.locator(".axis").last).to_be_in_viewport()
    visitor.locator("#sources").evaluate("heading => heading.scrollIntoView({block: 'start'})")
    expect(visitor.locator(".axis").last).not_to_be_in_viewport()


@pytest.mark.parametrize("slug", ["ibritumomab-tiuxetan", "zenocutuzumab"])
def test_the_longest_names_fit_a_phone_when_letters_are_twice_as_large(open_browser, slug):
    visitor = open_browser(viewport=PHONE)
    visitor.goto(f"/therapies/{slug}/")
    visitor.evaluate("document.documentElement.style.fontSize = '200%'")
    assert visitor.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_paper_shows_no_stub_of_what_is_closed_and_names_the_cancers(open_browser):
    visitor = open_browser()
    visitor.goto("/therapies/pembrolizumab/")
    visitor.emulate_media(media="print")
    for stub in ("Cite this page", "In medical terms, with sources", "Changes to this page"):
        assert not any(one.is_visible() for one in visitor.get_by_text(stub).all()), stub
    expect(visitor.locator(".chips").get_by_text("Melanoma")).to_be_visible()
    expect(visitor.locator(".prints .sources").first).to_be_visible()


def test_letters_of_twice_the_size_leave_room_for_the_doors_and_none_for_the_skip_link(open_browser):
    visitor = open_browser(viewport=PHONE)
    visitor.goto("/")
    visitor.evaluate("document.documentElement.style.fontSize = '200%'")
    for choice in visitor.locator(".door :is(select, input[type=search])").all():
        assert choice.bounding_box()["width"] > PHONE["width"] / 2
    skip = visitor.get_by_role("link", name="Skip to main content").bounding_box()
    assert skip["y"] + skip["height"] <= 0


#: Words of an element that do not stand on one line.
BROKEN_WORDS = """element => {
    const broken = [], texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), range = new Range()
    for (let text; (text = texts.nextNode()); ) for (const word of text.data.matchAll(/[^\\s-]+/g)) {
        range.setStart(text, word.index)
        range.setEnd(text, word.index + word[0].length)
        if (new Set([...range.getClientRects()].map(line => Math.round(line.top))).size > 1) broken.push(word[0])
    }
    return broken
}"""


#: Parts of the text that scroll sideways.
WIDER_INSIDE = """[...document.querySelectorAll('main *')].filter(e => e.scrollWidth > e.clientWidth + 1 &&
    ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)).map(e => e.outerHTML.slice(0, 100))"""


def test_a_link_to_another_site_is_marked_on_the_screen_and_said_to_a_screen_reader(visitor):
    visitor.goto("/trials/?therapy=pembrolizumab&cancer=melanoma")
    trials = visitor.get_by_role("link", name=re.compile("^Open this search at ClinicalTrials.gov"))
    # Once a screen reader runs, Chromium tells it of what is far from the screen too, but not without one.
    visitor.evaluate(
        "document.querySelectorAll('main *, .take').forEach(one => { one.style.contentVisibility = 'visible' })"
    )
    # As Chromium tells it to a screen reader. Playwright works names out by itself, and adds a space where none is.
    tree = visitor.context.new_cdp_session(visitor).send("Accessibility.getFullAXTree")["nodes"]
    names = [node["name"]["value"] for node in tree if node.get("role", {}).get("value") == "link"]
    away = [name for name in names if "(opens another site)" in name]
    assert len(away) > 5 and all(re.search(r"\w\)?\s+\(opens another site\)$", name) for name in away)
    sign = "link => getComputedStyle(link.querySelector('.away'), '::after').content"
    assert "↗" in trials.evaluate(sign)
    assert "→" not in trials.evaluate("link => getComputedStyle(link, '::after').content")
    unmarked = "links => links.filter(a => a.host !== location.host && !a.querySelector('.away')).map(a => a.outerHTML)"
    assert visitor.locator("a[href^=http]").evaluate_all(unmarked) == []
    visitor.emulate_media(media="print")
    expect(trials.locator(".away")).to_be_hidden()


def test_a_therapy_with_many_uses_prints_on_few_pages(visitor):
    visitor.goto("/therapies/pembrolizumab/")
    assert visitor.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") <= 5
    visitor.locator(".all-uses > summary").click()
    assert visitor.pdf(format="Letter", prefer_css_page_size=True).count(b"/Type /Page\n") <= 4


def test_a_page_makes_sense_without_its_style_sheet(visitor):
    visitor.route("**/*.css", lambda route: route.fulfill(body="", content_type="text/css"))
    visitor.goto("/therapies/pembrolizumab/")
    assert visitor.locator("main h1").is_visible()
    assert visitor.evaluate("document.documentElement.scrollWidth") <= WIDE["width"]
