"""Searching finds a word however its letters were typed."""

import pytest

from portal.publishing.folding import fold


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("SJÖGREN", "sjogren"),
        ("Sjo\u0308gren", "sjogren"),
        ("ﬁbrosis", "fibrosis"),
        ("Straße", "strasse"),
        ("T\u00a0cell \n therapy", "t cell therapy"),
    ],
)
def test_accents_case_and_spaces_do_not_count(typed, found):
    assert fold(typed) == found
