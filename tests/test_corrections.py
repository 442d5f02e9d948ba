"""What readers see of a fact, a decision or a use is corrected at the desk: the new values wait for a second person."""

import datetime
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from portal.publishing import actions
from portal.publishing.models import Change, Governed, Source
from therapies.desk import corrections
from therapies.models import ApprovalEvent, Cancer, FurtherSource, Indication, LabelledUse, Therapy, TherapyFact

from .forms import form_in

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(4)]
MARCH_1 = datetime.date(2024, 3, 1)


@pytest.fixture
def decision(use, source, confirmed):
    return confirmed(ApprovalEvent, indication=use, kind="approval", date=MARCH_1, source=source)


def typed(client, address, **changes):
    """What a browser sends from the form of a correction, with ``changes`` typed into it."""
    return form_in(client.get(address).content.decode()) | {"do": "correct", **changes}


def pending(row) -> list[Change]:
    return list(Change.objects.pending().of(row))


def test_a_correction_waits_with_its_reason_and_source(dana, decision, data_editor):
    address = f"/desk/decisions/{decision.pk}/"
    answer = dana.post(address, typed(dana, address, date="2024-03-02", because="The letter says the second."))
    (change,) = pending(decision)
    assert answer.url == change.get_absolute_url()
    assert (change.before, change.after) == ({"date": "2024-03-01"}, {"date": "2024-03-02"})
    assert (change.source, change.because) == (decision.source, "The letter says the second.")
    decision.refresh_from_db()
    assert decision.date == MARCH_1
    page = dana.get(address).content.decode()
    assert "A change is pending." in page and change.get_absolute_url() in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"date": "2024-03-02", "because": ""}, "say in a sentence why it should change"),
        ({"date": "2999-01-01", "because": "Why."}, "This day has not come yet"),
        ({"kind": "withdrawn", "because": "Why."}, "no approval to withdraw"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_proposes_nothing(dana, decision, changes, said):
    address = f"/desk/decisions/{decision.pk}/"
    page = dana.post(address, typed(dana, address, note="Of mine.", **changes)).content.decode()
    assert said in page and not pending(decision)
    assert 'value="Why."' in page or not changes["because"], "what was typed stays"


def test_what_was_not_changed_is_no_correction(dana, decision):
    address = f"/desk/decisions/{decision.pk}/"
    page = dana.post(address, typed(dana, address, because="Why.")).content.decode()
    assert "We have this already" in page and not pending(decision)


def test_a_fact_is_corrected_with_the_source_that_says_so(dana, source):
    fact = TherapyFact.objects.get(therapy__slug="naxitamab", kind="market-status")
    address = f"/desk/facts/{fact.pk}/"
    changed = {"value": "discontinued", "source": source.pk, "because": "The company says so."}
    dana.post(address, typed(dana, address, **changed))
    (change,) = pending(fact)
    assert change.source == source and change.affects_patients
    assert change.after == {"value": "discontinued", "source": source.pk}


def test_of_a_use_every_list_waits_and_the_note_for_staff_is_kept_at_once(dana, decision):
    use = decision.indication
    address, also = f"/desk/uses/{use.pk}/", Cancer.objects.get(slug="melanoma")
    changed = {"also_cancers": [also.pk], "children": "on", "note": "Asked the company.", "because": "The label."}
    dana.post(address, typed(dana, address, **changed))
    use.refresh_from_db()
    assert (use.note, use.children, list(use.also_cancers.all())) == ("Asked the company.", False, [])
    (change,) = pending(use)
    assert change.after == {"also_cancers": [also.pk], "children": True} and change.affects_patients


def test_a_note_for_staff_alone_is_kept_and_nothing_waits(dana, decision):
    use, address = decision.indication, f"/desk/uses/{decision.indication_id}/"
    page = dana.post(address, typed(dana, address, note="Asked the company."), follow=True).content.decode()
    use.refresh_from_db()
    assert use.note == "Asked the company." and not pending(use)
    assert "Your note is saved. Readers don’t see it." in page


def test_a_note_is_not_kept_beside_a_correction_that_is_refused(dana, decision):
    use, address = decision.indication, f"/desk/uses/{decision.indication_id}/"
    page = dana.post(address, typed(dana, address, setting="Another", note="Asked the company.")).content.decode()
    use.refresh_from_db()
    assert "Nothing was saved" in page and "it needs a reason" in page and use.note == "" and not pending(use)


def test_a_removal_waits_and_needs_a_reason(dana, decision):
    address = f"/desk/decisions/{decision.pk}/"
    page = dana.post(address, {"do": "remove", "because": ""}, follow=True).content.decode()
    assert "say in a sentence why it should change" in page and not pending(decision)
    dana.post(address, {"do": "remove", "because": "It was another drug."})
    assert [change.verb for change in pending(decision)] == ["remove"]
    assert ApprovalEvent.objects.filter(pk=decision.pk).exists()


def test_a_use_goes_after_its_decisions(dana, decision):
    page = dana.post(f"/desk/uses/{decision.indication_id}/", {"do": "remove", "because": "Twice."}, follow=True)
    assert "FDA decisions rest on this use. Remove or move those first." in page.content.decode()
    assert not pending(decision.indication)


def test_a_correction_meets_the_one_that_was_confirmed_meanwhile(
    dana, decision, administrator, data_editor, second_data_editor
):
    address = f"/desk/decisions/{decision.pk}/"
    sent = typed(dana, address, note="From Dana.", because="Read again.")
    theirs = actions.propose_change(decision, {"note": "From Ada."}, by=administrator, because="Read once more.")
    actions.confirm(theirs, by=second_data_editor)
    page = dana.post(address, sent).content.decode()
    assert "Someone changed this while you had it open" in page and "From Dana." in page and "From Ada." in page
    assert not pending(decision)


def test_editors_read_and_propose_nothing(desk, editor, decision):
    client, address = desk(editor), f"/desk/decisions/{decision.pk}/"
    page = client.get(address).content.decode()
    assert "Propose" not in page
    for sent in ({"do": "correct", "date": "2024-03-02", "because": "Why."}, {"do": "remove", "because": "Why."}):
        assert client.post(address, sent).status_code == 403
    assert client.get("/desk/facts/new/").status_code == 403
    assert not pending(decision)


# A new fact --------------------------------------------------------------------------------


def fact(read_in, **changes):
    therapy = Therapy.objects.get(slug="naxitamab")
    return {"therapy": therapy.pk, "kind": "brand", "value": "Newname", "source": read_in.pk} | changes


def test_a_new_fact_waits(dana, source):
    answer = dana.post("/desk/facts/new/", fact(source))
    change = Change.objects.pending().get(after__value="Newname")
    assert answer.url == change.get_absolute_url() and change.source == source
    assert not TherapyFact.objects.filter(value="Newname").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source": ""}, "This field is required"),
        ({"kind": "application", "value": "125514"}, "six digits"),
        ({"kind": "market-status", "value": "sold"}, "Write one of"),
        ({"kind": "boxed-warning", "value": "Another"}, "Correct that fact"),
    ],
)
def test_a_fact_that_cannot_be_is_told_at_its_field(dana, source, changes, said):
    page = dana.post("/desk/facts/new/", fact(source, **changes))
    assert page.status_code == 400 and said in page.content.decode()
    assert not Change.objects.filter(proposed_by__isnull=False).exists()


