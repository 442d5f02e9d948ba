"""System checks: mistakes in a room that would otherwise show only in front of readers."""

from collections.abc import Iterator

from django.apps import apps
from django.core import checks

from . import rooms
from .models import Governed, Page


@checks.register
def rooms_are_complete(app_configs: object, **kwargs: object) -> Iterator[checks.CheckMessage]:
    declared = {kind.model for kind in rooms.page_kinds()}
    for model in apps.get_models():
        if not issubclass(model, Governed):
            continue
        name, is_kind = model.__name__, issubclass(model, Page) and model is not Page
        unknown = {*model.READERS_SEE, *model.AT_ONCE} - {field.name for field in model._meta.get_fields()}
        unconfirmed = "confirm" not in model._meta.default_permissions and model is not Page
        found = [
            (is_kind and model not in declared, "No room declares {}.", "Name it in the declaration of its room."),
            (is_kind and not getattr(model, "PARTS", ()), "{} has no words.", "List their parts in PARTS, in order."),
            (unknown, "{} guards fields that it does not have.", f"Take out {', '.join(sorted(unknown))}."),
            (unconfirmed, "Nobody may confirm a change of {}.", "Inherit Meta from Governed.Meta."),
        ]
        for number, (is_wrong, words, hint) in enumerate(found, start=1):
            if is_wrong:
                yield checks.Error(words.format(name), hint=hint, obj=model, id=f"publishing.E00{number}")
