"""Pages found by name, however it is written."""

import pytest

from portal.pages.models import Term
from portal.publishing import names, rooms
from portal.publishing.names import Name
from portal.publishing.search.lexicon import lexicon

from .public import addresses


@pytest.mark.django_db
def test_every_page_of_the_kinds_that_are_found_by_name_is_found_at_its_address():
    found = lexicon().pages
    kinds = [kind for kind in rooms.page_kinds() if kind.found_by]
    assert len(found) == sum(kind.model.objects.published().count() for kind in kinds) > 250
    assert {page.address for page in found} <= set(addresses())
    assert all(page.title and page.called and page.names for page in found)


@pytest.mark.django_db
def test_a_page_that_readers_do_not_see_is_not_found():
    term = Term.objects.create(slug="nothing-but-a-draft")
    assert term.get_absolute_url() not in {page.address for page in lexicon().pages}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ENHERTU 100 mg", ["enhertu"]),
        ("Keytruda (pembrolizumab) 25mg/mL", ["keytruda", "pembrolizumab"]),
        ("nivolumab 240 mg / 24 mL", ["nivolumab"]),
        ("T-DXd", ["tdxd"]),
        ("Sézary syndrome", ["sezary", "syndrome"]),
        ("HER2+ breast", ["her2positive", "breast"]),
        ("Ph-", ["phnegative"]),
        ("HER2 3+", ["her2", "3"]),
        ("???", []),
    ],
)
def test_what_is_typed_is_read_without_dose_brackets_hyphens_and_accents(typed, words):
    assert names.words_of(typed) == words


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("rituximab-abbs", "rituximab"),
        ("fam-trastuzumab deruxtecan-nxki (Enhertu)", "fam-trastuzumab deruxtecan (Enhertu)"),
        ("B-cell lymphoma", "B-cell lymphoma"),
        ("T-DXd", "T-DXd"),
    ],
)
def test_the_suffix_is_what_fda_adds_to_the_name_of_a_drug(typed, left):
    assert names.without_suffix(typed) == left


@pytest.mark.parametrize(
    ("name", "word", "has"),
    [
        ("ALL", "all", True),
        ("Small cell lung cancer", "all", False),
        ("non-small cell lung cancer", "lung", True),
        ("clinical trial", "trials", True),
        ("HER2-positive", "her2positive", True),
        ("Ph+", "phpositive", True),
        ("T-DXd", "tdxd", True),
    ],
)
def test_a_short_word_has_to_be_a_whole_one_and_a_long_one_a_part(name, word, has):
    assert Name.of(name).has(word) is has
