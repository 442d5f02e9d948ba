"""Copy the whole database to another one, such as from SQLite to PostgreSQL. Stop the portal first."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.operating import moving
from portal.operating.faults import told


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", required=True, metavar="URL", help="the target, written like DATABASE_URL")

    def handle(self, *args: Any, **options: Any) -> None:
        with told():
            moved = moving.move(options["to"])
        rows = sum(table.rows for table in moved.values())
        self.stdout.write(f"{rows} rows in {len(moved)} tables are in the target, with equal digests.")
        self.stdout.write("This database is as it was. Set DATABASE_URL to the target, then start the portal.")
