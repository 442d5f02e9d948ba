"""Write anew what the search reads, where it is not what readers see. The verbs do so by themselves."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from portal.publishing.search import indexing


class Command(BaseCommand):
    help = __doc__

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        number = indexing.rebuild()
        self.stdout.write(f"{number} rows of the search were not as they should be, and are now.")
