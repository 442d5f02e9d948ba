"""Entering what FDA did: a pasted notice becomes drafts that a person compares, then changes that wait."""

import datetime
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from portal.publishing import actions, as_if
from portal.publishing.models import AuditEntry, Change, Source
from therapies.compare.claims import EfficacySupplements
from therapies.compare.findings import FileFinding, row_of
from therapies.compare.reasons import Reason
from therapies.desk.recording import MOST
from therapies.figures import TherapyNumbers
from therapies.models import ApprovalEvent, Batch, Indication, Therapy, TherapyFact

pytestmark = pytest.mark.sampled(4)

NOTICES = Path(__file__).parent / "notices"
MARCH_1 = datetime.date(2024, 3, 1)
#: Tables that nothing is written to before a second person confirms.
TABLES = (ApprovalEvent, Indication, Therapy, TherapyFact)


@pytest.fixture
def waiting(use, source, pending):
    """A change that somebody else proposed."""
    return pending(ApprovalEvent, indication=use, kind="approval", date=MARCH_1, source=source)


@pytest.fixture
def decision(use, source, confirmed):
    """A decision that readers see."""
    return confirmed(ApprovalEvent, indication=use, kind="approval", date=MARCH_1, source=source)


# What the site would say ------------------------------------------------------------------------------


def test_effects_tell_what_confirming_changes_and_leave_nothing(waiting):
    entries, before = AuditEntry.objects.count(), TherapyNumbers().approved_uses()
    effects = as_if.effects(waiting)
    numbers = {number.label: (number.before, number.after) for number in effects.numbers}
    assert numbers["Number of uses approved today"] == (str(before), str(before + 1))
    assert effects.addresses == ["/therapies/pembrolizumab/", "/cancers/neuroblastoma/", "/approvals/"]
    assert not effects.refused
    waiting.refresh_from_db()
    assert waiting.is_pending and waiting.row is None
    assert TherapyNumbers().approved_uses() == before and AuditEntry.objects.count() == entries


def test_a_page_is_shown_as_it_will_be_and_stays_as_it_was(waiting, client, data_editor):
    request = RequestFactory().get("/desk/changes/")
    request.user = data_editor
    for address in ("/therapies/pembrolizumab/", "/cancers/neuroblastoma/"):
        page = as_if.page(request, address, waiting)
        assert "After everything else" in page.content.decode() and as_if.AFTER in page.content.decode()
        assert page["Cache-Control"] == "no-store"
        assert "After everything else" not in as_if.page(request, address).content.decode()
        assert "After everything else" not in client.get(address).content.decode()


# From a notice to changes that wait ------------------------------------------------------------------------

NOTICE = """FDA approves a therapy of a test for glioblastoma
On May 27, 2022, the Food and Drug Administration granted accelerated approval to naxitamab (Danyelza, Y-mAbs) for \
adult patients with relapsed or refractory glioblastoma after two or more lines of systemic therapy.
05/27/2022
https://www.fda.gov/drugs/a-notice?utm_source=mail"""


@pytest.fixture
def browser(desk, data_editor):
    return desk(data_editor)


def entered() -> Change:
    """What stands for the drafts that were entered from the page of ``typed``."""
    return Change.objects.leading().get(source__url="https://www.fda.gov/a-new-page")


def nothing_entered() -> bool:
    return not Change.objects.filter(source__url="https://www.fda.gov/a-new-page").exists()


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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://www.fda.gov/\u202e", "This contains a hidden character, U+202E. Type it again without it."),
        ("https://[::1", "“https://[::1” isn’t a link that readers can open."),
        ("https://www.fda.gov:x/", "“https://www.fda.gov:x/” isn’t a link that readers can open."),
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
    link = f"/desk/facts/new/?kind={kind}"
    assert f'<a href="{link}">' in browser.get("/desk/record/").content.decode()
    assert browser.get(link).context["form"]["kind"].value() == kind


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


def test_more_decisions_than_one_page_holds_are_not_cut_off_in_silence(browser):
    head, *rows = (NOTICES / "withdrawn-list-2021.txt").read_text().strip().splitlines()
    page = browser.post("/desk/record/", {"notice": "\n".join([head, *rows * 3]), "read": ""})
    assert len(page.context["recording"].drafts) == MOST
    assert f"This text reports more decisions than fit on one page ({MOST})." in page.content.decode()


