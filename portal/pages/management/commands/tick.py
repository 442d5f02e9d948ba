"""Do what has come due: publish, withdraw, send the weekly mail, and ask FDA what is new where the watch is on.

Safe to run at any time, and twice at once.
"""

from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand

from portal.pages import clock
from therapies.watch.watching import watch_when_due


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for line in chain(clock.tick(), watch_when_due()):
            self.stdout.write(line)
