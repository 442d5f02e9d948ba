"""What a release changes arrives on a site, and what its staff edited, rejected or confirmed stays theirs."""

import pytest

from portal.publishing import actions
from portal.publishing.models import Change, ShippedRow
from therapies.models import ApprovalEvent, DrugLabel, Indication, Therapy, TherapyFact

from .releases import releasing, shipped_files
from .test_loading import load

pytestmark = pytest.mark.slow


@pytest.fixture
def files(tmp_path, monkeypatch):
    return shipped_files(tmp_path, monkeypatch)


@pytest.fixture
def release(files):
    return releasing(files)


#: How the fact about the route ends, and what stands in the place of its source when a release doubts it.
ROUTE = 'source = "label-lartruvo"\n\n[[facts]]\nkind = "application"'
DOUBTED = 'doubt = "Read nowhere."\nsettles = "The label."\n\n[[facts]]\nkind = "application"'


def day_of(name: str) -> ApprovalEvent:
    """The first decision of a therapy, and its day as its file writes it."""
    return ApprovalEvent.objects.filter(indication__therapy__slug=name, precision="day").order_by("pk").first()


def test_a_second_load_changes_nothing(db):
    told = load()
    assert "new" not in told and "edited" not in told and "updated" not in told


def test_a_corrected_fact_arrives_and_is_told_to_followers_anew(db, release):
    event = day_of("olaratumab")
    told_before = event.confirmed_at
    told = release("olaratumab.toml", f'"{event.date.isoformat()}"', '"2016-10-20"')
    event.refresh_from_db()
    assert event.date.isoformat() == "2016-10-20"
    assert event.confirmed_at > told_before
    assert "1 updated" in told


def test_a_decision_whose_day_a_release_corrects_keeps_its_address_though_an_earlier_one_came_before_it(db, release):
    event = day_of("bcg")
    address, day = event.short_id, f'{{ kind = "approval", date = "{event.date}",'
    corrected = '{ kind = "approval", date = "1990-05-22", was = "1990-05-21",'
    earlier = '{ kind = "approval", date = "1989-06-21", source = "purplebook-2025-03" },'
    release("bcg.toml", day, f"{earlier}\n  {corrected}")
    event.refresh_from_db()
    other = event.indication.events.exclude(pk=event.pk).get()
    assert (event.date.isoformat(), event.short_id) == ("1990-05-22", address)
    assert other.date.isoformat() == "1989-06-21" and other.short_id != address


def test_a_name_that_a_release_corrects_takes_the_place_of_the_old_one(db, release):
    target = TherapyFact.objects.get(therapy__slug="olaratumab", kind="target")
    told = release("olaratumab.toml", f'value = "{target.value}"', f'value = "PDGFRA"\nwas = "{target.value}"')
    target.refresh_from_db()
    assert target.value == "PDGFRA" and "1 updated" in told
    assert TherapyFact.objects.filter(therapy__slug="olaratumab", kind="target").count() == 1


def test_a_source_that_a_release_corrects_arrives(db, release):
    target = TherapyFact.objects.get(therapy__slug="olaratumab", kind="target")
    told = release("olaratumab.toml", 'source = "label-lartruvo"', 'source = "A letter of FDA"')
    target.refresh_from_db()
    assert target.source.title == "A letter of FDA" and "1 updated" in told


def test_a_real_edit_is_kept(db, release, data_editor, second_data_editor):
    event = day_of("olaratumab")
    before = event.date.isoformat()
    change = actions.propose_change(event, {"note": "Checked here."}, by=data_editor, because="A note.")
    actions.confirm(change, by=second_data_editor)
    told = release("olaratumab.toml", f'"{before}"', '"2016-10-20"')
    event.refresh_from_db()
    assert (event.date.isoformat(), event.note) == (before, "Checked here.")
    assert "1 edited by staff, left alone" in told


def test_a_column_that_the_software_gained_freezes_nothing(db, release):
    """An older release knew fewer columns, so its ledger holds no value for them."""
    for entry in ShippedRow.objects.filter(key__startswith="therapies."):
        entry.values.pop("note", None)
        entry.values.pop("precision", None)
        entry.save()
    event = day_of("olaratumab")
    told = release("olaratumab.toml", f'"{event.date.isoformat()}"', '"2016-10-20"')
    event.refresh_from_db()
    assert event.date.isoformat() == "2016-10-20"
    assert "edited by staff" not in told


