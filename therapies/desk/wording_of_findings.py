"""What findings say to people: their buckets, what the file states, why it matters, and what accepting it would enter.

The engine knows codes and values only. Whatever it finds is put into words here, for screens, messages and commands.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from django.template.defaultfilters import truncatechars
from django.utils.dateparse import parse_date
from django.utils.text import capfirst

from portal.publishing import moments

from ..compare import claims, proposals, rules
from ..compare.claims import Claim
from ..compare.findings import FileFinding, finding_of
from ..compare.marketing import status_in_words
from ..compare.proposals import Proposal
from ..compare.reasons import Bucket, Reason
from ..fact_kinds import FactKind
from ..models import ApprovalEvent, BatchRow, Indication, TherapyFact

BUCKETS = {
    Bucket.AGREES: "Matches our data",
    Bucket.NEW_THERAPY: "New therapy",
    Bucket.NEW_FORM: "New application or form",
    Bucket.NEW_DATE: "New date",
    Bucket.CONFLICT: "Conflicts with our data",
    Bucket.WITHDREW: "Withdrawn or revoked by FDA",
    Bucket.NOT_OURS: "Outside our scope",
    Bucket.UNREADABLE: "Unreadable",
}
REASONS = {
    Reason.SAME_APPLICATION: "Our data has this application.",
    Reason.SAME_FIRST_APPROVAL: "Our data has this date for {therapies}.",
    Reason.SAME_SUPPLEMENT_DAY: "Our data has an FDA decision on this date.",
    Reason.SAME_STATUS: "Our data says “{ours}”.",
    Reason.SAME_END: "Our data says that every use of {therapies} has ended.",
    Reason.SAME_BIOSIMILAR: "Our data has this biosimilar of {therapies}.",
    Reason.SAME_ACCELERATED_USE: "Our data has these dates for {therapies}.",
    Reason.SAME_NOTICE_DAY: "Our data has an FDA decision on {therapies} on this date, of the same kind and for the "
    "same cancer, as far as we could read the notice. It seems to describe {uses}.",
    Reason.SAME_NAME: "Our data has {therapies}.",
    Reason.SAME_RECORD: "Our data has the same record.",
    Reason.SAME_BOXED_WARNING: "This label and our data name the same dangers, as far as we could read its box.",
    Reason.LABEL_KNOWN_BY_BRAND: "The label names no application, but its brand is one of {therapies}.",
    Reason.LABEL_NOT_NEWER: "We have read the label of {therapies} of {checked} line by line. This one is no newer.",
    Reason.NAME_FITS_CLASS: "This may be {group}, because the name contains “{stem}”. Check before you accept it.",
    Reason.NAME_AND_USE_FIT: "This may be {group}, because the name contains “{stem}” and the file names a cancer "
    "as its use. Check before you accept it.",
    Reason.NO_SUCH_THERAPY: "Our data doesn’t have this therapy.",
    Reason.LEFT_OUT: "We looked at this one and left it out: {group}.",
    Reason.OTHER_GROUP: "This looks like {group}. We don’t include those.",
    Reason.GENERIC: "This is a generic (ANDA). We don’t include generics.",
    Reason.GENERIC_OF_OURS: "This is a generic (ANDA) of {therapies}. We don’t include generics.",
    Reason.NOT_A_BIOLOGIC: "This drug has an NDA, so it isn’t a biologic, and we have no therapy with its name.",
    Reason.USE_WITHOUT_CANCER: "The use in this file doesn’t mention cancer.",
    Reason.NAME_FITS_NO_CLASS: "The name isn’t one of ours and fits no class we include. It may be a small molecule.",
    Reason.BIOLOGIC_FITS_NO_CLASS: "This is a biologic, but its name fits no class we include.",
    Reason.LABEL_OF_NONE: "The label names no application and none of our brands.",
    Reason.BIOSIMILAR_OF_OTHER: "This is a biosimilar (351(k)) of {reference}, which we don’t include.",
    Reason.REJECTED_IN_EXPORT: "It was rejected where this file was exported: {because}",
    Reason.NO_SUCH_BRAND: "Our data has this application for {therapies}, but not this brand. "
    "It may be another use or form.",
    Reason.NO_SUCH_APPLICATION: "The name belongs to {therapies}, but our data doesn’t have this application.",
    Reason.PERHAPS_A_FORM: "This may be a form or a biosimilar of {therapies}: "
    "it contains the same drug or carries its brand name.",
    Reason.BIOSIMILAR: "This is a biosimilar of {therapies} ({license}).",
    Reason.NOTICE_OF_BIOSIMILAR: "The notice describes a biosimilar, so it may not be an FDA decision on {therapies}.",
    Reason.PROPOSED_ABOVE: "This is another application, brand, or record of a new therapy that is proposed above.",
    Reason.NO_SUCH_FACT: "Our data doesn’t have this about {therapies}.",
    Reason.LABEL_NEWER: "This label is newer than the one of {therapies} that we have read, which is of {checked}.",
    Reason.LABEL_NEVER_CHECKED: "Nobody has read this label of {therapies} line by line.",
    Reason.USE_NOT_NAMED: "FDA added or changed a use of {therapies}, but this file doesn’t say which one.",
    Reason.NO_DECISION_THAT_DAY: "Our data has no FDA decision on {therapies} on this date.",
    Reason.NO_ACCELERATED_APPROVAL: "Our data has no accelerated approval of {therapies} on {date} for this use.",
    Reason.NO_CONVERSION: "Our data doesn’t say that this use of {therapies} was converted on {date}.",
    Reason.NO_DECISION_OF_NOTICE: "Our data doesn’t have every FDA decision on {therapies} of this notice. "
    "It seems to describe {uses}.",
    Reason.NO_SUCH_DECISION: "Our data doesn’t have this FDA decision on {therapies}.",
    Reason.NO_SUCH_USE: "Our data doesn’t have this use of {therapies}.",
    Reason.USE_OF_DECISION_UNKNOWN: "Our data doesn’t have this use of {therapies}.",
    Reason.OTHER_FORM_DAY: "Our data has {our_date} for this form of {therapies}.",
    Reason.EARLIER_THAN_OURS: "The first date that our data has for {therapies} is later: {our_date}.",
    Reason.CLOSE_TO_OURS: "The first date that our data has for {therapies} is {our_date}, soon after this one. "
    "FDA takes longer to review another use, so one of the two days is probably wrong. Check both. "
    "Nothing can be accepted here.",
    Reason.OTHER_STATUS: "Our data says “{ours}”.",
    Reason.NO_STATUS_IN_OUR_DATA: "Our data doesn’t say whether {therapies} is sold.",
    Reason.REGULAR_IN_OUR_DATA: "Our data has a regular approval of {therapies} on {date}, not an accelerated one.",
    Reason.NOT_CONVERTED_IN_OUR_DATA: "Our data has an approval of {therapies} on {date}, not a conversion.",
    Reason.NOTICE_OF_ACCELERATED: "The notice describes an accelerated approval, but our data has a regular approval "
    "of {therapies} on this date.",
    Reason.OTHER_VALUES: "Some values differ from our data.",
    Reason.OTHER_VALUE: "Our data says “{ours}”.",
    Reason.OTHER_NAME: "In our data, this number is an application of {therapies}, but the file gives it another name. "
    "Check both. Nothing can be accepted here.",
    Reason.OLDER_THAN_OURS: "This file is older than our source. Our data says “{ours}” as of {our_date}.",
    Reason.OLDER_THAN_OUR_DECISION: "Our data has another kind of decision on {therapies} on {date}. This file is "
    "older than our source, which holds as of {our_date}, so nothing is proposed.",
    Reason.SOME_DISCONTINUED: "All that this file lists of {therapies} is discontinued, but it may not list all of it, "
    "so nothing is proposed. Our data says “{ours}”.",
    Reason.BOXED_WARNING_OF_LABEL: "This label has a boxed warning, but our data has none for {therapies}.",
    Reason.NO_BOXED_WARNING_IN_LABEL: "This label has no boxed warning, but ours for {therapies} says: “{ours}”",
    Reason.OTHER_BOXED_WARNING: "The boxed warning of this label and ours name different dangers. Ours says: “{ours}”",
    Reason.BOXED_WARNING_CHANGED: "The words of this boxed warning have changed since the label that we read on "
    "{read_on}. Ours says: “{ours}”",
    Reason.LICENSE_REVOKED: "FDA revoked the license, but our data has approved uses of {therapies}. "
    "Enter the decision for each of them, too.",
    Reason.NO_WITHDRAWAL: "FDA withdrew this use of {therapies} on {date}, but our data doesn’t have that decision.",
    Reason.NOTICE_OF_WITHDRAWAL: "The notice says that FDA withdrew a use of {therapies}, "
    "but our data doesn’t have that decision.",
    Reason.UNREADABLE: "{message}",
}
#: What a name was taken for by its stem.
CLASSES = {
    "antibody": "an antibody",
    "antibody-fragment": "an antibody fragment",
    "cell-therapy": "a cell therapy",
    "virus": "a virus or a gene therapy",
    "immune-fusion": "a fusion protein that engages immune cells",
    "cytokine": "a messenger of the immune system",
    "interferon": "an interferon",
    "immunotoxin": "an immunotoxin",
    "bacteria": "a bacterial immunotherapy",
    "cancer-vaccine": "a cancer vaccine",
}
MOST_DIFFERENCES = 3  # in one sentence


def day_in_words(date: datetime.date | str) -> str:
    day = parse_date(date) if isinstance(date, str) else date
    return moments.day(day) if day else str(date)


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


# What the file states ------------------------------------------------------------------------------------


def claim_in_words(claim: Claim, names: Mapping[str, str] | None = None) -> str:
    """``names`` are those of therapies by their slug, where they are at hand."""
    names = names or {}
    match claim:
        case claims.FiledProduct():
            return f"{claim.application} {_product((claim.brand,), claim.names)}"
        case claims.FirstApproval():
            return f"{claim.application} first approved {day_in_words(claim.date)}"
        case claims.EfficacySupplements():
            noun = "supplement" if len(claim.numbers) == 1 else "supplements"
            return f"{claim.application} {noun} {', '.join(claim.numbers)}, {day_in_words(claim.date)}"
        case claims.LabelVersion():
            return f"{claim.application or names.get(claim.therapy, claim.therapy)} label of {day_in_words(claim.date)}"
        case claims.BoxedWarning():
            label = claim.application or names.get(claim.therapy, claim.therapy)
            heading = claim.heading or "no heading"
            return f"{label} label, boxed warning: {heading}" if claim.digest else f"{label} label, no boxed warning"
        case claims.UnnumberedLabel():
            return _product(claim.brands, claim.names)
        case claims.ProductOnList():
            return _product((claim.brand,), claim.names)
        case claims.MarketStatus():
            return f"{names.get(claim.therapy, claim.therapy)}: {status_in_words(claim.statuses)}"
        case claims.AcceleratedUse():
            return f"{_product((claim.brand,), claim.names)}: {claim.use}"
        case claims.ApprovalNotice():
            return f"{day_in_words(claim.date) if claim.date else 'No date'}: {claim.title}"
        case claims.ExportedRecord():
            return _exported(claim)
        case claims.UnreadableRow():
            return f"{claim.column}: {claim.value}" if claim.column else claim.value
    raise TypeError(claim)


def row_in_words(row: BatchRow) -> str:
    return claim_in_words(finding_of(row).claim)


def _product(brands: tuple[str, ...], names: tuple[str, ...]) -> str:
    brand, name = ", ".join(filter(None, brands)), ", ".join(names)
    return f"{brand} ({name})" if brand and name else brand or name or "without a name"


def _exported(claim: claims.ExportedRecord) -> str:
    about = f"{claim.therapy}, {claim.use}" if claim.use else claim.therapy
    if claim.record == "event" and claim.date:
        return f"{about}: {_label(ApprovalEvent.Kind, claim.kind)} on {day_in_words(claim.date)}"
    if claim.record == "fact":
        return f"{about}: {_label(FactKind, claim.kind)}, {claim.value}"
    return about


def _label(kinds: Any, kind: str) -> str:
    return str(kinds(kind).label) if kind in iter(kinds) else kind


# Why -----------------------------------------------------------------------------------------------------


def reason_in_words(finding: FileFinding, names: Mapping[str, str]) -> str:
    """``names`` are those of therapies by their slug."""
    therapies = " and ".join(names.get(slug, slug) for slug in finding.therapies)
    words = {"therapies": therapies, "date": day_in_words(finding.date) if finding.date else "an unknown date"}
    words |= {name: ARGUMENTS.get(name, str)(value) for name, value in finding.arguments.items()}
    return " ".join([REASONS[finding.reason].format_map(words), *_further(finding)])


def _group(key: str) -> str:
    """What a name was taken for: a class of ours, or a group that was left out."""
    return CLASSES.get(key) or rules.groups_left_out().get(key, {}).get("why", key)


ARGUMENTS: dict[str, Callable[[Any], str]] = {
    "uses": lambda number: counted(number, "use"),
    "checked": day_in_words,
    "our_date": day_in_words,
    "read_on": day_in_words,
    "reference": lambda name: name or "another product",
    "group": _group,
}


def _further(finding: FileFinding) -> list[str]:
    """Sentences that numbers and values bring with them."""
    arguments, sentences = finding.arguments, []
    if isinstance(claim := finding.claim, claims.ExportedRecord) and claim.differing:
        sentences.append(_differences(claim.differing, arguments["ours"]))
    if "lacking" in arguments:
        sentences.append(f"Not in ours: {'; '.join(arguments['lacking'])}.")
    if "surplus" in arguments:
        sentences.append(f"Not in the label’s: {'; '.join(arguments['surplus'])}.")
    if "missing" in arguments:
        sentences.append(f"Not in our data: {'; '.join(map(_decision, arguments['missing']))}.")
    if arguments.get("excerpt"):
        sentences.append("It is an excerpt or a month’s changes: the whole Purple Book has more rows.")
    if "absent" in arguments:
        sentences.append(f"Our data also has {', '.join(arguments['absent'])}, which is not in this file.")
    if "presentations" in arguments:
        sentences.append(f"This file lists {counted(arguments['presentations'], 'presentation')}.")
    return sentences


def _decision(missing: Mapping[str, Any]) -> str:
    """A decision that a notice tells, with what of it could not be read."""
    kind = _label(ApprovalEvent.Kind, missing["kind"]) if missing["kind"] else "a decision"
    date = f"on {day_in_words(missing['date'])}" if missing["date"] else "without a date"
    return f"{kind} {date} for {', '.join(missing['cancers']) or 'a cancer that we couldn’t read'}"


def _differences(theirs: dict[str, str], ours: dict[str, str]) -> str:
    shown = [
        f"{field.replace('_', ' ')}: our data “{truncatechars(ours[field], 61)}”, the file “{truncatechars(value, 61)}”"
        for field, value in list(theirs.items())[:MOST_DIFFERENCES]
    ]
    more = f"; and {len(theirs) - MOST_DIFFERENCES} more" if len(theirs) > MOST_DIFFERENCES else ""
    return f"{capfirst('; '.join(shown))}{more}."


# What accepting it would enter ---------------------------------------------------------------------------


class OursAtHand(NamedTuple):
    """Rows of ours that proposals point to, by primary key."""

    uses: Mapping[int, Indication] = {}
    events: Mapping[int, ApprovalEvent] = {}
    facts: Mapping[int, TherapyFact] = {}

    @classmethod
    def of(cls, proposals_: Iterable[Proposal | None]) -> "OursAtHand":
        """At most one query for each kind of row."""
        wanted: dict[type[Proposal], set[int]] = defaultdict(set)
        for proposal in proposals_:
            match proposal:
                case (
                    proposals.NewEvent(use=pk) | proposals.EventCorrection(event=pk) | proposals.FactCorrection(fact=pk)
                ):
                    wanted[type(proposal)].add(pk)
        uses = Indication.objects.select_related("therapy", "cancer").in_bulk(wanted[proposals.NewEvent])
        events = ApprovalEvent.objects.select_related("indication__therapy", "indication__cancer")
        facts = TherapyFact.objects.in_bulk(wanted[proposals.FactCorrection])
        return cls(uses, events.in_bulk(wanted[proposals.EventCorrection]), facts)


def proposal_in_words(proposal: Proposal, ours: OursAtHand) -> str:
    """What is corrected is told with its value now."""
    match proposal:
        case proposals.NewTherapy():
            return f"New therapy: {proposal.name} (without a text)"
        case proposals.NewEvent():
            kind = _label(ApprovalEvent.Kind, proposal.kind)
            return f"{kind} on {day_in_words(proposal.date)}: {ours.uses.get(proposal.use, 'a use that is gone')}"
        case proposals.EventCorrection():
            event = ours.events.get(proposal.event)
            of = f" of {event.indication}" if event else ""
            kind = _label(ApprovalEvent.Kind, proposal.kind)
            return f"FDA decision{of}: {_from(event and event.get_kind_display())} → {kind}"
        case proposals.FactCorrection():
            fact = ours.facts.get(proposal.fact)
            if proposal.date:
                return (
                    f"Date of {fact.value if fact else 'a fact'}: {_from(fact and fact.date)} → {_from(proposal.date)}"
                )
            return (
                f"{_label(FactKind, fact.kind) if fact else 'Value'}: {_from(fact and fact.value)} → {proposal.value}"
            )
        case proposals.NewLabel():
            return _reading(proposal)
        case proposals.NewFact():
            also = f", with the brand {proposal.brand}" if proposal.brings_brand else ""
            return f"{_label(FactKind, proposal.kind)}: {proposal.value}{also}"
    raise TypeError(proposal)


def _reading(label: proposals.NewLabel) -> str:
    """What a rule read in a label, and what it left to people."""
    boxed = f"a boxed warning ({'; '.join(label.boxed)})" if label.boxed else "no boxed warning"
    common = f"Common side effects: {'; '.join(label.common)}" if label.common else "Side effects were not read"
    route = f"given by this route: {'; '.join(label.routes)}" if label.routes else "no route that we could read"
    return f"A reading of this label, by rule: {counted(len(label.uses), 'use')}, {boxed}, {route}. {common}."


def _from(now: Any) -> str:
    """A value or a day of ours as people read it."""
    return day_in_words(now) if isinstance(now, datetime.date) else str(now or "nothing")


def kinds_of_entries(proposal: Proposal) -> list[str]:
    """What accepting would enter, one word or two for each row that it makes or corrects."""
    match proposal:
        case proposals.NewTherapy():
            return ["New therapy", *(_label(FactKind, fact.kind) for fact in proposal.facts)]
        case proposals.NewEvent():
            return [_label(ApprovalEvent.Kind, proposal.kind)]
        case proposals.NewFact():
            return [_label(FactKind, fact.kind) for fact in proposal.facts]
        case proposals.NewLabel():
            return ["Label", *("Use on a label" for _ in proposal.uses)]
    return ["Correction of our data"]
