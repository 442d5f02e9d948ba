from .rooms import Declaration, Declaring, DeskPlace


class PublishingConfig(Declaring):
    default = True
    name = "portal.publishing"
    label = "publishing"
    verbose_name = "Sources, pictures, and reviewers"

    def declare(self) -> Declaration:
        from . import pictures, prose
        from .models import Change, SentenceInDoubt

        desk = (
            DeskPlace("desk:inbox", "To confirm", 30, (("view", Change),)),
            DeskPlace("desk:sentences", "Sentences", 60, (("view", SentenceInDoubt),)),
        )
        numbers = {"picture": prose.Figure("figure", block=True)}
        return Declaration(desk=desk, live_numbers=((pictures.Pictures, numbers),), insertions=pictures.insertions)

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers the system checks
