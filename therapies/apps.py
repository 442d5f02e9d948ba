from django.apps import AppConfig


class TherapiesConfig(AppConfig):
    name = "therapies"
    verbose_name = "Therapies and approvals"

    def ready(self) -> None:
        from portal.publishing import coach, prose, uses

        from . import figures, words

        prose.offer(figures.Figures, figures.FIGURES)
        uses.offer(figures.QUOTES)
        coach.offer(names=words.names, typed=words.TYPED)
