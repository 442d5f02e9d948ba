"""The working papers of an edition: who wrote in it, and what was said of it before readers saw it.

They are tables of their own, so that one set serves every kind of text. Nothing in them is public.
"""

import secrets
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from .base import moment, who

if TYPE_CHECKING:
    from .pages import Edition


class Dossier(models.Model):
    """The working papers of one edition. Texts that came with the software have none."""

    kind = models.CharField(max_length=100, editable=False, help_text="Label of the edition's model.")
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", editable=False)
    findings = models.JSONField(
        default=list, blank=True, editable=False, help_text="What the plain-language coach found at the last save."
    )

    def __str__(self) -> str:
        return f"papers of {self.edition}"

    @property
    def edition(self) -> "Edition":
        return apps.get_model(self.kind)._default_manager.select_related("page").get(dossier=self)


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
        return self.annotate(judged=Exists(Approval.objects.filter(invitation=OuterRef("pk"))))


class Invitation(models.Model):
    """A link that lets one person without an account read and judge one edition, until it ends.

    The link holds the key and a signature of it. Guessing it is hopeless (192 random bits), so nothing throttles
    it, and who reads the database without knowing the secret key of the site cannot make one.
    """

    SIGNER = signing.Signer(sep=".", salt="portal.publishing.invitation")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="invitations")
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
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="invitation_revoked_pair",
            ),
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


class Said(models.Model):
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
        """Remarks that wait for an answer."""
        return self.filter(settled_at=None)


class Comment(Said):
    """A remark on an edition, or on one passage of it, until somebody settles it."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="comments")
    name = models.CharField(max_length=200, help_text="Who said it, as staff see the name.")
    part = models.CharField(max_length=60, blank=True, help_text="Field that it speaks of.")
    quote = models.CharField(max_length=500, blank=True, help_text="Passage that it speaks of, as it was then.")
    text = models.TextField(max_length=4000)
    settled_at = moment()
    settled_by = who()

    objects = CommentQuerySet.as_manager()

    class Meta(Said.Meta):
        constraints = [
            *Said.Meta.constraints,
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="comment_settled_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:60]}"


class ApprovalQuerySet(models.QuerySet):
    def last_words(self) -> Self:
        """What each guest said last: people may change their mind."""
        newest = Approval.objects.filter(invitation=OuterRef("invitation")).order_by("-pk").values("pk")[:1]
        return self.filter(pk=Subquery(newest)).select_related("invitation").order_by("-at", "-pk")


class Approval(Said):
    """A judgement of one wording: approved, or changes asked for. It lapses when the text changes afterwards."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="approvals")
    approves = models.BooleanField()
    digest = models.CharField(max_length=64, help_text="Digest of the text that was judged.")
    shown_as = models.CharField(
        max_length=200, blank=True, help_text="Name and role as the person wants them shown to readers."
    )
    because = models.TextField(max_length=4000, blank=True)

    objects = ApprovalQuerySet.as_manager()

    void: str  # why it does not count, or nothing; set by ``Edition.judgements``

    def __str__(self) -> str:
        return (
            f"{'Approved' if self.approves else 'Changes asked for'} by {self.shown_as or self.by or self.invitation}"
        )

    def why_void(self, digest: str, authors: set[int]) -> str:
        """Why it does not count for a text with this digest and these authors; nothing when it does."""
        invitation = self.invitation
        if digest != self.digest:
            return "the text changed after it"
        if invitation and invitation.revoked_at:
            return "the link was taken back"
        if invitation and invitation.created_by_id in authors and not settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES:
            return f"{invitation.created_by}, who sent the link, wrote in this text"
        return ""