def test_a_doubt_that_a_release_settles_becomes_a_fact(db, release):
    change = Change.objects.pending().to(TherapyFact).filter(proposed_by=None, source__isnull=False).first()
    therapy = Therapy.objects.get(pk=change.after["therapy"])
    release(f"{therapy.shipped_as}.toml", f'doubt = "{change.doubt}"', "")
    assert not Change.objects.filter(pk=change.pk).exists()
    assert TherapyFact.objects.filter(therapy=therapy, kind=change.after["kind"], value=change.after["value"]).exists()


def test_a_fact_that_a_release_comes_to_doubt_waits_for_a_person(db, release):
    given = TherapyFact.objects.get(therapy__slug="olaratumab", kind="route")
    told = release("olaratumab.toml", ROUTE, DOUBTED)
    assert "1 taken back" in told and not TherapyFact.objects.filter(pk=given.pk).exists()
    change = Change.objects.pending().to(TherapyFact).get(doubt="Read nowhere.")
    assert (change.after["kind"], change.after["value"]) == ("route", given.value)
    load()
    assert Change.objects.pending().filter(doubt="Read nowhere.").count() == 1


def test_a_fact_that_a_release_doubts_stays_where_staff_edited_it(db, release, data_editor, second_data_editor):
    given = TherapyFact.objects.get(therapy__slug="olaratumab", kind="route")
    change = actions.propose_change(given, {"note": "Checked here."}, by=data_editor, because="A note.")
    actions.confirm(change, by=second_data_editor)
    release("olaratumab.toml", ROUTE, DOUBTED)
    assert TherapyFact.objects.filter(pk=given.pk).exists()
    assert not Change.objects.pending().filter(doubt="Read nowhere.").exists()


def test_what_a_release_corrects_of_a_doubt_arrives_while_it_waits(db, release):
    pending = Change.objects.pending().to(ApprovalEvent).filter(about__contains="full approval announced")
    old = pending.get().doubt
    release("afamitresgene-autoleucel.toml", 'date = "2026-06-22"', 'date = "2026-06-23"')
    assert pending.get().after["date"] == "2026-06-23", "or a person confirms a day that the release took back"
    release("afamitresgene-autoleucel.toml", old, "No letter was read.")
    assert pending.get().doubt == "No letter was read."
    key = pending.get().pk
    load()
    assert pending.get().pk == key


def test_a_fact_that_staff_rejected_stays_rejected(db, release, second_data_editor):
    change = Change.objects.pending().to(TherapyFact).filter(proposed_by=None, source__isnull=False).first()
    actions.reject(change, by=second_data_editor, because="FDA's label says otherwise.")
    therapy = Therapy.objects.get(pk=change.after["therapy"])
    told = release(f"{therapy.shipped_as}.toml", f'doubt = "{change.doubt}"', "")
    assert not TherapyFact.objects.filter(
        therapy=therapy, kind=change.after["kind"], value=change.after["value"]
    ).exists()
    assert "1 rejected by staff, left alone" in told


def test_a_label_that_staff_read_before_a_release_keeps_their_uses_alone(db):
    label = DrugLabel.objects.get(brand="Keytruda")
    ShippedRow.objects.filter(key__startswith=f"therapies.label:{label.set_id}:").delete()  # as if it never came
    label.uses.filter(position__gte=2).delete()
    theirs = list(label.uses.all())
    assert "1 made by staff, left alone" in load()
    assert list(label.uses.all()) == theirs and len(theirs) == 2


def test_a_fact_that_staff_confirmed_is_theirs_whatever_a_release_says_later(db, release, second_data_editor):
    change = Change.objects.pending().to(ApprovalEvent).get(about__contains="full approval announced")
    actions.confirm(change, by=second_data_editor)
    release("afamitresgene-autoleucel.toml", 'date = "2026-06-22"', 'date = "2026-06-23"')
    told = release("afamitresgene-autoleucel.toml", f', doubt = "{change.doubt}"', "")
    assert "1 confirmed by staff, left alone" in told
    use = Indication.objects.get(code="synovial-sarcoma--age-12-full-approval")
    assert [str(event.date) for event in use.events.all()] == ["2026-06-22"]
