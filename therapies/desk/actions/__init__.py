"""The verbs of the desk for FDA data. Each is one transaction that calls the floor's verbs: everything, or nothing."""

from .accepting import accept
from .batches import Done, reopen, skip, undo
from .entering import NotEntered, code_of, enter_uses
from .keeping import Upload, keep