def test_a_text_that_is_too_long_says_how_much_of_it_was_read(browser):
    page = browser.post("/desk/record/", {"notice": NOTICE + "\nMore words." * 2000, "read": ""})
    assert "We read only the first 20,000 characters of this text." in page.content.decode()


def test_an_address_alone_is_no_notice(browser):
    page = browser.post("/desk/record/", {"notice": "https://www.fda.gov/drugs/a-notice", "read": ""})
    assert "This is just an address. Open that page, copy its text" in page.content.decode()
    assert not page.context["recording"].drafts
    assert 'value="https://www.fda.gov/drugs/a-notice"' in page.content.decode()


def test_what_is_entered_is_written_to_no_table_before_a_second_person_confirms_it(
    browser, data_editor, second_data_editor
):
    before = [list(model.objects.order_by("pk").values()) for model in TABLES]
    done = browser.post("/desk/record/", typed(application="BLA 761171/S-004") | {"record": ""}, follow=True)
    assert "Readers won’t see it until a second person confirms it" in done.content.decode()
    assert [list(model.objects.order_by("pk").values()) for model in TABLES] == before
    change = entered()
    assert change.is_pending and change.proposed_by == data_editor and change.source.official
    assert [one.model for one in change.group()] == ["therapies.indication", "therapies.approvalevent"]
    uses = TherapyNumbers().approved_uses()
    actions.confirm(change, by=second_data_editor)
    event = ApprovalEvent.objects.get(source=change.source)
    assert event.indication.therapy.slug == "naxitamab" and event.date == MARCH_1
    assert TherapyNumbers().approved_uses() == uses + 1


def test_what_was_pasted_stays_with_the_change(browser, second_data_editor, desk):
    browser.post("/desk/record/", typed() | {"notice": NOTICE, "record": ""})
    assert {one.evidence for one in entered().group()} == {NOTICE}
    page = desk(second_data_editor).get(entered().get_absolute_url()).content.decode()
    assert "On May 27, 2022, the Food and Drug Administration" in page


def test_a_number_that_is_new_is_entered_with_the_decision(browser):
    browser.post("/desk/record/", typed(application="BLA 761999/S-001") | {"record": ""})
    number = Change.objects.pending().to(TherapyFact).get(source__url="https://www.fda.gov/a-new-page")
    assert number.after["value"] == "BLA761999" and number in entered().group()


def test_what_was_confirmed_meanwhile_is_not_said_to_wait(browser, second_data_editor):
    address = browser.post("/desk/record/", typed() | {"record": ""}).url
    actions.confirm(entered(), by=second_data_editor)
    page = browser.get(address).content.decode()
    assert "(confirmed)" in page and "Readers see nothing" not in page


def test_what_was_entered_is_named_and_leads_to_what_it_changes(browser):
    done = browser.post("/desk/record/", typed(month_only="on") | {"record": ""}, follow=True).content.decode()
    link = f'<a href="/desk/changes/{entered().pk}/">Add Approval, March 2024: naxitamab for Glioblastoma'
    assert link in done and link in browser.get("/desk/").content.decode()


def test_a_second_click_enters_nothing_and_leads_to_the_same(browser):
    first, second = (browser.post("/desk/record/", typed() | {"record": ""}) for _ in range(2))
    assert first.url == second.url
    assert len(entered().group()) == 2


