from django.apps import AppConfig, apps


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    verbose_name = "Sign-in, accounts, and roles"

    def ready(self) -> None:
        # As the desk calls it. An AppConfig of ours in its place would hide it from the types of django-stubs.
        apps.get_app_config("auth").verbose_name = "People and roles"
