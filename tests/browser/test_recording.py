"""A registrar's day: what FDA did is recorded by one person and confirmed by another, and only then counted."""

import re

import pytest
from playwright.sync_api import Page, expect

from .desk import address_of, choose, completing, crafted, press, told

pytestmark = pytest.mark.browser

SOURCE = "FDA CBER list of cell and gene therapy products"
CONFIRM = "Confirm: readers may see it"
#: Granted accelerated approval on August 1, 2024, and nothing since.
AFAMI = "afamitresgene autoleucel for Synovial sarcoma: Unresectable or metastatic, after chemotherapy"
#: Has a regular approval only.
AFAMI_FULL = "afamitresgene autoleucel for Synovial sarcoma: 12 years and older"


def numbers(page: Page) -> dict[str, int]:
    """The figures of the home page by what they count."""
    page.goto("/")
    items = page.locator(".numbers li").all_inner_texts()
    return {re.sub(r"^\d+\s*", "", text).strip(): int(re.match(r"\d+", text)[0]) for text in items}  # type: ignore[index]


def add_use(registrar: Page, therapy: str, cancer: str, setting: str) -> None:
    registrar.goto("/admin/")
    registrar.get_by_role("link", name="Add a use of a therapy").click()
    choose(registrar, "Therapy", therapy)
    choose(registrar, "Cancer", cancer)
    registrar.get_by_label("Setting").fill(setting)
    press(registrar, "Save and continue editing")


def fill_event(registrar: Page, *, use: str = "", kind: str, date: str, source: str = SOURCE) -> None:
    if use:
        choose(registrar, "Approved use", use, typed=use.split(":")[0].replace(" for ", " "))
    registrar.get_by_label("Kind").select_option(kind)
    registrar.get_by_label("Date", exact=False).first.fill(date)
    if source:
        choose(registrar, "Source", source)


# The journey -------------------------------------------------------------------------------


def test_a_registrar_adds_an_event_a_second_person_confirms_it_and_the_numbers_change(staff, visitor):
    registrar, admin = staff("registrar"), staff("admin")
    before = numbers(visitor)
    add_use(registrar, "naxitamab", "Glioblastoma", "After everything else, in a test")
    expect(registrar.get_by_role("heading", level=1)).to_contain_text("naxitamab for Glioblastoma")
    registrar.get_by_role("link", name="Record an event").click()
    fill_event(registrar, kind="Accelerated approval", date="2025-03-03")
    press(registrar, "Save and continue editing")
    expect(registrar.locator(".state-of-text")).to_contain_text("Not confirmed: readers do not see it.")
    assert numbers(visitor) == before

    expect(registrar.get_by_role("button", name=CONFIRM)).to_have_count(0)
    expect(registrar.locator(".text-buttons")).to_contain_text("You recorded this, so another person must confirm it.")
    crafted(registrar, "_confirm")
    expect(told(registrar)).to_contain_text("You recorded this fact, so another person must confirm it.")

    admin.goto(registrar.url)
    press(admin, CONFIRM)
    expect(told(admin)).to_contain_text("Readers see it now.")
    expect(admin.locator(".state-of-text")).to_contain_text("Confirmed: readers see it.")
    assert numbers(visitor) == before | {"approved uses": before["approved uses"] + 1}
    visitor.goto(address_of(admin))
    expect(visitor.locator("main")).to_contain_text("After everything else, in a test")

    admin.get_by_role("link", name="History").click()
    expect(admin.locator("#change-history")).to_contain_text("registrar")
    expect(admin.locator("#change-history")).to_contain_text("Confirmed")


def test_a_withdrawal_is_counted_once_it_is_confirmed(staff, visitor):
    registrar, admin = staff("registrar"), staff("admin")
    before = numbers(visitor)
    registrar.goto("/admin/therapies/approvalevent/add/")
    fill_event(registrar, use="tarlatamab", kind="Withdrawn", date="2026-06-30")
    press(registrar, "Save")
    expect(registrar.locator("#content")).to_contain_text("Patients are affected by this.")
    registrar.get_by_label("Reason of the change").fill("The further study did not confirm the benefit, in a test.")
    press(registrar, "Save")
    expect(told(registrar)).to_contain_text("was added successfully")
    assert numbers(visitor) == before

    admin.goto("/admin/")
    events = admin.locator(".work-list", has_text="Approval events to confirm")
    expect(events).to_be_visible()
    admin.goto("/admin/therapies/approvalevent/?confirmed=no")
    admin.get_by_role("row", name=re.compile("tarlatamab.*Withdrawn")).get_by_role("checkbox").check()
    admin.get_by_label("Action:").select_option("Confirm: readers may see them")
    press(admin, "Run")
    expect(told(admin)).to_contain_text("Readers see it now.")
    after = numbers(visitor)
    assert after["uses withdrawn"] == before["uses withdrawn"] + 1
    assert after["approved uses"] == before["approved uses"] - 1


def test_a_changed_event_waits_for_a_second_person_again(staff, visitor):
    registrar = staff("registrar")
    before = numbers(visitor)
    registrar.goto("/admin/therapies/approvalevent/?q=margetuximab")
    registrar.get_by_role("row", name=re.compile("margetuximab")).first.get_by_role("link").click()
    registrar.get_by_label("Note").fill("A word more, in a test.")
    registrar.get_by_label("Reason of the change").fill("The note was not complete.")
    press(registrar, "Save and continue editing")
    expect(told(registrar)).to_contain_text("Readers do not see this fact now")
    assert numbers(visitor)["approved uses"] == before["approved uses"] - 1


