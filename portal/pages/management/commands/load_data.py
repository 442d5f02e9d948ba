"""Load a data package of ``/data/`` into an empty portal: its facts and texts, or nothing of it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.publishing.open_data.packages import PackageError
from portal.publishing.open_data.rebuilding import load


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The zip that /data/ calls the data package.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            built = load(options["file"])
        except PackageError as error:
            raise CommandError(f"Nothing was loaded. {error}") from None
        for name, number in built.items():
            self.stdout.write(f"{number:6d} {name}")
