"""The immune system: its cells and molecules, and the organs where they live."""

import datetime

from django.db import models
from django.urls import reverse

from portal.publishing.models import Edition, Page
from portal.publishing.prose import ProseField


class ImmunePage(Page):
    """A part of the immune system. Components and organs share the addresses under ``/immune/``."""

    name = models.CharField(max_length=100, unique=True)
    order = models.PositiveSmallIntegerField(default=0, help_text="Position in lists.")

    REVIEW_EVERY = datetime.timedelta(days=2 * 365)  # what cells and organs do changes slowly

    class Meta:
        abstract = True
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("immune:detail", args=[self.slug])

    @property
    def drawing(self) -> list[str]:
        """Templates of its picture, the first that exists: a part that was added in the admin has none of its own."""
        return [f"drawings/{self.slug}.svg", "drawings/mark.svg"]


class Component(ImmunePage):
    class Kind(models.TextChoices):
        CELL = "cell", "Cell"
        MOLECULE = "molecule", "Molecule"

    kind = models.CharField(max_length=10, choices=Kind)

    class Meta(ImmunePage.Meta):
        verbose_name = "cell or molecule"
        verbose_name_plural = "cells and molecules"


class Organ(ImmunePage):
    class Meta(ImmunePage.Meta):
        verbose_name = "organ or tissue"
        verbose_name_plural = "organs and tissues"


class ImmuneEdition(Edition):
    TEXT = ("in_short", "about")

    in_short = models.TextField(help_text="One or two sentences, for lists and the top of the page.")
    about = ProseField()

    class Meta(Edition.Meta):
        abstract = True


class ComponentEdition(ImmuneEdition):
    page = models.ForeignKey(Component, models.PROTECT, related_name="editions")


class OrganEdition(ImmuneEdition):
    page = models.ForeignKey(Organ, models.PROTECT, related_name="editions")
