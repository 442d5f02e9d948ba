from django.apps import AppConfig


class TherapiesConfig(AppConfig):
    name = "therapies"
    verbose_name = "Therapies and approvals"

    def ready(self) -> None:
        from portal.publishing import coach, contradictions, prose, uses

        from . import figures, words
        from .desk.contradictions import find

        prose.offer(figures.Figures, figures.FIGURES)
        uses.offer(figures.QUOTES)
        contradictions.offer(find)
        coach.offer(names=words.names, typed=words.TYPED)
