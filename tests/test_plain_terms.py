"""What readers are told of a use in plain words keeps whom FDA's terms leave out."""

import re
from collections.abc import Iterator

import pytest

from therapies.models import EarlierTerms, Indication
from therapies.models.terms import UseTerms

pytestmark = [pytest.mark.django_db]

OF_THE_BLOOD = {"leukemia", "lymphoma", "b-cell-non-hodgkin-lymphoma"}
HOW_FAR = re.compile(r"advanced|spread|c[ao]me back|removed|stage|early|newly diagnosed|can’t cure")
#: A condition in FDA's terms, and the words by which the plain ones tell it.
CONDITIONS = {
    r"\bincluding (?:a|lenalidomide)\b": r"includ|with two main kinds of drugs",
    r"\d cm\b": r"\d cm\b",
    r"[Aa]dvanced|[Mm]etastatic": r"advanced|spread|removed|came back|cure|grow|remains",
    r"at most|at least one of them": r"no more than|at least one of them",
}


def terms() -> Iterator[UseTerms]:
    """Those of each shipped use with plain words, also those that it had before a decision."""
    yield from Indication.objects.exclude(plainly="").select_related("cancer__parent")
    yield from EarlierTerms.objects.exclude(plainly="")


def test_the_first_treatment_of_a_solid_tumor_says_how_far_the_cancer_has_come():
    first = (one for one in terms() if isinstance(one, Indication) and one.stage == Indication.Stage.FIRST)
    solid = [one for one in first if OF_THE_BLOOD.isdisjoint({one.cancer.slug, getattr(one.cancer.parent, "slug", "")})]
    assert len(solid) > 50
    assert [(str(one), one.plainly) for one in solid if not HOW_FAR.search(one.plainly)] == []


@pytest.mark.parametrize("condition", CONDITIONS)
def test_plain_words_keep_a_condition_of_the_medical_terms(condition):
    told = [one for one in terms() if re.search(condition, one.setting)]
    assert told
    assert [(one.setting, one.plainly) for one in told if not re.search(CONDITIONS[condition], one.plainly)] == []
