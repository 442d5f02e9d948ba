"""The verbs of publishing: the only place that writes a status, or a value that readers see.

Three of them change what readers see: ``publish`` (and ``unpublish``), ``confirm``, and ``ship``. Every verb is atomic,
takes the person as ``by``, and moves a row with one conditional UPDATE, so that of two clicks at once only one can
win. A verb that does not apply raises ``Refused`` with a sentence for the person who asked. What was done is in the
audit trail.
"""

from .changes import amend, confirm, propose_change, propose_new, propose_removal, reject, reverse, reverse_one, settle
from .drafts import bring_back, discard, remove_page, restore, save_draft, start_draft
from .plans import catch_up, keep, plan_unpublication, schedule, unschedule
from .refusal import Refused, in_words, reason
from .reviews import approve, ask_for_changes, comment, invite, note_opening, reopen, resolve, revoke
from .rows import (
    Revision,
    add_picture,
    add_source,
    describe_picture,
    move,
    remove_picture,
    remove_source,
    revise,
    shift,
)
from .texts import WHY_UNPUBLISHED, publish, return_for_changes, review_unchanged, ship, submit, unpublish
