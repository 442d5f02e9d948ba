from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PagesConfig(AppConfig):
    name = "portal.pages"
    label = "pages"
    verbose_name = "Home, about and links"

    def ready(self) -> None:
        from portal.publishing import coach, destinations, prose

        from . import context, glossary

        prose.offer(context.Frame, context.FIGURES)
        prose.offer_links(context.link_terms)
        prose.suggest(glossary.insertions)
        destinations.offer(context.LISTS)
        coach.offer(terms=glossary.words, typed=context.TYPED)


class DeskConfig(AdminConfig):
    """Django's admin, with our greeting and content security policy."""

    default = False
    default_site = "portal.pages.desk.Desk"
