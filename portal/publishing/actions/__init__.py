"""The verbs of publishing: the only place that writes a status or a confirmation.

Every verb is atomic, takes the person as ``by``, and moves a row with one conditional
UPDATE, so that of two clicks at once only one can win. A verb that does not apply raises
``Refused`` with a sentence for the person who asked. What was done is in the audit trail.
"""

from .facts import confirm, record
from .pictures import add_picture, describe_picture, remove_picture
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
    "catch_up",
    "confirm",
    "describe_picture",
    "keep",
    "plan_withdrawal",
    "publish",
    "record",
    "remove_picture",
    "restore",
    "review_unchanged",
    "save_draft",
    "schedule",
    "send_back",
    "ship",
    "start_draft",
    "submit",
    "unschedule",
    "withdraw",
]
