"""The records of an export of this site, or of another one, beside our data."""

import datetime
from typing import Any

from ..fact_kinds import SEVERAL, FactKind
from ..fda.portal_export import FIELDS, impossible
from ..fda.records import Reading, Recorded, cut
from ..models import ApprovalEvent, Indication
from .claims import ExportedRecord
from .export import export_rows
from .findings import FileFinding
from .proposals import NewEvent, NewFact
from .reasons import Reason

#: Who did what when, and the order of a list: told, but no matter of agreeing.
HISTORY = {"recorded_at", "recorded_by", "confirmed_at", "confirmed_by", "rejected_at", "rejected_by", "position"}
KINDS = {"event": ApprovalEvent.Kind.values, "fact": [kind.value for kind in FactKind]}
#: What makes a record itself, beside its therapy.
IDENTITY = {"event": ("use", "kind", "date"), "fact": ("kind", "value"), "use": ("use",)}
LONGEST = 500  # characters of a value in a claim

ExportRow = dict[str, str]  # texts by field


class ExportComparison:
    """Our records as an export has them, by what makes each one itself. Read once for a file."""

    def __init__(self) -> None:
        ours = [dict.fromkeys(FIELDS, "") | row for row in export_rows()]
        self.records = {_identity(row): row for row in ours}
        self.uses = {(row["therapy"], row["use"]): row for row in ours if row["use"]}
        self.therapies = {row["therapy"]: row for row in ours}
        standing = [row for row in ours if row["record"] == "fact" and row["state"] != "rejected"]
        self.values = {(row["therapy"], row["kind"]): row["value"] for row in standing}
        keys = Indication.objects.order_by().values_list("pk", "therapy__slug", "code")
        self.use_keys = {(slug, code): pk for pk, slug, code in keys}
        self.proposed: set[str] = set()

    def find(self, record: Recorded, reading: Reading) -> FileFinding | None:
        """What the record says beside ours. One that cannot be is an error of the reading."""
        row = record.said
        if ours := self._same(row):
            return self._beside(row, ours, record.line)
        if error := impossible(row, KINDS.get(row["record"], [""])):
            reading.error(record.line, *error)
            return None
        reason, told = self._missing(row)
        return self._finding(row, record.line, reason, **told)

    def _finding(
        self, row: ExportRow, line: int, reason: Reason, differing: dict[str, str] | None = None, **told: Any
    ) -> FileFinding:
        date = datetime.date.fromisoformat(row["date"]) if row["date"] else None
        value = cut(row["value"], LONGEST)
        claim = ExportedRecord(row["record"], row["therapy"], row["use"], row["kind"], value, date, differing or {})
        slugs = (row["therapy"],) if row["therapy"] in self.therapies else ()
        return FileFinding(line, claim, reason, slugs, date, **told)

    def _same(self, row: ExportRow) -> ExportRow | None:
        """Ours of the same identity. A use or therapy that has records here is compared without them."""
        if ours := self.records.get(_identity(row)):
            return ours
        if row["record"] == "use":
            ours = self.uses.get((row["therapy"], row["use"]))
        elif row["record"] == "therapy":
            ours = self.therapies.get(row["therapy"])
        return dict.fromkeys(FIELDS, "") | _without_fact(ours, row["record"]) if ours else None

    def _beside(self, row: ExportRow, ours: ExportRow, line: int) -> FileFinding:
        other = [field for field in row if field not in HISTORY and row[field] != ours[field]]
        if not other:
            return self._finding(row, line, Reason.SAME_RECORD)
        theirs, known = ({field: cut(one[field], LONGEST) for field in other} for one in (row, ours))
        return self._finding(row, line, Reason.OTHER_VALUES, theirs, arguments={"ours": known})

    def _missing(self, row: ExportRow) -> tuple[Reason, dict[str, Any]]:
        """Why a record is told that our data does not have."""
        if row["therapy"] not in self.therapies:
            first = row["therapy"] not in self.proposed
            self.proposed.add(row["therapy"])
            return Reason.NO_SUCH_THERAPY if first else Reason.PROPOSED_ABOVE, {}
        if row.get("state") == "rejected":
            because = cut(row.get("rejected_because", ""), 200)
            return Reason.REJECTED_IN_EXPORT, {"arguments": {"because": because}}
        if row["record"] == "fact":
            return self._missing_fact(row)
        if row["record"] == "event":
            proposal = self._event(row)
            reason = Reason.NO_SUCH_DECISION if proposal else Reason.USE_OF_DECISION_UNKNOWN
            return reason, {"proposal": proposal}
        return Reason.NO_SUCH_USE, {}

    def _missing_fact(self, row: ExportRow) -> tuple[Reason, dict[str, Any]]:
        ours = self.values.get((row["therapy"], row["kind"]))
        if ours is not None and row["kind"] not in SEVERAL:
            return Reason.OTHER_VALUE, {"arguments": {"ours": cut(ours, 200)}}
        date = datetime.date.fromisoformat(row["date"]) if row["date"] else None
        proposal = NewFact(row["therapy"], row["kind"], row["value"], date, application=row.get("application", ""))
        return Reason.NO_SUCH_FACT, {"proposal": proposal}

    def _event(self, row: ExportRow) -> NewEvent | None:
        use = self.use_keys.get((row["therapy"], row["use"]))
        if use is None:
            return None
        said = row.get("precision", "")
        precision = said if said in ApprovalEvent.Precision else ApprovalEvent.Precision.DAY.value
        return NewEvent(use, row["kind"], datetime.date.fromisoformat(row["date"]), precision)


def _identity(row: ExportRow) -> tuple[str, ...]:
    return row["record"], row["therapy"], *(row[field] for field in IDENTITY.get(row["record"], ()))


def _without_fact(row: ExportRow, record: str) -> ExportRow:
    until = FIELDS.index("kind" if record == "use" else "use")
    return {field: row[field] for field in FIELDS[:until]} | {"record": record}
