"""What is watched: FDA's own files and pages, one entry for each kind of file that we read.

The addresses of the pages are FDA's as of November 2026. One that moves shows as a fault on the dashboard.
"""

import calendar
import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..compare.reasons import Bucket
from ..fda import accelerated, cellular, drugs_at_fda, notices, openfda, purple_book
from ..fda.file_kinds import file_kind

PURPLE_BOOK = "https://purplebooksearch.fda.gov/files/{year}/purplebook-search-{month}-data-download.csv"
OPENFDA = "https://api.fda.gov/drug/"
FDA = "https://www.fda.gov/"
CANCER = f"{FDA}drugs/resources-information-approved-drugs/"
MONTHS = 3  # a month's Purple Book may come some weeks after its end

#: The addresses of a source, on a day, for the application numbers of our therapies.
type Addresses = Callable[[datetime.date, Sequence[str]], list[str]]


@dataclass(frozen=True)
class WatchedSource:
    kind: str  # key of a kind in fda/file_kinds.py
    addresses: Addresses
    #: Whether there may be nothing at an address yet. What was there once must be there still.
    may_lack: bool = False
    #: Whether the site answers with a page where there is nothing. Anywhere else a page is FDA's way to say sorry.
    has_page_for_nothing: bool = False
    #: Whether answers that changed on one day become one batch.
    joins: bool = False
    #: Buckets in which a further row alone makes no batch.
    no_news: tuple[Bucket, ...] = (Bucket.AGREES,)
    #: Rows from which a file that somebody uploads is the whole. None: it comes in parts, and one of these is no look.
    whole_from: int | None = None

    @property
    def name(self) -> str:
        return file_kind(self.kind).name


def _months(today: datetime.date, applications: Sequence[str]) -> list[str]:
    months = [divmod(today.year * 12 + today.month - 1 - back, 12) for back in reversed(range(MONTHS))]
    return [PURPLE_BOOK.format(year=year, month=calendar.month_name[month + 1].lower()) for year, month in months]


def _by_application(endpoint: str) -> Addresses:
    def addresses(today: datetime.date, applications: Sequence[str]) -> list[str]:
        return [f"{OPENFDA}{endpoint}:%22{number}%22&limit=100" for number in applications]

    return addresses


def _pages(*paths: str) -> Addresses:
    return lambda today, applications: list(paths)


WATCHED = (
    WatchedSource(purple_book.KIND, _months, may_lack=True, has_page_for_nothing=True, whole_from=purple_book.FEWEST),
    # It lists every drug of CDER's, and generics come each week.
    WatchedSource(
        drugs_at_fda.KIND,
        _pages(f"{FDA}media/89850/download"),
        no_news=(Bucket.AGREES, Bucket.NOT_OURS),
        whole_from=10_000,  # of some 50,000 products
    ),
    WatchedSource(
        openfda.LABEL, _by_application("label.json?search=openfda.application_number"), may_lack=True, joins=True
    ),
    WatchedSource(
        openfda.DRUGSFDA, _by_application("drugsfda.json?search=application_number"), may_lack=True, joins=True
    ),
    WatchedSource(
        notices.KIND,
        _pages(f"{CANCER}oncology-cancerhematologic-malignancies-approval-notifications"),
        whole_from=100,  # it goes back many years
    ),
    WatchedSource(
        accelerated.KIND,
        _pages(
            *(
                f"{CANCER}{which}-cancer-accelerated-approvals"
                for which in ("ongoing", "verified-clinical-benefit", "withdrawn")
            )
        ),
    ),
    WatchedSource(
        cellular.KIND,
        _pages(
            f"{FDA}vaccines-blood-biologics/cellular-gene-therapy-products/approved-cellular-and-gene-therapy-products"
        ),
        whole_from=30,  # of more than 40 products
    ),
)
