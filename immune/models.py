"""The immune system: its cells and molecules, and the organs where they live."""

import datetime
from typing import ClassVar

from django.db import models
from django.urls import reverse

from portal.publishing.models import Governed, Page
from portal.publishing.parts import ABOUT, IN_SHORT


class ImmunePage(Page):
    """A part of the immune system. Components and organs share the addresses under ``/immune/``."""

    PARTS = (IN_SHORT, ABOUT)
    READERS_SEE: ClassVar[tuple[str, ...]] = (*Page.READERS_SEE, "name")
    AT_ONCE = ("order",)

    name = models.CharField(max_length=100, unique=True)
    order = models.PositiveSmallIntegerField(default=0, help_text="Position in lists.")

    REVIEW_EVERY = datetime.timedelta(days=2 * 365)  # what cells and organs do changes slowly

    class Meta(Governed.Meta):
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

    READERS_SEE = (*ImmunePage.READERS_SEE, "kind")

    kind = models.CharField(max_length=10, choices=Kind)

    class Meta(ImmunePage.Meta):
        verbose_name = "cell or molecule"
        verbose_name_plural = "cells and molecules"


class Organ(ImmunePage):
    class Meta(ImmunePage.Meta):
        verbose_name = "organ or tissue"
        verbose_name_plural = "organs and tissues"
