"""Do what has come due: publish, withdraw, send the weekly mail. Safe to run at any time, and twice at once."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.pages import clock


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for line in clock.tick():
            self.stdout.write(line)
