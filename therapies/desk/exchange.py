"""Everything that was imported or recorded, written so that it can be built again, and read back beside ours.

One record for each event and each fact; for a use without events, and for a therapy without anything, one of its own.
The columns and the safety of cells are those of ``therapies/fda/portal_export.py``.
"""

import csv
import datetime
import io
import json
from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from portal.publishing import values
from portal.publishing.models import Change, Source
from portal.publishing.spreadsheets import guarded

from ..fact_kinds import SEVERAL, FactKind
from ..fda.cells import TRICKS
from ..fda.portal_export import FIELDS
from ..fda.records import Reading, Recorded, cut
from ..models import ApprovalEvent, Indication, Therapy, TherapyFact
from .buckets import AGREES, CONFLICT, NEW_DATE, NEW_FORM, NEW_THERAPY, NOT_OURS

LISTS = ("also_cancers", "biomarkers")
YES_NO = ("children", "partner_label", "on_reference_page", "source_official")
#: Who did what when, and the order of a list: told, but no matter of agreeing.
HISTORY = {"recorded_at", "recorded_by", "confirmed_at", "confirmed_by", "rejected_at", "rejected_by", "position"}

# Writing ---------------------------------------------------------------------------------------------


def rows() -> Iterator[dict[str, str]]:
    """Every record as texts by field, in eight queries. What a record has no word for is left out.

    It is read while the browser takes it: what somebody adds meanwhile comes with the next export.
    """
    therapies = {
        pk: {"therapy": slug, "name": name, "class": kind}
        for pk, slug, name, kind in Therapy.objects.order_by("slug").values_list(
            "pk", "slug", "name", "therapy_class__slug"
        )
    }
    sources = Source.objects.in_bulk()
    people = dict(get_user_model().objects.values_list("pk", "username"))
    uses = {}
    for use in Indication.objects.select_related("cancer").prefetch_related("also_cancers", "biomarkers"):
        uses[use.pk] = therapies[use.therapy_id] | _use(use)
    idle, bare = dict(uses), {words["therapy"]: words for words in therapies.values()}
    for words in uses.values():
        bare.pop(words["therapy"], None)
    events = ApprovalEvent.objects.order_by("indication__therapy__slug", "indication", "date", "pk")
    for event in [*events.select_related("change"), *_waiting(ApprovalEvent)]:
        if event.indication_id not in uses:
            continue
        idle.pop(event.indication_id, None)
        own = {"record": "event", "kind": event.kind, "date": event.date.isoformat(), "precision": event.precision}
        yield uses[event.indication_id] | own | _fact(event, sources, people)
    for words in idle.values():
        yield words | {"record": "use"}
    facts = TherapyFact.objects.order_by("therapy__slug", "position", "pk").select_related("change")
    for fact in [*facts, *_waiting(TherapyFact)]:
        if fact.therapy_id not in therapies:
            continue
        words = therapies[fact.therapy_id]
        bare.pop(words["therapy"], None)
        own = {"record": "fact", "kind": fact.kind, "value": fact.value, "position": str(fact.position)}
        own["date"] = _iso(fact.date)
        yield words | own | _fact(fact, sources, people)
    for words in bare.values():
        yield words | {"record": "therapy"}


def _use(use: Indication) -> dict[str, str]:
    return {
        "use": use.code,
        "cancer": use.cancer.slug,
        "also_cancers": "; ".join(sorted(cancer.slug for cancer in use.also_cancers.all())),
        "setting": use.setting,
        "stage": use.stage,
        "biomarkers": "; ".join(sorted(biomarker.slug for biomarker in use.biomarkers.all())),
        "combination": use.combination,
        "children": _yes(use.children),
        "partner_label": _yes(use.partner_label),
        "on_reference_page": _yes(use.on_reference_page),
        "use_note": use.note,
    }