def test_the_form_says_that_readers_see_the_note_of_a_first_approval(dana, client):
    fact = TherapyFact.objects.filter(kind="first-approval").exclude(note="").first()
    assert fact.note in client.get(fact.therapy.get_absolute_url()).content.decode()
    said = "Beside a first approval, readers see it too."
    for address in (reverse("desk:fact", args=[fact.pk]), reverse("desk:new-fact")):
        assert said in dana.get(address).content.decode()


def test_a_use_without_decision_waits_as_well(dana, use):
    address = f"/desk/uses/{use.pk}/"
    dana.post(address, typed(dana, address, setting="Another setting"))
    assert Indication.objects.get(pk=use.pk).setting == "After everything else" and len(pending(use)) == 1


# What readers see of it, in words ----------------------------------------------------------


def desk_address(row) -> str:
    return reverse(admin.site._registry[type(row)].desk_address, args=[row.pk])


@pytest.mark.parametrize("model", corrections.FIELDS, ids=lambda model: model.__name__)
def test_a_row_says_that_readers_see_it_only_where_a_public_page_tells_of_it(dana, model):
    row = next(row for row in model._default_manager.all() if row.is_seen())
    page = dana.get(desk_address(row)).content.decode()
    told = f"Readers {'see' if row.is_for_readers else 'don’t see'} this {model._meta.verbose_name}."
    assert told in page and page.count("Readers see") == row.is_for_readers