def test_what_somebody_else_has_proposed_is_not_entered_again(browser, desk, second_data_editor):
    browser.post("/desk/record/", typed() | {"record": ""})
    page = desk(second_data_editor).post("/desk/record/", typed(another="on") | {"record": ""})
    assert page.status_code == 400 and "Dana already proposed this. It is pending." in page.content.decode()
    assert len(entered().group()) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"compared": ""}, "Compare the fields with FDA’s notice"),
        ({"therapy": "naxitamub"}, "is no name of a therapy of ours. Near it: naxitamab"),
        ({"therapy": "trastuzumab-zzzz"}, "This looks like a biosimilar or a new form of trastuzumab"),
        ({"cancer": "Glioblastma"}, "Near it: Glioblastoma"),
        ({"setting": "word " * 21}, "These are 21 words"),
        ({"kind": "withdrawn"}, "Say why the use was ended"),
        ({"kind": "converted"}, "Choose it in the list of uses"),
        ({"application": "BLA 125514/S-004"}, "BLA125514 is the number of pembrolizumab"),
        ({"therapy": ""}, "Enter the therapy."),
        ({"setting": "Adults \u202eafter everything else"}, "This contains a hidden character, U+202E."),
        ({"date": "2999-01-01"}, "the last one possible here"),
        ({"date": "none"}, "Enter the date on which FDA acted."),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_stored(browser, changes, said):
    page = browser.post("/desk/record/", typed(**changes) | {"record": ""})
    assert page.status_code == 400 and said in page.content.decode()
    assert nothing_entered()
    assert "After everything else" in page.content.decode() or "setting" in changes


def test_a_new_therapy_waits_with_its_use_and_comes_without_a_text(browser, client, second_data_editor):
    new = {"therapy": "testimab", "what": "new", "new_name": "testimab", "new_class": "checkpoint-inhibitor"}
    browser.post("/desk/record/", typed(**new) | {"record": ""})
    assert [one.model.partition(".")[2] for one in entered().group()] == ["therapy", "indication", "approvalevent"]
    assert not Therapy.objects.filter(slug="testimab").exists()
    actions.confirm(entered(), by=second_data_editor)
    assert ApprovalEvent.objects.get(indication__therapy__slug="testimab")
    assert client.get("/therapies/testimab/").status_code == 404


def test_two_uses_of_a_new_therapy_wait_for_one_answer(browser, second_data_editor):
    new = {"therapy": "testimab", "what": "new", "new_name": "testimab", "new_class": "checkpoint-inhibitor"}
    two = typed(**new) | {
        name.replace("use-0", "use-1"): value for name, value in typed(**new, setting="Before surgery").items()
    }
    browser.post("/desk/record/", two | {"draft": ["0", "1"], "record": ""})
    assert len(entered().group()) == 5
    actions.confirm(entered(), by=second_data_editor)
    assert Therapy.objects.get(slug="testimab").indications.count() == 2


def test_a_biosimilar_becomes_a_name_and_no_therapy(browser):
    browser.post("/desk/record/", typed(therapy="trastuzumab-zzzz", what="biosimilar:trastuzumab") | {"record": ""})
    (name,) = entered().group()
    assert name.model == "therapies.therapyfact" and name.after["value"] == "trastuzumab-zzzz"
    assert name.after["kind"] == "biosimilar" and Therapy.objects.get(pk=name.after["therapy"]).slug == "trastuzumab"


def test_an_end_is_entered_on_a_use_that_we_have(browser, decision):
    change = {"therapy": "pembrolizumab", "use": decision.indication_id, "kind": "withdrawn", "date": "2025-01-01"}
    browser.post("/desk/record/", typed(**change, because="The study failed.") | {"record": ""})
    (end,) = entered().group()
    assert end.affects_patients and end.because == "The study failed."
    assert (end.after["indication"], end.after["kind"]) == (decision.indication_id, "withdrawn")
    assert decision.indication.events.count() == 1


def test_a_revoked_license_is_entered_with_the_month_whose_list_shows_it(browser, decision, client, second_data_editor):
    change = {"therapy": "pembrolizumab", "use": decision.indication_id, "kind": "revoked", "date": "2025-03-02"}
    browser.post("/desk/record/", typed(**change, by_month="on", because="The company asked for it.") | {"record": ""})
    (end,) = entered().group()
    assert (end.after["kind"], end.after["precision"], end.affects_patients) == ("revoked", "by", True)
    actions.confirm(end, by=second_data_editor)
    page = client.get("/approvals/?cancer=neuroblastoma").content.decode()
    assert re.search(r'<a [^>]*>License revoked by <time datetime="2025-03">March 2025</time>', page)


