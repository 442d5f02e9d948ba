"""What stands around the rooms: sections of home and about, the glossary, take-part links, the site's own words."""

import datetime
from dataclasses import replace
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from portal.publishing.content_version import ReadersNeverSee
from portal.publishing.links import AddressField
from portal.publishing.models import Governed, Page
from portal.publishing.models.base import moment
from portal.publishing.parts import ONWARD, Line, Paragraph, RichText


class Section(Page):
    """A part of the home page or of the about page."""

    PARTS = (Line("title", longest=120), RichText("text"), *ONWARD)
    READERS_SEE = (*Page.READERS_SEE, "place")
    AT_ONCE = ("order",)
    ORDERED_WITHIN = ("place",)

    class Place(models.TextChoices):
        HOME = "home", "Home page"
        ABOUT = "about", "About page"

    place = models.CharField(max_length=10, choices=Place)
    order = models.PositiveSmallIntegerField(default=0, help_text="Position on the page.")

    class Meta(Governed.Meta):
        ordering = ["place", "order"]
        verbose_name = "section of a page"
        verbose_name_plural = "sections of home and about"

    def __str__(self) -> str:
        return f"{self.get_place_display()}: {self.slug.replace('-', ' ')}"

    def get_absolute_url(self) -> str:
        return f"{reverse('home' if self.place == self.Place.HOME else 'about')}#{self.slug}"


class Term(Page):
    """A word that readers meet. Its name belongs to the wording, so that it is reviewed like any text."""

    PARTS = (
        Line(
            "name",
            help="As it appears inside a sentence, such as “antibody” or “CAR T cell.” Plurals are found, too.",
            longest=80,
        ),
        Paragraph(
            "also",
            "other words for it",
            "One per line. They lead here, too. Abbreviations match exactly; other words match in any case.",
            required=False,
        ),
        Line("say", "how to say it", "For example AN-tih-bod-ee.", required=False, longest=120),
        Paragraph(
            "in_short",
            "definition",
            "One or two sentences of at most 25 words. It opens beside the word in texts.",
            quotes=True,
        ),
        RichText("about", "explanation", "More, for people who want it. Don’t repeat the definition.", required=False),
        ONWARD[0],
        replace(ONWARD[1], help="A page on this site that says more, such as /cancers/."),
    )
    READERS_SEE = (*Page.READERS_SEE, "linked")

    linked = models.BooleanField(
        "link from texts",
        default=True,
        help_text="The first use of a word in a text links here. Turn it off if the word often means something else.",
    )

    REVIEW_EVERY = datetime.timedelta(days=2 * 365)  # what words mean changes slowly

    class Meta(Governed.Meta):
        ordering = ["slug"]
        verbose_name = "glossary term"

    def __str__(self) -> str:
        return getattr(self, "named", "") or self.slug.replace("-", " ")  # the desk's queries bring the name along

    def get_absolute_url(self) -> str:
        return reverse("term", args=[self.slug])

    @property
    def others(self) -> list[str]:
        """The other words for it, of a term with its published words at hand."""
        return lines(self.live.words["also"])

    @property
    def forms(self) -> list[str]:
        """Every way to write it: its name, then the other words for it."""
        return forms_of(self.live.words["name"], self.live.words["also"])


def lines(also: str) -> list[str]:
    return [word for line in also.splitlines() if (word := line.strip())]


def forms_of(name: str, also: str) -> list[str]:
    return [name.strip(), *lines(also)]


class SiteSettings(Governed):
    """One row: what this portal is called and who answers for it."""

    READERS_SEE = ("name", "tagline", "organization", "contact", "disclaimer", "facts_checked_to")
    NEW_IS_SEEN = True

    name = models.CharField(max_length=60)
    tagline = models.CharField(max_length=160, blank=True)
    organization = models.CharField(max_length=120, blank=True, help_text="Who runs this portal, as readers see it.")
    contact = AddressField(
        max_length=300,
        blank=True,
        help_text="Where readers can report a mistake: mailto:… or https://…. Shown at the bottom of every page.",
    )
    disclaimer = models.TextField(help_text="Shown on every page.")
    facts_checked_to = models.DateField(
        "facts checked through",
        help_text="We checked FDA decisions through this day. Every count on the site carries this date.",
    )

    class Meta(Governed.Meta):
        verbose_name = verbose_name_plural = "site settings"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_row_of_site_settings")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def checked_through(cls) -> datetime.date | None:
        """None before the portal has its settings."""
        return cls._default_manager.values_list("facts_checked_to", flat=True).first()

    def addresses(self) -> list[str]:
        return [reverse("home"), reverse("about")]


class TakePartLinkQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        today = timezone.localdate()
        return self.filter(Q(active_from=None) | Q(active_from__lte=today), Q(active_to=None) | Q(active_to__gte=today))


class TakePartLink(Governed):
    """A way to take part: a donation, a fundraiser, a trial finder, a further page."""

    READERS_SEE = ("kind", "label", "text", "address", "active_from", "active_to", "checked_on")
    AT_ONCE = ("order",)
    NEW_IS_SEEN = True

    class Kind(models.TextChoices):
        DONATE = "donate", "Make a donation"
        FUNDRAISE = "fundraise", "Raise funds"
        TRIAL = "trial", "Find a clinical trial"
        IMPACT = "impact", "Impact of research"
        TIMELINE = "timeline", "Timeline"
        CANCER_TYPES = "cancer-types", "By cancer type"
        VERSUS_CHEMOTHERAPY = "versus-chemotherapy", "Compared with chemotherapy"
        SIDE_EFFECTS = "side-effects", "Side effects"

    # All links belong to the one site, so that a page reads both in one query.
    site = models.ForeignKey(SiteSettings, models.PROTECT, default=1, editable=False, related_name="links")
    kind = models.CharField(max_length=20, choices=Kind)
    label = models.CharField(max_length=80)
    text = models.CharField(max_length=250, blank=True)
    address = AddressField(max_length=300, help_text="https://… or an address on this site, such as /cancers/.")
    order = models.PositiveSmallIntegerField(default=0)
    active_from = models.DateField(null=True, blank=True)
    active_to = models.DateField(null=True, blank=True)
    checked_on = models.DateField(
        "last checked", null=True, blank=True, help_text="The day someone opened the link and it worked."
    )
    note = models.CharField("note for staff", max_length=300, blank=True)

    objects = TakePartLinkQuerySet.as_manager()

    class Meta(Governed.Meta):
        ordering = ["order", "pk"]
        verbose_name = "Get involved link"
        constraints = [models.UniqueConstraint(fields=["kind", "label"], name="link_once")]

    def __str__(self) -> str:
        return self.label

    def addresses(self) -> list[str]:
        return [reverse("take-part"), reverse("home")]

    @property
    def is_phone(self) -> bool:
        """A number to call stands where somebody looks for a way, not at the end of every page."""
        return self.address.startswith("tel:")

    def clean(self) -> None:
        if self.active_from and self.active_to and self.active_to < self.active_from:
            raise ValidationError({"active_to": "This date is before the first one, so the link would never show."})


class CheckedLink(models.Model):
    """What a page of others answered last, when a program asked. It is told where we say how current this site is;
    beside a link, readers are told what a person saw there.
    """

    LONGEST_MARK = 200  # characters of the two marks; a part of one would say nothing

    address = models.CharField(max_length=300, unique=True)
    etag = models.CharField(max_length=LONGEST_MARK, blank=True, help_text="Of the answer that came last.")
    last_modified = models.CharField(max_length=LONGEST_MARK, blank=True)
    asked_at = moment()
    worked_at = moment()
    not_before = moment(help_text="Until then its server is left alone.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")
    trouble = models.CharField(max_length=400, blank=True, help_text="Why it did not work last.")

    class Meta:
        ordering = ["address"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.address


class Digest(ReadersNeverSee):
    """The weekly mail to one person: claimed before it is sent, so that nobody gets it twice."""

    week = models.DateField(help_text="The Monday of it.")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["week", "person"], name="one_digest_a_week")]

    def __str__(self) -> str:
        return f"{self.person}, week of {self.week}"
