from portal.publishing.rooms import Declaration, MenuEntry, PageKind, Room


class ImmuneRoom(Room):
    default = True
    name = "immune"
    verbose_name = "Immune system"
    place = 30

    def declare(self) -> Declaration:
        from . import shipping, views
        from .models import Component, Organ

        return Declaration(
            pages=(
                PageKind(Component, show=views.show, called="immune system", found_by=("name",)),
                PageKind(Organ, show=views.show, called="immune system", found_by=("name",)),
            ),
            fixed_addresses={"immune:index": "Immune system"},
            menu=(MenuEntry("immune:index", "Immune system", 50),),
            urls="immune.urls",
            load=shipping.load,
        )
