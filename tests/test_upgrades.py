"""A site that is upgraded gets what a release corrects, and keeps what its staff edited."""

import datetime
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models

from portal.publishing import actions
from portal.publishing.models import AuditEntry, Change, ContentVersion, Edition, ShippedRow, Source
from portal.publishing.shipping import Loader
from therapies import shipping
from therapies.models import ApprovalEvent, DrugLabel, FurtherSource, Indication, Therapy, TherapyFact

from . import databases, landed
from .test_loading import load

pytestmark = pytest.mark.slow


# Sites that run what landed once -----------------------------------------------------------------

OURS = ("faq", "immune", "pages", "publishing", "therapies")
#: Values that differ from one site to another: keys of rows, what hangs on them, and what a row was called then.
OF_ONE_SITE = {"row", "before", "after", "leader", "about"}

type Rows = Counter[tuple[str, ...]]


def content() -> dict[str, Rows]:
    """All rows of each table, with names in the place of keys, and without the moments at which they came."""
    names: dict[Any, dict[Any, str]] = {}

    def told(row: models.Model, field: Any) -> str:
        if not field.is_relation:
            return str(getattr(row, field.name))
        other = field.related_model
        if other not in names:  # a version by its page: its own name tells the day on which it came
            names[other] = {one.pk: str(getattr(one, "page", one)) for one in other._base_manager.all()}
        return names[other].get(getattr(row, field.attname), "")

    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in OURS and model not in (AuditEntry, ContentVersion, ShippedRow):
            fields = [
                field
                for field in model._meta.concrete_fields
                if not (field.primary_key or field.name in OF_ONE_SITE or isinstance(field, models.DateTimeField))
            ]
            rows = model._base_manager.all()
            found[model._meta.label] = Counter(tuple(told(row, field) for field in fields) for row in rows)
    return found


@pytest.fixture
def fresh(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Rows]]:
    """The content of a new site, to compare with."""
    if connection.vendor != "sqlite":
        pytest.skip("The sites that ran what landed are databases of SQLite's.")
    with django_db_blocker.unblock():
        yield content()


def corrected(shipped: dict[str, dict[str, Any]]) -> list[int]:
    """The facts whose value is another one than this site was shipped, by their rows in it."""
    facts = ShippedRow.objects.filter(key__startswith="therapies.fact:", key__in=shipped)
    return [fact.row for fact in facts if fact.values["value"] != shipped[fact.key]["value"]]


@pytest.mark.parametrize("dump", landed.DUMPS, ids=lambda dump: dump.name.partition(".")[0])
def test_a_site_that_runs_what_landed_gets_every_correction_and_keeps_its_own(dump, fresh, tmp_path):
    shipped = dict(ShippedRow.objects.values_list("key", "values"))
    landed.restore(dump, tmp_path / "site.sqlite3")
    with databases.connected(f"sqlite:///{tmp_path / 'site.sqlite3'}"):
        edited, *others = corrected(shipped)
        assert others, "nothing to arrive"
        TherapyFact.objects.filter(pk=edited).update(value="As this site has it")

        call_command("migrate", verbosity=0)
        assert "     1 edited by staff, left alone" in load()
        upgraded = content()
        lacking = {table: fresh[table] - rows for table, rows in upgraded.items() if fresh[table] - rows}
        added = {table: rows - fresh[table] for table, rows in upgraded.items() if rows - fresh[table]}
        assert list(lacking) == ["therapies.TherapyFact"] and lacking["therapies.TherapyFact"].total() == 1
        [own] = added.pop("therapies.TherapyFact")
        assert "As this site has it" in own
        # What readers saw before stays as history, with the sources that it cited.
        assert set(added) <= {"publishing.Edition", "publishing.Edition_sources", "publishing.Source"}
        assert all("replaced" in version for version in added["publishing.Edition"])

        again = load()
        assert "     1 edited by staff, left alone" in again and "new" not in again and "updated" not in again
        assert content() == upgraded


