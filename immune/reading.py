"""The published parts of the immune system, which several pages list."""

from functools import cached_property

from portal.publishing.kept import OfContent

from .models import Component, Organ


class ImmuneSystem(OfContent):
    @cached_property
    def components(self) -> list[Component]:
        return list(Component.objects.published())

    @cached_property
    def organs(self) -> list[Organ]:
        return list(Organ.objects.published())
