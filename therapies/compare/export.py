"""Everything that was imported or recorded, written so that it can be built again.

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

from portal.publishing.models import Fact, Source

from ..fda import portal_export
from ..fda.portal_export import FIELDS
from ..models import ApprovalEvent, Indication, Therapy, TherapyFact

LISTS = ("also_cancers", "biomarkers")
YES_NO = ("children", "partner_label", "on_reference_page", "source_official")
CHUNK = 500


def export_rows() -> Iterator[dict[str, str]]:
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
    for event in events.iterator(CHUNK):
        if event.indication_id not in uses:
            continue
        idle.pop(event.indication_id, None)
        own = {"record": "event", "kind": event.kind, "date": event.date.isoformat(), "precision": event.precision}
        yield uses[event.indication_id] | own | _fact(event, sources, people)
    for words in idle.values():
        yield words | {"record": "use"}
    for fact in TherapyFact.objects.order_by("therapy__slug", "position", "pk").iterator(CHUNK):
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


def _fact(fact: Fact, sources: dict[int, Source], people: dict[int, str]) -> dict[str, str]:
    words = {name: getattr(fact, name) for name in ("note", "doubt", "settles", "because", "rejected_because")}
    words["state"] = state(fact)
    if source := sources.get(fact.source_id or 0):
        words |= {"source_title": source.title, "source_url": source.url, "source_read_as": source.read_as}
        words |= {"source_official": _yes(source.official), "source_read_on": _iso(source.read_on)}
    for verb in ("recorded", "confirmed", "rejected"):
        words[f"{verb}_at"] = _iso(getattr(fact, f"{verb}_at"))
        words[f"{verb}_by"] = people.get(getattr(fact, f"{verb}_by_id"), "")
    return words


def state(fact: Fact) -> str:
    if fact.is_rejected:
        return "rejected"
    if fact.is_confirmed:
        return "confirmed" if fact.confirmed_by_id else "confirmed from its source"
    return "pending"


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
    for row in export_rows():
        writer.writerow([portal_export.guarded(row.get(field, "")) for field in FIELDS])
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
    for row in export_rows():
        yield f"{before}{json.dumps(_typed(row))}".encode()
        before = ",\n"
    yield b"\n]}\n"


def _typed(row: dict[str, str]) -> dict[str, Any]:
    typed: dict[str, Any] = {field: row[field] for field in FIELDS if row.get(field)}
    typed |= {field: typed[field].split("; ") for field in LISTS if field in typed}
    return typed | {field: typed[field] == "yes" for field in YES_NO if field in typed}
