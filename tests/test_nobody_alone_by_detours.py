"""What readers do not see yet is stored at once. Whoever wrote it is no second person for what shows it."""

import datetime
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from immune.models import Component
from portal.publishing import actions, rooms
from portal.publishing.models import Change, Edition, Governed, Source, Status
from therapies.models import ApprovalEvent, FurtherSource, Therapy

from .conftest import ANSWER, person
from .forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(4)]


@pytest.fixture
def submitted(question, editor, published) -> Edition:
    """A new version of an answer, with a source that readers do not know."""
    published(question, **ANSWER)
    source = Source.objects.create(title="Good source", url="https://www.fda.gov/good")
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, in_short="Newer words.", change_note="New.", sources=[source])
    return actions.submit(draft, by=editor)


def change_of(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def send(client, row, **typed):
    return client.post(change_of(row), filled(client.get(change_of(row)), **typed), follow=True)


def test_who_names_a_new_page_does_not_publish_it_in_the_same_step(desk, editor, reviewer, client):
    cell = Component.objects.create(slug="new-cell", name="new cell", kind="cell", order=99)
    draft = actions.start_draft(cell, by=editor)
    actions.save_draft(draft, by=editor, in_short="Short.", about="<p>Long.</p>")
    actions.submit(draft, by=editor)
    send(desk(reviewer), cell, name="Named alone", slug="alone", _publish="1")
    draft.refresh_from_db()
    assert draft.status == Status.IN_REVIEW and reviewer.pk in draft.authors()
    assert client.get("/immune/alone/").status_code == 404


def test_who_changes_the_source_of_a_returned_text_does_not_publish_it(desk, reviewer, question, submitted):
    actions.return_for_changes(submitted, by=reviewer, because="Look at the source.")
    send(desk(reviewer), submitted.sources.get(), title="Changed alone", _save="1")
    actions.submit(submitted, by=reviewer)
    with pytest.raises(actions.Refused, match="another person must publish it"):
        actions.publish(submitted, by=reviewer)


def test_who_changes_the_source_of_a_proposal_does_not_confirm_it(desk, use, data_editor, second_data_editor, pending):
    source = Source.objects.create(title="FDA notice", url="https://www.fda.gov/notice", official=True)
    change = pending(ApprovalEvent, indication=use, kind="approval", date=datetime.date(2026, 3, 1), source=source)
    send(desk(second_data_editor), source, title="Changed alone", _save="1")
    with pytest.raises(actions.Refused, match="Since this was proposed, you changed something that it shows"):
        actions.confirm(change, by=second_data_editor)
    assert Change.objects.get(pk=change.pk).is_pending


def test_a_source_that_a_correction_tells_readers_of_waits_and_stays(
    client, desk, editor, administrator, data_editor, second_data_editor
):
    former = Source.objects.create(title="FDA notice", url="https://www.fda.gov/notice", official=True)
    event = ApprovalEvent.objects.public().first()
    ApprovalEvent.objects.filter(pk=event.pk).update(source=former)
    event.refresh_from_db()
    newer = Source.objects.create(title="FDA letter", url="https://www.fda.gov/letter", official=True)
    because = {"because": "The letter says more.", "source": newer}
    actions.confirm(actions.propose_change(event, {"source": newer}, by=data_editor, **because), by=second_data_editor)
    page = client.get(f"/events/{event.short_id}/").content.decode()
    assert "FDA notice" in page
    send(desk(editor), former, title="Changed alone", _save="1")
    assert client.get(f"/events/{event.short_id}/").content.decode() == page
    with pytest.raises(actions.Refused, match="so it can’t be deleted"):
        actions.remove_source(former, by=administrator)


@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.slow), 15])
def test_a_source_that_readers_see_named_waits_by_whatever_row_it_is_named(every, desk, editor):
    naming = [
        (model, one.name) for model in Governed.tables() for one in model._meta.fields if one.related_model is Source
    ]
    assert FurtherSource in dict(naming)
    for model, name in naming:
        for row in model.objects.exclude(**{name: None}).select_related(name)[:300:every]:
            assert getattr(row, name).is_seen(), row
    beside = FurtherSource.objects.exclude(source__approvalevents__isnull=False).first().source
    title = beside.title
    page = send(desk(editor), beside, title="Changed alone", _save="1")
    assert Source.objects.get(pk=beside.pk).title == title
    assert "Readers still see the old title." in page.content.decode()


def test_one_person_changes_nothing_of_a_source_that_public_files_tell(client, desk, editor):
    source = FurtherSource.objects.first().source
    address = f"/api/v1/sources/{source.short_id}/"
    before = client.get(address).json()
    other = next(kind for kind in Source.Kind.values if kind != source.kind)
    page = send(desk(editor), source, kind=other, as_of="1999-01-01", _save="1")
    assert client.get(address).json() == before
    assert "Readers still see the old what it is, as of." in page.content.decode()


