"""``manage.py label_check [FILES]``: every use on FDA's labels beside our uses in force. Reads only."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.publishing import moments
from therapies.compare.label_reading import labels_in, lacking
from therapies.compare.label_records import accounts_of, label_accounts
from therapies.compare.label_uses import LabelAccount
from therapies.compare.ours import read_our_records
from therapies.compare.proposals import NewLabel
from therapies.fda import recognise
from therapies.fda.records import FileRefused

from .fda_diff import open_regular


class Command(BaseCommand):
    help = "Says which uses on FDA's labels we lack, which of ours the labels lack, and where the two differ."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", help="openFDA's answers with labels; without any, the labels on record")

    def handle(self, *args: Any, **options: Any) -> None:
        accounts, unread = self.of_files(options["files"]) if options["files"] else (label_accounts(), 0)
        for one in accounts:
            if not one.is_complete or one.label.key is None:
                self.stdout.write("\n".join(in_words(one)))
        complete = sum(one.is_complete for one in accounts)
        not_read = f" {unread} could not be read." if unread else ""
        self.stdout.write(f"{complete} of {len(accounts)} current labels accounted for.{not_read}")

    def of_files(self, paths: list[str]) -> tuple[list[LabelAccount], int]:
        """The labels of files, read by rule, beside our uses, and how many could not be read.

        A version that somebody read is what is on record of it, whatever the file says.
        """
        ours, counted = read_our_records(), set[object]()
        found: list[LabelAccount] = []
        unread = 0
        for path in paths:
            with open_regular(path) as file:
                try:
                    reading = recognise.open_file(file, timezone.localdate())
                    labels = list(labels_in(reading.records, ours))
                except FileRefused as refusal:
                    raise CommandError(f"{path}: {refusal}", returncode=2) from None
            faults = [
                f"line {error.line}{f', {error.column}' if error.column else ''}: {error.message}"
                for error in reading.errors
            ]
            faults += [
                f"line {label.line}: this label has no {' and no '.join(lacking(label))}."
                for label, proposal in labels
                if not proposal
            ]
            unread += len(faults)
            if not (labels or faults):
                faults = ["no label of one of our therapies."]
            for fault in faults:
                self.stderr.write(f"{path}: {fault}")
            proposals = [proposal for _, proposal in labels if proposal]
            found += filter(None, accounts_of(list(self.once_each(path, proposals, counted))))
        return found, unread

    def once_each(self, path: str, proposals: list[NewLabel], counted: set[object]) -> Iterator[NewLabel]:
        """Those that no file before held. Files may overlap, and openFDA's answers repeat a label of several packs."""
        for one in proposals:
            version = (one.set_id, one.therapy, one.effective)
            if version in counted:
                self.stderr.write(f"{path}: {one.brand}, label of {moments.day(one.effective)}, again: it counts once.")
            else:
                counted.add(version)
                yield one


def in_words(found: LabelAccount) -> Iterator[str]:
    label = found.label
    yield f"{label.name}, {label.therapy}, label of {moments.day(label.effective)}"
    if label.has_newer:
        yield f"  A newer version holds from {moments.day(label.has_newer)}."
    if label.superseded:
        yield f"  Older than the version on record, of {moments.day(label.superseded)}: its warnings are not compared."
    for one in found.uses:
        if one.named.outside and label.key is None:
            yield f"  Names no cancer that we know: {one.named.words}"
    for one in found.without_use:
        yield f"  Not in our data: {one.named.words}"
    for one in found.differing:
        yield f"  {one.named.words}"
        for difference in one.open:
            yield f"    {difference.field}: ours {difference.ours}; label {difference.label}"
    for difference in found.safety:
        yield f"  {difference.field}: ours {difference.ours}; label {difference.label}"
    if label.besides:
        yield f"  Side effects that the label names besides ours: {'; '.join(label.besides)}."
    if label.unread:
        yield f"  Not read by rule: {', '.join(label.unread)}."
    for use in found.without_row:
        partners = f", with {' and '.join(use.terms.partners)}" if use.terms.partners else ""
        yield f"  Not on the label: {use.words}{partners}"
