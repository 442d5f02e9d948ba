"""An FDA data editor's day: what FDA did is entered by one person and confirmed by another, and only then counted."""

import re

import pytest
from playwright.sync_api import Page, expect

from .desk import CONFIRM, SUBMIT, choose, crafted, enter_decision, entered, press, told

pytestmark = pytest.mark.browser

SOURCE = "FDA CBER list of cell and gene therapy products"
#: Granted accelerated approval on August 1, 2024, and nothing since.
AFAMI = {"therapy": "afamitresgene autoleucel", "use": "Unresectable or metastatic, after chemotherapy"}
#: Has a regular approval only.
MARGETUXIMAB = {"therapy": "margetuximab", "use": "Metastatic disease after two or more HER2 regimens"}


def numbers(page: Page) -> dict[str, int]:
    """The live numbers of the home page by what they count."""
    page.goto("/")
    items = page.locator(".numbers li").all_inner_texts()
    return {re.sub(r"^\d+\s*", "", text).strip(): int(re.match(r"\d+", text)[0]) for text in items}  # type: ignore[index]


def open_row(page: Page, kind: str, search: str, row: str) -> None:
    """From the list in the admin to the screen where a row is corrected."""
    page.goto(f"/admin/therapies/{kind}/?q={search}")
    page.get_by_role("row", name=re.compile(row)).first.get_by_role("link", name="Open under FDA data").click()
    page.wait_for_load_state()


def confirm(admin: Page, address: str) -> None:
    admin.goto(address)
    press(admin, CONFIRM)
    expect(told(admin)).to_contain_text("Readers see it now.")


# The journey -------------------------------------------------------------------------------


def test_a_data_editor_enters_a_decision_a_second_person_confirms_it_and_the_numbers_change(staff, visitor):
    data_editor, admin = staff("fda"), staff("admin")
    before = numbers(visitor)
    setting = "After everything else, in a test"
    enter_decision(data_editor, "naxitamab", "Glioblastoma", setting, kind="Accelerated approval", date="2025-03-03")
    data_editor.goto(entered(data_editor))
    expect(data_editor.get_by_role("heading", level=1)).to_contain_text("naxitamab for Glioblastoma")
    assert numbers(visitor) == before

    expect(data_editor.get_by_role("button", name=CONFIRM)).to_have_count(0)
    expect(data_editor.locator(".check-answer")).to_contain_text("You proposed this, so another person must confirm it")
    admin.goto(data_editor.url)
    seen = admin.locator("input[name=seen]").get_attribute("value") or ""
    crafted(data_editor, do="confirm", seen=seen)
    expect(data_editor.get_by_role("alert")).to_contain_text("another person must confirm it")
    assert numbers(visitor) == before

    confirm(admin, data_editor.url)
    assert numbers(visitor) == before | {"approved uses": before["approved uses"] + 1}
    visitor.goto("/therapies/naxitamab/")
    expect(visitor.locator("main")).to_contain_text(setting)

    admin.goto(data_editor.url)
    expect(admin.locator(".state-of-text")).to_contain_text("Confirmed: readers see it. By admin")
    admin.get_by_text("History").click()
    expect(admin.locator(".check-before")).to_contain_text("proposed by fda")
    expect(admin.locator(".check-before")).to_contain_text("confirmed by admin")


def test_a_withdrawal_needs_a_reason_and_is_counted_once_it_is_confirmed(staff, visitor):
    data_editor, admin = staff("fda"), staff("admin")
    before = numbers(visitor)
    enter_decision(data_editor, "tarlatamab", use=".", kind="Withdrawn", date="2026-06-30")
    expect(data_editor.get_by_role("alert")).to_contain_text("Patients are affected. Say why the use was ended.")
    data_editor.get_by_label("Reason", exact=True).fill("The further study did not confirm the benefit, in a test.")
    press(data_editor, SUBMIT)
    assert numbers(visitor) == before

    admin.goto("/admin/")
    waiting = admin.locator(".work-list", has_text="Changes to confirm")
    waiting.get_by_role("link", name="See all").click()
    first = admin.locator(".facts li").first  # what affects patients comes first
    expect(first).to_contain_text("Affects patients")
    confirm(admin, entered(data_editor))
    after = numbers(visitor)
    assert after["uses withdrawn"] == before["uses withdrawn"] + 1
    assert after["approved uses"] == before["approved uses"] - 1


