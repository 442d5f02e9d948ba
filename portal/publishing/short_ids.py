"""Short names of facts in addresses, such as ``/events/k3v9rx2m/``: drawn from what a fact said first, then frozen.

Whoever has the same fact draws the same name, so a shipped fact has one address on every installation. A correction
changes what the fact says and never its address.
"""

import hashlib
from functools import cache
from typing import Any, Protocol

from django.db import models

from .prepared import Prepared

#: Without vowels, so that no word comes about, and without signs that look alike.
LETTERS = "23456789bcdfghjkmnpqrstvwxz"
LENGTH = 8


class Nameable(Protocol):
    def first_said(self) -> str:
        """What makes it the one that it is, in words that are the same on every installation."""


def drawn(said: str) -> str:
    number = int.from_bytes(hashlib.sha256(said.encode()).digest())
    name = ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        name += LETTERS[place]
    return name


class ShortId(models.CharField):
    """Filled when a row is first stored. Another row may have been the same once: then the next name is taken."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_length": LENGTH, "unique": True, "editable": False, "blank": True}
        super().__init__("name in addresses", **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for told in ("verbose_name", "max_length", "unique", "editable", "blank"):
            kwargs.pop(told, None)
        return name, path, args, kwargs

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        if not getattr(model_instance, self.attname):
            setattr(model_instance, self.attname, self.free(model_instance))
        return super().pre_save(model_instance, add)

    def free(self, row: Any) -> str:
        """The first of its names that no other row has."""
        said, number = row.first_said(), 0
        model: type[models.Model] = type(row)
        named = _named(model, self.attname)
        while named.ask(name=(name := drawn(f"{said}#{number}" if number else said))) not in ([], [(row.pk,)]):
            number += 1
        return name


@cache
def _named(model: type[models.Model], column: str) -> Prepared[tuple[int]]:
    return Prepared(lambda name: model._base_manager.filter(**{column: name}).values_list("pk"), "name")
