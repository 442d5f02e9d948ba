"""Pages, editions, dated facts, what waits to change them, and the sources of all. Nothing here knows of medicine."""

from .changes import Change, ChangeQuerySet, Fact, Governed
from .editions import DATED, ENDED, OPEN, SEEN, Edition, EditionQuerySet, Status, with_pages
from .memory import (
    AuditEntry,
    ContentVersion,
    FormerAddress,
    MedicalCredential,
    Presence,
    SentenceInDoubt,
    ShippedRow,
    wrote_in,
)
from .pages import ENGLISH, Page, PageQuerySet, specific, with_names
from .papers import Comment, Invitation, Judgement, SavedDraft
from .pictures import Picture
from .search import SearchEntry, SearchMiss
from .sources import Source
