"""A file of FDA's as the desk keeps it: read, compared, and stored as a batch with its rows."""

import hashlib
import io

from django.utils import timezone

from portal.publishing.models import Source
from tests.test_fda_readers import TODAY
from therapies.desk import diff, ours
from therapies.fda import recognise
from therapies.models import Batch, BatchRow


def keep(data: bytes, *, by, name="file.csv", **changed) -> Batch:
    result = diff.compare(recognise.open_file(io.BytesIO(data), TODAY), ours.read())
    source, _ = Source.objects.get_or_create(title=f"{result.kind} {result.edition}", official=True)
    known = {"kind": result.kind, "edition": result.edition or "", "rows_read": result.rows, "source": source}
    known |= {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "name": name, "read_by": by}
    batch = Batch.objects.create(**known | changed)
    rows = []
    for position, finding in enumerate(result.findings):
        number, date = _told(finding)
        proposes = {"make": "fact"} if finding.bucket == "new date" else None
        row = BatchRow(batch=batch, position=position, line=finding.line, bucket=finding.bucket, what=finding.what)
        row.why, row.therapies, row.application, row.date = finding.why, list(finding.therapies), number, date
        row.key, row.proposal = hashlib.sha256(finding.what.encode()).hexdigest(), proposes
        rows.append(row)
    BatchRow.objects.bulk_create(rows)
    return batch


def _told(finding):
    """Number and day as the comparison will give them itself; until then from its words."""
    words = finding.what.split()
    number = finding.application or (words[0] if words[0][:3] in ("BLA", "NDA") else "")
    day = finding.date
    if day is None and words[-1][:4].isdigit() and words[-1].count("-") == 2:
        day = timezone.datetime.fromisoformat(words[-1]).date()
    return number, day
