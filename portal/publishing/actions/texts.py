"""Verbs of texts: from a draft to what readers see, and away again, now or at a moment to come."""

import datetime
import logging
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from .. import audit, coach, destinations, moments, pictures
from ..models import OPEN, SEEN, Edition, MedicalCredential, Page, SavedDraft, Source, Status, with_pages
from ..parts import cleaned, folded, missing
from .refusal import Refused, reason

log = logging.getLogger(__name__)

SHOWN_OR_SOON = [Status.SCHEDULED, Status.PUBLISHED]


def _hold(edition: Edition) -> None:
    """Read how an edition stands, and let nobody else move it until the transaction ends.

    It keeps its page, which knows more than the row of the page does.
    """
    page = edition.page
    edition.refresh_from_db(from_queryset=Edition.objects.select_for_update(of=("self",)))
    edition.page = page


def _move(edition: Edition, *, allowed: Iterable[str], **values: Any) -> None:
    """Change ``edition`` if its status is still one of ``allowed``; refresh it either way."""
    changed = Edition.objects.filter(pk=edition.pk, status__in=allowed).update(**values)
    _hold(edition)
    if not changed:
        raise Refused(
            f"Someone else acted first: this text is now “{edition.get_status_display().lower()}”. Nothing changed. "
            "Open the page again to see where it stands."
        )


def _noted(verb: str, edition: Edition, **told: Any) -> Edition:
    audit.note(verb, edition, **told)
    return edition


# Writing -------------------------------------------------------------------------------


@transaction.atomic
def start_draft(page: Page, *, by: User, like: Edition | None = None) -> Edition:
    """A draft that begins with the words and sources of ``like``, or with those readers see now.

    Raises Refused when one is open already.
    """
    model = like or page.last_edition()
    draft = Edition(page=page, created_by=by, **_wording(page, model.words if model else {}))
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        raise Refused("This page already has an open draft. Open the page again to continue in it.") from None
    draft.writers.add(by)
    if model:
        draft.sources.set(model.sources.all())
        if model.status not in SEEN:  # nobody else has read those words yet
            draft.writers.add(*model.writers.all())
    _keep_papers(draft, by)
    audit.note("drafted", draft, by=by)
    return draft


@transaction.atomic
def restore(edition: Edition, *, by: User) -> Edition:
    """A draft that begins with the words and sources of an older edition. Raises Refused when one is open already."""
    draft = start_draft(edition.page, by=by, like=edition)
    draft.change_note = f"Restores the text from {moments.day(edition.published_at or edition.created_at)}."
    draft.save(update_fields=["change_note"])
    audit.note("restored", draft, by=by, detail=draft.change_note)
    return draft


def _wording(page: Page, words: Any) -> dict[str, Any]:
    """The columns that hold words, cleaned by today's rules. A part that no longer exists is left behind."""
    known = {part.name for part in page.parts}
    texts = cleaned(page.parts, {name: text for name, text in words.items() if name in known})
    return {"words": texts, "folded": folded(page.parts, texts)}


@transaction.atomic
def save_draft(
    edition: Edition, *, by: User, sources: Iterable[Source] | None = None, change_note: str | None = None, **text: str
) -> Edition:
    """Write words into an open edition. Raises Refused when it is scheduled, or has been published."""
    cleaned(edition.parts, text)  # refuses what is no part
    values = _wording(edition.page, {**edition.words, **text}) if text else {}
    if change_note is not None:
        values["change_note"] = change_note
    _move(edition, allowed=[Status.DRAFT, Status.IN_REVIEW], edited_at=timezone.now(), edited_by=by, **values)
    if sources is not None:
        edition.sources.set(sources)
    edition.writers.add(by)
    _keep_papers(edition, by)
    return _noted("edited", edition, by=by)


def _keep_papers(edition: Edition, by: User) -> None:
    """What goes with a save: a copy of its words, the pictures that it shows, and what the coach says."""
    SavedDraft.objects.create(edition=edition, words=edition.words, by=by)
    edition.pictures.set(pictures.named_in(edition.words.values()))
    try:
        with transaction.atomic():
            reading = coach.look_at(edition.parts, edition.words, sourced=edition.sources.exists())._asdict()
    except Exception:  # it advises and must not stand in the way, whatever its fault
        log.exception("The coach could not read %r.", edition)
        reading = None
    edition.findings = reading
    edition.save(update_fields=["findings"])


