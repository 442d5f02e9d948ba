from django.apps import AppConfig


class TherapiesConfig(AppConfig):
    name = "therapies"
    verbose_name = "Therapies and approvals"

    def ready(self) -> None:
        from portal.publishing import prose

        from . import figures

        prose.offer(figures.Figures, figures.FIGURES)
