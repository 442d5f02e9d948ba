"""A label that one of FDA's files holds, read by rule: a proposal for a person who confirms what it names."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..fda import cells
from ..fda.label_section import SectionUse, uses_of
from ..fda.records import Label
from ..models import DrugLabel, Indication, LabelledUse
from . import dangers
from .label_matching import matched
from .label_safety import OurSafety, Safety, besides, safety_differences
from .label_uses import LabelTerms, NamedUse, OurUse, ReadLabel, UsesOn
from .ours import OurRecords, OurTherapy, by_slug
from .proposals import NewLabel, NewLabelledUse


def proposed_label(label: Label, application: str, therapy: OurTherapy, ours: OurRecords) -> NewLabel | None:
    """What a label would be on record; None where the file lacks something that a reading needs."""
    if lacking(label) or label.effective is None:
        return None
    brand = label.brands[0].title() if label.brands else therapy.name
    uses = tuple(map(_proposed_use, uses_of(label.use, label.brands, ours.vocabulary)))
    named = (therapy.slug, application, brand, label.set_id, label.effective, _scope(label, therapy))
    boxed = dangers.of_box(" ".join(label.boxed_warning.split()), label.brands)
    return NewLabel(*named, uses, tuple(boxed), label.routes, label.common)


def lacking(label: Label) -> list[str]:
    """What a reading needs, and a file does not have of a label."""
    parts = {"set id": label.set_id, "day": label.effective, "section 1": label.use}
    return [name for name, value in parts.items() if not value]


def _scope(label: Label, therapy: OurTherapy) -> str:
    """What the label is of, by what our data has of its number and brand."""
    brands, numbers = {cells.key(brand) for brand in label.brands}, {*label.applications}
    if brands & therapy.biosimilars:
        return DrugLabel.Scope.BIOSIMILAR.value
    if numbers & therapy.applications or (brands & therapy.brands and not numbers & therapy.forms.keys()):
        return DrugLabel.Scope.WHOLE.value
    extended = any(brand.startswith(f"{own} ") for brand in brands for own in therapy.brands)
    is_form = extended or bool(numbers & therapy.forms.keys())
    return (DrugLabel.Scope.FORM if is_form else DrugLabel.Scope.BIOSIMILAR).value


def _proposed_use(read: SectionUse) -> NewLabelledUse:
    stage = read.stage or Indication.Stage.ANY.value
    cancer = read.cancers[0] if read.cancers else ""
    terms = (cancer, stage, read.biomarkers, read.partners, read.children, read.accelerated)
    # A person confirms it; a cancer under a name that we do not know would look the same.
    outside = "" if cancer else LabelledUse.Outside.NOT_CANCER.value
    return NewLabelledUse(read.words[:250], *terms, outside)


def as_read(proposal: NewLabel, ours: UsesOn, safety: OurSafety | None = None) -> ReadLabel:
    """The proposal as a label, with those of our uses of its day put beside each of its uses that a rule finds."""
    found = matched([(use.words, terms_of(use)) for use in proposal.uses], ours(proposal.effective))
    named = tuple(_named(use, beside) for use, beside in zip(proposal.uses, found, strict=True))
    label = (proposal.brand, proposal.therapy, proposal.effective, proposal.scope, named)
    read = Safety(
        proposal.boxed if proposal.routes or proposal.boxed else None, proposal.common or None, proposal.routes or None
    )
    parts: dict[str, object] = {
        "uses": proposal.uses or None,
        "boxed warning": read.boxed,
        "side effects": read.common,
        "route": read.routes,
    }
    differences = safety_differences(safety, read, proposal.brand, proposal.scope) if safety else ()
    unread = tuple(name for name, value in parts.items() if value is None)
    read_label = ReadLabel(*label, set_id=proposal.set_id, safety=tuple(differences), unread=unread)
    return replace(read_label, common=proposal.common, besides=besides(safety, proposal.common) if safety else ())


def _named(use: NewLabelledUse, ours: Sequence[OurUse]) -> NamedUse:
    return NamedUse(use.words, terms_of(use), tuple(one.key for one in ours), use.outside)


def terms_of(use: NewLabelledUse) -> LabelTerms:
    cancers = frozenset([use.cancer] if use.cancer else [])
    return LabelTerms(cancers, use.stage, frozenset(use.biomarkers), use.partners, use.children, use.accelerated)


def labels_in(records: Iterator[object], ours: OurRecords) -> Iterator[tuple[Label, NewLabel | None]]:
    """The labels of our therapies that a file holds, each with what it would be on record."""
    for label in records:
        if isinstance(label, Label):
            numbers = [str(number) for number in label.applications if ours.holding(number)] or [""]
            for therapy in _whose(label, ours):
                yield label, proposed_label(label, numbers[0], therapy, ours)


def _whose(label: Label, ours: OurRecords) -> list[OurTherapy]:
    """By its number; else by its brand, which may be a biosimilar's, or by a name without its suffix.

    Of a product of several it is the first in its name, whose uses it tells: the others are partners in them.
    """
    if held := by_slug(therapy for number in label.applications for therapy in ours.holding(number)):
        named = " ".join(label.names).casefold()
        return sorted((one for one in held if one.name in named), key=lambda one: named.find(one.name))[:1] or held
    brands = [cells.key(brand) for brand in label.brands]
    called = [therapy for brand in label.brands for therapy in ours.called(brand, ())]
    copied = [therapy for brand in brands for therapy in ours.by_biosimilar.get(brand, [])]
    return by_slug([*called, *copied] or ours.within("", label.names))
