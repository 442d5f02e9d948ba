"""A label that one of FDA's files holds, read by rule: a proposal for a person who confirms what it names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..fda import cells
from ..fda.label_section import SectionUse, uses_of
from ..fda.reactions import CommonReactions
from ..fda.records import Label
from ..models import DrugLabel, Indication, LabelledUse
from . import dangers
from .label_matching import matched
from .label_safety import OurSafety, Safety, besides, safety_differences
from .label_uses import LabelTerms, NamedUse, OurUse, ReadLabel, UsesOn
from .ours import OurRecords, OurTherapy, by_slug
from .proposals import NewLabel, NewLabelledUse

#: What a list of side effects is about if that is a disease by its letters: "RA", "GPA and MPA".
DISEASE_BY_LETTERS = re.compile(r"[A-Z]{2,5}(?: and [A-Z]{2,5})*")


def proposed_label(label: Label, application: str, therapy: OurTherapy, ours: OurRecords) -> NewLabel | None:
    """What a label would be on record; None where the file lacks something that a reading needs."""
    if lacking(label) or label.effective is None:
        return None
    brand = label.brands[0].title() if label.brands else therapy.name
    others = _beside(label, therapy, ours)
    told = (one for read in uses_of(label.use, label.brands, ours.vocabulary) for one in _by_cancer(read))
    uses = tuple(_proposed_use(read, others) for read in told)
    named = (therapy.slug, application, brand, label.set_id, label.effective, _scope(label, therapy))
    boxed = dangers.of_box(" ".join(label.boxed_warning.split()), label.brands)
    return NewLabel(*named, uses, tuple(boxed), label.routes, _of_cancers(label.common, uses, ours))


def _beside(label: Label, therapy: OurTherapy, ours: OurRecords) -> tuple[str, ...]:
    """The other therapies of a product of several: partners in each of its uses, of which its label says nothing."""
    held = by_slug(one for number in label.applications for one in ours.holding(number))
    named = " ".join(label.names).casefold()
    return tuple(one.name for one in held if one is not therapy and one.name in named)


def _of_cancers(common: Sequence[str], uses: Sequence[NewLabelledUse], ours: OurRecords) -> tuple[str, ...]:
    """Where a label has a list of side effects for each disease, those of diseases that are no cancer are left out."""
    cancers = {use.cancer for use in uses}
    about = {told: CommonReactions.of(told).about for told in common}
    of_cancers = {
        told
        for told, words in about.items()
        if any(read.value in cancers for read in ours.vocabulary.cancer_finder.different(words))
    }
    return tuple(
        told for told in common if not of_cancers or told in of_cancers or not DISEASE_BY_LETTERS.fullmatch(about[told])
    )


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


def _by_cancer(read: SectionUse) -> Iterator[SectionUse]:
    """What prevents several cancers is a use for each; what treats several is one for patients who have any."""
    several = read.cancers if read.stage == Indication.Stage.PREVENTION else ()
    yield from (replace(read, cancers=(cancer,)) for cancer in several) if several else [read]


def _proposed_use(read: SectionUse, others: tuple[str, ...]) -> NewLabelledUse:
    stage = read.stage or Indication.Stage.ANY.value
    cancer = read.cancers[0] if read.cancers else ""
    missing = tuple(name for name in others if not any(name in told.casefold() for told in read.partners))
    terms = (cancer, stage, read.biomarkers, (*missing, *read.partners), read.children, read.accelerated)
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