def test_what_was_rejected_may_be_entered_anew(browser, waiting, second_data_editor):
    actions.reject(waiting, by=second_data_editor, because="The letter names another day.")
    again = {"therapy": "pembrolizumab", "use": waiting.after["indication"], "date": "2024-03-01"}
    browser.post("/desk/record/", typed(**again) | {"record": ""})
    assert waiting.after.items() <= (entered().after | {"source": waiting.source_id}).items()
    assert entered().is_pending


def test_what_we_have_is_not_entered_again_but_opened(browser, decision):
    again = {"therapy": "pembrolizumab", "use": decision.indication_id, "date": "2024-03-01"}
    page = browser.post("/desk/record/", typed(**again) | {"record": ""}).content.decode()
    assert f'This decision is here already. <a href="/desk/decisions/{decision.pk}/">Open it</a>' in page
    assert nothing_entered()


def test_something_near_asks_for_a_tick(browser, decision):
    near = {
        "therapy": "pembrolizumab",
        "cancer": "Neuroblastoma",
        "setting": "In another setting",
        "date": "2024-03-20",
    }
    page = browser.post("/desk/record/", typed(**near) | {"record": ""})
    assert page.status_code == 400 and "We have something like this already" in page.content.decode()
    browser.post("/desk/record/", typed(**near, another="on") | {"record": ""})
    assert "In another setting" in [one.after.get("setting") for one in entered().group()]


def test_what_somebody_else_proposed_in_other_words_asks_for_a_tick(browser, desk, second_data_editor):
    browser.post("/desk/record/", typed() | {"record": ""})
    other = desk(second_data_editor)
    words = {"setting": "The same in other words", "date": "2024-03-20"}
    page = other.post("/desk/record/", typed(**words) | {"record": ""})
    said = page.content.decode()
    assert page.status_code == 400 and "someone proposed something like this, and it is pending" in said
    assert f'href="{entered().get_absolute_url()}"' in said and "We have something like this already" in said
    other.post("/desk/record/", typed(**words, another="on") | {"record": ""})
    assert Change.objects.pending().to(ApprovalEvent).filter(proposed_by=second_data_editor).exists()


def test_everything_is_entered_or_nothing(browser):
    two = typed() | {name.replace("use-0", "use-1"): value for name, value in typed(cancer="Glioblastma").items()}
    page = browser.post("/desk/record/", two | {"draft": ["0", "1"], "record": ""})
    assert page.status_code == 400
    assert nothing_entered()


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
    assert "Seen in a preview only" in page.content.decode() and as_if.AFTER in page.content.decode()
    assert "no-store" in page["Cache-Control"] and AuditEntry.objects.count() == entries
    assert nothing_entered() and not Source.objects.filter(url="https://www.fda.gov/a-new-page").exists()


def test_a_draft_is_dropped_and_added_without_losing_words(browser):
    page = browser.post("/desk/record/", typed() | {"add": ""})
    assert len(page.context["recording"].drafts) == 2 and "After everything else" in page.content.decode()
    page = browser.post("/desk/record/", typed() | {"drop": "0"})
    assert page.context["recording"].drafts == []


def test_a_row_of_a_file_fills_the_form_and_is_answered_by_entering_it(browser, data_editor, source):
    batch = Batch.objects.create(kind="purple-book", sha256="0" * 64, name="a.csv", size=1, rows_read=1, source=source)
    day = datetime.date(2024, 3, 1)
    row = row_of(
        FileFinding(
            line=7,
            claim=EfficacySupplements("BLA761171", "naxitamab", ("4",), day),
            reason=Reason.USE_NOT_NAMED,
            therapies=("naxitamab",),
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
    assert (row.answer, row.answered_by, row.change.is_pending) == ("accepted", data_editor, True)
    assert row.change.source == source, "the file is its source"


def test_the_list_of_recorded_uses_costs_no_more_queries_with_more_of_them(browser):
    browser.get("/desk/record/")  # the first request of a session notes when it was last used
    asked = []
    for therapy in ("naxitamab", "pembrolizumab"):
        with CaptureQueriesContext(connection) as queries:
            page = browser.get("/desk/record/", {"therapy": therapy, "kind": "approval", "date": "2024-03-01"})
        asked.append((len(page.context["recording"].drafts[0].recorded), len(queries)))
    (few, one), (many, more) = asked
    assert many > 20 * few and more == one
