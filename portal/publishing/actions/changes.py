"""Verbs of changes: what one person proposes, a second one confirms or rejects. Readers see the old value until then.

Of several changes in a group, such as a new use and the decision that approves it, all are answered, or none.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from .. import addresses, audit, doubts, values
from ..models import Change, Fact, FormerAddress, Governed, Page, SentenceInDoubt, Source, wrote_in
from ..search import indexing
from .refusal import Refused, in_words, reason

Verb = Change.Verb
ALREADY = "We have this already, so there is nothing to change."
#: What a corrected proposal keeps of the one that it replaces, unless it is told anew.
CARRIED = ("source", "because", "evidence", "warnings", "doubt", "settles")

#: What happened, in words that the note of a new version may say to readers.
DONE = {Change.Verb.ADD: "New", Change.Verb.CHANGE: "Changed", Change.Verb.REMOVE: "Removed"}

# Proposing -------------------------------------------------------------------------------


@transaction.atomic
def propose_new(model: type[Governed], given: Mapping[str, Any], *, by: User | None, **told: Any) -> Change:
    """Ask for a new row. A value may be a pending ``Change``: then it stands for the row that it will add.

    ``told`` are columns of the change: source, because, evidence, warnings, doubt, settles, replaces, reverses.
    Raises ValidationError for what cannot be, and Refused when the same is pending already.
    """
    return _propose(Verb.ADD, model(), {}, given, by, told)


@transaction.atomic
def propose_change(row: Governed, given: Mapping[str, Any], *, by: User | None, **told: Any) -> Change:
    """Ask for other values of a row; ``told`` is that of ``propose_new``. Raises ValidationError, and Refused when
    nothing would change.
    """
    before, after = differing(row, given)
    if not after:
        raise Refused(ALREADY)
    return _propose(Verb.CHANGE, row, before, after, by, told)


@transaction.atomic
def propose_removal(row: Governed, *, by: User | None, **told: Any) -> Change:
    """Ask that a row goes; ``told`` is that of ``propose_new``. Its values stay in the change: it can come back."""
    return _propose(Verb.REMOVE, row, values.of_row(row, values.kept_names(type(row))), {}, by, told)


def differing(row: Governed, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values of a row before and after, those that would not change left out."""
    now = values.of_row(row, given)
    new = {name: values.to_plain(value) for name, value in given.items()}
    names = [name for name in new if new[name] != now[name]]
    return {name: now[name] for name in names}, {name: new[name] for name in names}


def _propose(
    verb: Verb, row: Governed, before: dict[str, Any], given: Mapping[str, Any], by: User | None, told: dict[str, Any]
) -> Change:
    """``row`` is the stored one, or an empty one of the kind that is to be added."""
    after = {name: values.to_plain(value) for name, value in given.items()}
    if isinstance(row, Fact) and "source" not in told:
        told["source"] = Source.objects.filter(pk=after.get("source") or row.source_id).first()
    key = {"verb": verb, "model": row._meta.label_lower, "row": row.pk, "after": after}
    same = Change.objects.pending().filter(**key).exclude(pk=getattr(told.get("replaces"), "pk", None)).first()
    if same:
        if same.proposed_by_id == (by.pk if by else None):
            return same  # a second click
        raise Refused(f"{same.proposed_by or 'The portal'} already proposed this. It is pending.")
    change = Change(**key, before=before, proposed_by=by, **told)
    shown = row if verb == Verb.REMOVE else values.imagined(change)
    change.about = str(shown)[:400]
    change.affects_patients = shown.affects_patients or bool(row.pk and row.affects_patients)
    if by is not None:
        _judge(change, row, shown)
    change.save()
    audit.note("proposed", row if row.pk else change, by=by, detail=values.differences(change), about=change.about)
    return change


