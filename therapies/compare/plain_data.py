"""Frozen records that a JSON column holds: what a file states, and what accepting that would record."""

import datetime
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, ClassVar, Self, get_args


@dataclass(frozen=True)
class PlainData:
    """A record of texts, numbers, dates, lists and mappings of texts. Each kind has a tag that its data carries."""

    tag: ClassVar[str]
    tagged_as: ClassVar[str]  # the name under which a family of records writes its tag

    def to_data(self) -> dict[str, Any]:
        """Without what is as usual: a field that is added later changes nothing about what is stored already."""
        told = {f.name: value for f in fields(self) if (value := getattr(self, f.name)) != _usual(f)}
        return {self.tagged_as: self.tag} | {name: _plain(value) for name, value in told.items()}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """The record of this family that ``data`` was written from. Raises ValueError for an unknown tag."""
        values = dict(data)
        tag = values.pop(cls.tagged_as, None)
        kind = next((kind for kind in cls.__subclasses__() if kind.tag == tag), None)
        if kind is None:
            raise ValueError(f"No {cls.__name__} is tagged {tag!r}.")
        types = {field.name: field.type for field in fields(kind)}
        return kind(**{name: _typed(types[name], value) for name, value in values.items()})


def _usual(field: Field) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _typed(annotation: Any, value: Any) -> Any:
    if annotation is datetime.date or datetime.date in get_args(annotation):
        return datetime.date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
