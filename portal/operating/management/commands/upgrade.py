"""Bring everything to the release that is checked out: check, backup, migrate, content, roles, static files, verify."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from portal.operating.faults import told
from portal.operating.upgrading import upgrade


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []  # they are a step of it

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-backup", action="store_true", help="make no backup first")
        parser.add_argument("--backups", type=Path, metavar="FOLDER", help="where backups are kept")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["backups"] or settings.VAR_DIR / "backups"
        with told():
            for line in upgrade(None if options["no_backup"] else folder):
                self.stdout.write(line)
        self.stdout.write("Restart the server now.")
