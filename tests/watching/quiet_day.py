"""FDA as the watch meets it on a quiet day, played by a server of this machine."""

import datetime
from collections.abc import Callable

from django.utils import timezone

from therapies.models import Batch, WatchedFile
from therapies.watch import sources, standing, watching

from .. import fda_files as files
from .. import fda_server as fda

LABELS = "https://api.fda.gov/drug/label.json?search=openfda.application_number:%22{}%22&limit=100"
FILED = "https://api.fda.gov/drug/drugsfda.json?search=application_number:%22{}%22&limit=100"
KEYTRUDA, OPDIVO = LABELS.format("BLA125514"), LABELS.format("BLA125554")
CANCER = "https://www.fda.gov/drugs/resources-information-approved-drugs/"
NOTICES = f"{CANCER}oncology-cancerhematologic-malignancies-approval-notifications"
WITHDRAWN = f"{CANCER}withdrawn-cancer-accelerated-approvals"
ZIP = "https://www.fda.gov/media/89850/download"
CBER = (
    "https://www.fda.gov/vaccines-blood-biologics/cellular-gene-therapy-products/"
    "approved-cellular-and-gene-therapy-products"
)


def on_a_quiet_day(server, monkeypatch):
    """Something at each kind of address, and three applications of ours to ask for."""
    monkeypatch.setattr(watching, "applications", lambda ours: ["BLA125514", "BLA125554", "BLA103792"])
    server.moods |= {
        KEYTRUDA: fda.holding(label("20260601"), etag='"k1"'),
        OPDIVO: fda.holding(label("20260501", "BLA125554", "Opdivo", "NIVOLUMAB"), etag='"o1"'),
        FILED.format("BLA125514"): fda.holding(files.answer(files.drugsfda())),
        book(): fda.holding(files.purple_book(files.keytruda()), last_modified="Sun, 01 Nov 2026 06:00:00 GMT"),
        ZIP: fda.holding(files.drugs_zip()),
        NOTICES: fda.holding(files.page(["Title", "Description", "Date"], [files.NOTICE])),
        CBER: fda.holding(cber("KYMRIAH (tisagenlecleucel)")),
        **{f"{CANCER}{which}-cancer-accelerated-approvals": fda.holding(page) for which, page in tables().items()},
    }
    return server


def turn_of(server) -> Callable[[], list[str]]:
    """Asks everything once, and answers the lines that were told."""
    return lambda: list(watching.watch(fda.LocalClient(server)))


def label(effective="20260601", number="BLA125514", brand="Keytruda", name="PEMBROLIZUMAB", **more):
    return files.answer(files.label(number, brand, name, effective_time=effective, **more))


def book(back=1):
    """The Purple Book of last month, or of one that lies further back."""
    return sources.WATCHED[0].addresses(timezone.localdate(), [])[-1 - back]


def cber(*products):
    return files.page(["Product", "Manufacturer"], [[product, "A company"] for product in products])


def zip_with_a_generic():
    filed = [*files.TABLES["Applications.txt"], ["211111", "ANDA", "", "A COMPANY"]]
    sold = ["211111", "001", "TABLET;ORAL", "5MG", "0", "AMLODIPINE", "AMLODIPINE", "0"]
    return files.drugs_zip(Applications=filed, Products=[*files.TABLES["Products.txt"], sold])


def tables():
    row = ["Keytruda (pembrolizumab)", "Melanoma", "9/4/2014"]
    return {
        "ongoing": files.page(files.ONGOING, [[*row, "A trial", "2016"]]),
        "verified-clinical-benefit": files.page(files.VERIFIED, [[*row, "12/18/2015"]]),
        "withdrawn": files.page(files.WITHDRAWN, [[*row, "1/1/2016"]]),
    }


def standing_of(kind):
    """How a source stands with the batches of now."""
    batches = Batch.objects.filter(undone_at=None)
    return next(one for one in standing.standings(batches) if one.kind == kind)


def known(address):
    return WatchedFile.objects.get(address=address)


def later(**by):
    """As if some time had gone by since the last look."""
    time = datetime.timedelta(**by)
    for file in WatchedFile.objects.all():
        for name in ("asked_at", "checked_at", "not_before"):
            if at := getattr(file, name):
                setattr(file, name, at - time)
        file.save()
