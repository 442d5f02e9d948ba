"""The boxed warning of a label beside the one that our data has in plain words.

Two things show that it changed: the heading names a danger that our words do not, or the words are not those of the
label that was read here before. A heading is in FDA's terms and ours in a patient's, so ``DANGERS`` pairs the two.
Where a person read the label into plain words, ``label_safety.py`` compares those with ours.
"""

import datetime
import hashlib
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.utils import timezone

from ..fact_kinds import NONE
from ..fda.records import Label, cut
from ..models import BatchRow
from .ages import edition_until, told_later
from .claims import BoxedWarning, Claim
from .findings import FileFinding
from .ours import OurTherapy
from .reasons import Reason
from .rules import CANCER

LONGEST = 300  # characters of a heading
#: Each danger as labels head it, and as plain words say it.
DANGERS = {
    "cytokine release": ("cytokine release", "cytokine release"),
    "nerves": (r"neurotox|neurolog|neuromotor|\bencephalopathy", "nerv|neuro|brain|confus|encephalopathy"),
    "brain infection": ("leukoencephalopathy", "leukoencephalopathy|brain infection"),
    "second cancers": (r"secondary|malignanc", "cancers?|leukemia|lymphoma|malignan"),
    "overactive immune cells": ("hemophagocytic|hlh|macrophage", "hemophagocytic|hlh|macrophage|overactiv"),
    "low blood counts": (
        "cytopeni|neutropeni|myelosuppress|hematologic tox",
        "blood counts?|cytopeni|neutropeni|cells",
    ),
    "infusion reactions": ("infusion", "infusion"),
    "allergic reactions": ("anaphyla|hypersensitiv", "allerg|anaphyla"),
    "infections": ("infection", "infection"),
    "hepatitis B": ("hepatitis b", "hepatitis b"),
    "liver": ("hepatotox|hepatic|veno-occlusive|sinusoidal", "liver"),
    "heart": ("cardi|ventric|myocard", "heart|cardi"),
    "unborn children": ("embryo|fetal", "unborn|fetal|fetus|pregnan"),
    "lungs": (r"\bpulmonary|\blung|pneumon|respirat", "lung|pulmon|breath"),
    "skin": ("skin|cutaneous|dermat", "skin|cutaneous"),
    "eyes": ("ocular|vision|visual", "eye|vision|ocular|cornea"),
    "leaking vessels": ("capillary leak", "capillary leak|fluid leak"),
    "bowel": ("colitis|perforation|gastrointestinal", "colitis|bowel|perforat|stomach"),
    "diarrhea": ("diarrhea", "diarrhea"),
    "mind": ("depressi|psychiatr|suicid", "depress|psychiatr|suicid|mental"),
    "autoimmune disease": ("autoimmune", "autoimmune"),
    "blood flow": ("ischemi|stroke|thrombo(?!cyto)", "ischemi|stroke|clot|blood flow"),
    "bleeding": ("hemorrhag|bleeding", "bleed|hemorrhag"),
    "calcium": ("hypocalcemi", "calcium"),
    "transplants": ("transplant", "transplant"),
    "kidneys": ("nephro|renal", "kidney"),
    "tumor breakdown": ("tumor lysis", "tumor lysis|breakdown"),
    "deaths": ("mortality", "death|die|fatal"),
}
BETWEEN = re.compile(r"\([^)]*\)|[,;:•]|\b(?:and|or|including|with)\b", re.IGNORECASE)
#: Words that head a danger without naming one.
SAYS_NOTHING = {"severe", "serious", "fatal", "life-threatening", "prolonged", "recurrent", "acute", "death"}
SAYS_NOTHING |= {"risk", "increased", "warning", "warnings", "other", "patients", "also", "known"}
SMALL = {"and", "or", "of", "including", "in", "with", "for", "to", "the", "from", "also", "known", "as", "a", "by"}


