"""Frozen records that a JSON column holds: what a file states, and what accepting that would record."""

from typing import Any, Self, Union

import msgspec


class PlainData(msgspec.Struct, frozen=True, omit_defaults=True):
    """A record of texts, numbers, dates, lists and mappings of texts. Each kind has a tag that its data carries.

    Its data lacks what is as usual: a field that is added later changes nothing about what is stored already.
    """

    def to_data(self) -> dict[str, Any]:
        return msgspec.to_builtins(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """The record of this family that ``data`` was written from. Raises msgspec.ValidationError."""
        return msgspec.convert(data, Union[tuple(cls.__subclasses__())])  # noqa: UP007 - known at run time only
