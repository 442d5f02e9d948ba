"""Django's own ``migrate``, without the triggers that follow what readers see, which are made anew after it.

SQLite loses the triggers of a table that a migration rebuilds, and a new table needs some (``content_version.py``).
"""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from portal.publishing import content_version


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if options["plan"] or options["check_unapplied"] or options["prune"]:
            super().handle(*args, **options)
            return
        connection = connections[options["database"]]
        content_version.leave(connection)
        try:
            super().handle(*args, **options)
        finally:
            content_version.follow(connection)
