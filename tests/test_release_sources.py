"""A source of a release arrives corrected, and goes once nothing cites it; one of the staff stays."""

import datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from portal.publishing import actions
from portal.publishing.models import ShippedRow, Source
from portal.publishing.shipping import Loader
from therapies.models import ApprovalEvent, FurtherSource

pytestmark = pytest.mark.slow

DAY = datetime.date(2026, 11, 29)


def name_source(**told: Any) -> Source:
    """What a file of a release says of one source."""
    loader = Loader()
    source = loader.source({"title": "A letter", "kind": "page"} | told)
    loader.keep_ledger()
    return source


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


def test_a_source_that_a_person_put_another_one_in_the_place_of_stays(db, data_editor, second_data_editor):
    """The page of the decision tells both by their titles."""
    former, event = name_source(title="Shipped once"), ApprovalEvent.objects.first()
    ApprovalEvent.objects.filter(pk=event.pk).update(source=former)  # as a release does
    event.refresh_from_db()
    better = {"source": name_source(title="A better one")}
    told = actions.propose_change(event, better, by=data_editor, because="It is nearer to FDA.")
    actions.confirm(told, by=second_data_editor)
    loader = Loader()
    loader._named = {key for key, entry in loader._ledger.items() if entry.row != former.pk}
    loader.remove_uncited_sources()
    assert "Shipped once" in Client().get(f"/events/{event.short_id}/").content.decode()


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
