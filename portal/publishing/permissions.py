"""Whether somebody may do something. The table of roles is ``portal/roles.py``."""

from django.contrib.auth import get_permission_codename
from django.db import models
from django.http import HttpRequest


def allowed(request: HttpRequest, verb: str, model: type[models.Model]) -> bool:
    """Whether the person may ``verb`` ("publish", "confirm", "change") rows of a model."""
    codename = get_permission_codename(verb, model._meta)
    return request.user.has_perm(f"{model._meta.app_label}.{codename}")
