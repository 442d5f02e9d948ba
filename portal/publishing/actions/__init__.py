"""The verbs of publishing: the only place that writes a status or a confirmation.

Every verb is atomic, takes the person as ``by``, and moves a row with one conditional
UPDATE, so that of two clicks at once only one can win. A verb that does not apply raises
``Refused`` with a sentence for the person who asked. What was done is in the audit trail.
"""

from .contradictions import raise_contradictions, settle_contradiction
from .facts import confirm, record, reject
from .moves import move
from .pictures import add_picture, describe_picture, remove_picture
from .reviews import approve, ask_for_changes, comment, invite, note_opening, reopen, revoke, settle
from .schedule import catch_up, keep, plan_withdrawal, schedule, unschedule
from .texts import (
    Refused,
    publish,
    restore,
    review_unchanged,
    save_draft,
    send_back,
    ship,
    start_draft,
    submit,
    withdraw,
)

__all__ = [
    "Refused",
    "add_picture",
    "approve",
    "ask_for_changes",
    "catch_up",
    "comment",
    "confirm",
    "describe_picture",
    "invite",
    "keep",
    "move",
    "note_opening",
    "plan_withdrawal",
    "publish",
    "raise_contradictions",
    "record",
    "reject",
    "remove_picture",
    "reopen",
    "restore",
    "review_unchanged",
    "revoke",
    "save_draft",
    "schedule",
    "send_back",
    "settle",
    "settle_contradiction",
    "ship",
    "start_draft",
    "submit",
    "unschedule",
    "withdraw",
]
