"""``manage.py label_check [FILES]``: every use on FDA's labels beside our uses in force. Reads only."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from therapies.compare.label_records import label_accounts
from therapies.compare.label_uses import LabelAccount


class Command(BaseCommand):
    help = "Says which uses on FDA's labels we lack, which of ours the labels lack, and where the two differ."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", help="openFDA's answers with labels; without any, the labels on record")

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = label_accounts()
        for one in accounts:
            if not one.is_complete:
                self.stdout.write("\n".join(in_words(one)))
        complete = sum(one.is_complete for one in accounts)
        self.stdout.write(f"{complete} of {len(accounts)} current labels accounted for.")


def in_words(found: LabelAccount) -> Iterator[str]:
    label = found.label
    yield f"{label.name}, {label.therapy}, label of {label.effective:%B %-d, %Y}"
    if label.has_newer:
        yield f"  A newer version holds from {label.has_newer:%B %-d, %Y}."
    for one in found.without_use:
        yield f"  Not in our data: {one.named.words}"
    for one in found.differing:
        yield f"  {one.named.words}"
        for difference in one.open:
            yield f"    {difference.field}: ours {difference.ours}; label {difference.label}"
    for difference in found.safety:
        yield f"  {difference.field}: ours {difference.ours}; label {difference.label}"
    for use in found.without_row:
        yield f"  Not on the label: {use.words}"
