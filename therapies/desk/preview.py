"""What the public site would say if some facts were confirmed: shown to staff, and rolled back each time.

Nothing is simulated. The facts are confirmed inside a transaction, the site's own code reads and renders, and the
transaction ends without a trace: no confirmation, no row, no entry in the audit trail. So what is shown is what comes.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from portal.publishing.models import Fact

from .. import timeline, views
from ..figures import Figures
from ..models import ApprovalEvent, Cancer, Indication, Therapy

#: What the site counts, and how it is called.
COUNTED = [
    ("approved therapies", "approved_therapies"),
    ("approved uses", "approved_uses"),
    ("groups of cancer with an approved use", "approved_cancers"),
    ("withdrawn uses", "withdrawn_uses"),
]
STATES = {
    timeline.NONE: "Not on the site",
    timeline.ACCELERATED: "Accelerated approval",
    timeline.APPROVED: "Approved",
    timeline.CONVERTED: "Confirmed",
    timeline.WITHDRAWN: "Withdrawn",
}
BANNER = "Preview. Readers do not see this until a second person confirms what is recorded."


class Number(NamedTuple):
    label: str
    before: int
    after: int

    @property
    def changes(self) -> bool:
        return self.before != self.after


class UseStates(NamedTuple):
    """A use, and its state before and after, in words."""

    use: Indication
    before: str
    after: str

    @property
    def changes(self) -> bool:
        return self.before != self.after


class Place(NamedTuple):
    """A public page that changes."""

    title: str
    address: str


@dataclass(frozen=True)
class Effects:
    """What confirming some facts does to the public site."""

    numbers: list[Number]
    uses: list[UseStates]
    places: list[Place]
    hidden: list[Therapy | Cancer]  # pages without a published text: readers see nothing of the facts until then

    @property
    def changed_numbers(self) -> list[Number]:
        return [number for number in self.numbers if number.changes]


@contextmanager
def as_if(facts: Iterable[Fact] = ()) -> Iterator[None]:
    """Within this, the facts are confirmed, and whatever else is written holds. After it nothing was.

    A fact without a source stays as it is: nobody could confirm it.
    """
    with transaction.atomic():
        for fact in facts:
            # No person confirms here, so it stands as a fact without a recorder, as shipped ones do.
            type(fact)._default_manager.filter(pk=fact.pk, source__isnull=False).update(
                recorded_by=None,
                confirmed_at=timezone.now(),
                confirmed_by=None,
                rejected_at=None,
                rejected_by=None,
                rejected_because="",
            )
        yield
        transaction.set_rollback(True)


def effects(facts: Iterable[Fact]) -> Effects:
    """What confirming these facts would change: numbers, states of uses, pages."""
    facts = list(facts)
    return between(facts, lambda: None)


def between(facts: list[Fact], write: Callable[[], Iterable[Fact] | None]) -> Effects:
    """The same for facts that ``write`` records first: they are confirmed, counted and rolled back, too."""
    before = _numbers()
    with as_if():
        made = [*facts, *(write() or ())]
        uses = _uses(made)
        states = _states(uses)
        with as_if(made):
            after, then = _numbers(), _states(uses)
            touched = [UseStates(use, STATES[states[use.pk]], STATES[then[use.pk]]) for use in uses]
            places, hidden = _places(made, uses)
    numbers = [Number(label, before[name], after[name]) for label, name in COUNTED]
    return Effects(numbers, touched, places, hidden)


def page_as_if(request: HttpRequest, facts: Iterable[Fact], page: Therapy | Cancer) -> HttpResponse:
    """The public page of a therapy or a cancer as confirming the facts would make it. For staff only: the caller asks.

    Raises Http404 for a page without a published text.
    """
    with as_if(facts):
        return _shown(request, page)


def page_between(
    request: HttpRequest, write: Callable[[], Iterable[Fact]], choose: Callable[[], Therapy | Cancer | None]
) -> HttpResponse | None:
    """The same after ``write``; ``choose`` then names the page."""
    with as_if():
        made = list(write())
        page = choose()
        return page_as_if(request, made, page) if page else None


def _shown(request: HttpRequest, page: Therapy | Cancer) -> HttpResponse:
    request.preview_of = BANNER  # type: ignore[attr-defined]
    if hasattr(request, "_figures"):
        del request._figures  # counted before these facts
    response = _public_view(page)(request)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _public_view(page: Therapy | Cancer) -> Callable[[HttpRequest], HttpResponse]:
    if isinstance(page, Therapy):
        therapies = Therapy.objects.published().select_related("therapy_class__family")
        return lambda request: views.show(request, get_object_or_404(therapies, pk=page.pk))
    cancers = Cancer.objects.published().select_related("parent")
    return lambda request: views.show_cancer(request, get_object_or_404(cancers, pk=page.pk))


def _numbers() -> dict[str, int]:
    figures = Figures()
    return {name: getattr(figures, name)() for _, name in COUNTED}


def _uses(facts: list[Fact]) -> list[Indication]:
    pks = {fact.indication_id for fact in facts if isinstance(fact, ApprovalEvent)}
    uses = Indication.objects.filter(pk__in=pks).select_related("therapy__therapy_class__family", "cancer__parent")
    return list(uses.prefetch_related("also_cancers__parent", "biomarkers"))


def _states(uses: list[Indication]) -> dict[int, str]:
    events = ApprovalEvent.objects.confirmed().filter(indication__in=uses, date__lte=timezone.localdate())
    kinds: dict[int, list[str]] = {use.pk: [] for use in uses}
    for event in events.order_by("date", "pk"):
        kinds[event.indication_id].append(event.kind)
    return {pk: timeline.state(several) for pk, several in kinds.items()}


def _places(facts: list[Fact], uses: list[Indication]) -> tuple[list[Place], list[Therapy | Cancer]]:
    """The pages that tell of these facts, and those of them that have no text yet."""
    therapies: dict[int, Any] = {use.therapy_id: use.therapy for use in uses}
    for fact in facts:
        if not isinstance(fact, ApprovalEvent):
            therapies.setdefault(fact.therapy_id, fact.therapy)  # type: ignore[attr-defined]
    cancers: dict[int, Any] = {}
    for use in uses:
        for cancer in (use.cancer, *use.also_cancers.all()):
            cancers.setdefault(cancer.pk, cancer)
            if cancer.parent:
                cancers.setdefault(cancer.parent.pk, cancer.parent)
    tests = {test.pk: test for use in uses for test in use.biomarkers.all()}
    published = {
        kind: set(kind._default_manager.published().filter(pk__in=rows).values_list("pk", flat=True))
        for kind, rows in ((Therapy, therapies), (Cancer, cancers))
    }
    pages = [*therapies.values(), *cancers.values()]
    seen = [page for page in pages if page.pk in published[type(page)]]
    hidden = [page for page in pages if page.pk not in published[type(page)]]
    places = [Place(str(page), page.get_absolute_url()) for page in [*seen, *tests.values()]]
    if uses and not (hidden and not seen):
        places += [Place("Approvals", reverse("therapies:approvals")), Place("Home page", reverse("home"))]
    return places, hidden