def _waiting(model: type[Any]) -> list[Any]:
    """Rows that are pending or were rejected, in memory, each with its change."""
    found = []
    for change in Change.objects.to(model).filter(verb=Change.Verb.ADD, confirmed_at=None, replaced_by=None):
        if not any(isinstance(value, dict) for value in change.after.values()):
            row = model()
            values.written(row, change.after)
            row.change = change
            found.append(row)
    return found


def _fact(fact: Any, sources: dict[int, Source], people: dict[int, str]) -> dict[str, str]:
    change: Change = fact.change or Change()
    words = {"note": fact.note, "because": change.because}
    words |= {name: getattr(change, name) for name in ("doubt", "settles", "rejected_because")}
    words["state"] = state(fact)
    if source := sources.get(fact.source_id or 0):
        words |= {"source_title": source.title, "source_url": source.url, "source_read_as": source.read_as}
        words |= {"source_official": _yes(source.official), "source_read_on": _iso(source.read_on)}
    entered = change.proposed_at if fact.change else fact.confirmed_at
    moments = {"recorded": (entered, change.proposed_by_id)}
    moments["confirmed"] = (fact.confirmed_at if fact.pk else None, change.confirmed_by_id)
    moments["rejected"] = (change.rejected_at, change.rejected_by_id)
    for verb, (moment, person) in moments.items():
        words[f"{verb}_at"] = _iso(moment)
        words[f"{verb}_by"] = people.get(person or 0, "")
    return words


def state(fact: Any) -> str:
    if fact.pk:
        return "confirmed" if fact.change else "confirmed from its source"
    return fact.change.state


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _iso(value: datetime.date | None) -> str:
    return value.isoformat() if value else ""


def as_csv() -> Iterator[bytes]:
    """With the mark of UTF-8, without which spreadsheets take letters for others."""
    yield "\ufeff".encode()
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    writer.writerow([field.replace("_", " ") for field in FIELDS])
    for row in rows():
        writer.writerow([guarded(row.get(field, "")) for field in FIELDS])
        if line.tell() > 16_384:
            yield _taken(line)
    yield _taken(line)


def _taken(line: io.StringIO) -> bytes:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text.encode()


def as_json() -> Iterator[bytes]:
    """Values as they are, since no spreadsheet opens this; every letter beyond ASCII is written out."""
    yield f'{{"portal-export": 1, "exported": "{timezone.localdate().isoformat()}", "records": ['.encode()
    before = "\n"
    for row in rows():
        yield f"{before}{json.dumps(_typed(row))}".encode()
        before = ",\n"
    yield b"\n]}\n"


def _typed(row: dict[str, str]) -> dict[str, Any]:
    typed: dict[str, Any] = {field: row[field] for field in FIELDS if row.get(field)}
    typed |= {field: typed[field].split("; ") for field in LISTS if field in typed}
    return typed | {field: typed[field] == "yes" for field in YES_NO if field in typed}


# Comparing -------------------------------------------------------------------------------------------