def test_readers_see_the_old_date_of_a_decision_until_a_second_person_confirms_the_new_one(staff, visitor):
    data_editor, admin = staff("fda"), staff("admin")
    visitor.goto("/therapies/margetuximab/")
    expect(visitor.locator("main")).to_contain_text("December 16, 2020")
    open_row(data_editor, "approvalevent", "margetuximab", "margetuximab")
    data_editor.get_by_label("Date").fill("2020-12-15")
    press(data_editor, "Propose this change")
    expect(data_editor.locator("#content")).to_contain_text(
        "This fact is confirmed, so say in a sentence why it should change."
    )
    expect(data_editor.get_by_label("Date")).to_have_value("2020-12-15")
    data_editor.get_by_label("Reason", exact=True).first.fill("The letter bears this day, in a test.")
    press(data_editor, "Propose this change")
    expect(told(data_editor)).to_contain_text("The old values stay until another person")
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("December 16, 2020")

    confirm(admin, data_editor.url)
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("December 15, 2020")
    expect(visitor.locator("main")).not_to_contain_text("December 16, 2020")


def test_proposing_what_we_have_already_changes_nothing(staff):
    data_editor = staff("fda")
    open_row(data_editor, "approvalevent", "sipuleucel", "sipuleucel")
    press(data_editor, "Propose this change")
    expect(data_editor.get_by_role("alert")).to_contain_text("We have this already")
    expect(data_editor.locator("#content")).not_to_contain_text("A change is pending")


def test_a_fact_of_a_therapy_is_shown_once_it_is_confirmed(staff, visitor):
    data_editor, admin = staff("fda"), staff("admin")
    data_editor.goto("/desk/")
    data_editor.get_by_role("link", name="Enter a fact about a therapy").click()
    data_editor.get_by_label("Therapy", exact=True).select_option("naxitamab")
    data_editor.get_by_label("Kind of fact").select_option("Brand name")
    data_editor.get_by_label("Value").fill("Testbrand")
    choose(data_editor, "Source", SOURCE)
    press(data_editor, "Propose this fact")
    visitor.goto("/therapies/naxitamab/")
    expect(visitor.locator("main")).not_to_contain_text("Testbrand")
    confirm(admin, data_editor.url)
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("Testbrand")


def test_a_fact_without_a_source_cannot_be_confirmed(staff):
    admin = staff("admin")
    admin.goto("/desk/inbox/?source=no&q=quadrivalent")
    admin.locator(".facts").get_by_role("link", name=re.compile("boxed warning")).first.click()
    expect(admin.locator(".warnings")).to_contain_text("It has no source, so nobody can confirm it yet.")
    expect(admin.get_by_role("button", name=CONFIRM)).to_have_count(0)


def test_a_source_is_added_from_the_form_that_needs_it(staff):
    data_editor = staff("fda")
    enter_decision(
        *(data_editor, "naxitamab", "Neuroblastoma", "With a new source, in a test"),
        kind="Approval",
        date="2025-04-04",
        source="https://www.fda.gov/a-letter",
    )
    expect(data_editor.get_by_role("alert")).to_contain_text("This address is new to us. Enter the title of the page.")
    data_editor.get_by_label("Title of the page").fill("A letter that a test found")
    press(data_editor, SUBMIT)
    data_editor.goto(entered(data_editor))
    expect(data_editor.get_by_role("link", name="A letter that a test found")).to_be_visible()


# What is refused, with a sentence, and what was typed kept ----------------------------------------

