"""What waits for a second person, those first that patients feel, and what was rejected. A fixed number of queries."""

from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.publishing.models import Fact

from ..models import ApprovalEvent, TherapyFact
from .entrance import page, staff_who_may

ON_A_PAGE = 50
#: The kinds that patients feel first; the rest comes by age.
URGENT = (
    ApprovalEvent.Kind.WITHDRAWN,
    TherapyFact.Kind.MARKET_STATUS,
    TherapyFact.Kind.BOXED_WARNING,
    ApprovalEvent.Kind.CONVERTED,
)
KINDS = [*ApprovalEvent.Kind.choices, *TherapyFact.Kind.choices]
SOFTWARE = "software"
RELATED = {
    ApprovalEvent: ("indication__therapy", "indication__cancer"),
    TherapyFact: ("therapy",),
}


class Key(NamedTuple):
    """What the list needs of a fact to filter and sort it."""

    model: type[Fact]
    pk: int
    kind: str
    slug: str
    therapy: str
    recorder: str
    recorded_at: Any
    recorder_pk: int | None
    source: int | None

    @property
    def rank(self) -> tuple[int, Any, int]:
        urgency = URGENT.index(self.kind) if self.kind in URGENT else len(URGENT)
        return urgency, self.recorded_at, self.pk


class Row(NamedTuple):
    fact: Any
    address: str
    yours: bool


def address_of(model: type[Fact], pk: int, query: str = "") -> str:
    return reverse(model.checked_at, args=[pk]) + (f"?{query}" if query else "")


def keys(*, rejected: bool = False) -> list[Key]:
    """Every fact that waits, or was rejected, in the order of the queue. Two queries."""
    found = []
    for model, therapy in ((ApprovalEvent, "indication__therapy"), (TherapyFact, "therapy")):
        rows: Any = model.objects.rejected() if rejected else model.objects.waiting()
        columns = ("pk", "kind", f"{therapy}__slug", f"{therapy}__name", "recorded_by__username")
        for row in rows.values_list(*columns, "recorded_at", "recorded_by", "source"):
            found.append(Key(model, *row))
    return sorted(found, key=lambda key: key.rank)


def filtered(rows: list[Key], asked: QueryDict) -> list[Key]:
    kind, therapy, by, source = (asked.get(name, "") for name in ("kind", "therapy", "by", "source"))
    return [
        row
        for row in rows
        if kind in ("", row.kind)
        and therapy in ("", row.slug)
        and by in ("", row.recorder or SOFTWARE)
        and source in ("", "yes" if row.source else "no")
    ]


def after(fact: Fact, asked: QueryDict, by: Any) -> str:
    """The address of the next fact of the queue that this person may confirm; empty when there is none."""
    me = _key_of(fact)
    rows = [key for key in filtered(keys(), asked) if key.recorder_pk != by.pk]
    others = [key for key in rows if (key.model, key.pk) != (type(fact), fact.pk)]
    later = [key for key in others if key.rank > me.rank]
    following = next(iter(later or others), None)
    return address_of(following.model, following.pk, kept(asked)) if following else ""


def _key_of(fact: Any) -> Key:
    return Key(type(fact), fact.pk, fact.kind, "", "", "", fact.recorded_at, None, None)


def kept(asked: QueryDict) -> str:
    """The filters, for links that lead back to the same list."""
    chosen = QueryDict(mutable=True)
    for name in ("kind", "therapy", "by", "source"):
        if value := asked.get(name):
            chosen[name] = value
    return chosen.urlencode()


@staff_who_may("view", ApprovalEvent, TherapyFact)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    rejected = request.GET.get("show") == "rejected"
    everything = keys(rejected=rejected)
    rows = filtered(everything, request.GET)
    shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    query = kept(request.GET)
    context: dict[str, Any] = {
        "rows": _rows(list(shown.object_list), request.user, query),
        "shown": shown,
        "number": len(rows),
        "everything": len(everything),
        "rejected": rejected,
        "query": query,
        "begin": _begin(rows, request.user, query) if not rejected else "",
        "chosen": {name: request.GET.get(name, "") for name in ("kind", "therapy", "by", "source")},
        "kinds": [(kind, label) for kind, label in KINDS if kind in {row.kind for row in everything}],
        "therapies": sorted({(row.slug, row.therapy) for row in everything}, key=lambda one: one[1].lower()),
        "recorders": _recorders(everything),
    }
    return page(request, "inbox.html", "To confirm", **context)


def _recorders(rows: list[Key]) -> list[tuple[str, str]]:
    people = sorted({row.recorder for row in rows if row.recorder})
    software = [(SOFTWARE, "Came with the software")] if any(not row.recorder for row in rows) else []
    return [*software, *((name, name) for name in people)]


def _begin(rows: list[Key], by: Any, query: str) -> str:
    first = next((row for row in rows if row.recorder_pk != by.pk), None)
    return address_of(first.model, first.pk, query) if first else ""


def _rows(shown: list[Key], by: Any, query: str) -> list[Row]:
    facts: dict[tuple[type, int], Any] = {}
    for model, related in RELATED.items():
        wanted = [key.pk for key in shown if key.model is model]
        found = model._default_manager.select_related(*related, "source", "recorded_by", "rejected_by")
        facts |= {(model, pk): fact for pk, fact in found.in_bulk(wanted).items()}
    return [
        Row(facts[key.model, key.pk], address_of(key.model, key.pk, query), key.recorder_pk == by.pk)
        for key in shown
        if (key.model, key.pk) in facts
    ]
