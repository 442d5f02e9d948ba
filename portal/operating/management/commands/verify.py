"""Check the portal's data: one line for each check, and exit code 1 if anything is wrong. Nothing is changed."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.operating import verifying

SHOWN = 5  # faults of one check; --json has all


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--backup", type=Path, metavar="FOLDER", help="check this backup too, and what was lost since"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        looked: list[dict[str, Any]] = []
        for name, found in verifying.look(options["backup"]):
            looked.append({"check": name, "ok": not found.faults, "found": found.at, "faults": found.faults})
            more = [f"and {len(found.faults) - SHOWN} more"] if len(found.faults) > SHOWN else []
            if not options["json"]:
                said = "; ".join(found.faults[:SHOWN] + more) or found.at
                self.stdout.write(f"{'FAULT' if found.faults else 'ok':6} {name:12} {said}.")
        if options["json"]:
            self.stdout.write(json.dumps(looked, indent=1))
        if faults := sum(len(check["faults"]) for check in looked):
            raise CommandError(f"{faults} fault{'s' if faults > 1 else ''}.")
