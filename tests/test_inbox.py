"""A second person sees a waiting fact on one screen, and confirms it, corrects it or rejects it with a reason."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.publishing import actions
from portal.publishing.guard import fingerprint
from therapies.models import ApprovalEvent, Therapy, TherapyFact

pytestmark = pytest.mark.django_db
INBOX = "/desk/inbox/"


@pytest.fixture
def event(use, source, registrar):
    event = ApprovalEvent(indication=use, kind="accelerated-approval", date=datetime.date(2026, 3, 1), source=source)
    event.full_clean()
    return actions.record(event, by=registrar)


@pytest.fixture
def address(event):
    return f"/desk/inbox/events/{event.pk}/"


@pytest.fixture
def sam(desk, second_registrar):
    return desk(second_registrar)


def confirm(client, address, fact):
    return client.post(address, {"do": "confirm", "seen": fingerprint(type(fact).objects.get(pk=fact.pk))})


def typed(page, **changes):
    """What a browser sends from the form of a correction, with ``changes`` typed into it."""
    form = page.context["form"]
    return {"do": "correct"} | {name: form[name].value() for name in form.fields if form[name].value()} | changes


# The queue ---------------------------------------------------------------------------------


def test_every_waiting_fact_is_listed_with_what_would_settle_it(sam, event):
    page = sam.get(INBOX).content.decode()
    number = TherapyFact.objects.waiting().count() + ApprovalEvent.objects.waiting().count()
    assert f"<strong>{number}</strong> waiting" in page
    assert "What would settle it" in page and "No source yet" in page


def test_what_patients_feel_comes_first(sam, event, use, source, registrar, second_registrar):
    actions.confirm(event, by=second_registrar)
    end = ApprovalEvent(indication=use, kind="withdrawn", date="2026-05-01", source=source, because="No benefit.")
    end.full_clean()
    actions.record(end, by=registrar)
    rows = [row.fact for row in sam.get(INBOX).context["rows"]]
    assert rows[0] == end and "Why: No benefit." in sam.get(INBOX).content.decode()
    assert [fact.kind for fact in rows[1:]].index("boxed-warning") < len(rows) - 2


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("kind=accelerated-approval&by=Regina", True),
        ("kind=withdrawn", False),
        ("therapy=pembrolizumab&source=yes", True),
        ("therapy=pembrolizumab&by=software", False),
        ("source=no", False),
        ("kind=nonsense&page=-7", False),
    ],
)
def test_filters_narrow_the_queue(sam, event, query, shown):
    assert (str(event.indication) in sam.get(f"{INBOX}?{query}").content.decode()) == shown


def test_the_queue_marks_what_one_recorded_oneself(desk, registrar, event):
    assert "another person must confirm it" in desk(registrar).get(f"{INBOX}?by=Regina").content.decode()


def test_the_number_of_queries_does_not_grow(sam, event, source, registrar, django_assert_num_queries):
    with CaptureQueriesContext(connection) as before:
        sam.get(INBOX)
    for number in range(5):
        fact = TherapyFact(therapy=Therapy.objects.first(), kind="brand", value=f"Brand {number}", source=source)
        actions.record(fact, by=registrar)
    with django_assert_num_queries(len(before)):
        sam.get(INBOX)


# One fact ----------------------------------------------------------------------------------


def test_one_screen_tells_the_fact_its_source_and_what_changes(sam, event, address):
    page = sam.get(address).content.decode()
    assert "https://www.fda.gov/test" in page and "by Regina" in page
    assert "<s>Not on the site</s> → <strong>Accelerated approval</strong>" in page
    assert "Approved uses: <s>" in page
    assert "checkpoint inhibitors have no settled role" in page  # a sentence that it may make untrue
    assert not ApprovalEvent.objects.get(pk=event.pk).is_confirmed
    assert "After everything else" in sam.get(f"{address}preview/").content.decode()


def test_a_second_person_confirms_and_goes_on_to_the_next(sam, event, address):
    answer = confirm(sam, address, event)
    assert answer.status_code == 302 and answer.url.startswith(INBOX) and answer.url != address
    assert ApprovalEvent.objects.get(pk=event.pk).is_confirmed
    page = sam.get(answer.url).content.decode()
    assert "Readers see it now." in page and address in page  # the way back


def test_a_second_click_is_told_that_the_first_one_did_it(sam, event, address):
    seen = fingerprint(ApprovalEvent.objects.get(pk=event.pk))
    for _ in range(2):
        answer = sam.post(address, {"do": "confirm", "seen": seen}, follow=True).content.decode()
    assert "You clicked twice. Your first click did it" in answer and "already" not in answer


def test_of_two_people_one_wins_and_the_other_is_told(desk, sam, administrator, event, address):
    seen = fingerprint(ApprovalEvent.objects.get(pk=event.pk))
    other = desk(administrator)
    sam.post(address, {"do": "confirm", "seen": seen})
    late = other.post(address, {"do": "confirm", "seen": seen})
    assert "Somebody has confirmed this fact already" in late.content.decode()


def test_what_changed_since_it_was_shown_is_not_confirmed_unseen(sam, event, address, registrar):
    seen = fingerprint(ApprovalEvent.objects.get(pk=event.pk))
    event.date = datetime.date(2026, 3, 2)
    actions.record(event, by=registrar)
    page = sam.post(address, {"do": "confirm", "seen": seen}).content.decode()
    assert "Somebody has changed this fact since you opened it" in page and "March 2, 2026" in page
    assert not ApprovalEvent.objects.get(pk=event.pk).is_confirmed
    page = sam.post(address, {"do": "reject", "seen": seen, "because": "Another day."}).content.decode()
    assert "so it was not rejected" in page and 'value="Another day."' in page
    assert not ApprovalEvent.objects.get(pk=event.pk).is_rejected


def test_its_recorder_and_an_editor_confirm_nothing(desk, registrar, editor, event, address):
    own = desk(registrar)
    assert "Confirm: readers may see it" not in own.get(address).content.decode()
    assert "You recorded this fact" in confirm(own, address, event).content.decode()
    assert "Registrars confirm facts" in desk(editor).get(address).content.decode()
    assert confirm(desk(editor), address, event).status_code == 403
    assert not ApprovalEvent.objects.get(pk=event.pk).is_confirmed


def test_a_rejection_needs_a_reason_and_stays_in_the_list(sam, event, address):
    seen = fingerprint(ApprovalEvent.objects.get(pk=event.pk))
    page = sam.post(address, {"do": "reject", "seen": seen, "because": " "})
    assert "Say why" in page.content.decode()
    sam.post(address, {"do": "reject", "seen": seen, "because": "The letter is about another drug."})
    assert ApprovalEvent.objects.get(pk=event.pk).is_rejected
    assert sam.get(f"{INBOX}?by=Regina").context["rows"] == []
    assert "The letter is about another drug." in sam.get(f"{INBOX}?show=rejected").content.decode()


def test_a_fact_says_which_room_it_belongs_to(sam, address):
    page = sam.get(address).content.decode()
    assert '<a href="/desk/inbox/" aria-current="true">' in page
    assert '<li><a href="/desk/inbox/">To confirm</a></li> <li aria-current="page">' in page
    assert '<a href="/desk/inbox/" aria-current="page">' in sam.get(INBOX).content.decode()


def test_whoever_corrects_becomes_the_recorder(sam, second_registrar, event, address):
    sent = typed(sam.get(address), date="2026-03-05")
    assert "This day has not come yet" in sam.post(address, sent | {"date": "2999-01-01"}).content.decode()
    sam.post(address, sent)
    event.refresh_from_db()
    assert (event.date, event.recorded_by) == (datetime.date(2026, 3, 5), second_registrar)
    page = sam.get(address).content.decode()
    assert "another person must confirm it" in page and "2026-03-01 → 2026-03-05" in page


def test_a_correction_meets_the_one_of_somebody_else(sam, event, address, registrar):
    sent = typed(sam.get(address), note="From Sam.")
    event.note = "From Regina."
    actions.record(event, by=registrar)
    page = sam.post(address, sent)
    assert "Somebody changed this while you had it open" in page.content.decode()
    assert "From Sam." in page.content.decode()
    assert ApprovalEvent.objects.get(pk=event.pk).note == "From Regina."


def test_the_first_page_of_the_desk_and_the_form_of_a_fact_lead_here(sam, event, address):
    waiting = TherapyFact.objects.waiting().first()
    first_page = sam.get("/admin/").content.decode()
    assert f'href="/desk/inbox/facts/{waiting.pk}/"' in first_page and 'href="/desk/inbox/events/' in first_page
    form = sam.get(f"/admin/therapies/approvalevent/{event.pk}/change/").content.decode()
    assert f'<a href="{address}">See what it changes for readers, correct or reject it</a>' in form
