from django.apps import AppConfig


class ImmuneConfig(AppConfig):
    name = "immune"
    verbose_name = "Immune system"
