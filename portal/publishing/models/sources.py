"""Where facts and statements come from."""

import datetime
import tomllib
from functools import cache, reduce
from operator import or_
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from .. import links
from ..links import WebAddressField
from ..short_ids import ShortId
from .changes import Change, Governed


@cache
def _refused_hosts() -> dict[str, str]:
    """The sites that nothing may rest on, each with its reason."""
    groups = tomllib.loads((Path(__file__).parent.parent / "refused_hosts.toml").read_text())
    return {host: group["reason"] for group in groups.values() for host in group["hosts"]}


def why_refused(address: str) -> str:
    """Why no source may be at this address, and what to cite instead; empty where one may."""
    if links.is_private(address):
        return "Nobody outside your own network can open this address. Enter one that readers can open."
    host = links.host_of(address)
    names = [host.split(".", dots)[-1] for dots in range(host.count(".") + 1)]
    reason = next((reason for name in names if (reason := _refused_hosts().get(name))), "")
    return f"We don’t cite this site. {reason}" if reason else ""


class Source(Governed):
    """A document that somebody read, or that a data set names."""

    class Kind(models.TextChoices):
        LABEL = "label", "Drug label"
        NOTICE = "notice", "FDA notice or letter"
        LIST = "list", "FDA list or database"
        ARTICLE = "article", "Journal article or guideline"
        PAGE = "page", "Web page"
        OTHER = "other", "Other"

    READERS_SEE = ("title", "url", "kind", "official", "read_on", "as_of", "read_as")

    #: Whether one person entered and confirmed something that it says; set by the page that tells it.
    alone = False

    short_id = ShortId()
    title = models.CharField(max_length=300)
    url = WebAddressField("address", max_length=500, blank=True)
    kind = models.CharField("what it is", max_length=10, choices=Kind, default=Kind.OTHER)
    official = models.BooleanField(
        default=False,
        help_text="Yes if FDA’s own record, or that of another government body, was read; no for a journal, society, "
        "trade, or news page.",
    )
    read_on = models.DateField(null=True, blank=True, help_text="The day somebody read it. Leave empty if nobody did.")
    as_of = models.DateField(
        null=True,
        blank=True,
        help_text="The last day it tells of, if it’s older than the day somebody read it: its edition or version.",
    )
    read_as = models.CharField(max_length=400, blank=True, help_text="How it was read: live page, label, stored copy …")

    class Meta(Governed.Meta):
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["title", "url", "read_as"], name="source_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def tells_until(self) -> datetime.date | None:
        """Up to which day it tells: its own, however late somebody read it; else that of the reading."""
        return self.as_of or self.read_on

    def first_said(self) -> str:
        return f"source:{self.title}\n{self.url}\n{self.read_as}"

    def clean(self) -> None:
        """Refuse what readers cannot open, and a site that only copies others. Raises ValidationError."""
        if why := why_refused(self.url):
            raise ValidationError({"url": why})

    def is_seen(self) -> bool:
        """A source that no such row names, and no text that a second person reads or read, is a note among staff."""
        read = Q(published_at__isnull=False) | Q(status__in=["in-review", "scheduled"])
        return bool(self.facts()) or self.editions.filter(read).exists() or self.was_named()

    def facts(self) -> list[Governed]:
        """The rows that name it before readers: facts, and what stands beside one. One query a kind."""
        return [row for field in self._naming() for row in field.model._default_manager.filter(**{field.name: self.pk})]

    def was_named(self) -> bool:
        """Whether a row named it before it was corrected: readers are told the old and the new source by their titles.
        One query.
        """
        before = [Q(**{f"before__{name}": self.pk}) for name in {field.name for field in self._naming()}]
        return Change.objects.filter(reduce(or_, before), confirmed_at__isnull=False).exists()

    def _naming(self) -> list[Any]:
        """The columns that name a source, of all kinds of rows that readers see."""
        every: Any = self._meta.get_fields(include_hidden=True)
        return [one.field for one in every if one.one_to_many and issubclass(one.related_model, Governed)]

    def addresses(self) -> list[str]:
        pages = [address for fact in self.facts()[:20] for address in fact.addresses()]
        texts = self.editions.filter(status="published").select_related("page")[:20]
        return list(dict.fromkeys([*(text.page.get_absolute_url() for text in texts), *pages]))