@transaction.atomic
def bring_back(save: SavedDraft, *, by: User) -> Edition:
    """Give the draft the words of an earlier save. Of a version that has ended, a new draft begins with them.

    Raises Refused when that version is scheduled, or when it has ended and another draft is open.
    """
    edition = save.edition
    draft = edition if edition.is_open else start_draft(edition.page, by=by, like=edition)
    known = {part.name for part in draft.parts}
    save_draft(draft, by=by, **{name: text for name, text in save.words.items() if name in known})
    told = f"the words that {save.by or 'the software'} saved on {moments.minute(save.at)}"
    audit.note("brought back", draft, by=by, detail=told)
    return draft


@transaction.atomic
def discard(edition: Edition, *, by: User) -> Edition:
    """Throw an open draft away. Its words stay in the history, where they can be brought back from."""
    _move(edition, allowed=[Status.DRAFT, Status.IN_REVIEW], status=Status.DISCARDED)
    return _noted("discarded", edition, by=by)


@transaction.atomic
def remove_page(page: Page, *, by: User) -> None:
    """Delete a page that readers never saw, with its drafts. Raises Refused when they did, or when rows point to it."""
    if page.was_published():
        raise Refused("Readers have seen this page, so it can be unpublished but not deleted.")
    if page.is_seen():
        raise Refused("Other pages or facts refer to this page. Change those first.")
    audit.note("deleted", page, by=by)
    for edition in page.editions.all():
        edition.comments.all().delete()
        edition.judgements_given.all().delete()
        edition.invitations.all().delete()
        edition.delete()
    page.delete()


# Review --------------------------------------------------------------------------------


@transaction.atomic
def submit(edition: Edition, *, by: User) -> Edition:
    """Hand a draft to a second person.

    Raises Refused when it is not complete, when nobody said what changed, or when readers could not follow a link.
    """
    _require_complete(edition)
    if wrong := destinations.dead_ends(edition):
        number = "a link" if len(wrong) == 1 else f"{len(wrong)} links"
        raise Refused(f"Your draft is saved but not submitted, because readers cannot open {number}. {' '.join(wrong)}")
    _move(
        edition,
        allowed=[Status.DRAFT],
        status=Status.IN_REVIEW,
        submitted_at=timezone.now(),
        submitted_by=by,
        returned_at=None,
        returned_by=None,
        returned_because="",
    )
    return _noted("submitted", edition, by=by, detail=edition.change_note)


@transaction.atomic
def return_for_changes(edition: Edition, *, by: User, because: str) -> Edition:
    """Return a submitted text to its author with a reason."""
    because = reason(because, "Say in a sentence what the author should change. The author will read it.", 500)
    _move(
        edition,
        allowed=[Status.IN_REVIEW],
        status=Status.DRAFT,
        submitted_at=None,
        submitted_by=None,
        returned_at=timezone.now(),
        returned_by=by,
        returned_because=because,
    )
    return _noted("returned for changes", edition, by=by, detail=because)


@transaction.atomic
def review_unchanged(edition: Edition, *, by: User) -> Edition:
    """Say of the text that readers see: read again on this day, and still right. Starts its review clock anew."""
    if by.pk in edition.authors():
        raise Refused("You helped write this text, so another person must review it.")
    credential = MedicalCredential.objects.filter(user=by.pk).first()
    # A guest's or colleague's earlier review is not taken away by one without a medical title.
    shown = {"reviewed_as": credential.shown_as} if credential else {}
    _move(edition, allowed=[Status.PUBLISHED], reviewed_at=timezone.now(), reviewed_by=by, **shown)
    return _noted("reviewed, no change", edition, by=by)


# Publication ---------------------------------------------------------------------------


@transaction.atomic
def publish(edition: Edition, *, by: User) -> Edition:
    """Put a submitted text before readers; the one that they saw until now is replaced in the same moment.

    Raises Refused when ``by`` wrote in it, unless the settings allow publishing without a
    second pair of eyes; the edition then says so.
    """
    alone, allowed = _approved(edition, by)
    _switch(edition, allowed=allowed, by=by, alone=alone)
    return _noted("published", edition, by=by, detail=edition.change_note)