class BoxedWarnings:
    """Those of a file's labels. What was read here before is asked for once, and only where a label has one."""

    def find(self, label: Label, number: str, therapy: OurTherapy, edition: str | None) -> Iterator[FileFinding]:
        """What the label says of it beside ours. Labels of forms and of another disease have warnings of their own."""
        fact = therapy.boxed_warning
        ours = fact.value if fact else ""
        said = " ".join(label.boxed_warning.split())
        is_form = number in map(str, therapy.forms)
        if (label.use and not CANCER.search(label.use)) or (not said and (is_form or ours in ("", NONE))):
            return
        heading = heading_of(said, label.brands)
        digest = hashlib.sha256(said.casefold().encode()).hexdigest()[:16] if said else ""
        claim = BoxedWarning(number, therapy.slug, cut(heading, LONGEST), digest)
        reason, arguments = self._beside(claim, ours, therapy)
        until = max(filter(None, (edition_until(edition), label.effective)), default=None)
        if reason not in (Reason.SAME_BOXED_WARNING, Reason.BOXED_WARNING_CHANGED) and (
            told := told_later(fact, until)
        ):
            reason, arguments = Reason.OLDER_THAN_OURS, arguments | {"ours": ours, "our_date": told.isoformat()}
        yield FileFinding(label.line, claim, reason, (therapy.slug,), label.effective, arguments=arguments)

    def _beside(self, claim: BoxedWarning, ours: str, therapy: OurTherapy) -> tuple[Reason, dict[str, Any]]:
        if not claim.digest:
            return Reason.NO_BOXED_WARNING_IN_LABEL, {"ours": ours}
        if ours in ("", NONE):
            return Reason.BOXED_WARNING_OF_LABEL, {}
        if missing := lacking(claim.heading, ours):
            return Reason.OTHER_BOXED_WARNING, {"ours": ours, "lacking": missing}
        digest, read_on = self.read_before.get((claim.application, claim.therapy), (claim.digest, None))
        if digest != claim.digest and read_on:
            return Reason.BOXED_WARNING_CHANGED, {"ours": ours, "read_on": read_on.isoformat()}
        return Reason.SAME_BOXED_WARNING, {}

    @cached_property
    def read_before(self) -> dict[tuple[str, str], tuple[str, datetime.date]]:
        """Digest and day of the last one that fitted our words, or that a person answered. One query."""
        rows = BatchRow.objects.filter(claim__states="boxed-warning", batch__undone_at=None).select_related("batch")
        found = {}
        for row in rows.order_by("batch__read_at"):
            claim = Claim.from_data(row.claim)
            if isinstance(claim, BoxedWarning) and (row.answer or row.reason == Reason.SAME_BOXED_WARNING):
                found[claim.application, claim.therapy] = claim.digest, timezone.localdate(row.batch.read_at)
        return found


def heading_of(said: str, brands: tuple[str, ...] = ()) -> str:
    """The capitals behind the first "WARNING", without the brand that begins the next sentence."""
    _, _, rest = said.partition("WARNING")
    words: list[str] = []
    for word in rest.removeprefix("S").lstrip(": ").split():
        if word.startswith("WARNING") or (word.upper() != word and word.strip("(),") not in SMALL):
            break
        words.append(word)
    own = {part.upper() for brand in brands for part in brand.split()} | {word.upper() for word in SMALL} | {"•"}
    while words and words[-1].strip("(),").upper() in own:
        words.pop()
    return " ".join(words)


def lacking(heading: str, ours: str) -> list[str]:
    """The dangers that a heading names and our words do not."""
    named = [" ".join(item.split()) for item in BETWEEN.split(heading)]
    return [item for item in dict.fromkeys(named) if item and not _is_told(item.lower(), ours.lower())]


def _is_told(item: str, ours: str) -> bool:
    known = [plain for label, plain in DANGERS.values() if re.search(label, item)]
    if known:
        return all(re.search(plain, ours) for plain in known)
    words = [word for word in re.findall(r"[a-z-]{4,}", item) if word not in SAYS_NOTHING]
    return not words or any(word[:6] in ours for word in words)