REFUSED = {
    "a withdrawal before its approval": (
        AFAMI | {"kind": "Withdrawn", "date": "2024-01-01"},
        "The use was first approved on August 1, 2024; it cannot be withdrawn before. Check the date.",
    ),
    "a duplicate": (
        AFAMI | {"kind": "Accelerated approval", "date": "2024-08-01"},
        "This decision is here already.",
    ),
    "an approval without a source": (
        AFAMI | {"kind": "Approval", "date": "2025-05-05", "source": ""},
        "Every FDA decision needs a source.",
    ),
    "a conversion of what was not accelerated": (
        MARGETUXIMAB | {"kind": "Converted to regular approval", "date": "2026-10-01"},
        "Only an accelerated approval can be converted, and after it was granted.",
    ),
    "a day that has not come": (
        AFAMI | {"kind": "Withdrawn", "date": "2999-01-01"},
        "This date is after",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_have_happened_is_refused(staff, what):
    decision, sentence = REFUSED[what]
    data_editor = staff("fda")
    enter_decision(data_editor, **decision, because="Typed and kept.", note="Typed and kept, too.")
    expect(data_editor.get_by_role("alert")).to_contain_text(sentence)
    expect(data_editor.get_by_role("radio", name=re.compile(decision["use"]))).to_be_checked()
    expect(data_editor.get_by_label("What FDA did").locator("option:checked")).to_have_text(decision["kind"])
    expect(data_editor.get_by_label("Date", exact=True)).to_have_value(decision["date"])
    expect(data_editor.get_by_label("Note", exact=True)).to_have_value("Typed and kept, too.")
    expect(data_editor.get_by_label("I compared every field")).to_be_checked()


def test_a_use_that_is_here_already_is_refused(staff):
    data_editor, admin = staff("fda"), staff("admin")
    use = ("dostarlimab", "Glioblastoma", "Entered twice, in a test")
    enter_decision(data_editor, *use, kind="Approval", date="2025-06-06")
    confirm(admin, entered(data_editor))
    enter_decision(data_editor, *use, kind="Approval", date="2025-08-08")
    expect(data_editor.get_by_role("alert")).to_contain_text("This use is here already.")
    expect(data_editor.get_by_label("Setting", exact=True)).to_have_value("Entered twice, in a test")


def test_a_stale_proposal_is_refused_and_keeps_what_was_typed(staff):
    first, second = staff("fda"), staff("admin")
    for person in (first, second):
        open_row(person, "approvalevent", "ropeginterferon", "ropeginterferon")
    first.get_by_label("Note").fill("From the first person.")
    first.get_by_label("Reason", exact=True).first.fill("It was not complete.")
    press(first, "Propose this change")
    second.get_by_label("Note").fill("From the second person.")
    second.get_by_label("Reason", exact=True).first.fill("It was not complete, I think.")
    stale = second.url
    confirming = staff("admin")
    confirm(confirming, first.url)
    press(second, "Propose this change")
    expect(second.locator("#content")).to_contain_text("Someone changed this while you had it open")
    expect(second.get_by_label("Note")).to_have_value("From the second person.")
    second.goto(stale)
    expect(second.get_by_label("Note")).to_have_value("From the first person.")


def test_of_two_changes_of_one_date_the_second_cannot_overwrite_the_first(staff):
    data_editor, admin = staff("fda"), staff("admin")
    changes = []
    for day in ("2021-02-01", "2021-02-02"):
        open_row(data_editor, "approvalevent", "lisocabtagene", "lisocabtagene")
        data_editor.get_by_label("Date").fill(day)
        data_editor.get_by_label("Reason", exact=True).first.fill("The letter bears this day, in a test.")
        press(data_editor, "Propose this change")
        changes.append(data_editor.url)
    confirm(admin, changes[0])
    admin.goto(changes[1])
    expect(admin.locator("#content")).to_contain_text("This has changed since the change was proposed (Date).")
    expect(admin.get_by_role("button", name=CONFIRM)).to_have_count(0)


def test_the_enter_key_does_not_confirm(staff):
    admin = staff("admin")
    admin.goto("/desk/inbox/?source=yes")
    admin.get_by_role("link", name="Start with the first one you can confirm").click()
    address = admin.url
    admin.get_by_label("Reason, if you reject it").press("Enter")
    expect(admin.get_by_role("alert")).to_contain_text("Say why")
    admin.get_by_text("Correct it", exact=True).click()
    admin.locator("#id_why").press("Enter")
    admin.goto(address)
    expect(admin.locator(".state-of-text", has_text="Confirmed")).to_have_count(0)
