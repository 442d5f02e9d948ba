from django.contrib.admin import apps as admin_apps

from portal.publishing.rooms import Declaration, Errand, MenuEntry, PageKind, Room, Weight


class PagesRoom(Room):
    """The roof: it covers the rooms and declares itself like one of them."""

    default = True
    name = "portal.pages"
    verbose_name = "Home, about and links"
    place = 40
    below = ("therapies", "faq", "immune")

    def ready(self) -> None:
        super().ready()
        from . import checks  # noqa: F401 - registers the system checks

    def declare(self) -> Declaration:
        from portal.publishing.references import word

        from . import context, data, data_files, glossary, linked, open_data, searched, shipping, views
        from .api import views as api
        from .models import Section, SiteSettings, Term

        return Declaration(
            pages=(
                PageKind(
                    Term,
                    show=views.show_term,
                    editors_add=True,
                    called="word explained",
                    found_by=(word("name"), word("also")),
                    also_found_by=searched.of_terms,
                    several="Words explained",
                    weight=Weight(named=0.3),
                ),
                PageKind(
                    Section,
                    show=views.show_section,
                    has_address=False,
                    called="part of this site",
                    several="About immunotherapy",
                    weight=Weight(named=0.5),
                ),
            ),
            fixed_addresses={
                "home": "Home",
                "glossary": "Glossary",
                "take-part": "Get involved",
                "about": "About this site",
                "freshness": "How current this site is",
                "data": "Data",
                "data-changes": "What changed between two days",
                "data-api": "Data for programs (API)",
            },
            asked_with=searched.LISTS_ASKED_WITH,
            parameters=data.PARAMETERS
            | {"glossary": ("q",), "search": ("q", "kind", "page", "exactly"), "suggest": ("q",), "markdown": ("on",)},
            streamed=(data_files.AT,),
            for_programs=(api.AT,),
            menu=(MenuEntry("home", "What it is", 10, "#what-it-is"),),
            things=linked.THINGS,
            errands=(
                Errand("Add a word to the glossary", "pages.add_term", "admin:pages_term_add", 40),
                Errand("Add a person", "auth.add_user", "admin:auth_user_add", 60),
            ),
            load=shipping.load,
            open_data=open_data.TABLES,
            checked_through=SiteSettings.checked_through,
            live_numbers=((context.Frame, context.FIGURES),),
            insertions=glossary.insertions,
            linker=context.link_terms,
            terms=glossary.words,
            typed=context.TYPED,
        )


class DeskConfig(admin_apps.AdminConfig):
    """Django's admin, with our greeting and content security policy."""

    default = False
    default_site = "portal.pages.desk.Desk"
