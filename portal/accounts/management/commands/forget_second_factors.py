"""Remove the second factors of somebody who has lost them, when no administrator can do it at the desk."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.actions import remove_second_factors


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="name of the account")

    def handle(self, *args: Any, **options: Any) -> None:
        user = get_user_model().objects.filter(username=options["name"]).first()
        if user is None:
            raise CommandError(f"There is no account named {options['name']}.")
        removed = remove_second_factors(user, by=None)
        self.stdout.write(f"{user}: {'second factors removed' if removed else 'there is no second factor'}")