def test_a_use_without_decision_and_a_fact_that_no_page_shows_say_that_readers_do_not_see_them(dana, use, source):
    unexplained = TherapyFact.objects.create(therapy=use.therapy, kind="supplement", value="A day", source=source)
    for row in (use, unexplained):
        assert "Readers don’t see this" in dana.get(desk_address(row)).content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("model", [TherapyFact, LabelledUse], ids=lambda model: model.__name__)
def test_whoever_confirms_is_told_rightly_whether_readers_will_see_it(dana, desk, second_data_editor, model):
    row, sam = model._default_manager.first(), desk(second_data_editor)
    told = typed(dana, desk_address(row), note="Read once more.", because="A label says so.")
    assert "The old values stay until" in dana.post(desk_address(row), told, follow=True).content.decode()
    (change,) = pending(row)
    screen = sam.get(change.get_absolute_url())
    assert ("Confirm: readers will see it" in screen.content.decode()) is (model is TherapyFact)
    sent = {"do": "confirm", "seen": screen.context["seen"]}
    page = sam.post(change.get_absolute_url(), sent, follow=True).content.decode()
    assert ("Readers see it now." in page) is (model is TherapyFact)
    assert ("Readers don’t see the row itself." in page) is (model is LabelledUse)


# What shipped can all be corrected ----------------------------------------------------------


def with_source() -> list[Any]:
    governed = [model for model in apps.get_models() if issubclass(model, Governed)]
    return [model for model in governed if any(field.name == "source" for field in model._meta.fields)]


@pytest.mark.slow
@pytest.mark.parametrize("model", with_source(), ids=lambda model: model.__name__)
def test_the_form_of_every_shipped_row_takes_what_it_shows_and_one_new_value(model):
    form_class, changed, refused = corrections.form_class(model), corrections.FIELDS[model][-1], {}
    for row in model._default_manager.all():
        empty = form_class(instance=row)
        shown = {name: empty[name].value() for name in empty.fields}
        sent = QueryDict(urlencode({name: value for name, value in shown.items() if value is not None}), mutable=True)
        sent[changed] = "Read once more."
        form = form_class(sent, instance=row)
        if not form.is_valid() or form.changed_data != [changed]:
            refused[str(row)] = form.errors or form.changed_data
    assert refused == {}


def test_a_pending_further_source_of_long_ago_can_be_corrected(dana, decision, data_editor):
    old = Source.objects.exclude(pk=decision.source_id).order_by("pk").first()
    given = {"event": decision, "source": old, "date": datetime.date(2024, 3, 3), "why": "The letter tells the day."}
    change = actions.propose_new(FurtherSource, given, by=data_editor)
    sent = {"event": decision.pk, "source": old.pk, "date": "2024-03-02", "why": given["why"]}
    sent = {f"change-{change.pk}-{name}": value for name, value in sent.items()}
    dana.post(change.get_absolute_url(), sent | {"do": "correct", "why": "Read again."})
    (corrected,) = Change.objects.pending().to(FurtherSource)
    assert (corrected.after["source"], corrected.after["date"]) == (old.pk, "2024-03-02")