def _judge(change: Change, row: Governed, shown: Any) -> None:
    """Refuse what nobody could confirm. Raises ValidationError with what to do, by field."""
    if shown.NEEDS_SOURCE and change.source is None:
        raise ValidationError(
            {"source": "Every fact needs a source. Choose the notice, letter, or list where you read it."}
        )
    others = Change.objects.pending().exclude(pk=change.replaces_id)
    if change.verb != Verb.REMOVE:
        pending = [name for name, value in change.after.items() if isinstance(value, dict)]
        stamps = [field.name for field in shown._meta.fields if not field.editable]
        shown.clean_fields(exclude=[*pending, *stamps, "source"])
        shown.clean()
        shown.validate_unique(exclude=pending)
        shown.validate_constraints(exclude=pending)
        shown.check_against(others)
    else:
        shown.check_removal(others)
    if (change.affects_patients or (isinstance(row, Fact) and row.pk)) and not change.because.strip():
        raise ValidationError(
            {
                "because": "This change affects patients, so it needs a reason."
                if change.affects_patients
                else "This fact is confirmed, so say in a sentence why it should change."
            }
        )


# Answering -------------------------------------------------------------------------------


@transaction.atomic
def confirm(change: Change, *, by: User) -> Change:
    """Let readers see a change, and what belongs to it, in this moment or not at all.

    Raises Refused for whoever proposed it (unless the settings allow it; it then says so), without a source where one
    is needed, when somebody has answered it, and when the row is not what it was when the change was proposed.
    """
    leader = _locked(change)
    group = leader.group()
    proposed = by.pk in {one.proposed_by_id for one in group}
    shown = [row for one in group for row in one.named()]
    alone = proposed or by.pk in wrote_in(shown, since=leader.proposed_at)
    if alone and not settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES:
        raise Refused(
            "You proposed this change, so another person must confirm it."
            if proposed
            else "Since this was proposed, you changed something that it shows readers, such as its source. "
            "Another person must confirm it."
        )
    note = audit.who_set_up_whom(by, [one.proposed_by_id for one in group])
    for one in group:
        _raise_doubts(one, by=by)  # while the row is still as it was
        row = _written(one)
        stamps = {"confirmed_at": timezone.now(), "confirmed_by": by, "confirmed_alone": alone}
        Change.objects.filter(pk=one.pk).update(**stamps)
        one.refresh_from_db()
        audit.note("confirmed", row, by=by, detail=f"{values.differences(one)} {note}".strip(), about=one.about)
    change.refresh_from_db()
    return change


def _raise_doubts(change: Change, *, by: User) -> None:
    """Make a task of every sentence that a change may make untrue, before it is applied.

    What takes an earlier change back ends the tasks that it raised, and raises none for texts that are older than it.
    """
    suspects = doubts.suspects(change)
    if undone := change.reverses:
        undone.sentences_in_doubt.filter(settled_at=None).update(
            settled_at=timezone.now(), settled_by=by, settled_because="The change was taken back."
        )
        since = undone.confirmed_at
        suspects = [one for one in suspects if since and one.edition.published_at > since]
    about = f"{DONE[Change.Verb(change.verb)]}: {change.about}"[:400]
    SentenceInDoubt.objects.bulk_create(
        [
            SentenceInDoubt(
                page_id=one.page.pk, part=one.part, sentence=one.text, about=about, change=change, raised_by=by
            )
            for one in suspects
        ],
        ignore_conflicts=True,  # the constraint knows a task that is open already
    )


def _locked(change: Change) -> Change:
    """The leader, held until the transaction ends. Raises Refused when somebody has answered it."""
    leader = Change.objects.select_for_update(of=("self",)).get(pk=change.leader_id or change.pk)
    if leader.is_confirmed:
        raise Refused("Someone else already confirmed this. Nothing changed.")
    if leader.is_rejected:
        raise Refused(f"{leader.rejected_by} already rejected this: {leader.rejected_because}")
    return leader


def apply(change: Change) -> list[Any]:
    """Write a change and what belongs to it, without asking anybody: for a look that is rolled back.

    Answers the rows. Raises Refused where it could not be confirmed.
    """
    return [_written(one) for one in change.group()]