# What one release changes for the next -----------------------------------------------------------


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A copy of the shipped therapies, cancers and labels that a release may change."""
    folder = tmp_path / "content"
    for path in shipping.CONTENT.rglob("*.*"):
        place = folder / path.relative_to(shipping.CONTENT)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(path)
    monkeypatch.setattr(shipping, "CONTENT", folder)
    return folder


@pytest.fixture
def release(files):
    """``release(file, old, new)`` changes the file of a therapy and loads it."""

    def correct(name: str, old: str, new: str) -> str:
        path = files / "therapies" / name
        text = path.read_text()
        assert old in text, f"{name} no longer says {old}"
        path.unlink()
        path.write_text(text.replace(old, new, 1))
        return load()

    return correct


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


# What a release tells no more --------------------------------------------------------------------

TARGET = '[[facts]]\nkind = "target"\nvalue = "PDGFR-alpha"\nsource = "label-lartruvo"\n'
DOUBT = """[[facts]]
kind = "boxed-warning"
value = "none"
doubt = "Not read on a current label"
settles = "The current FDA label (DailyMed or Drugs@FDA), boxed warning"
"""


def test_a_fact_that_a_release_drops_leaves_the_site(db, release):
    told = release("olaratumab.toml", TARGET, "")
    assert "1 taken back" in told
    assert not TherapyFact.objects.filter(therapy__slug="olaratumab", kind="target").exists()
    assert "1 new" in release("olaratumab.toml", "[[uses]]", f"{TARGET}\n[[uses]]"), "a later release may tell it again"


def test_a_fact_that_a_release_drops_stays_where_staff_edited_it(db, release):
    TherapyFact.objects.filter(therapy__slug="olaratumab", kind="target").update(note="Checked here.")
    release("olaratumab.toml", TARGET, "")
    assert TherapyFact.objects.filter(therapy__slug="olaratumab", kind="target").exists()


def test_a_doubt_that_a_release_drops_no_longer_waits(db, release):
    pending = Change.objects.pending().filter(about__icontains="sipuleucel-t", after__kind="boxed-warning")
    assert pending.count() == 1
    assert "1 taken back" in release("sipuleucel-t.toml", DOUBT, "")
    assert pending.count() == 0


def test_of_two_decisions_of_a_kind_a_release_may_drop_the_first(db, release):
    """The second takes its place, with what hangs on it."""
    use = Indication.objects.get(therapy__slug="isatuximab", code="multiple-myeloma--after-two-lines")
    first, second = use.events.filter(kind="approval").order_by("date")
    path = shipping.CONTENT / "therapies/isatuximab.toml"
    (line,) = [one for one in path.read_text().splitlines() if f'date = "{first.date}"' in one and "approval" in one]
    told = release("isatuximab.toml", f"{line}\n", "")
    assert "1 taken back" in told
    assert [event.date for event in use.events.filter(kind="approval")] == [second.date]


@pytest.fixture
def isatuximab(db) -> tuple[ApprovalEvent, ApprovalEvent, str]:
    """Two decisions of a kind about one use, and the line of the file that tells the first."""
    use = Indication.objects.get(therapy__slug="isatuximab", code="multiple-myeloma--after-two-lines")
    first, second = use.events.filter(kind="approval").order_by("date")
    lines = (shipping.CONTENT / "therapies/isatuximab.toml").read_text().splitlines()
    [line] = [one for one in lines if f'date = "{first.date}"' in one and '"approval"' in one]
    return first, second, line


@pytest.fixture
def two_people(data_editor, second_data_editor):
    """What one proposes and another confirms."""
    return lambda change: actions.confirm(change, by=second_data_editor)


def own_source(event: ApprovalEvent, by: Any) -> Change:
    source = Source.objects.create(title="A source of this site", url="https://example.org/x")
    given = {"event": event, "source": source, "date": None, "why": ""}
    return actions.propose_new(FurtherSource, given, by=by, because="It tells the same day.")


def test_an_approval_on_which_staff_entered_its_end_stays(release, two_people, data_editor):
    [approval] = ApprovalEvent.objects.filter(indication__therapy__slug="naxitamab")
    day = datetime.date(2026, 11, 2)
    given = {"indication": approval.indication, "kind": "withdrawn", "date": day, "source": approval.source}
    two_people(actions.propose_new(ApprovalEvent, given, by=data_editor, because="FDA says so."))
    text = (shipping.CONTENT / "therapies/naxitamab.toml").read_text()
    [line] = [one for one in text.splitlines() if 'date = "2020-11-25"' in one]
    assert "1 staff built on it, left alone" in release("naxitamab.toml", f"{line}\n", "")
    assert approval.indication.events.count() == 2, "an end without an approval makes no sense"


def test_a_use_that_a_release_drops_goes_with_its_decisions(db, release):
    [use] = Indication.objects.filter(therapy__slug="olaratumab")
    text = (shipping.CONTENT / "therapies/olaratumab.toml").read_text()
    told = release("olaratumab.toml", text, f"uses = []\n{text[: text.index('[[uses]]')]}")
    assert "taken back" in told and not Indication.objects.filter(pk=use.pk).exists()


def test_a_use_that_a_release_drops_stays_while_a_change_names_it(db, release, data_editor):
    [use] = Indication.objects.filter(therapy__slug="olaratumab")
    given = {"indication": use, "kind": "narrowed", "date": datetime.date(2018, 1, 1), "source": Source.objects.first()}
    actions.propose_new(ApprovalEvent, given, by=data_editor, because="FDA says so.")
    text = (shipping.CONTENT / "therapies/olaratumab.toml").read_text()
    release("olaratumab.toml", text, f"uses = []\n{text[: text.index('[[uses]]')]}")
    assert Indication.objects.filter(pk=use.pk).exists() and not use.events.exists()


def test_a_label_that_a_release_drops_is_taken_back_unless_staff_edited_it(db, files):
    bavencio, campath = DrugLabel.objects.filter(brand__in=["Bavencio", "Campath"]).order_by("brand")
    DrugLabel.objects.filter(pk=campath.pk).update(note="Read again.")
    for path in [*(files / "labels").glob("*_bavencio.toml"), *(files / "labels").glob("*_campath.toml")]:
        path.unlink()
    told = load()
    assert "1 taken back" in told and "1 edited by staff, left alone" in told
    assert not DrugLabel.objects.filter(pk=bavencio.pk).exists() and DrugLabel.objects.filter(pk=campath.pk).exists()


def test_a_page_that_a_release_drops_stays_before_readers_until_a_person_looks(db, files, client, desk, reviewer):
    (files / "cancers/melanoma.md").unlink()
    assert "1 texts dropped, for a person to unpublish" in load() and "dropped" not in load(), "told once"
    assert client.get("/cancers/melanoma/").status_code == 200
    waits = "No longer in the portal’s own content"
    assert waits in desk(reviewer).get("/admin/").content.decode()
    actions.review_unchanged(Edition.objects.live().get(page__slug="melanoma"), by=reviewer)
    assert waits not in desk(reviewer).get("/admin/").content.decode()


def test_a_page_that_a_later_release_has_again_waits_for_nobody(db, files, desk, reviewer):
    text = (files / "cancers/melanoma.md").read_text()
    (files / "cancers/melanoma.md").unlink()
    load()
    (files / "cancers/melanoma.md").write_text(text)
    load()
    assert "No longer in the portal’s own content" not in desk(reviewer).get("/admin/").content.decode()


@pytest.mark.parametrize("edited", [0, 1])
def test_a_decision_that_a_release_still_tells_stays_whichever_of_its_kind_staff_edited(
    release, isatuximab, two_people, data_editor, edited
):
    first, second, line = isatuximab
    row = (first, second)[edited]
    two_people(actions.propose_change(row, {"note": "Checked here."}, by=data_editor, because="It was checked."))
    release("isatuximab.toml", f"{line}\n", "")
    left = {event.date: event.note for event in first.indication.events.filter(kind="approval")}
    assert second.date in left and left[row.date] == "Checked here."


def test_a_source_that_staff_put_beside_a_decision_stays_beside_it(release, isatuximab, two_people, data_editor):
    first, _, line = isatuximab
    two_people(own_source(first, data_editor))
    release("isatuximab.toml", f"{line}\n", line.replace(str(first.date), "2019-01-15") + f"\n{line}\n")
    assert FurtherSource.objects.get(source__title="A source of this site").event.date == first.date


def test_a_decision_that_bears_a_source_of_staff_is_not_taken_back(release, isatuximab, two_people, data_editor):
    first, second, line = isatuximab
    two_people(own_source(first, data_editor))
    release("isatuximab.toml", f"{line}\n", "")
    assert FurtherSource.objects.get(source__title="A source of this site").event.date == first.date
    assert first.indication.events.filter(date=second.date).exists()


def test_of_several_sources_of_a_decision_a_release_may_drop_the_first(db, release):
    named = FurtherSource.objects.filter(event__indication__code="large-b-cell-lymphoma--after-two-lines")
    named = named.filter(event__indication__therapy__slug="axicabtagene-ciloleucel")
    first, second = [one.source for one in named]
    told = release("axicabtagene-ciloleucel.toml", 'also = [ "purplebook-2025-03", ', "also = [ ")
    assert "1 taken back" in told and "Purple Book" in first.title
    assert [one.source for one in named.all()] == [second]


# Sources -----------------------------------------------------------------------------------------

DAY = datetime.date(2026, 11, 29)


def name_source(**told: Any) -> Source:
    """What a file of a release says of one source."""
    return Loader().source({"title": "A letter", "kind": "page"} | told)


def test_what_a_release_corrects_of_a_source_arrives(db):
    name_source()
    corrected = name_source(kind="notice", official=True, read=DAY)
    assert Source.objects.get(title="A letter") == corrected
    corrected.refresh_from_db()
    assert (corrected.kind, corrected.official, corrected.read_on) == ("notice", True, DAY)


def test_a_file_that_tells_no_day_of_reading_takes_none_away(db):
    name_source(read=DAY)
    assert name_source().read_on == DAY


def test_a_source_that_staff_edited_stays_as_it_is(db):
    source = name_source()
    Source.objects.filter(pk=source.pk).update(official=True)
    assert name_source(kind="notice").kind == "page"


def test_a_source_that_staff_added_before_a_release_named_it_is_theirs(db):
    source = Source.objects.create(title="A letter", kind="other")
    assert name_source(kind="notice") == source
    Loader().remove_uncited_sources()
    assert Source.objects.get(pk=source.pk).kind == "other"


def test_a_source_that_a_pending_change_names_stays(db, data_editor, second_data_editor):
    source, event = name_source(title="Shipped once"), ApprovalEvent.objects.first()
    given = {"event": event, "source": source, "date": None, "why": ""}
    waits = actions.propose_new(FurtherSource, given, by=data_editor, because="It tells the same day.")
    loader = Loader()
    loader._named = {key for key, entry in loader._ledger.items() if entry.row != source.pk}
    loader.remove_uncited_sources()
    actions.confirm(waits, by=second_data_editor)
    assert FurtherSource.objects.filter(source=source).exists()


def test_a_source_that_a_release_names_no_more_goes_once_nothing_cites_it(db, question, editor):
    """A release that corrects the title of a source names another one."""
    uncited, edited, cited = (name_source(title=title) for title in ("Uncited", "Edited", "Cited"))
    actions.save_draft(actions.start_draft(question, by=editor), by=editor, sources=[cited])
    Source.objects.filter(pk=edited.pk).update(official=True)
    loader = Loader()
    loader.source({"title": "Named still"})
    loader.remove_uncited_sources()
    kept = {"Edited", "Cited", "Named still"}
    assert set(Source.objects.filter(title__in=[*kept, "Uncited"]).values_list("title", flat=True)) == kept
    assert name_source(title="Uncited").pk != uncited.pk, "a later release may name it again"


def test_of_sources_that_came_before_their_values_were_noted_the_trail_tells_which_staff_edited(db, editor):
    untouched, edited = (name_source(title=title) for title in ("Untouched", "Edited"))
    actions.revise(edited, {"official": True}, by=editor)
    ShippedRow.objects.filter(row__in=[untouched.pk, edited.pk]).update(values={})
    import_module("portal.publishing.migrations.0005_values_of_sources").note_values(apps, None)
    assert [name_source(title=title, kind="notice").kind for title in ("Untouched", "Edited")] == ["notice", "page"]
