"""A second person confirms, rejects or corrects what the screen showed, once."""

import pytest

from faq.models import Question, Topic
from portal.publishing import actions
from portal.publishing.models import Source
from therapies.models import ApprovalEvent, Therapy, TherapyFact

from .conftest import INBOX, confirm, state

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def correction(client, address, **typed):
    """What a browser sends from the form of a correction, with ``typed`` in it."""
    sent = {"do": "correct"}
    for form in client.get(address).context["forms"]:
        sent |= {form.add_prefix(name): form[name].value() for name in form.fields if form[name].value()}
        sent |= {form.add_prefix(name): value for name, value in typed.items() if name in form.fields}
    return sent


@pytest.mark.slow
def test_a_second_person_confirms_and_goes_on_to_the_next(sam, change, address, second_data_editor):
    following = sam.get(address).context["next"]
    answer = confirm(sam, address)
    assert answer.status_code == 302 and answer.url == following != address
    change.refresh_from_db()
    assert change.confirmed_by == second_data_editor and ApprovalEvent.objects.filter(pk=change.row).exists()
    page = sam.get(answer.url).content.decode()
    assert "Readers see it now." in page and address in page  # the way back
    assert "Confirmed: readers see it." in sam.get(address).content.decode()


def test_the_next_is_of_the_same_filter_and_the_last_leads_to_the_list(sam, change, source, pending, address):
    more = pending(TherapyFact, therapy=Therapy.objects.first(), kind="brand", value="Brand", source=source)
    answer = sam.post(f"{address}?by=Dana", {"do": "confirm", "seen": sam.get(address).context["seen"]})
    assert answer.url == f"{more.get_absolute_url()}?by=Dana"
    answer = sam.post(answer.url, {"do": "confirm", "seen": sam.get(answer.url).context["seen"]})
    assert answer.url == INBOX


def test_a_second_click_is_told_that_the_first_one_did_it(sam, change, address):
    sent = {"do": "confirm", "seen": sam.get(address).context["seen"]}
    for _ in range(2):
        answer = sam.post(address, sent, follow=True).content.decode()
    assert "You clicked twice. Your first click did it" in answer and "already" not in answer


def test_of_two_people_one_wins_and_the_other_is_told(desk, sam, administrator, change, address):
    sent = {"do": "confirm", "seen": sam.get(address).context["seen"]}
    sam.post(address, sent)
    late = desk(administrator).post(address, sent)
    assert "Someone else already confirmed this. Nothing changed." in late.content.decode()


@pytest.mark.slow
def test_nothing_is_confirmed_without_what_the_screen_showed(sam, change, address):
    for sent in ({}, {"seen": ""}, {"seen": "0123456789abcdef"}):
        page = sam.post(address, {"do": "confirm", **sent}).content.decode()
        assert "This changed after you opened it, so it was not confirmed. Look again." in page
    assert state(change) == "pending"


def its_source(change):
    Source.objects.filter(pk=change.source_id).update(title="Another letter")


def the_row(change):
    Question.objects.filter(pk=change.row).update(topic=Topic.objects.create(name="Meanwhile"))


def the_name_of_what_it_points_to(change):
    Topic.objects.filter(pk=change.after["topic"]).update(name="Buy this")


@pytest.mark.parametrize("moved", [its_source, the_row, the_name_of_what_it_points_to])
def test_what_moved_since_it_was_shown_is_not_confirmed_unseen(desk, editor, reviewer, source, moved):
    page = Question.objects.published().first()
    topic = Topic.objects.create(name="A new topic")
    change = actions.propose_change(page, {"topic": topic}, by=editor, source=source)
    client, address = desk(reviewer), change.get_absolute_url()
    sent = {"do": "confirm", "seen": client.get(address).context["seen"]}
    moved(change)
    assert "This changed after you opened it" in client.post(address, sent).content.decode()
    assert state(change) == "pending"


@pytest.mark.slow
def test_its_author_and_who_may_only_read_confirm_nothing(desk, data_editor, editor, change, address):
    own = desk(data_editor)
    page = own.get(address)
    assert 'value="confirm"' not in page.content.decode()
    assert "You proposed this, so another person must confirm it. You can take it back." in page.content.decode()
    answer = own.post(address, {"do": "confirm", "seen": page.context["seen"]})
    assert "You proposed this change, so another person must confirm it." in answer.content.decode()
    assert "You can read this change. Other people confirm it." in desk(editor).get(address).content.decode()
    assert confirm(desk(editor), address).status_code == 403
    assert desk(editor).post(address, {"do": "reject", "because": "No."}).status_code == 403
    assert state(change) == "pending"


def test_a_rejection_needs_a_reason_and_stays_in_the_list(sam, change, address):
    page = sam.post(address, {"do": "reject", "because": " "})
    assert "Say why" in page.content.decode() and state(change) == "pending"
    sam.post(address, {"do": "reject", "because": "The letter is about another drug."})
    assert state(change) == "rejected" and sam.get(f"{INBOX}?by=Dana").context["lines"] == []
    assert "The letter is about another drug." in sam.get(f"{INBOX}?show=rejected").content.decode()
    assert "Rejected by Sam" in sam.get(address).content.decode()


def test_its_author_takes_it_back(desk, data_editor, change, address):
    desk(data_editor).post(address, {"do": "reject", "because": "I read the wrong line."})
    assert state(change) == "rejected"


@pytest.mark.slow
def test_whoever_corrects_becomes_its_author(sam, second_data_editor, change, address):
    wrong = sam.post(address, correction(sam, address, date="2999-01-01"))
    assert "This day has not come yet" in wrong.content.decode() and "2999-01-01" in wrong.content.decode()
    answer = sam.post(address, correction(sam, address, date="2026-03-05") | {"why": "The letter says the fifth."})
    better = change.replaced_by.get()
    assert (better.after["date"], better.proposed_by) == ("2026-03-05", second_data_editor)
    assert (better.because, state(change)) == ("The letter says the fifth.", "rejected")
    assert "another person must confirm it" in sam.get(answer.url).content.decode()
    assert f'href="{better.get_absolute_url()}">Open the corrected version' in sam.get(address).content.decode()
    assert 'value="confirm"' not in sam.get(better.get_absolute_url()).content.decode()


def test_a_correction_that_changes_nothing_says_so(sam, change, address):
    page = sam.post(address, correction(sam, address) | {"why": change.because})
    assert "You didn’t change anything" in page.content.decode() and state(change) == "pending"


@pytest.mark.slow
def test_what_was_confirmed_can_be_taken_back_by_two_people(desk, sam, change, address, administrator):
    confirm(sam, address)
    change.refresh_from_db()
    page = sam.post(address, {"do": "reverse", "because": " "})
    assert "say in a sentence why it should change" in page.content.decode()
    sam.post(address, {"do": "reverse", "because": "The letter is about another drug."})
    back = change.reversed_by.get()
    assert back.verb == "remove" and ApprovalEvent.objects.filter(pk=change.row).exists()
    confirm(desk(administrator), back.get_absolute_url())
    assert not ApprovalEvent.objects.filter(pk=change.row).exists()
