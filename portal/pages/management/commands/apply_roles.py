"""Write the table of roles (portal/roles.py) into Django's groups. Safe to run again."""

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

from portal.publishing import audit, rooms
from portal.publishing.models import Fact, Governed, Page
from portal.roles import ROLES

KINDS = {"facts": Fact, "pages": Page, "governed": Governed}


def covered(pattern: str) -> list[type[models.Model]]:
    """The models that a pattern of the table names. Raises CommandError when it names none."""
    ours = [model for config in apps.get_app_configs() for model in config.get_models()]
    if pattern == "*":
        return ours
    if pattern in KINDS:
        return [model for model in ours if issubclass(model, KINDS[pattern]) and model is not Page]
    if pattern == "begun-by-editors":
        return [kind.model for kind in rooms.page_kinds() if kind.editors_add]
    app, name = pattern.split(".")
    found = [m for m in ours if m._meta.app_label == app and name in ("*", m._meta.model_name)]
    if not found:
        raise CommandError(f"portal/roles.py names {pattern}, and there is no such model.")
    return found


class Command(BaseCommand):
    help = __doc__

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        known = {(p.content_type.app_label, p.codename): p for p in Permission.objects.select_related("content_type")}
        for role, verbs in ROLES.items():
            group, _ = Group.objects.get_or_create(name=role)
            permissions = {
                known[key]
                for verb, patterns in verbs.items()
                for pattern in patterns
                for model in covered(pattern)
                if (key := (model._meta.app_label, f"{verb}_{model._meta.model_name}")) in known
            }
            if permissions != set(group.permissions.all()):
                group.permissions.set(permissions)
                detail = f"Set to the {len(permissions)} rights that this release lists."
                audit.note("changed", group, by=None, name="the software", detail=detail)
            self.stdout.write(f"{role}: {len(permissions)} permissions")
