from portal.publishing.rooms import Declaration, MenuEntry, PageKind, Room


class ImmuneRoom(Room):
    default = True
    name = "immune"
    verbose_name = "Immune system"
    place = 30

    def declare(self) -> Declaration:
        from . import linked, open_data, shipping, views
        from .models import Component, Organ

        return Declaration(
            pages=(
                PageKind(
                    Component, show=views.show, called="immune system", found_by=("name",), several="Immune system"
                ),
                PageKind(Organ, show=views.show, called="immune system", found_by=("name",), several="Immune system"),
            ),
            fixed_addresses={"immune:index": "Immune system"},
            menu=(MenuEntry("immune:index", "Immune system", 50),),
            things=linked.THINGS,
            urls="immune.urls",
            load=shipping.load,
            open_data=open_data.TABLES,
        )
