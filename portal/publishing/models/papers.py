"""The working papers of an edition: its saves, and what was said of it before readers saw it. None of it is public."""

import secrets
from typing import Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from .. import moments
from ..content_version import ReadersNeverSee
from ..parts import Part, Words, WordsField
from .base import moment, together, who
from .editions import Edition


class SavedDraft(ReadersNeverSee):
    """The words of a draft as somebody saved them, so that every save can be compared and brought back."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="saves")
    words = WordsField(default=Words)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = who()

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.edition}, saved {moments.minute(self.at)}"

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.edition.parts


def link_key() -> str:
    return secrets.token_urlsafe(24)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def of(self, token: str) -> "Invitation | None":
        """The invitation whose link was opened, however it stands; None when the link is not one of ours."""
        try:
            return self.filter(key=Invitation.SIGNER.unsign(token)).first()
        except signing.BadSignature:
            return None

    def with_use(self) -> Self:
        """Each with ``judged``: whether the guest has left a judgement."""
        return self.annotate(judged=Exists(Judgement.objects.filter(invitation=OuterRef("pk"))))


class Invitation(ReadersNeverSee):
    """A link that lets one person without an account read and judge one edition, until it ends.

    The link holds the key and a signature of it. Guessing it is hopeless (192 random bits), so nothing throttles
    it, and who reads the database without knowing the secret key of the site cannot make one.
    """

    SIGNER = signing.Signer(sep=".", salt="portal.publishing.invitation")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="invitations")
    key = models.CharField(max_length=40, unique=True, default=link_key, editable=False)
    name = models.CharField("who is invited", max_length=120)
    professional = models.BooleanField(
        "medical professional",
        default=False,
        help_text="Yes if you checked that this person is one. Readers then see who reviewed the text.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = who()
    expires_at = models.DateTimeField()
    opened_at = moment(help_text="When the link was last opened.")
    revoked_at = moment()
    revoked_by = who()

    objects = InvitationQuerySet.as_manager()

    judged: bool  # set by ``with_use``

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            together("invitation_revoked_pair", "revoked_at", "revoked_by"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="invitation_ends_later"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.token])

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and timezone.now() < self.expires_at

    @property
    def state(self) -> str:
        """“Revoked”, “expired”, “used” or “open”. Of one that ``with_use`` brought."""
        if self.revoked_at:
            return "revoked"
        return "expired" if not self.is_open else "used" if self.judged else "open"

    @property
    def token(self) -> str:
        return self.SIGNER.sign(self.key)


class Feedback(ReadersNeverSee):
    """Something said of an edition: by one of the staff, or by a guest through an invitation."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    by = who()
    invitation = models.ForeignKey(Invitation, models.PROTECT, null=True, blank=True, related_name="%(class)ss")

    class Meta:
        abstract = True
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=True, invitation__isnull=False) | Q(by__isnull=False, invitation__isnull=True),
                name="%(class)s_said_by_one",
            ),
        ]


class CommentQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Comments that wait for an answer."""
        return self.filter(resolved_at=None)


class Comment(Feedback):
    """A comment on an edition, or on one passage of it, until somebody resolves it."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="comments")
    name = models.CharField(max_length=200, help_text="Who said it, as staff see the name.")
    part = models.CharField(max_length=60, blank=True, help_text="Field that it speaks of.")
    quote = models.CharField(max_length=500, blank=True, help_text="Passage that it speaks of, as it was then.")
    text = models.TextField(max_length=4000)
    resolved_at = moment()
    resolved_by = who()

    objects = CommentQuerySet.as_manager()

    class Meta(Feedback.Meta):
        constraints = [
            *Feedback.Meta.constraints,
            together("comment_resolved_pair", "resolved_at", "resolved_by"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:60]}"


class Judgement(Feedback):
    """A judgement of one wording: approved, or changes asked for. It lapses when the text changes afterwards."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="judgements_given")
    approves = models.BooleanField()
    digest = models.CharField(max_length=64, help_text="Digest of the text that was judged.")
    shown_as = models.CharField(
        max_length=200, blank=True, help_text="Name and role as the person wants them shown to readers."
    )
    because = models.TextField(max_length=4000, blank=True)

    void: str  # why it does not count, or nothing; set by ``Edition.judgements``

    def __str__(self) -> str:
        said = "Approved" if self.approves else "Changes asked for"
        return f"{said} by {self.shown_as or self.by or self.invitation}"

    def why_void(self, digest: str, authors: set[int]) -> str:
        """Why it does not count for a text with this digest and these authors; nothing when it does."""
        invitation = self.invitation
        if digest != self.digest:
            return "the text changed afterward"
        if invitation and invitation.revoked_at:
            return "the link was revoked"
        if invitation and invitation.created_by_id in authors and not settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES:
            return f"{invitation.created_by}, who sent the link, helped write this text"
        return ""
