from django.contrib.admin import apps as admin_apps

from portal.publishing.rooms import Declaration, Errand, MenuEntry, PageKind, Room


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

        from . import context, glossary, shipping, views
        from .models import Section, Term

        return Declaration(
            pages=(
                PageKind(
                    Term,
                    show=views.show_term,
                    editors_add=True,
                    called="word explained",
                    found_by=(word("name"), word("also")),
                ),
                PageKind(Section, show=views.show_section, has_address=False),
            ),
            fixed_addresses={
                "home": "Home",
                "glossary": "Glossary",
                "take-part": "Get involved",
                "about": "About this site",
                "freshness": "How current this site is",
            },
            parameters={"glossary": ("q",)},
            menu=(MenuEntry("home", "What it is", 10, "#what-it-is"),),
            errands=(
                Errand("Add a word to the glossary", "pages.add_term", "admin:pages_term_add", 40),
                Errand("Add a person", "auth.add_user", "admin:auth_user_add", 60),
            ),
            load=shipping.load,
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