class Here:
    """Our records by what makes each one itself, to be compared with those of an export."""

    def __init__(self) -> None:
        ours = [dict.fromkeys(FIELDS, "") | row for row in rows()]
        self.records = {_key(row): row for row in ours}
        self.uses = {(row["therapy"], row["use"]): row for row in ours if row["use"]}
        self.therapies = {row["therapy"]: row for row in ours}
        self.values = {(row["therapy"], row["kind"]): row["value"] for row in ours if row["record"] == "fact"}
        self.use_pk = {(slug, code): pk for pk, slug, code in _use_keys()}
        self.proposed: set[str] = set()

    def sort(self, recorded: Recorded, reading: Reading) -> tuple[Any, ...] | None:
        """The parts of a finding, or nothing where the row is an error."""
        said, line = recorded.said, recorded.line
        therapy = self.therapies.get(said["therapy"])
        what, slugs = _what(said), (said["therapy"],) if therapy else ()
        date = datetime.date.fromisoformat(said["date"]) if said["date"] else None

        def found(bucket: str, why: str, proposal: dict[str, Any] | None = None) -> tuple[Any, ...]:
            return bucket, line, what, why, slugs, "", date, proposal

        if ours := self._same(said):
            other = [field for field in said if field not in HISTORY and said[field] != ours[field]]
            if not other:
                return found(AGREES, "We record the same.")
            return found(CONFLICT, _differences(other, said, ours))
        if column := next((field for field in said if TRICKS.search(said[field])), ""):
            reading.error(line, column, said[column], "This cell holds a control or direction character.")
            return None
        kinds = {"event": ApprovalEvent.Kind.values, "fact": [kind.value for kind in FactKind]}.get(
            said["record"], [""]
        )
        if said["kind"] not in kinds:
            reading.error(line, "kind", said["kind"], "We know no such kind.")
            return None
        if therapy is None:
            first = said["therapy"] not in self.proposed
            self.proposed.add(said["therapy"])
            why = "We do not keep this therapy." if first else "A further record of a therapy proposed above."
            return found(NEW_THERAPY if first else NEW_FORM, why)
        name = therapy["name"]
        if said.get("state") == "rejected":
            return found(NOT_OURS, f"It was rejected there: {cut(said.get('rejected_because', ''), 200)}")
        if said["record"] == "fact":
            mine = self.values.get((said["therapy"], said["kind"]))
            if mine is not None and said["kind"] not in SEVERAL:
                return found(CONFLICT, f"We record “{cut(mine, 200)}”.")
            proposal = {"make": "fact"} | {field: said[field] for field in ("therapy", "kind", "value")}
            return found(NEW_FORM, f"We do not record this of {name}.", proposal | {"date": said["date"] or None})
        if (use := self.use_pk.get((said["therapy"], said["use"]))) is None:
            return found(NEW_DATE if said["record"] == "event" else NEW_FORM, f"We do not record this use of {name}.")
        proposal = {"make": "event", "use": use, "kind": said["kind"], "date": said["date"]}
        if said.get("precision") == ApprovalEvent.Precision.MONTH:
            proposal["precision"] = said["precision"]
        return found(NEW_DATE, f"We record no such event of {name} on this day.", proposal)

    def _same(self, said: dict[str, str]) -> dict[str, str] | None:
        """Ours of the same key. A use or therapy that has records here is compared without them."""
        if ours := self.records.get(_key(said)):
            return ours
        if said["record"] == "use":
            ours = self.uses.get((said["therapy"], said["use"]))
        elif said["record"] == "therapy":
            ours = self.therapies.get(said["therapy"])
        return dict.fromkeys(FIELDS, "") | _without_fact(ours, said["record"]) if ours else None


def _use_keys() -> Any:
    return Indication.objects.order_by().values_list("pk", "therapy__slug", "code")


def _key(row: dict[str, str]) -> tuple[str, ...]:
    own = {"event": ("use", "kind", "date"), "fact": ("kind", "value"), "use": ("use",)}.get(row["record"], ())
    return row["record"], row["therapy"], *(row[field] for field in own)


def _without_fact(row: dict[str, str], record: str) -> dict[str, str]:
    until = FIELDS.index("kind" if record == "use" else "use")
    return {field: row[field] for field in FIELDS[:until]} | {"record": record}


def _what(said: dict[str, str]) -> str:
    if said["record"] == "event":
        return cut(f"{said['therapy']}, {said['use']}: {said['kind']} on {said['date']}", 300)
    if said["record"] == "fact":
        return cut(f"{said['therapy']}: {said['kind']} {said['value']}", 300)
    return cut(f"{said['therapy']}, {said['use']}" if said["use"] else said["therapy"], 300)


def _differences(fields: list[str], said: dict[str, str], ours: dict[str, str]) -> str:
    shown = [
        f"{field.replace('_', ' ')}: ours “{cut(ours[field], 60)}”, the file’s “{cut(said[field], 60)}”"
        for field in fields[:3]
    ]
    more = f"; and {len(fields) - 3} more" if len(fields) > 3 else ""
    return f"Other values than ours. {'; '.join(shown)}{more}."
