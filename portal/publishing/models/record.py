"""What the floor remembers beside texts and facts: shipped rows, reviewers, what people did, old addresses."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from .base import who


class ShippedRow(models.Model):
    """What the loader last wrote under a key: which row, and a digest of it. A row that differs was edited by staff."""

    key = models.CharField(max_length=250, primary_key=True)
    row = models.BigIntegerField(help_text="Primary key of the row.")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.key


class MedicalCredential(models.Model):
    """How readers see the name of a member of staff who is a medical professional. Without one, none is claimed."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="medical_credential")
    shown_as = models.CharField(
        max_length=200, help_text="Name and profession as readers see them, for example “Ana Ruiz, MD, oncologist”."
    )

    def __str__(self) -> str:
        return self.shown_as


class AuditEntry(models.Model):
    """One thing that somebody did. The table only grows: the database refuses to change or delete a row."""

    at = models.DateTimeField("when", default=timezone.now, db_index=True)
    by = who()
    name = models.CharField("who", max_length=150, blank=True, help_text="Account name at that time, or name tried.")
    verb = models.CharField("what", max_length=40, db_index=True)
    kind = models.CharField("kind", max_length=100, blank=True, help_text="Label of the model that it was done to.")
    row = models.CharField("row", max_length=64, blank=True)
    about = models.CharField("to what", max_length=300, blank=True)
    detail = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kind", "row"], name="audit_by_row")]
        default_permissions = ("view",)
        verbose_name = "entry of the audit trail"
        verbose_name_plural = "audit trail"

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M} {self.name or '–'}: {self.verb} {self.about}"


class Contradiction(models.Model):
    """A sentence that readers see and that a changed fact may make untrue: a task for whoever writes the text.

    Nothing stores that it is done. It ends when the sentence is no longer in the published text,
    or when somebody looks and says why the sentence still holds.
    """

    kind = models.CharField(max_length=100, help_text="Label of the page's model.")
    row = models.BigIntegerField(help_text="Primary key of the page.")
    part = models.CharField(max_length=50, help_text="Name of the text within the edition.")
    sentence = models.CharField(max_length=1000, help_text="As readers saw it, without marks.")
    about = models.CharField(max_length=300, help_text="The fact that changed, in words.")
    fact_kind = models.CharField(max_length=100, help_text="Label of the fact's model.")
    fact_row = models.BigIntegerField(help_text="Primary key of the fact.")
    raised_at = models.DateTimeField(default=timezone.now, editable=False)
    raised_by = who()
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)
    settled_by = who()
    settled_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["raised_at", "pk"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "row", "part", "sentence", "fact_kind", "fact_row"],
                condition=models.Q(settled_at__isnull=True),
                name="contradiction_once",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, settled_by__isnull=True, settled_because="")
                | models.Q(settled_at__isnull=False, settled_by__isnull=False) & ~models.Q(settled_because=""),
                name="contradiction_settled_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.sentence}” after: {self.about}"


class FormerAddress(models.Model):
    """An address that a page once had. It points to the page, not to another address: it can neither chain nor loop."""

    path = models.CharField(max_length=300, unique=True)
    kind = models.CharField(max_length=100, help_text="Label of the page's model.")
    row = models.BigIntegerField(help_text="Primary key of the page.")
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = who()

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.path


class Presence(models.Model):
    """Somebody has a page of the desk open. The browser says so every half a minute; old rows go by themselves."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=100, help_text="Label of the row's model.")
    row = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "kind", "row"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.person} at {self.kind} {self.row}"
