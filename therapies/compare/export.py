"""Everything that was imported or recorded, written so that it can be built again.

One record for each event and each fact; for a use without events, and for a therapy without anything, one of its own.
The columns and the safety of cells are those of ``therapies/fda/portal_export.py``.
"""

import datetime
import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from portal.publishing.models import Change, Source
from portal.publishing.spreadsheets import as_csv

from ..fda.portal_export import FIELDS
from ..models import ApprovalEvent, EarlierTerms, Indication, Therapy, TherapyFact
from .ours import in_memory

LISTS = ("also_cancers", "biomarkers", "before_biomarkers")
YES_NO = ("children", "before_children", "partner_label", "on_reference_page", "source_official")


def export_rows() -> Iterator[dict[str, str]]:
    """Every record as texts by field, in eleven queries. What a record has no word for is left out.

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
    terms = EarlierTerms.objects.prefetch_related("biomarkers")
    earlier = {one.event_id: {f"before_{name}": word for name, word in _terms(one).items()} for one in terms}
    idle, bare = dict(uses), {words["therapy"]: words for words in therapies.values()}
    for words in uses.values():
        bare.pop(words["therapy"], None)
    events = ApprovalEvent.objects.order_by("indication__therapy__slug", "indication", "date", "pk")
    for event in [*events.select_related("change"), *not_shown(ApprovalEvent)]:
        if event.indication_id not in uses:
            continue
        idle.pop(event.indication_id, None)
        own = {"record": "event", "kind": event.kind, "date": event.date.isoformat(), "precision": event.precision}
        yield uses[event.indication_id] | own | earlier.get(event.pk, {}) | _fact(event, sources, people)
    for words in idle.values():
        yield words | {"record": "use"}
    facts = TherapyFact.objects.order_by("therapy__slug", "position", "pk").select_related("change")
    for fact in [*facts, *not_shown(TherapyFact)]:
        if fact.therapy_id not in therapies:
            continue
        words = therapies[fact.therapy_id]
        bare.pop(words["therapy"], None)
        own = {"record": "fact", "kind": fact.kind, "value": fact.value, "position": str(fact.position)}
        own |= {"application": fact.application, "center": fact.center, "date": _iso(fact.date)}
        yield words | own | _fact(fact, sources, people)
    for words in bare.values():
        yield words | {"record": "therapy"}


def _use(use: Indication) -> dict[str, str]:
    return {
        "use": use.code,
        "cancer": use.cancer.slug,
        "also_cancers": "; ".join(sorted(cancer.slug for cancer in use.also_cancers.all())),
        **_terms(use),
        "partner_label": _yes(use.partner_label),
        "on_reference_page": _yes(use.on_reference_page),
        "use_note": use.note,
    }


def _terms(terms: Indication | EarlierTerms) -> dict[str, str]:
    return {
        "setting": terms.setting,
        "plainly": terms.plainly,
        "stage": terms.stage,
        "biomarkers": "; ".join(sorted(biomarker.slug for biomarker in terms.biomarkers.all())),
        "combination": terms.combination,
        "children": _yes(terms.children),
    }


def not_shown(model: type[Any]) -> list[Any]:
    """Rows that are pending or were rejected, in memory, each with its change. One query.

    What rests on a use or a therapy that is pending itself is not among them: nothing here could be named.
    """
    changes = Change.objects.to(model).filter(verb=Change.Verb.ADD, confirmed_at=None, replaced_by=None)
    named = [one for one in changes if not any(isinstance(value, dict) for value in one.after.values())]
    return list(in_memory(named, model))


def _fact(fact: Any, sources: dict[int, Source], people: dict[int, str]) -> dict[str, str]:
    change: Change = fact.change or Change()
    words = {name: getattr(change, name) for name in ("because", "doubt", "settles", "rejected_because")}
    words |= {"note": fact.note, "state": _state(fact)}
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


def _state(fact: Any) -> str:
    if fact.pk:
        return "confirmed" if fact.change else "confirmed from its source"
    return fact.change.state


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _iso(value: datetime.date | None) -> str:
    return value.isoformat() if value else ""


def in_csv() -> Iterator[str]:
    head = [field.replace("_", " ") for field in FIELDS]
    return as_csv(chain([head], ([row.get(field, "") for field in FIELDS] for row in export_rows())))


def in_json() -> Iterator[str]:
    """Values as they are, since no spreadsheet opens this; every letter beyond ASCII is written out."""
    yield f'{{"portal-export": 1, "exported": "{timezone.localdate().isoformat()}", "records": ['
    before = "\n"
    for row in export_rows():
        yield f"{before}{json.dumps(_typed(row))}"
        before = ",\n"
    yield "\n]}\n"


def _typed(row: dict[str, str]) -> dict[str, Any]:
    typed: dict[str, Any] = {field: row[field] for field in FIELDS if row.get(field)}
    typed |= {field: typed[field].split("; ") for field in LISTS if field in typed}
    return typed | {field: typed[field] == "yes" for field in YES_NO if field in typed}
