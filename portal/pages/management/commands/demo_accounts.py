"""One account for each role, with random passwords, written once to a file that only you can read."""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.accounts.actions import add_person
from portal.roles import FDA_DATA_EDITOR

ACCOUNTS = {"admin": "Administrator", "editor": "Editor", "reviewer": "Reviewer", "fda": FDA_DATA_EDITOR}


class Command(BaseCommand):
    help = __doc__

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEV:
            raise CommandError("Demo accounts are for a local trial (PORTAL_DEV=1). Use createsuperuser here.")
        path = Path(settings.VAR_DIR) / "accounts.txt"
        missing = {name: role for name, role in ACCOUNTS.items() if not User.objects.filter(username=name).exists()}
        if not missing:
            return
        lines = (
            path.read_text().splitlines() if path.exists() else ["Demo accounts of this machine. Sign in at /admin/."]
        )
        for name, role in missing.items():
            password = secrets.token_urlsafe(12)
            person = add_person(User(username=name), roles=[Group.objects.get(name=role)], by=None)
            person.set_password(password)
            person.save(update_fields=["password"])
            lines.append(f"{name:10} {password}  ({role})")
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text("\n".join(lines) + "\n")
        self.stdout.write(f"Demo accounts: {path}")
