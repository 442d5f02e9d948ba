"""Load the content that comes with the software. Safe to run again: what staff edited or removed stays so."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.publishing import audit, rooms
from portal.publishing.content_files import ContentError
from portal.publishing.counted import count_rows
from portal.publishing.search import indexing
from portal.publishing.shipping import Loader

#: Outcomes that change what is stored, and so go into the audit trail.
NEWS = (
    *("new", "updated", "pending", "taken back", "text published", "uncited sources removed"),
    "texts dropped, for a person to unpublish",
)


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                loader = Loader()
                for room in rooms.in_loading_order():
                    if room.declared.load:
                        room.declared.load(loader)
                loader.remove_uncited_sources()
                loader.note_dropped_texts()
                loader.keep_ledger()
                indexing.rebuild()
                count_rows()
                news = {what: loader.counts[what] for what in NEWS if loader.counts[what]}
                if news:
                    detail = ", ".join(f"{number} {what}" for what, number in news.items())
                    audit.note("loaded shipped content", by=None, name="the software", detail=detail)
        except ContentError as error:
            raise CommandError(str(error)) from None
        for outcome, number in sorted(loader.counts.items()):
            self.stdout.write(f"{number:6d} {outcome}")