def _written(change: Change) -> Any:
    """Write one change, or nothing of it; answer the row. Raises Refused with what to do."""
    if change.governed.NEEDS_SOURCE and change.source_id is None:
        raise Refused(
            f"“{change.about}” has no source. Correct it and say where it was read, so that it can be confirmed."
        )
    try:
        with transaction.atomic():
            row = _applied(change)
    except ValidationError as error:
        raise Refused(in_words(error)) from error
    except (LookupError, IntegrityError):
        raise Refused(f"“{change.about}” depends on something that isn’t confirmed yet. Confirm that first.") from None
    if change.row is None:  # others of its group may refer to it
        Change.objects.filter(pk=change.pk).update(row=row.pk)
    indexing.follow(change, row)
    return row


def _applied(change: Change) -> Any:
    """Write one change. Raises ValidationError, IntegrityError, LookupError or Refused; then nothing is written."""
    model = change.governed
    if change.verb == Verb.ADD:
        return _stored(change, model(), {})
    row = model._default_manager.select_for_update(of=("self",)).filter(pk=change.row).first()
    if row is None:
        raise Refused(f"“{change.about}” is no longer there, so this change can’t be applied.")
    now = values.of_row(row, change.before)
    if now != change.before:
        moved = ", ".join(values.label(model, name) for name in now if now[name] != change.before[name])
        raise Refused(f"This has changed since the change was proposed ({moved}). Reject it and enter it again.")
    return _removed(row) if change.verb == Verb.REMOVE else _stored(change, row, change.before)


def _removed(row: Any) -> Any:
    row.check_removal(None)
    key = row.pk
    try:
        row.delete()
    except ProtectedError as error:
        first = next(iter(error.protected_objects))
        raise Refused(f"“{first}” refers to it. Remove that first, or change what it refers to.") from None
    row.pk = key
    return row


def _stored(change: Change, row: Any, before: Mapping[str, Any]) -> Any:
    address = row.get_absolute_url() if isinstance(row, Page) and "slug" in before else ""
    after = {name: values.resolved(value) for name, value in change.after.items()}
    several = values.written(row, after)
    if isinstance(row, Fact):
        row.source_id, row.because, row.change = change.source_id or row.source_id, change.because, change
        row.confirmed_at = timezone.now()
    if address:
        _remember(row, address, by=change.proposed_by)
    row.full_clean()
    row.check_against(None)
    row.save()
    for name, keys in several.items():
        getattr(row, name).set(keys)
    return row


def _remember(page: Page, old: str, *, by: User | None) -> None:
    """The address ``old`` leads to the page from now on, if readers ever saw the page there.

    Texts are not rewritten: what was reviewed stays as it was read. Links in them are led on, and live numbers that
    name the old slug find the page through its former address. Call it before the new address is stored. Raises
    Refused when that is not free, or when other pages take their addresses from this one.
    """
    if why := addresses.refusal(page, page.slug):
        raise Refused(why)
    new = page.get_absolute_url()
    if "#" in new:
        raise Refused("This is part of a larger page, so it has no address of its own to change.")
    FormerAddress.objects.filter(path=new).delete()  # it is the page's own: ``refusal`` saw to that
    if page.was_published():
        FormerAddress.objects.update_or_create(path=old, defaults={"page_id": page.pk, "by": by, "at": timezone.now()})
    audit.note("moved", page, by=by, detail=f"{old} → {new}")


@transaction.atomic
def reject(change: Change, *, by: User, because: str) -> Change:
    """Reject a change, and what belongs to it, with a reason for whoever proposed it. It stays under “Rejected”.

    One person may, and so may its author, who takes it back: readers see no difference.
    """
    because = reason(because, "Say why, so that the person who proposed the change knows what to fix.")
    leader = _locked(change)
    stamps = {"rejected_at": timezone.now(), "rejected_by": by, "rejected_because": because}
    for one in leader.group():
        Change.objects.filter(pk=one.pk).update(**stamps)
        audit.note("rejected", one, by=by, detail=because, about=one.about)
    change.refresh_from_db()
    return change


