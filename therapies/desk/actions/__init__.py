"""The verbs of the desk for FDA data. Each is one transaction that calls the floor's verbs: everything, or nothing."""

from .accepting import Choices, accept
from .batches import Done, Upload, keep, keep_news, reopen, skip, undo
from .entering import NotEntered, code_of, enter_uses
from .goal_dates import add_goal_date, close_goal_date