def test_an_event_saved_without_a_change_stays_confirmed(staff):
    registrar = staff("registrar")
    registrar.goto("/admin/therapies/approvalevent/?q=sipuleucel")
    registrar.get_by_role("row", name=re.compile("sipuleucel")).first.get_by_role("link").click()
    press(registrar, "Save")
    expect(told(registrar)).to_contain_text("You changed nothing, so nothing was saved.")
    expect(registrar.locator(".state-of-text")).to_contain_text("Confirmed: readers see it.")


def test_a_fact_of_a_therapy_is_shown_once_it_is_confirmed(staff, visitor):
    registrar, admin = staff("registrar"), staff("admin")
    registrar.goto("/admin/therapies/therapyfact/add/")
    choose(registrar, "Therapy", "naxitamab")
    registrar.get_by_label("Kind").select_option("Brand name")
    registrar.get_by_label("Value").fill("Testbrand")
    choose(registrar, "Source", SOURCE)
    press(registrar, "Save and continue editing")
    visitor.goto("/therapies/naxitamab/")
    expect(visitor.locator("main")).not_to_contain_text("Testbrand")
    admin.goto(registrar.url)
    press(admin, CONFIRM)
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("Testbrand")


def test_a_fact_without_a_source_cannot_be_confirmed(staff):
    admin = staff("admin")
    admin.goto("/admin/therapies/therapyfact/?confirmed=no&q=afamitresgene")
    admin.get_by_role("row", name=re.compile("Boxed warning")).get_by_role("link").first.click()
    press(admin, CONFIRM)
    expect(told(admin)).to_contain_text("This fact has no source. Add where it was read, then it can be confirmed.")


def test_a_source_is_added_from_the_form_that_needs_it(staff):
    registrar = staff("registrar")
    registrar.goto("/admin/therapies/approvalevent/add/")
    with registrar.expect_popup() as opened:
        registrar.get_by_role("link", name="Add another source").click()
    opened.value.get_by_label("Title").fill("A letter that a test found")
    opened.value.get_by_label("Address").fill("https://www.fda.gov/a-letter")
    with opened.value.expect_event("close"):
        opened.value.get_by_role("button", name="Save", exact=True).click()
    expect(completing(registrar, "Source")).to_contain_text("A letter that a test found")


# What is refused, with a sentence, and what was typed kept ----------------------------------------

REFUSED = {
    "a withdrawal before its approval": (
        {"use": AFAMI, "kind": "Withdrawn", "date": "2024-01-01"},
        "The use was first approved on August 1, 2024; it cannot be withdrawn before. Check the date.",
    ),
    "a duplicate": (
        {"use": AFAMI, "kind": "Accelerated approval", "date": "2024-08-01"},
        "This event is recorded already, with this kind and date.",
    ),
    "an approval without a source": (
        {"use": AFAMI, "kind": "Approval", "date": "2025-05-05", "source": ""},
        "Every event needs a source.",
    ),
    "a conversion of what was not accelerated": (
        {"use": AFAMI_FULL, "kind": "Converted to regular approval", "date": "2026-10-01"},
        "Only an accelerated approval can be converted, and after it was granted.",
    ),
    "a day that has not come": (
        {"use": AFAMI, "kind": "Withdrawn", "date": "2999-01-01"},
        "This day has not come yet. Record an event once FDA has acted.",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_have_happened_is_refused(staff, what):
    event, sentence = REFUSED[what]
    registrar = staff("registrar")
    registrar.goto("/admin/therapies/approvalevent/add/")
    fill_event(registrar, **event)
    registrar.get_by_label("Note").fill("Typed and kept.")
    press(registrar, "Save")
    expect(registrar.locator("#content")).to_contain_text(sentence)
    expect(completing(registrar, "Approved use")).to_contain_text(event["use"])
    expect(registrar.locator("#id_kind option:checked")).to_have_text(event["kind"])
    expect(registrar.locator("#id_date")).to_have_value(event["date"])
    expect(registrar.get_by_label("Note")).to_have_value("Typed and kept.")
    if event.get("source", SOURCE):
        expect(completing(registrar, "Source")).to_contain_text(SOURCE)


def test_a_use_that_is_recorded_already_is_refused(staff):
    registrar = staff("registrar")
    for _ in range(2):
        add_use(registrar, "dostarlimab", "Glioblastoma", "Recorded twice, in a test")
    expect(registrar.locator("#content")).to_contain_text("This use is recorded already.")
    expect(registrar.get_by_label("Setting")).to_have_value("Recorded twice, in a test")


def test_a_stale_event_is_refused_and_keeps_what_was_typed(staff):
    first, second = staff("registrar"), staff("admin")
    for person in (first, second):
        person.goto("/admin/therapies/approvalevent/?confirmed=no&q=ropeginterferon")
        person.get_by_role("row", name=re.compile("ropeginterferon")).get_by_role("link").first.click()
    first.get_by_label("Note").fill("From the first person.")
    press(first, "Save and continue editing")
    second.get_by_label("Note").fill("From the second person.")
    press(second, "Save")
    expect(second.locator("#content")).to_contain_text(
        "Somebody changed this while you had it open, so nothing was saved."
    )
    expect(second.get_by_label("Note")).to_have_value("From the second person.")
    first.reload()
    expect(first.get_by_label("Note")).to_have_value("From the first person.")


def test_the_enter_key_does_not_confirm(staff):
    admin = staff("admin")
    admin.goto("/admin/therapies/approvalevent/?confirmed=no&q=cetuximab")
    admin.get_by_role("row", name=re.compile("cetuximab")).get_by_role("link").first.click()
    admin.wait_for_load_state()
    admin.get_by_label("Note").press("Enter")
    expect(told(admin)).to_contain_text("You changed nothing, so nothing was saved.")
    expect(admin.locator(".state-of-text")).to_contain_text("Not confirmed")
