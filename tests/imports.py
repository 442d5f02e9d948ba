"""A file of FDA's as the desk keeps it, and a count of all rows, to see that nothing else was written."""

import hashlib
import io

from django.apps import apps

from tests.fda_files import TODAY
from therapies.compare.comparison import compare
from therapies.compare.ours import read_our_records
from therapies.desk import actions
from therapies.fda import recognise
from therapies.models import Batch


def keep(data: bytes, *, by, name="file.csv", **changed) -> Batch:
    """Read, compared, and stored as a batch with its rows."""
    result = compare(recognise.open_file(io.BytesIO(data), TODAY), read_our_records())
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
