"""A file of FDA's as the desk keeps it, and a count of all rows, to see that nothing else was written."""

import hashlib
import io

from django.apps import apps

from therapies.compare import comparison
from therapies.compare.findings import finding_of
from therapies.compare.ours import read_our_records
from therapies.compare.reasons import Bucket
from therapies.desk import actions
from therapies.desk.wording_of_findings import claim_in_words
from therapies.fda import recognise
from therapies.models import Batch

from .fda_files import TODAY

#: How many findings a comparison has in each bucket, before any is found.
NOTHING = dict.fromkeys(Bucket, 0)


def compare(data: bytes) -> comparison.ComparisonResult:
    """What a file says beside our data, on the day of the tests."""
    return comparison.compare(recognise.open_file(io.BytesIO(data), TODAY), read_our_records())


def found(result, bucket):
    """What the file states in this bucket."""
    return [finding.claim for finding in result.findings if finding.bucket == bucket]


def why(result, bucket):
    """The rule of each finding, with its arguments."""
    return [(finding.reason, finding.arguments) for finding in result.findings if finding.bucket == bucket]


def held(result):
    return {slug: therapy.to_data() for slug, therapy in result.therapies.items()}


def keep(data: bytes, *, by, name="file.csv", **changed) -> Batch:
    """Read, compared, and stored as a batch with its rows."""
    result = compare(data)
    upload = actions.Upload(name, len(data), hashlib.sha256(data).hexdigest())
    batch, _ = actions.keep(result, upload, by=by)
    Batch.objects.filter(pk=batch.pk).update(name=name, **changed)
    batch.refresh_from_db()
    return batch


def rows_of_ours():
    models = [
        m for m in apps.get_models() if m._meta.app_label in ("therapies", "publishing", "faq", "immune", "pages")
    ]
    return {m._meta.label: m._base_manager.count() for m in models}


def row_of(batch, words):
    """The row that states this."""
    [row] = [row for row in batch.rows.all() if words in claim_in_words(finding_of(row).claim)]
    return row


def accept(batch, words, by, **choices):
    row = row_of(batch, words)
    done = actions.accept(batch, [row.pk], choices={row.pk: choices}, by=by)
    return done, batch.rows.get(pk=row.pk)
