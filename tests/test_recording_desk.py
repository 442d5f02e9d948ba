"""The registrars' way to record: a pasted notice becomes drafts that a person compares, then facts that wait."""

import datetime

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from portal.publishing import actions
from portal.publishing.models import AuditEntry
from therapies.compare.buckets import Bucket
from therapies.compare.claims import EfficacySupplements
from therapies.compare.findings import FileFinding
from therapies.compare.reasons import Reason
from therapies.compare.stored import row_of
from therapies.desk import preview
from therapies.figures import TherapyNumbers
from therapies.models import ApprovalEvent, Batch, TherapyFact


@pytest.fixture
def waiting(use, source, data_editor):
    event = ApprovalEvent(indication=use, kind="approval", date=datetime.date(2024, 3, 1), source=source)
    event.full_clean()
    return actions.record(event, by=data_editor)


# What the site would say ------------------------------------------------------------------------------


def test_effects_tell_what_confirming_changes_and_leave_nothing(waiting):
    entries, before = AuditEntry.objects.count(), TherapyNumbers().approved_uses()
    effects = preview.effects([waiting])
    numbers = {number.label: (number.before, number.after) for number in effects.numbers}
    assert numbers["approved uses"] == (before, before + 1)
    assert [(use.before, use.after) for use in effects.uses] == [("Not on the site", "Approved")]
    addresses = {place.address for place in effects.places}
    assert {"/therapies/pembrolizumab/", "/cancers/neuroblastoma/", "/approvals/", "/"} <= addresses
    waiting.refresh_from_db()
    assert waiting.waits and waiting.recorded_by
    assert TherapyNumbers().approved_uses() == before and AuditEntry.objects.count() == entries


def test_a_page_is_shown_as_it_will_be_and_stays_as_it_was(waiting, client, data_editor):
    request = RequestFactory().get("/desk/preview/")
    request.user = data_editor
    page = preview.page_as_if(request, [waiting], waiting.indication.therapy)
    assert "After everything else" in page.content.decode() and preview.BANNER in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert "After everything else" not in client.get("/therapies/pembrolizumab/").content.decode()
    page = preview.page_as_if(request, [waiting], waiting.indication.cancer)
    assert "After everything else" in page.content.decode()


# From a notice to facts that wait ------------------------------------------------------------------------

NOTICE = """FDA approves a therapy of a test for glioblastoma
On May 27, 2022, the Food and Drug Administration granted accelerated approval to naxitamab (Danyelza, Y-mAbs) for \
adult patients with relapsed or refractory glioblastoma after two or more lines of systemic therapy.
05/27/2022
https://www.fda.gov/drugs/a-notice?utm_source=mail"""


@pytest.fixture
def browser(desk, data_editor):
    return desk(data_editor)


def typed(**changes):
    """What a browser sends for one draft."""
    fields = {
        "therapy": "Danyelza",
        "kind": "approval",
        "date": "2024-03-01",
        "cancer": "Glioblastoma",
        "setting": "After everything else",
        "stage": "later",
        "compared": "on",
    }
    sent = {f"use-0-{name}": value for name, value in (fields | changes).items()}
    return sent | {"draft": "0", "address": "https://www.fda.gov/a-new-page", "title": "A notice of FDA"}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://www.fda.gov/\u202e", "This holds a hidden character, U+202E. Type it again without it."),
        ("https://[::1", "“https://[::1” is no address that readers can follow."),
        ("https://www.fda.gov:x/", "“https://www.fda.gov:x/” is no address that readers can follow."),
    ],
    ids=["turned around", "bracket", "port"],
)
def test_an_address_that_is_none_is_named_and_everything_typed_stays(browser, address, said):
    read = browser.post("/desk/record/", {"notice": NOTICE.replace("https://www.fda.gov/drugs/", address), "read": ""})
    assert read.status_code == 200 and "FDA approves a therapy of a test" in read.content.decode()
    page = browser.post("/desk/record/", typed() | {"address": address, "record": ""})
    assert page.status_code == 400 and said in page.content.decode()
    assert "After everything else" in page.content.decode() and address in page.content.decode()
    assert not ApprovalEvent.objects.filter(indication__setting="After everything else").exists()


@pytest.mark.parametrize("kind", ["market-status", "boxed-warning"])
def test_the_way_to_record_what_is_no_use_begins_here(browser, kind):
    link = f"/admin/therapies/therapyfact/add/?kind={kind}"
    assert f'<a href="{link}">' in browser.get("/desk/record/").content.decode()
    assert browser.get(link).context["adminform"].form["kind"].value() == kind


