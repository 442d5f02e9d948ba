"""``manage.py fda_watch``: ask FDA's own hosts now what is new. What changed becomes a batch for people."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from therapies.watch.fda_client import FdaClient
from therapies.watch.watching import watch


class Command(BaseCommand):
    help = "Asks FDA's own sources what is new, politely, and makes a batch of what changed. Writes no fact."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.FDA_WATCH_CONTACT:
            raise CommandError(
                "Nothing was asked. Set FDA_WATCH_CONTACT to an email address first, so that FDA knows who is asking."
            )
        for line in watch(FdaClient(settings.FDA_WATCH_CONTACT)):
            self.stdout.write(line)
