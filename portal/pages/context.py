"""What frames every page: the site's name, its disclaimer, and the links that take part. One query a page."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.publishing.prose import Figure, figures_of
from portal.publishing.templatetags.publishing import day

from .models import SiteSettings, TakePartLink

#: Figures that texts may quote.
FIGURES = {"as-of": Figure("as_of", "Day up to which the facts were checked")}


class Frame:
    """Site settings and active links, read at most once a request."""

    @cached_property
    def _rows(self) -> tuple[SiteSettings, list[TakePartLink]]:
        links = list(TakePartLink.objects.in_force().select_related("site"))
        site = links[0].site if links else SiteSettings.objects.first()
        return site or SiteSettings(name="Immunotherapy portal", disclaimer=""), links

    @property
    def site(self) -> SiteSettings:
        return self._rows[0]

    @property
    def links(self) -> list[TakePartLink]:
        return self._rows[1]

    def of(self, *kinds: str) -> list[TakePartLink]:
        return [link for link in self.links if link.kind in kinds]

    @property
    def giving(self) -> list[TakePartLink]:
        return self.of(TakePartLink.Kind.DONATE, TakePartLink.Kind.FUNDRAISE)

    @property
    def trials(self) -> list[TakePartLink]:
        return self.of(TakePartLink.Kind.TRIAL)

    @property
    def further(self) -> list[TakePartLink]:
        taken = {*self.giving, *self.trials}
        return [link for link in self.links if link not in taken]

    def as_of(self) -> str:
        """The day up to which FDA decisions were looked for."""
        if not self.site.facts_checked_to:
            raise LookupError("site settings")
        return day(self.site.facts_checked_to)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``frame``, and nothing is read before a template asks."""
    return {"frame": SimpleLazyObject(lambda: figures_of(request).provider(Frame))}