@transaction.atomic
def amend(change: Change, corrected: Mapping[int, Mapping[str, Any]], *, by: User, **told: Any) -> Change:
    """Put a corrected proposal in the place of a pending one. Whoever corrects is its author now.

    ``corrected`` gives new values by the key of each change of the group. Raises ValidationError and Refused.
    """
    leader = _locked(change)
    made: dict[int, Change] = {}
    for one in leader.group():
        made[one.pk] = _amended(one, {**corrected.get(one.pk, {})}, made, by, told)
    said = [[(one.after, one.source_id, one.because) for one in several] for several in (leader.group(), made.values())]
    if said[0] == said[1]:
        raise Refused("You didn’t change anything, so the proposal stays as it is.")
    reject(leader, by=by, because="Replaced by a corrected version.")
    made[leader.pk].lead(made.values())
    return made[leader.pk]


def _amended(change: Change, corrected: dict[str, Any], made: Mapping[int, Change], by: User, told: Any) -> Change:
    after = {name: _followed(value, made) for name, value in change.after.items()} | corrected
    columns = {name: getattr(change, name) for name in CARRIED} | told | {"replaces": change}
    if "source" in after:
        columns["source"] = Source.objects.get(pk=values.to_plain(after["source"]))
    row = values.stored(change) if change.row else change.governed()
    if row is None:
        raise Refused(f"“{change.about}” is no longer there, so there is nothing to correct.")
    if change.verb == Verb.CHANGE:
        after = {name: value for name, value in after.items() if values.to_plain(value) != change.before[name]}
        if not after:
            raise Refused(ALREADY)
    before = {name: value for name, value in change.before.items() if name in after or change.verb == Verb.REMOVE}
    return _propose(Verb(change.verb), row, before, after, by, columns)


def _followed(value: Any, made: Mapping[int, Change]) -> Any:
    """A reference to a change of the group that was replaced, as one to its replacement."""
    return {"change": made[value["change"]].pk} if isinstance(value, dict) and value["change"] in made else value


@transaction.atomic
def reverse(change: Change, *, by: User, because: str) -> Change:
    """Take a change back, with what belongs to it.

    What is pending is rejected. Of what is confirmed, the reverse waits for a second person, the last row first.
    Raises Refused when a row has been changed since.
    """
    if change.is_pending:
        return reject(change, by=by, because=because)
    made = [reverse_one(one, by=by, because=because) for one in reversed(change.group())]
    made[0].lead(made[1:])
    return made[0]


@transaction.atomic
def reverse_one(change: Change, *, by: User, because: str) -> Change:
    """The reverse of a confirmed change, without what belongs to it. Raises Refused when the row has changed since."""
    model, row = change.governed, values.stored(change)
    told: dict[str, Any] = {"because": because, "reverses": change, "evidence": change.evidence}
    if not issubclass(model, Fact):  # one of those names its source among its values, and gets the old one back
        told["source"] = change.source
    if change.verb == Verb.REMOVE:
        return propose_new(model, change.before, by=by, **told)
    if row is None or values.of_row(row, change.after) != {n: values.resolved(v) for n, v in change.after.items()}:
        raise Refused(f"“{change.about}” has been changed since.")
    if change.verb == Verb.ADD:
        return propose_removal(row, by=by, **told)
    return propose_change(row, change.before, by=by, **told)


@transaction.atomic
def settle(task: SentenceInDoubt, *, by: User, because: str) -> SentenceInDoubt:
    """Say why a sentence still holds. Raises Refused without a reason, or when somebody said so already."""
    because = reason(because, "Say why the sentence is still true, so that nobody has to check it again.")
    changed = SentenceInDoubt.objects.filter(pk=task.pk, settled_at=None).update(
        settled_at=timezone.now(), settled_by=by, settled_because=because
    )
    task.refresh_from_db()
    if not changed:
        raise Refused(f"{task.settled_by} already checked this sentence: {task.settled_because}")
    audit.note("settled", task, by=by, detail=because)
    return task
