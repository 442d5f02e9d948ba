"""The verbs of the desk for FDA data. Each is one transaction that calls the floor's verbs: everything, or nothing."""

from .accepting import Choices, accept
from .batches import Done, Upload, keep, reopen, skip, undo
from .entering import NotEntered, code_of, enter_uses