def test_a_pasted_notice_fills_the_fields_and_names_the_words(browser):
    page = browser.post("/desk/record/", {"notice": NOTICE, "read": ""})
    (form,) = page.context["recording"].drafts
    assert form.raw("therapy") == "naxitamab" and form.raw("cancer") == "Glioblastoma"
    assert form.raw("kind") == "accelerated-approval" and form.raw("date") == "2022-05-27"
    assert form.raw("setting").startswith("Adult patients with relapsed") and form.raw("stage") == "later"
    html = page.content.decode()
    assert "read from: “granted accelerated approval to”" in html
    assert page.context["recording"].source.raw("address") == "https://www.fda.gov/drugs/a-notice"
    assert "On May 27, 2022" in html, "what was pasted stays"


def test_what_is_recorded_waits_for_a_second_person(browser, data_editor):
    before = TherapyNumbers().approved_uses()
    done = browser.post("/desk/record/", typed(application="BLA 761171/S-004") | {"record": ""}, follow=True)
    assert "Readers see nothing of it until a second person confirms it" in done.content.decode()
    event = ApprovalEvent.objects.get(source__url="https://www.fda.gov/a-new-page")
    assert event.waits and event.recorded_by == data_editor and event.source.official
    assert event.indication.therapy.slug == "naxitamab" and TherapyNumbers().approved_uses() == before


def test_what_was_confirmed_meanwhile_is_not_said_to_wait(browser, second_registrar):
    address = browser.post("/desk/record/", typed() | {"record": ""}).url
    actions.confirm(ApprovalEvent.objects.get(source__url="https://www.fda.gov/a-new-page"), by=second_registrar)
    page = browser.get(address).content.decode()
    assert "(confirmed)" in page and "Readers see nothing" not in page


def test_what_was_recorded_is_named_with_its_day_and_leads_to_what_it_changes(browser):
    done = browser.post("/desk/record/", typed(month_only="on") | {"record": ""}, follow=True).content.decode()
    event = ApprovalEvent.objects.get(source__url="https://www.fda.gov/a-new-page")
    link = f'<a href="/desk/inbox/events/{event.pk}/">Approval, March 2024: naxitamab for Glioblastoma'
    assert link in done and link in browser.get("/desk/").content.decode()


