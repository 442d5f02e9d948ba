from .rooms import Declaration, Declaring


class PublishingConfig(Declaring):
    default = True
    name = "portal.publishing"
    label = "publishing"
    verbose_name = "Sources, pictures and reviewers"

    def declare(self) -> Declaration:
        from . import pictures, prose

        numbers = {"picture": prose.Figure("figure", block=True)}
        return Declaration(live_numbers=((pictures.Pictures, numbers),), insertions=pictures.insertions)

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers the system checks
