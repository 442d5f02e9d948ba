"""Therapies, the cancers they are used for, and the dated facts of their approval in the United States.

Whether a use is in force, or a therapy approved, on a day is never stored: it follows from
the confirmed approval events, in SQL (``approvals.py``) and for rows at hand (``timeline.py``).
"""

from .approvals import ApprovalEvent, ApprovalEventQuerySet, Indication, last_of_month
from .further_sources import FurtherSource
from .imports import Batch, BatchRow
from .kinds import Biomarker, Cancer, Family, TherapyClass
from .labels import DrugLabel, LabelledUse, UnlabelledUse
from .terms import TERMS, EarlierTerms, UseTerms
from .therapies import Therapy, TherapyFact
from .watch import GoalDate, WatchedFile, WatchTurn