def test_a_second_click_records_nothing_and_says_so(browser):
    for _ in range(2):
        done = browser.post("/desk/record/", typed() | {"record": ""}, follow=True)
    assert "It was not recorded twice" in done.content.decode()
    assert ApprovalEvent.objects.filter(source__url="https://www.fda.gov/a-new-page").count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"compared": ""}, "Compare the fields with FDA’s notice"),
        ({"therapy": "naxitamub"}, "is no name of a therapy of ours. Near it: naxitamab"),
        ({"therapy": "trastuzumab-zzzz"}, "This looks like a biosimilar or a new form of trastuzumab"),
        ({"cancer": "Glioblastma"}, "Near it: Glioblastoma"),
        ({"setting": "word " * 21}, "These are 21 words"),
        ({"kind": "withdrawn"}, "Say why the use was ended"),
        ({"kind": "converted"}, "Choose it in the list of recorded uses"),
        ({"application": "BLA 125514/S-004"}, "BLA125514 is the number of pembrolizumab"),
        ({"therapy": ""}, "Enter the therapy."),
        ({"setting": "Adults \u202eafter everything else"}, "This holds a hidden character, U+202E."),
        ({"date": "2999-01-01"}, "the last that is possible here"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_stored(browser, changes, said):
    page = browser.post("/desk/record/", typed(**changes) | {"record": ""})
    assert page.status_code == 400 and said in page.content.decode()
    assert not ApprovalEvent.objects.filter(source__url="https://www.fda.gov/a-new-page").exists()
    assert "After everything else" in page.content.decode() or "setting" in changes


def test_a_new_therapy_is_made_without_a_text(browser, client):
    new = {"therapy": "testimab", "what": "new", "new_name": "testimab", "new_class": "checkpoint-inhibitor"}
    browser.post("/desk/record/", typed(**new) | {"record": ""})
    assert ApprovalEvent.objects.get(indication__therapy__slug="testimab").waits
    assert client.get("/therapies/testimab/").status_code == 404


def test_a_biosimilar_becomes_a_name_and_no_therapy(browser):
    browser.post("/desk/record/", typed(therapy="trastuzumab-zzzz", what="biosimilar:trastuzumab") | {"record": ""})
    fact = TherapyFact.objects.get(value="trastuzumab-zzzz")
    assert fact.waits and fact.kind == "biosimilar" and fact.therapy.slug == "trastuzumab"


def test_an_event_is_recorded_on_a_use_that_we_have(browser, waiting):
    change = {"therapy": "pembrolizumab", "use": waiting.indication_id, "kind": "withdrawn", "date": "2025-01-01"}
    browser.post("/desk/record/", typed(**change, because="The study failed.") | {"record": ""})
    end = waiting.indication.events.get(kind="withdrawn")
    assert end.waits and end.because == "The study failed."


def test_what_was_rejected_is_not_recorded_anew_but_corrected(browser, waiting, second_registrar):
    actions.reject(waiting, by=second_registrar, because="The letter names another day.")
    again = {"therapy": "pembrolizumab", "use": waiting.indication_id, "date": "2024-03-01"}
    page = browser.post("/desk/record/", typed(**again) | {"record": ""}).content.decode()
    assert "rejected: “The letter names another day.”" in page and f"/desk/inbox/events/{waiting.pk}/" in page
    assert waiting.indication.events.count() == 1


def test_something_near_asks_for_a_tick(browser, waiting):
    near = {
        "therapy": "pembrolizumab",
        "cancer": "Neuroblastoma",
        "setting": "In another setting",
        "date": "2024-03-20",
    }
    page = browser.post("/desk/record/", typed(**near) | {"record": ""})
    assert page.status_code == 400 and "Something like this is recorded" in page.content.decode()
    browser.post("/desk/record/", typed(**near, another="on") | {"record": ""})
    assert ApprovalEvent.objects.filter(indication__setting="In another setting").exists()


def test_everything_is_recorded_or_nothing(browser):
    two = typed() | {name.replace("use-0", "use-1"): value for name, value in typed(cancer="Glioblastma").items()}
    page = browser.post("/desk/record/", two | {"draft": ["0", "1"], "record": ""})
    assert page.status_code == 400
    assert not ApprovalEvent.objects.filter(source__url="https://www.fda.gov/a-new-page").exists()


def test_of_several_uses_the_list_of_errors_names_each(browser):
    two = typed() | {name.replace("use-0", "use-1"): value for name, value in typed(compared="").items()}
    page = browser.post("/desk/record/", two | {"draft": ["0", "1"], "record": ""}).content.decode()
    assert "Use 2: I compared every field above with the notice</a>" in page and "Use 1: I compared" not in page


def test_errors_are_listed_in_the_order_of_the_page(browser):
    wrong = typed(compared="", stage="", date="") | {"address": "", "record": ""}
    page = browser.post("/desk/record/", wrong)
    told = [field.name for _, field, _ in page.context["problems"]]
    assert told == ["address", "date", "stage", "compared"]
    assert page.content.decode().count("autofocus") == 1


def test_a_script_that_looks_while_one_types_gets_the_recorded_uses_alone(browser):
    looked = browser.post("/desk/record/", typed() | {"look": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert 'id="use-0-recorded"' in looked and "<form" not in looked and "<html" not in looked


def test_a_preview_stores_nothing(browser):
    entries = AuditEntry.objects.count()
    page = browser.post("/desk/record/", typed(setting="Seen in a preview only") | {"preview": "therapy"})
    assert "Seen in a preview only" in page.content.decode() and preview.BANNER in page.content.decode()
    assert "no-store" in page["Cache-Control"] and AuditEntry.objects.count() == entries
    assert not ApprovalEvent.objects.filter(indication__setting="Seen in a preview only").exists()


def test_a_draft_is_dropped_and_added_without_losing_words(browser):
    page = browser.post("/desk/record/", typed() | {"add": ""})
    assert len(page.context["recording"].drafts) == 2 and "After everything else" in page.content.decode()
    page = browser.post("/desk/record/", typed() | {"drop": "0"})
    assert page.context["recording"].drafts == []


def test_a_row_of_a_file_fills_the_form_and_is_answered_by_recording_it(browser, data_editor, source):
    batch = Batch.objects.create(kind="purple-book", sha256="0" * 64, name="a.csv", size=1, rows_read=1, source=source)
    day = datetime.date(2024, 3, 1)
    row = row_of(
        FileFinding(
            bucket=Bucket.NEW_DATE,
            line=7,
            claim=EfficacySupplements("BLA761171", "naxitamab", ("4",), day),
            reason=Reason.USE_NOT_NAMED,
            therapies=("naxitamab",),
            application="BLA761171",
            date=day,
        ),
        batch.kind,
        {},
    )
    row.batch, row.position = batch, 1
    row.save()
    form = browser.get(f"/desk/record/?row={row.pk}").context["recording"].drafts[0]
    assert (form.raw("therapy"), form.raw("date")) == ("naxitamab", "2024-03-01")
    browser.post("/desk/record/", typed() | {"row": row.pk, "address": "", "title": "", "record": ""})
    row.refresh_from_db()
    assert (row.answer, row.answered_by, row.event.waits) == ("accepted", data_editor, True)
    assert row.event.source == source, "the file is its source"


def test_the_list_of_recorded_uses_costs_no_more_queries_with_more_of_them(browser):
    asked = []
    for therapy in ("naxitamab", "pembrolizumab"):
        with CaptureQueriesContext(connection) as queries:
            page = browser.get("/desk/record/", {"therapy": therapy, "kind": "approval", "date": "2024-03-01"})
        asked.append((len(page.context["recording"].drafts[0].recorded), len(queries)))
    (few, one), (many, more) = asked
    assert many > 20 * few and more == one
