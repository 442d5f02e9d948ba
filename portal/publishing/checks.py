"""System checks: mistakes in a room that would otherwise show only in front of readers."""

from django.apps import apps
from django.core import checks

from .models import Edition


@checks.register
def editions_are_complete(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    for model in apps.get_models():
        if not issubclass(model, Edition):
            continue
        names = {field.name for field in model._meta.get_fields()}
        if "page" not in names:
            found.append(
                checks.Error(
                    f"{model.__name__} is an edition of nothing.",
                    hint='Add page = ForeignKey(…, PROTECT, related_name="editions").',
                    obj=model,
                    id="publishing.E001",
                )
            )
        if not model.TEXT or not set(model.TEXT) <= names:
            found.append(
                checks.Error(
                    f"{model.__name__}.TEXT does not name the fields that hold its wording.",
                    hint="List every text field in reading order.",
                    obj=model,
                    id="publishing.E002",
                )
            )
        if len(model._meta.constraints) < len(Edition._meta.constraints):
            found.append(
                checks.Error(
                    f"{model.__name__} has lost the promises that the database keeps for editions.",
                    hint="Inherit Meta from Edition.Meta.",
                    obj=model,
                    id="publishing.E003",
                )
            )
    return found
