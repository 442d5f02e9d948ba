"""What the search keeps: one row for each page that readers see, and how often a search found nothing."""

import datetime

from django.db import models
from django.utils import timezone

from ..content_version import ReadersNeverSee
from .pages import Page


class SearchEntry(ReadersNeverSee):
    """A page as the search reads it. It follows from what readers see, and no finished page is made from it.

    ``heads``, ``lead`` and ``body`` hold words as ``search/words.py`` writes them, with blanks between.
    """

    page = models.OneToOneField(Page, models.CASCADE, null=True, related_name="+")  # none for a list or a form
    kind = models.CharField(max_length=50, blank=True, help_text="Label of the table that holds the page.")
    address = models.CharField(max_length=300, unique=True)
    title = models.CharField(max_length=300)
    names = models.JSONField(default=list, help_text="Of each name: what sort it is, the name, how it is asked for.")
    heads = models.TextField(help_text="The words of its names.")
    lead = models.TextField(blank=True, help_text="Those of its summary.")
    body = models.TextField(blank=True, help_text="Those of everything else.")
    text = models.TextField(blank=True, help_text="What may be quoted, one sentence a line.")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["written_at"], name="search_state")]  # what each search asks first

    def __str__(self) -> str:
        return f"{self.address}: {self.title}"


class SearchMiss(ReadersNeverSee):
    """Words by which nothing was found. They are there to be read once they were asked for on several days.

    Until then there is only a keyed digest of them, so that nobody can read what one person typed.
    """

    digest = models.CharField(max_length=64, unique=True)
    words = models.CharField(max_length=60, blank=True)
    days = models.PositiveSmallIntegerField(default=1, help_text="On how many days somebody asked.")
    last = models.DateField(default=datetime.date.today)

    class Meta:
        default_permissions = ()
        ordering = ["-days", "words"]

    def __str__(self) -> str:
        return self.words or "words of a few days"