@pytest.mark.parametrize(
    "table", [table for table in rooms.open_tables().values() if issubclass(table.model, Governed)]
)
def test_whatever_public_tables_tell_of_a_row_waits_for_a_second_person(table):
    model = table.model
    columns = {field.name: field for field in [*model._meta.concrete_fields, *model._meta.many_to_many]}
    told = {field.attribute.partition("__")[0] for field in table.fields} & columns.keys()
    guarded = {*model.READERS_SEE, *model.AT_ONCE}
    assert {name for name in told if columns[name].editable} <= guarded


def test_a_form_publishes_no_other_version_than_the_one_it_showed(desk, editor, reviewer, question, submitted):
    staff = desk(reviewer)
    shown = filled(staff.get(change_of(question)), _publish="1")
    actions.discard(submitted, by=editor)
    again = actions.start_draft(question, by=editor, like=submitted)
    actions.save_draft(again, by=editor, change_note="New.")
    actions.submit(again, by=editor)
    page = staff.post(change_of(question), shown, follow=True).content.decode()
    again.refresh_from_db()
    assert again.status == Status.IN_REVIEW and "Someone changed this while you had it open" in page


def test_who_submits_the_unfinished_draft_of_somebody_does_not_publish_it(desk, editor, reviewer, question, published):
    published(question, **ANSWER)
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, in_short="Half a", change_note="Not yet.")
    staff = desk(reviewer)
    for button in ("_submit", "_publish", "_schedule"):
        staff.post(
            change_of(question), filled(staff.get(change_of(question)), _publish_at="2030-01-01T10:00", **{button: 1})
        )
    draft.refresh_from_db()
    assert draft.status == Status.IN_REVIEW
    assert "or submitted it, so another person must publish it" in staff.get(change_of(question)).content.decode()
    actions.publish(draft, by=person("Rob", "Reviewer"))


def test_words_of_a_draft_that_was_thrown_away_keep_their_authors(editor, reviewer, question, submitted):
    actions.return_for_changes(submitted, by=editor, because="I take it back.")
    actions.save_draft(submitted, by=reviewer, in_short="Words of the reviewer.")
    actions.discard(submitted, by=reviewer)
    again = actions.start_draft(question, by=editor, like=submitted)
    assert reviewer.pk in again.authors()


def test_a_save_that_was_overwritten_keeps_its_author_when_somebody_brings_it_back(editor, reviewer, question):
    draft = actions.start_draft(question, by=reviewer)
    actions.save_draft(draft, by=reviewer, **ANSWER | {"in_short": "Never read by anybody else."})
    save = draft.saves.first()
    actions.save_draft(draft, by=reviewer, in_short="Read and published.")
    actions.publish(actions.submit(draft, by=reviewer), by=person("Rob", "Reviewer"))
    again = actions.bring_back(save, by=editor)
    actions.save_draft(again, by=editor, change_note="Again.")
    actions.submit(again, by=editor)
    with pytest.raises(actions.Refused, match="another person must publish it"):
        actions.publish(again, by=reviewer)


def test_whoever_saved_after_somebody_is_not_the_only_author_of_what_is_brought_back(editor, reviewer, question):
    draft = actions.start_draft(question, by=reviewer)
    actions.save_draft(draft, by=reviewer, **ANSWER | {"in_short": "Never read by anybody else."})
    other = person("Rob", "Reviewer")
    actions.save_draft(draft, by=other, question="One word is other?")
    save = draft.saves.first()
    actions.save_draft(draft, by=other, in_short="Read and published.")
    actions.publish(actions.submit(draft, by=other), by=person("Ria", "Reviewer"))
    again = actions.bring_back(save, by=editor)
    actions.save_draft(again, by=editor, change_note="Again.")
    actions.submit(again, by=editor)
    with pytest.raises(actions.Refused, match="another person must publish it"):
        actions.publish(again, by=reviewer)


def test_one_person_takes_no_warning_of_a_class_from_the_pages_of_its_therapies(client, desk, reviewer):
    therapy = Therapy.objects.get(slug="axicabtagene-ciloleucel")
    live, before = therapy.therapy_class.live_edition(), client.get(therapy.get_absolute_url()).content
    assert "Call your treatment center right away" in before.decode()
    later = timezone.now() + datetime.timedelta(days=1)
    for hide in actions.unpublish, partial(actions.plan_unpublication, at=later):
        with pytest.raises(actions.Refused, match="readers would lose that warning"):
            hide(live, by=reviewer, because="It was out of date.")
    page = send(desk(reviewer), therapy.therapy_class, _unpublish="1", _unpublish_because="It was out of date.")
    assert "Publish a corrected version instead." in page.content.decode()
    assert client.get(therapy.get_absolute_url()).content == before


def test_a_digest_covers_what_the_sources_say(submitted):
    before = submitted.digest()
    submitted.sources.update(title="Another title")
    assert submitted.digest() != before


def test_a_source_on_which_a_file_rests_stays(administrator):
    from therapies.models import Batch

    source = Source.objects.create(title="A file")
    Batch.objects.create(kind="purple-book", name="x.csv", size=1, sha256="0" * 64, rows_read=1, source=source)
    with pytest.raises((actions.Refused, ValidationError), match="so it can’t be deleted"):
        actions.remove_source(source, by=administrator)
