"""``manage.py source_check``: which of what readers see rests on one page that is no official record, or on none."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q

from portal.publishing.models import Change
from therapies.models import ApprovalEvent, TherapyFact
from therapies.reading import events, well_founded

MEMORY = r"(from|of|by) memory|general knowledge"


class Command(BaseCommand):
    help = "Says which public decisions and facts rest on one unofficial page, on memory, or on nothing."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        told = well_founded()
        one_page = events().exclude(Q(source__official=True) | Q(sources__gt=1)).order_by("date", "pk")
        for event in one_page:
            self.stdout.write(f"{event}\n  {event.source or 'no source'}")
        lacking = told["single"]
        share = 100 * lacking / max(told["decisions"], 1)
        self.stdout.write(
            f"{lacking} of {told['decisions']} public decisions ({share:.1f} %) rest on one page that is no official "
            "record, as listed."
        )
        remembered = Q(note__iregex=MEMORY)
        decisions = ApprovalEvent.objects.filter(remembered | Q(source=None))
        facts = TherapyFact.objects.filter(remembered | Q(value__iregex=MEMORY) | Q(source=None))
        for row in (*decisions, *facts):
            self.stdout.write(f"{row}\n  {row.source or 'no source'}")
        self.stdout.write(f"{len(decisions) + len(facts)} public decisions and facts rest on memory or on no source.")
        waiting = Change.objects.pending().filter(source=None, leader=None).count()
        self.stdout.write(f"{waiting} pending changes have no source. Readers see none of them.")
