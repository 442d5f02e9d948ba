from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "portal.publishing"
    label = "publishing"
    verbose_name = "Sources, pictures and reviewers"

    def ready(self) -> None:
        from . import checks, pictures, prose  # noqa: F401 - checks registers the system checks

        prose.offer(pictures.Pictures, {"picture": prose.Figure("figure", block=True)})
        prose.suggest(pictures.insertions)
