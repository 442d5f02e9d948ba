"""CBER's list of cellular and gene therapies beside our data. It tells names alone."""

from ..fda import cells
from ..fda.records import ListedProduct
from . import rules
from .claims import ProductOnList
from .findings import FileFinding
from .ours import OurRecords, slugs
from .proposals import NewTherapy
from .reasons import Bucket, Reason


def find_listed(row: ListedProduct, ours: OurRecords) -> FileFinding:
    claim = ProductOnList(row.brand, row.names)
    if therapies := ours.called(row.brand, row.names):
        return FileFinding(row.line, claim, Reason.SAME_NAME, slugs(therapies))
    if therapies := ours.within(row.brand, row.names):
        return FileFinding(row.line, claim, Reason.PERHAPS_A_FORM, slugs(therapies))
    reason, arguments = rules.scope_of("", row.names or (row.brand,), "")
    name = " and ".join(cells.parts(row.names)) or row.brand
    new = NewTherapy(name, row.brand) if reason.bucket == Bucket.NEW_THERAPY else None
    return FileFinding(row.line, claim, reason, proposal=new, arguments=arguments)
