from .rooms import Declaration, Declaring, DeskPlace, Errand


class PublishingConfig(Declaring):
    default = True
    name = "portal.publishing"
    label = "publishing"
    verbose_name = "Sources, pictures, and reviewers"

    def declare(self) -> Declaration:
        from . import pictures, prose
        from .models import Change, Edition, SentenceInDoubt
        from .open_data import sources

        desk = (
            DeskPlace("desk:search", "Search", 5, (("view", Edition),)),
            DeskPlace("desk:inbox", "To confirm", 30, (("view", Change),)),
            DeskPlace("desk:sentences", "Sentences", 60, (("view", SentenceInDoubt),)),
        )
        numbers = {"picture": prose.Figure("figure", block=True)}
        return Declaration(
            desk=desk,
            errands=(
                Errand("See pending changes", "publishing.view_change", "desk:inbox", 20),
                Errand("Add a source", "publishing.add_source", "admin:publishing_source_add", 50),
                Errand("See who did what", "publishing.view_auditentry", "admin:publishing_auditentry_changelist", 70),
            ),
            live_numbers=((pictures.Pictures, numbers),),
            insertions=pictures.insertions,
            open_data=sources.TABLES,
        )

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers the system checks
