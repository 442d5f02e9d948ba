"""Pages, their editions, dated facts and the sources of both. Nothing here knows of medicine."""

from .facts import Fact, FactQuerySet, Source
from .pages import ENDED, OPEN, Edition, Page, PageQuerySet, Status
from .papers import Approval, Comment, Dossier, Invitation
from .pictures import Picture
from .record import AuditEntry, Contradiction, FormerAddress, MedicalCredential, Presence, ShippedRow

__all__ = [
    "ENDED",
    "OPEN",
    "Approval",
    "AuditEntry",
    "Comment",
    "Contradiction",
    "Dossier",
    "Edition",
    "Fact",
    "FactQuerySet",
    "FormerAddress",
    "Invitation",
    "MedicalCredential",
    "Page",
    "PageQuerySet",
    "Picture",
    "Presence",
    "ShippedRow",
    "Source",
    "Status",
]
