"""A file of FDA's as the desk keeps it: read, compared, and stored as a batch with its rows."""

import hashlib
import io

from tests.test_fda_readers import TODAY
from therapies.compare.comparison import compare
from therapies.compare.ours import read_our_records
from therapies.desk import actions
from therapies.fda import recognise
from therapies.models import Batch


def keep(data: bytes, *, by, name="file.csv", **changed) -> Batch:
    result = compare(recognise.open_file(io.BytesIO(data), TODAY), read_our_records())
    upload = actions.Upload(name, len(data), hashlib.sha256(data).hexdigest())
    batch, _ = actions.keep(result, upload, by=by)
    Batch.objects.filter(pk=batch.pk).update(name=name, **changed)
    batch.refresh_from_db()
    return batch
