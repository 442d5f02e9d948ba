"""Where a finding of one of FDA's files goes. The words are what registrars see, and what ``fda_diff`` prints."""

AGREES = "agrees"
NEW_THERAPY = "new therapy"
NEW_FORM = "new application or form"
NEW_DATE = "new date"
CONFLICT = "conflicts with ours"
WITHDREW = "FDA withdrew or revoked"
NOT_OURS = "not ours"
UNREADABLE = "unreadable"
BUCKETS = (AGREES, NEW_THERAPY, NEW_FORM, NEW_DATE, CONFLICT, WITHDREW, NOT_OURS, UNREADABLE)
