"""Why a finding is in its bucket: codes, which screens put into words. Behind each, the arguments that it carries."""

from enum import StrEnum


class Reason(StrEnum):
    # Agrees with our data
    SAME_APPLICATION = "same-application"
    SAME_FIRST_APPROVAL = "same-first-approval"
    SAME_SUPPLEMENT_DAY = "same-supplement-day"
    SAME_STATUS = "same-status"  # ours, and presentations: how many the file holds
    SAME_BIOSIMILAR = "same-biosimilar"
    SAME_ACCELERATED_USE = "same-accelerated-use"
    SAME_NOTICE_DAY = "same-notice-day"  # uses: how many the notice seems to tell
    SAME_RECORD = "same-record"
    LABEL_KNOWN_BY_BRAND = "label-known-by-brand"
    LABEL_NOT_NEWER = "label-not-newer"  # checked: day of our last check

    # New therapy, or none of ours
    NAME_FITS_CLASS = "name-fits-class"  # group, stem
    NAME_AND_USE_FIT = "name-and-use-fit"  # group, stem
    NO_SUCH_THERAPY = "no-such-therapy"
    LEFT_OUT = "left-out"  # group, in not_ours.toml
    OTHER_GROUP = "other-group"  # group
    GENERIC = "generic"
    GENERIC_OF_OURS = "generic-of-ours"
    NOT_A_BIOLOGIC = "not-a-biologic"
    USE_WITHOUT_CANCER = "use-without-cancer"
    NAME_FITS_NO_CLASS = "name-fits-no-class"
    BIOLOGIC_FITS_NO_CLASS = "biologic-fits-no-class"
    LABEL_OF_NONE = "label-of-none"
    BIOSIMILAR_OF_OTHER = "biosimilar-of-other"  # reference
    REJECTED_IN_EXPORT = "rejected-in-export"  # because

    # New application or form
    NO_SUCH_BRAND = "no-such-brand"
    NO_SUCH_APPLICATION = "no-such-application"
    PERHAPS_A_FORM = "perhaps-a-form"
    BIOSIMILAR = "biosimilar"  # license
    NOTICE_OF_BIOSIMILAR = "notice-of-biosimilar"
    PROPOSED_ABOVE = "proposed-above"
    NO_SUCH_FACT = "no-such-fact"

    # New date
    LABEL_NEWER = "label-newer"  # checked: day of our last check
    LABEL_NEVER_CHECKED = "label-never-checked"
    USE_NOT_NAMED = "use-not-named"
    NO_DECISION_THAT_DAY = "no-decision-that-day"
    NO_ACCELERATED_APPROVAL = "no-accelerated-approval"
    NO_CONVERSION = "no-conversion"
    NO_DECISION_OF_NOTICE = "no-decision-of-notice"  # uses
    NO_SUCH_DECISION = "no-such-decision"
    NO_SUCH_USE = "no-such-use"

    # Conflicts with our data
    OTHER_FORM_DAY = "other-form-day"  # our_date
    EARLIER_THAN_OURS = "earlier-than-ours"  # our_date
    OTHER_STATUS = "other-status"  # ours, presentations
    NO_STATUS_IN_OUR_DATA = "no-status-in-our-data"  # presentations
    REGULAR_IN_OUR_DATA = "regular-in-our-data"
    NOT_CONVERTED_IN_OUR_DATA = "not-converted-in-our-data"
    NOTICE_OF_ACCELERATED = "notice-of-accelerated"
    OTHER_VALUES = "other-values"  # ours: values by field, of which the claim has the file's
    OTHER_VALUE = "other-value"  # ours
    OTHER_NAME = "other-name"
    OLDER_THAN_OURS = "older-than-ours"  # ours, our_date: how far its source tells, and presentations

    # FDA withdrew or revoked
    LICENSE_REVOKED = "license-revoked"  # presentations, and absent: applications that the file does not hold
    NO_WITHDRAWAL = "no-withdrawal"
    NOTICE_OF_WITHDRAWAL = "notice-of-withdrawal"

    # Unreadable
    UNREADABLE = "unreadable"  # message, as the reader says it
