"""Verbs of sentences that a changed fact may have made untrue: they become tasks, and a person says when one holds."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from .. import audit, contradictions
from ..models import Contradiction, Fact
from .texts import Refused


@transaction.atomic
def raise_contradictions(fact: Fact, *, by: User, about: str = "") -> int:
    """Make a task of every sentence that this fact may make untrue. A task that is open already is not doubled.

    Returns how many sentences there are. ``about`` says what happened, where it is not that the fact came to hold.
    """
    found = contradictions.suspects(fact)
    told = (about or str(fact))[: Contradiction._meta.get_field("about").max_length]
    Contradiction.objects.bulk_create(
        [
            Contradiction(
                kind=one.key[0],
                row=one.key[1],
                part=one.part,
                sentence=one.text,
                about=told,
                fact_kind=fact._meta.label_lower,
                fact_row=fact.pk,
                raised_by=by,
            )
            for one in found
        ],
        ignore_conflicts=True,  # the constraint knows a task that is open already
    )
    return len(found)


@transaction.atomic
def settle_contradiction(task: Contradiction, *, by: User, because: str) -> Contradiction:
    """Say why a sentence still holds. Raises Refused without a reason, or when somebody said so already."""
    because = " ".join(because.replace("\x00", " ").split())
    if not because:
        raise Refused("Say why the sentence still holds, so that nobody has to check it again.")
    longest = Contradiction._meta.get_field("settled_because").max_length
    changed = Contradiction.objects.filter(pk=task.pk, settled_at=None).update(
        settled_at=timezone.now(), settled_by=by, settled_because=because[:longest]
    )
    task.refresh_from_db()
    if not changed:
        raise Refused(f"{task.settled_by} has settled this sentence already: {task.settled_because}")
    audit.note("settled", task, by=by, detail=because)
    return task