@transaction.atomic
def unpublish(edition: Edition, *, by: User, because: str) -> Edition:
    """Take the text that readers see from them; its address tells them the reason. One person may: it only hides."""
    because = reason(because, "Give a one-sentence reason. Anyone who opens the page’s link will see it.", 500)
    _take_away(edition, by, because)
    return _noted("unpublished", edition, by=by, detail=because)


@transaction.atomic
def ship(
    page: Page, *, text: Mapping[str, str], sources: Iterable[Source], written_on: datetime.date | None = None
) -> Edition | None:
    """Publish text that came with the software, unless somebody here has touched this page: then None."""
    touched = page.editions.exclude(created_by=None, unpublished_by=None, unpublish_planned_by=None, reviewed_by=None)
    if touched.exists():
        return None
    now = timezone.now()
    edition = Edition(
        page=page, status=Status.PUBLISHED, published_at=now, written_on=written_on, **_wording(page, text)
    )
    page.editions.live().update(status=Status.REPLACED, replaced_at=now)
    edition.save()
    edition.sources.set(sources)
    edition.pictures.set(pictures.named_in(edition.words.values()))
    return edition


# At a moment to come ------------------------------------------------------------------


def _require_future(at: datetime.datetime) -> None:
    if at <= timezone.now():
        raise Refused("That time has passed. Choose a later time, or do it now.")


@transaction.atomic
def schedule(edition: Edition, *, by: User, at: datetime.datetime) -> Edition:
    """Approve a submitted text and let it go public at a moment to come. Raises Refused as ``publish`` does."""
    _require_future(at)
    alone, allowed = _approved(edition, by)
    _move(
        edition,
        allowed=allowed,
        status=Status.SCHEDULED,
        publish_at=at,
        scheduled_at=timezone.now(),
        scheduled_by=by,
        published_alone=alone,
        **({} if edition.submitted_at else {"submitted_at": timezone.now(), "submitted_by": by}),
    )
    return _noted("scheduled", edition, by=by, detail=f"for {moments.when(at)}")


@transaction.atomic
def unschedule(edition: Edition, *, by: User) -> Edition:
    """Take a text off the schedule: it waits for review again, and can be changed."""
    _move(
        edition,
        allowed=[Status.SCHEDULED],
        status=Status.IN_REVIEW,
        publish_at=None,
        scheduled_at=None,
        scheduled_by=None,
        published_alone=False,
        unpublish_at=None,
        unpublish_planned_by=None,
        unpublished_because="",
    )
    return _noted("taken off the schedule", edition, by=by)


@transaction.atomic
def plan_unpublication(edition: Edition, *, by: User, at: datetime.datetime, because: str) -> Edition:
    """Let a text be taken from readers at a moment to come, unless a later text takes its place before.

    It may still be scheduled: then it is public for a time that was set from the start.
    """
    _hold(edition)
    _require_future(at)
    if edition.publish_at and edition.status == Status.SCHEDULED and at <= edition.publish_at:
        raise Refused("That is before the text goes public. Choose a later time.")
    because = reason(because, "Give a one-sentence reason. Anyone who opens the page’s link will see it.", 500)
    _move(
        edition,
        allowed=SHOWN_OR_SOON,
        unpublish_at=at,
        unpublish_planned_by=by,
        unpublished_because=because,
    )
    return _noted("planned to unpublish", edition, by=by, detail=f"{moments.when(at)}: {because}")


@transaction.atomic
def keep(edition: Edition, *, by: User) -> Edition:
    """Give up a planned unpublication."""
    _move(edition, allowed=SHOWN_OR_SOON, unpublish_at=None, unpublish_planned_by=None, unpublished_because="")
    return _noted("kept", edition, by=by)


# What has come due ---------------------------------------------------------------------


class Plan(NamedTuple):
    """Something that will happen by itself."""

    at: datetime.datetime
    publishes: bool
    edition: Edition


