"""Back up the database and the pictures while the portal runs, and read the backup back."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.operating import backups
from portal.operating.faults import told


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", nargs="?", type=Path, help="where backups are kept; backups in PORTAL_VAR if not named"
        )
        parser.add_argument("--keep", type=int, metavar="N", help="delete all but the newest N backups in this folder")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("Keep at least one backup.")
        folder = options["folder"] or settings.VAR_DIR / "backups"
        with told():
            made = backups.make(folder)
            manifest = backups.Manifest.read(made)
            rows, size = sum(t.rows for t in manifest.tables.values()), sum(n for n, _ in manifest.files.values())
            self.stdout.write(f"{made}: {rows} rows, {len(manifest.files)} files, {size / 2**20:.1f} MB, read back.")
            for gone in backups.prune(folder, options["keep"], made) if options["keep"] else []:
                self.stdout.write(f"Deleted {gone}")
