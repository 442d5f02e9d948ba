from django.apps import AppConfig


class OperatingConfig(AppConfig):
    name = "portal.operating"
    verbose_name = "Backups, moves, and upgrades"
