"""What the floor remembers beside texts and facts: shipped rows, reviewers, what people did, old addresses."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.utils import timezone

from .. import moments
from ..content_version import ReadersNeverSee
from .base import moment, told_whole, who
from .changes import Change, Governed
from .pages import Page


class ShippedRow(ReadersNeverSee):
    """What the loader last wrote under a key: which row, and its values by field.

    A row that holds something else in one of these fields was edited by staff. A field that came later is not among
    them, so a new column freezes nothing. Of a text it has a digest.
    """

    #: Among the values of a text: the day of the release that lacked it.
    DROPPED = "dropped"

    key = models.CharField(max_length=250, primary_key=True)
    row = models.BigIntegerField(help_text="Primary key of the row.")
    values = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key


class MedicalCredential(Governed):
    """How readers see the name of a member of staff who is a medical professional. Without one, none is claimed."""

    READERS_SEE = ("user", "shown_as")
    NEW_IS_SEEN = True  # the next text that this person publishes bears the name

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="medical_credential")
    shown_as = models.CharField(
        max_length=200, help_text="Name and profession as readers see them, for example “Ana Ruiz, MD, oncologist”."
    )

    def __str__(self) -> str:
        return self.shown_as


class ContentVersion(ReadersNeverSee):
    """The number of the content that readers see now: one row, which triggers of the database raise."""

    number = models.BigIntegerField(default=1)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_content_version")]

    def __str__(self) -> str:
        return f"content version {self.number}"


class AuditEntry(ReadersNeverSee):
    """One thing that somebody did. The table only grows: the database refuses to change or delete a row."""

    at = models.DateTimeField("when", default=timezone.now, db_index=True)
    by = who()
    name = models.CharField("who", max_length=150, blank=True, help_text="Account name at that time, or name tried.")
    verb = models.CharField("what", max_length=40, db_index=True)
    kind = models.CharField("kind", max_length=100, blank=True, help_text="Label of the model that it was done to.")
    row = models.CharField("row", max_length=64, blank=True)
    about = models.CharField("item", max_length=300, blank=True)
    detail = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kind", "row"], name="audit_by_row")]
        default_permissions = ("view",)
        verbose_name = "entry of the audit trail"
        verbose_name_plural = "audit trail"

    def __str__(self) -> str:
        return f"{moments.minute(self.at)}, {self.name or '–'}: {self.verb} {self.about}"


def wrote_in(rows: Iterable[models.Model], *, since: datetime.datetime) -> set[int]:
    """Keys of those who gave one of these rows values at once, since a moment. One query.

    What readers do not see yet is stored without a second person. Whoever wrote it cannot be that person.
    """
    named = models.Q(pk=None)
    for row in rows:
        named |= models.Q(kind=row._meta.label_lower, row=str(row.pk))
    entries = AuditEntry.objects.filter(named, verb__in=("added", "changed", "described"), at__gte=since)
    return set(entries.exclude(by=None).order_by().values_list("by", flat=True))


class SentenceInDoubt(models.Model):
    """A sentence that readers see and that a confirmed change may make untrue: a task for whoever writes the text.

    Nothing stores that it is done. It ends when the sentence is no longer in the published text,
    or when somebody looks and says why the sentence still holds.
    """

    page = models.ForeignKey(Page, models.PROTECT, related_name="sentences_in_doubt")
    part = models.CharField(max_length=50, help_text="Name of the text within the version.")
    sentence = models.CharField(max_length=1000, help_text="As readers saw it, without marks.")
    about = models.CharField(max_length=400, help_text="What changed, in words.")
    change = models.ForeignKey(Change, models.PROTECT, related_name="sentences_in_doubt")
    raised_at = models.DateTimeField(default=timezone.now, editable=False)
    raised_by = who()
    settled_at = moment()
    settled_by = who()
    settled_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["raised_at", "pk"]
        default_permissions = ("view", "change")
        verbose_name_plural = "sentences in doubt"
        constraints = [
            models.UniqueConstraint(
                fields=["page", "part", "sentence", "change"],
                condition=models.Q(settled_at__isnull=True),
                name="sentence_in_doubt_once",
            ),
            told_whole("sentence_in_doubt_settled_whole", "settled_at", "settled_by", "settled_because"),
        ]

    def __str__(self) -> str:
        return f"“{self.sentence}” after: {self.about}"


class FormerAddress(models.Model):
    """An address that a page once had. It points to the page, not to another address: it can neither chain nor loop."""

    path = models.CharField(max_length=300, unique=True)
    page = models.ForeignKey(Page, models.CASCADE, related_name="former_addresses")
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = who()

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.path


class Presence(ReadersNeverSee):
    """Somebody has the form of a page open. The browser says so every half a minute; old rows go by themselves."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.ForeignKey(Page, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "page"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.person} at {self.page}"
