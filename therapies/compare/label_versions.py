"""One version of a label beside the version of it that is on record: what people decided of one holds for another."""

from dataclasses import replace

from .label_uses import LabelTerms, NamedUse, ReadLabel
from .partners import same_partners


def with_accepted(read: ReadLabel, known: ReadLabel) -> ReadLabel:
    """With what a person accepted of the version on record, where this one differs from ours in the same way."""
    uses = tuple(_with_accepted(one, known.uses) for one in read.uses)
    then = {(one.field, one.ours) for one in known.safety if one.field in known.accepted}
    held = {one.field for one in read.safety if (one.field, one.ours) in then}
    return replace(read, uses=uses, accepted=read.accepted | held)


def _with_accepted(named: NamedUse, known: tuple[NamedUse, ...]) -> NamedUse:
    same = (one for one in known if one.accepted and set(one.uses) & set(named.uses))
    held = {field for one in same for field in one.accepted if _says_the_same(field, one.terms, named.terms)}
    return replace(named, accepted=named.accepted | held)


def _says_the_same(field: str, one: LabelTerms, other: LabelTerms) -> bool:
    """“ended” and the like are no term of a label: they are judged anew."""
    name = "cancers" if field == "cancer" else field
    if name == "partners":
        return same_partners(one.partners, other.partners)
    return hasattr(one, name) and getattr(one, name) == getattr(other, name)


def superseded(read: ReadLabel, known: ReadLabel) -> ReadLabel:
    """A version before the one on record says nothing of today's warnings."""
    read = with_accepted(read, known)
    return replace(read, told=read.told | known.told, safety=(), besides=(), superseded=known.effective)
