"""What a search takes for the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.publishing.folding import folded


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Sjögren", "sjogren"),
        ("SJÖGREN", "sjogren"),
        ("Sjo\u0308gren", "sjogren"),  # the accent as a letter of its own
        ("Ménière", "meniere"),
        ("Straße", "STRASSE"),
        ("interferon-\N{GREEK SMALL LETTER GAMMA}", "INTERFERON-\N{GREEK CAPITAL LETTER GAMMA}"),
        ("\ufb01brosis", "fibrosis"),  # a ligature, as PDFs give it
    ],
)
def test_case_accents_and_forms_of_letters_make_no_difference(written, typed):
    assert folded(written) == folded(typed)


def test_letters_that_differ_stay_different():
    assert len({folded(letter) for letter in "aeiouäβ"}) == 6  # ä is a


@given(st.text())
def test_folding_twice_changes_nothing_more(words):
    assert folded(folded(words)) == folded(words)
