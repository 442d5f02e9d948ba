"""The boxed warning of a label beside the one that our data has in plain words.

Two things show that it changed: one of the two names a danger that the other does not (``dangers.py``), or the words
are not those of the label that was read here before. A label that was read into a list, ``label_safety.py`` compares.
"""

import datetime
import hashlib
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.utils import timezone

from ..fact_kinds import NONE, UNKNOWN
from ..fda.boxes import heading_of
from ..fda.records import Label, cut
from ..models import BatchRow
from . import dangers
from .ages import edition_until, told_later
from .claims import BoxedWarning, Claim
from .findings import FileFinding
from .ours import OurTherapy
from .reasons import Reason
from .rules import CANCER

LONGEST = 300  # characters of a heading


class BoxedWarnings:
    """Those of a file's labels. What was read here before is asked for once, and only where a label has one."""

    def find(self, label: Label, number: str, therapy: OurTherapy, edition: str | None) -> Iterator[FileFinding]:
        """What the label says of it beside ours. Labels of forms and of another disease have warnings of their own."""
        fact = therapy.boxed_warning
        ours = fact.value if fact and fact.value != UNKNOWN else ""
        said = " ".join(label.boxed_warning.split())
        is_form = number in map(str, therapy.forms)
        if (label.use and not CANCER.search(label.use)) or (not said and (is_form or ours in ("", NONE))):
            return
        heading = heading_of(said, label.brands)
        digest = hashlib.sha256(said.casefold().encode()).hexdigest()[:16] if said else ""
        claim = BoxedWarning(number, therapy.slug, cut(heading, LONGEST), digest)
        about = ours if is_form else dangers.told_of(ours, label.brands, therapy.brands)
        reason, arguments = self._beside(claim, about, dangers.of_box(said, label.brands), is_form=is_form)
        until = max(filter(None, (edition_until(edition), label.effective)), default=None)
        if reason not in (Reason.SAME_BOXED_WARNING, Reason.BOXED_WARNING_CHANGED) and (
            told := told_later(fact, until)
        ):
            reason, arguments = Reason.OLDER_THAN_OURS, arguments | {"ours": ours, "our_date": told.isoformat()}
        yield FileFinding(label.line, claim, reason, (therapy.slug,), label.effective, arguments=arguments)

    def _beside(
        self, claim: BoxedWarning, ours: str, named: list[str], *, is_form: bool
    ) -> tuple[Reason, dict[str, Any]]:
        """``ours`` is what we say of this brand. The box of a form may lack a danger of the drug."""
        if not claim.digest:
            is_same = ours in ("", NONE)
            return (Reason.SAME_BOXED_WARNING, {}) if is_same else (Reason.NO_BOXED_WARNING_IN_LABEL, {"ours": ours})
        if ours in ("", NONE):
            return Reason.BOXED_WARNING_OF_LABEL, {}
        lacking = dangers.lacking(named, ours)
        surplus = [] if is_form else dangers.surplus(ours, named)
        if lacking or surplus:
            told = {"lacking": lacking} | ({"surplus": surplus} if surplus else {})
            return Reason.OTHER_BOXED_WARNING, {"ours": ours} | {key: items for key, items in told.items() if items}
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
