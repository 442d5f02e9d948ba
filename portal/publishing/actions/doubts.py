"""Verbs of sentences that a change may have made untrue: they become tasks, and a person says when one holds."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from .. import audit, doubts
from ..models import Change, SentenceInDoubt
from .refusal import Refused, reason

#: What happened, in words that the note of a new version may say to readers.
DONE = {Change.Verb.ADD: "New", Change.Verb.CHANGE: "Changed", Change.Verb.REMOVE: "Removed"}


@transaction.atomic
def raise_for(change: Change, *, by: User) -> None:
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


@transaction.atomic
def settle(task: SentenceInDoubt, *, by: User, because: str) -> SentenceInDoubt:
    """Say why a sentence still holds. Raises Refused without a reason, or when somebody said so already."""
    because = reason(because, "Say why the sentence still holds, so that nobody has to check it again.")
    changed = SentenceInDoubt.objects.filter(pk=task.pk, settled_at=None).update(
        settled_at=timezone.now(), settled_by=by, settled_because=because
    )
    task.refresh_from_db()
    if not changed:
        raise Refused(f"{task.settled_by} has settled this sentence already: {task.settled_because}")
    audit.note("settled", task, by=by, detail=because)
    return task
