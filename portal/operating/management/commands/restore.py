"""Put a backup in the place of an empty database, or of one that may be replaced. Stop the portal first."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from portal.operating import restoring
from portal.operating.faults import told


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder of one backup")
        parser.add_argument("--replace", action="store_true", help="replace what is there, after a backup of it")

    def handle(self, *args: Any, **options: Any) -> None:
        with told():
            done = restoring.restore(
                options["folder"], replace=options["replace"], keep_in=settings.VAR_DIR / "backups"
            )
            for line in done:
                self.stdout.write(line)
