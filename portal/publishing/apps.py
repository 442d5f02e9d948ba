from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "portal.publishing"
    label = "publishing"
    verbose_name = "Sources and reviewers"

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers the system checks