def planned(until: datetime.datetime | None = None) -> list[Plan]:
    """Everything that will happen by itself, in order; with ``until``, what is due by then.

    Of what is planned for one moment, what goes public comes first. Two queries, and one a kind of page.
    """
    rows = Edition.objects.select_related("page", "scheduled_by", "unpublish_planned_by")
    going = rows.filter(status__in=SHOWN_OR_SOON, unpublish_at__isnull=False)
    found = [Plan(edition.publish_at, True, edition) for edition in rows.filter(status=Status.SCHEDULED)]
    found += [Plan(edition.unpublish_at, False, edition) for edition in going]
    found = [plan for plan in found if not until or plan.at <= until]
    with_pages(plan.edition for plan in found)
    return sorted(found, key=lambda plan: (plan.at, not plan.publishes, plan.edition.pk))


def catch_up(now: datetime.datetime | None = None) -> list[str]:
    """Do, in order, what has come due; answer what was done. Of two that run at once, each thing is done by one."""
    done = []
    for plan in planned(until=now or timezone.now()):
        try:
            _do(plan.edition, plan.publishes)
            done.append(f"{'published' if plan.publishes else 'unpublished'} {plan.edition.page}")
        except Refused:
            continue  # somebody else did it first, or took it off the schedule
    return done


@transaction.atomic
def _do(edition: Edition, publishes: bool) -> None:
    _hold(edition)
    if publishes and (approver := edition.scheduled_by):
        _switch(edition, allowed=[Status.SCHEDULED], by=approver, alone=edition.published_alone)
        _noted("published", edition, by=None, name="the clock", detail=f"as {approver} scheduled it")
    elif not publishes and edition.unpublish_at:
        _take_away(edition, edition.unpublish_planned_by, edition.unpublished_because)
        _noted("unpublished", edition, by=None, name="the clock", detail=edition.unpublished_because)
    else:
        raise Refused("This is no longer scheduled.")


# What they share ------------------------------------------------------------------------


def _approved(edition: Edition, by: User) -> tuple[bool, list[Status]]:
    """Hold an edition that ``by`` may approve: whether these are their own words, and from which states it may go on.

    Raises Refused where it is not complete, and where the settings do not let anybody approve their own words.
    """
    _hold(edition)
    alone = by.pk in edition.authors()
    if alone and not settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES:
        raise Refused("You helped write this text, so another person must publish it. Ask a reviewer to read it.")
    _require_complete(edition)
    return alone, OPEN if alone else [Status.IN_REVIEW, Status.SCHEDULED]


def _require_complete(edition: Edition) -> None:
    """No part is empty, and whoever read the page before is told what changed: only its first text needs no note."""
    if empty := missing(edition.parts, edition.words):
        names = ", ".join(f"“{part.title}”" for part in empty)
        raise Refused(f"This text isn’t complete yet. Still empty: {names}.")
    if not edition.change_note.strip() and edition.page.was_published():
        raise Refused(
            "Say in a sentence under “What changed and why” what is new, because readers will see it. "
            "Your draft is saved."
            if edition.status == Status.DRAFT
            else "Nobody has said what changed and why, and readers will want to know. Return the text to its author, "
            "who can add that."
        )


def _switch(edition: Edition, *, allowed: Iterable[str], by: User, alone: bool) -> None:
    """The moment of publication: the new text is public and the old one is not, or nothing has changed."""
    now = timezone.now()
    credential = None if alone else MedicalCredential.objects.filter(user=by.pk).first()
    others = edition.page.editions.live().filter(language=edition.language)
    others.exclude(pk=edition.pk).update(status=Status.REPLACED, replaced_at=now)
    _move(
        edition,
        allowed=allowed,
        status=Status.PUBLISHED,
        published_at=now,
        published_by=by,
        published_alone=alone,
        reviewed_at=None if alone else now,
        reviewed_by=None if alone else by,
        reviewed_as=edition.reviewers(by.pk) or (credential.shown_as if credential else ""),
    )


def _take_away(edition: Edition, by: User | None, because: str) -> None:
    _move(
        edition,
        allowed=[Status.PUBLISHED],
        status=Status.UNPUBLISHED,
        unpublished_at=timezone.now(),
        unpublished_by=by,
        unpublished_because=because,
    )
