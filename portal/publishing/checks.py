"""System checks: mistakes in a room that would otherwise show only in front of readers."""

from collections.abc import Iterator

from django.apps import apps
from django.core import checks

from . import rooms
from .models import Governed, Page


@checks.register
def kinds_of_page_are_complete(app_configs: object, **kwargs: object) -> Iterator[checks.CheckMessage]:
    declared = {kind.model for kind in rooms.page_kinds()}
    for model in apps.get_models():
        if not issubclass(model, Page) or model is Page:
            continue
        if model not in declared:
            hint = "Name it in the declaration of its room."
            yield checks.Error(f"No room declares {model.__name__}.", hint=hint, obj=model, id="publishing.E001")
        if not model.PARTS:
            hint = "List the parts of its words in PARTS, in reading order."
            yield checks.Error(f"{model.__name__} has no words.", hint=hint, obj=model, id="publishing.E002")


@checks.register
def what_readers_see_is_guarded(app_configs: object, **kwargs: object) -> Iterator[checks.CheckMessage]:
    for model in apps.get_models():
        if not issubclass(model, Governed):
            continue
        names = {field.name for field in model._meta.get_fields()}
        if unknown := {*model.READERS_SEE, *model.AT_ONCE} - names:
            message = f"{model.__name__} guards fields that it does not have: {', '.join(sorted(unknown))}."
            yield checks.Error(message, obj=model, id="publishing.E003")
        if "confirm" not in model._meta.default_permissions and model is not Page:
            hint = "Inherit Meta from Governed.Meta."
            yield checks.Error(
                f"Nobody may confirm a change of {model.__name__}.", hint=hint, obj=model, id="publishing.E004"
            )
