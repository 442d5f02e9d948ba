"""Write the table of roles (portal/roles.py) into Django's groups. Safe to run again."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Model

from portal.publishing import audit, rooms
from portal.publishing.models import Fact, Governed, Page
from portal.roles import ROLES

#: What a pattern without a point names, beside "*".
KINDS: dict[str, Callable[[], Iterable[type[Model]]]] = {
    "facts": Fact.tables,
    "pages": Page.tables,
    "governed": lambda: (model for model in Governed.tables() if model is not Page),
    "begun-by-editors": lambda: (kind.model for kind in rooms.page_kinds() if kind.editors_add),
}

type Table = tuple[str, str]  # names of an app and of a model


def covered(pattern: str, tables: Iterable[Table]) -> list[Table]:
    """Those of the tables that a pattern of ``ROLES`` names. Raises CommandError when it names none."""
    if kind := KINDS.get(pattern):
        return [(model._meta.app_label, str(model._meta.model_name)) for model in kind()]
    app, _, name = pattern.partition(".")
    found = [table for table in tables if app in ("*", table[0]) and name in ("", "*", table[1])]
    if not found:
        raise CommandError(f"portal/roles.py names {pattern}, and there is no such model.")
    return found


class Command(BaseCommand):
    help = __doc__

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        permissions = Permission.objects.select_related("content_type")
        known = {(p.content_type.app_label, p.codename): p for p in permissions}
        tables = {(p.content_type.app_label, p.content_type.model) for p in permissions}
        for role, verbs in ROLES.items():
            group, _ = Group.objects.get_or_create(name=role)
            given = {
                known[key]
                for verb, patterns in verbs.items()
                for pattern in patterns
                for app, model in covered(pattern, tables)
                if (key := (app, f"{verb}_{model}")) in known
            }
            if given != set(group.permissions.all()):
                group.permissions.set(given)
                detail = f"Set to the {len(given)} rights that this release lists."
                audit.note("changed", group, by=None, name="the software", detail=detail)
            self.stdout.write(f"{role}: {len(given)} permissions")
