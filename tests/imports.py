"""A file of FDA's as the desk keeps it: read, compared, and stored as a batch with its rows."""

import hashlib
import io

from tests.test_fda_readers import TODAY
from therapies.compare import diff, ours
from therapies.desk import actions
from therapies.fda import recognise
from therapies.models import Batch


def keep(data: bytes, *, by, name="file.csv", **changed) -> Batch:
    result = diff.compare(recognise.open_file(io.BytesIO(data), TODAY), ours.read())
    upload = actions.Upload(name, len(data), hashlib.sha256(data).hexdigest())
    batch, _ = actions.keep(result, upload, by=by)
    Batch.objects.filter(pk=batch.pk).update(name=name, **changed)
    batch.refresh_from_db()
    return batch
