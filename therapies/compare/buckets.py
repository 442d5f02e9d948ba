"""Where a finding of one of FDA's files goes."""

from enum import StrEnum


class Bucket(StrEnum):
    """In the order in which people see them. ``fda_diff --json`` and addresses of the desk carry these values."""

    AGREES = "agrees"
    NEW_THERAPY = "new therapy"
    NEW_FORM = "new application or form"
    NEW_DATE = "new date"
    CONFLICT = "conflicts with ours"
    WITHDREW = "FDA withdrew or revoked"
    NOT_OURS = "not ours"
    UNREADABLE = "unreadable"


#: Nobody is asked about these: there is nothing to accept or skip.
NOT_ASKED = (Bucket.AGREES, Bucket.UNREADABLE)
#: Nor does one of these wait for an answer. Somebody may still record by hand what is not ours.
SETTLED = (*NOT_ASKED, Bucket.NOT_OURS)
