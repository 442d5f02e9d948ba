"""What a release tells no more leaves a site, unless its staff built on it."""

import datetime
from typing import Any

import pytest

from portal.publishing import actions
from portal.publishing.models import Change, Edition, Source
from therapies import shipping
from therapies.models import ApprovalEvent, DrugLabel, FurtherSource, Indication, Therapy, TherapyFact

from .releases import releasing, shipped_files
from .test_loading import load

pytestmark = pytest.mark.slow


@pytest.fixture
def files(tmp_path, monkeypatch):
    return shipped_files(tmp_path, monkeypatch)


@pytest.fixture
def release(files):
    return releasing(files)


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
    therapy = Therapy.objects.get(slug="hpv-quadrivalent-vaccine")
    pending = Change.objects.pending().filter(after__kind="boxed-warning", after__therapy=therapy.pk)
    assert pending.count() == 1
    assert "1 taken back" in release("hpv-quadrivalent-vaccine.toml", DOUBT, "")
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
