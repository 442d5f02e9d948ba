"""What the page about freshness tells of FDA: how decisions are founded, its files, its labels."""

from django.http import HttpRequest

from portal.publishing.rooms import Panel

from . import reading
from .compare.label_records import label_accounts
from .desk import synchronised
from .watch.standing import standings


def panel(request: HttpRequest) -> Panel:
    batches = synchronised.batches(settled=True)
    watched = {source.kind: source for source in standings(batches)}
    labels = label_accounts(settled=True)
    context = {
        "decisions": reading.well_founded(),
        "labels": labels,
        "complete_labels": sum(label.is_complete for label in labels),
        "files": [(file, watched.get(file.kind)) for file in synchronised.last(batches)],
        "unchecked": any(source.is_late for source in watched.values()),
    }
    return Panel("therapies/_freshness.html", context)
