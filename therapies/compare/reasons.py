"""Where a finding of one of FDA's files goes, and why: codes, which screens put into words."""

from enum import StrEnum
from typing import Self


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


class Reason(StrEnum):
    """Each puts a finding in one bucket. Behind some, the arguments that they carry."""

    bucket: Bucket

    def __new__(cls, value: str, bucket: Bucket = Bucket.UNREADABLE) -> Self:
        reason = str.__new__(cls, value)
        reason._value_ = value
        reason.bucket = bucket  # every member gives its own; a look-up by value gives none
        return reason

    SAME_APPLICATION = "same-application", Bucket.AGREES
    SAME_FIRST_APPROVAL = "same-first-approval", Bucket.AGREES
    SAME_SUPPLEMENT_DAY = "same-supplement-day", Bucket.AGREES
    SAME_STATUS = "same-status", Bucket.AGREES  # ours, and presentations: how many the file holds
    SAME_END = "same-end", Bucket.AGREES  # presentations
    SAME_BIOSIMILAR = "same-biosimilar", Bucket.AGREES
    SAME_ACCELERATED_USE = "same-accelerated-use", Bucket.AGREES
    # Of a notice, all carry uses: how many it seems to tell; and words and address: its own, which fill the form.
    SAME_NOTICE_DAY = "same-notice-day", Bucket.AGREES
    SAME_NAME = "same-name", Bucket.AGREES
    SAME_RECORD = "same-record", Bucket.AGREES
    SAME_BOXED_WARNING = "same-boxed-warning", Bucket.AGREES
    LABEL_KNOWN_BY_BRAND = "label-known-by-brand", Bucket.AGREES
    LABEL_NOT_NEWER = "label-not-newer", Bucket.AGREES  # checked: day of the label that people read

    NAME_FITS_CLASS = "name-fits-class", Bucket.NEW_THERAPY  # group, stem
    NAME_AND_USE_FIT = "name-and-use-fit", Bucket.NEW_THERAPY  # group, stem
    NO_SUCH_THERAPY = "no-such-therapy", Bucket.NEW_THERAPY

    LEFT_OUT = "left-out", Bucket.NOT_OURS  # group, in not_ours.toml
    OTHER_GROUP = "other-group", Bucket.NOT_OURS  # group
    GENERIC = "generic", Bucket.NOT_OURS
    GENERIC_OF_OURS = "generic-of-ours", Bucket.NOT_OURS
    NOT_A_BIOLOGIC = "not-a-biologic", Bucket.NOT_OURS
    USE_WITHOUT_CANCER = "use-without-cancer", Bucket.NOT_OURS
    NAME_FITS_NO_CLASS = "name-fits-no-class", Bucket.NOT_OURS
    BIOLOGIC_FITS_NO_CLASS = "biologic-fits-no-class", Bucket.NOT_OURS
    LABEL_OF_NONE = "label-of-none", Bucket.NOT_OURS
    BIOSIMILAR_OF_OTHER = "biosimilar-of-other", Bucket.NOT_OURS  # reference
    REJECTED_IN_EXPORT = "rejected-in-export", Bucket.NOT_OURS  # because

    NO_SUCH_BRAND = "no-such-brand", Bucket.NEW_FORM
    NO_SUCH_APPLICATION = "no-such-application", Bucket.NEW_FORM
    PERHAPS_A_FORM = "perhaps-a-form", Bucket.NEW_FORM
    BIOSIMILAR = "biosimilar", Bucket.NEW_FORM  # license
    NOTICE_OF_BIOSIMILAR = "notice-of-biosimilar", Bucket.NEW_FORM
    PROPOSED_ABOVE = "proposed-above", Bucket.NEW_FORM
    NO_SUCH_FACT = "no-such-fact", Bucket.NEW_FORM
    NO_SUCH_USE = "no-such-use", Bucket.NEW_FORM

    LABEL_NEWER = "label-newer", Bucket.NEW_DATE  # checked: day of the label that people read
    LABEL_NEVER_CHECKED = "label-never-checked", Bucket.NEW_DATE
    USE_NOT_NAMED = "use-not-named", Bucket.NEW_DATE
    NO_DECISION_THAT_DAY = "no-decision-that-day", Bucket.NEW_DATE
    NO_ACCELERATED_APPROVAL = "no-accelerated-approval", Bucket.NEW_DATE
    NO_CONVERSION = "no-conversion", Bucket.NEW_DATE
    NO_DECISION_OF_NOTICE = "no-decision-of-notice", Bucket.NEW_DATE  # missing: kind, date and cancers of each
    NO_SUCH_DECISION = "no-such-decision", Bucket.NEW_DATE
    USE_OF_DECISION_UNKNOWN = "use-of-decision-unknown", Bucket.NEW_DATE

    OTHER_FORM_DAY = "other-form-day", Bucket.CONFLICT  # our_date
    EARLIER_THAN_OURS = "earlier-than-ours", Bucket.CONFLICT  # our_date
    CLOSE_TO_OURS = "close-to-ours", Bucket.CONFLICT  # our_date
    OTHER_STATUS = "other-status", Bucket.CONFLICT  # ours, presentations
    NO_STATUS_IN_OUR_DATA = "no-status-in-our-data", Bucket.CONFLICT  # presentations
    REGULAR_IN_OUR_DATA = "regular-in-our-data", Bucket.CONFLICT
    NOT_CONVERTED_IN_OUR_DATA = "not-converted-in-our-data", Bucket.CONFLICT
    NOTICE_OF_ACCELERATED = "notice-of-accelerated", Bucket.CONFLICT
    OTHER_VALUES = "other-values", Bucket.CONFLICT  # ours: values by field, of which the claim has the file's
    OTHER_VALUE = "other-value", Bucket.CONFLICT  # ours
    OTHER_NAME = "other-name", Bucket.CONFLICT
    # ours; our_date: how far its source tells; of a market status presentations, of a boxed warning lacking
    OLDER_THAN_OURS = "older-than-ours", Bucket.CONFLICT
    OLDER_THAN_OUR_DECISION = "older-than-our-decision", Bucket.CONFLICT  # our_date: how far its source tells
    SOME_DISCONTINUED = "some-discontinued", Bucket.CONFLICT  # ours, presentations, excerpt, absent
    BOXED_WARNING_OF_LABEL = "boxed-warning-of-label", Bucket.CONFLICT
    NO_BOXED_WARNING_IN_LABEL = "no-boxed-warning-in-label", Bucket.CONFLICT  # ours
    OTHER_BOXED_WARNING = "other-boxed-warning", Bucket.CONFLICT  # ours, lacking: what ours does not name, surplus
    BOXED_WARNING_CHANGED = "boxed-warning-changed", Bucket.CONFLICT  # ours, read_on: of the label before

    LICENSE_REVOKED = "license-revoked", Bucket.WITHDREW  # presentations, absent: what the file does not hold
    NO_WITHDRAWAL = "no-withdrawal", Bucket.WITHDREW
    NOTICE_OF_WITHDRAWAL = "notice-of-withdrawal", Bucket.WITHDREW

    UNREADABLE = "unreadable", Bucket.UNREADABLE  # message, as the reader says it
