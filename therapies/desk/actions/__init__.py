"""The verbs of the registrars' desk. Each is one transaction that calls the floor's verbs: everything, or nothing."""

from .accepting import accept
from .batches import Done, leave, reopen, undo
from .keeping import Upload, keep
from .uses import Said, Unrecorded, code_of, record_uses

__all__ = [
    "Done",
    "Said",
    "Unrecorded",
    "Upload",
    "accept",
    "code_of",
    "keep",
    "leave",
    "record_uses",
    "reopen",
    "undo",
]
