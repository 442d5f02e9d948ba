"""CBER's list of cellular and gene therapies beside our data. It tells names alone."""

from ..fda.records import ListedProduct
from .claims import ProductOnList
from .findings import FileFinding
from .ours import OurRecords, slugs
from .proposals import perhaps_new
from .reasons import Reason


def find_listed(row: ListedProduct, ours: OurRecords) -> FileFinding:
    claim = ProductOnList(row.brand, row.names)
    if therapies := ours.called(row.brand, row.names):
        return FileFinding(row.line, claim, Reason.SAME_NAME, slugs(therapies))
    if therapies := ours.within(row.brand, row.names):
        return FileFinding(row.line, claim, Reason.PERHAPS_A_FORM, slugs(therapies))
    reason, new, arguments = perhaps_new(row.brand, row.names)
    return FileFinding(row.line, claim, reason, proposal=new, arguments=arguments)
