"""The boxed warning of a label in one of FDA's files beside what our data says of it."""

import datetime

import pytest

from portal.publishing.models import Source
from tests import fda_files as files
from tests.imports import compare, keep
from therapies.compare import dangers
from therapies.compare.claims import (
    BoxedWarning,
)
from therapies.compare.reasons import Bucket, Reason
from therapies.desk import actions
from therapies.models import Batch, Therapy, TherapyFact

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


CRS = "WARNING: CYTOKINE RELEASE SYNDROME and NEUROLOGIC TOXICITY Cytokine release syndrome may be fatal."


def boxed(slug, value, told="2026-07-31"):
    """Our boxed warning of a therapy, by a source that tells up to a day."""
    therapy = Therapy.objects.get(slug=slug)
    fact = TherapyFact.objects.filter(therapy=therapy, kind="boxed-warning").first()
    source = Source.objects.create(title="A label, in a test", kind="label", read_on=told)
    fact = fact or TherapyFact(therapy=therapy, kind="boxed-warning")
    fact.value, fact.source = value, source
    fact.save()


def boxed_warning_of(result):
    return next((one for one in result.findings if isinstance(one.claim, BoxedWarning)), None)


@pytest.mark.parametrize(
    ("ours", "theirs", "reason", "lacking"),
    [
        ("none", CRS, Reason.BOXED_WARNING_OF_LABEL, None),
        ("Cytokine release syndrome.", "", Reason.NO_BOXED_WARNING_IN_LABEL, None),
        ("Cytokine release syndrome.", CRS, Reason.OTHER_BOXED_WARNING, ["neurologic toxicity"]),
        ("Cytokine release syndrome and damage to nerves.", CRS, Reason.SAME_BOXED_WARNING, None),
        ("Damage to nerves.", "WARNING: NEUROTOXICITY AND THYMOMA It", Reason.OTHER_BOXED_WARNING, ["thymoma"]),
        ("Thymoma and nerves.", "WARNING: NEUROTOXICITY AND THYMOMA It", Reason.SAME_BOXED_WARNING, None),
        ("Liver damage.", "WARNING: HEPATOTOXICITY (ALSO KNOWN AS VOD) Keytruda", Reason.SAME_BOXED_WARNING, None),
        ("Liver damage.", "WARNINGS: SEVERE AND FATAL HEPATOTOXICITY KEYTRUDA can", Reason.SAME_BOXED_WARNING, None),
    ],
)
def test_a_boxed_warning_that_changed_in_a_label_is_a_finding(ours, theirs, reason, lacking):
    boxed("pembrolizumab", ours)
    label = files.label(effective_time="20261101", boxed_warning=[theirs])
    finding = boxed_warning_of(compare(files.answer(label, updated="2026-11-20")))
    assert (finding.reason, finding.proposal, finding.therapies) == (reason, None, ("pembrolizumab",))
    assert finding.arguments.get("lacking") == lacking


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        (
            "It can harm your liver and your bowel.",
            "WARNING: HEPATOTOXICITY Liver failure can occur.",
            {"surplus": ["bowel"]},
        ),
        (
            "It can harm your liver.",
            "WARNING: HEPATOTOXICITY Liver failure and fatal intestinal perforation can occur.",
            {"lacking": ["bowel"]},  # under the same heading
        ),
        ("It can harm your liver.", "WARNING: HEPATOTOXICITY Look for anaphylaxis.", {}),  # a symptom
        ("Keytruda can harm your liver. Keytruda Qlex can harm your bowel.", "WARNING: HEPATOTOXICITY It", {}),
    ],
)
def test_a_box_and_our_words_are_compared_both_ways(ours, theirs, told):
    boxed("pembrolizumab", ours)
    finding = boxed_warning_of(compare(files.answer(files.label(effective_time="20261101", boxed_warning=[theirs]))))
    assert {name: finding.arguments[name] for name in ("lacking", "surplus") if name in finding.arguments} == told
    assert (finding.reason == Reason.SAME_BOXED_WARNING) == (not told)


def test_a_heading_in_capitals_keeps_the_letter_of_a_hepatitis():
    said = "WARNING: FATAL INFUSION-RELATED REACTIONS and HEPATITIS B VIRUS REACTIVATION See full information."
    assert dangers.of_box(said, ()) == ["fatal infusion-related reactions", "hepatitis B virus reactivation"]


def test_a_boxed_warning_of_an_older_label_says_that_ours_is_newer():
    boxed("pembrolizumab", "none", told="2026-11-20")
    finding = boxed_warning_of(compare(files.answer(files.label(boxed_warning=[CRS]))))
    assert (finding.bucket, finding.reason) == (Bucket.CONFLICT, Reason.OLDER_THAN_OURS)
    assert finding.arguments == {"ours": "none", "our_date": "2026-11-20"}


def test_a_label_of_another_disease_or_form_has_warnings_of_its_own():
    boxed("pembrolizumab", "Cytokine release syndrome.")
    elsewhere = files.label(boxed_warning=[""], indications_and_usage=["for multiple sclerosis"])
    form = files.label(number="BLA761467", brand="Keytruda Qlex", boxed_warning=[""])
    assert [boxed_warning_of(compare(files.answer(label))) for label in (elsewhere, form)] == [None, None]


def test_words_that_changed_since_the_label_before_are_a_finding_until_somebody_answers(data_editor):
    boxed("pembrolizumab", "Cytokine release syndrome and damage to nerves.")
    first, later = (files.answer(files.label(boxed_warning=[words])) for words in (CRS, f"{CRS} Watch for two days."))
    assert boxed_warning_of(compare(later)).reason == Reason.SAME_BOXED_WARNING, "nothing was read before"
    keep(first, by=data_editor)
    assert boxed_warning_of(compare(first)).reason == Reason.SAME_BOXED_WARNING
    for _ in range(2):
        batch = keep(later, by=data_editor)
        row = batch.rows.get(claim__states="boxed-warning")
        assert (row.bucket, row.reason) == ("conflicts with ours", "boxed-warning-changed")
    actions.skip(batch, [row.pk], by=data_editor, because="Only the hours of watching changed.")
    assert boxed_warning_of(compare(later)).reason == Reason.SAME_BOXED_WARNING


def test_the_label_before_was_read_on_a_day_of_this_place(data_editor):
    boxed("pembrolizumab", "Cytokine release syndrome and damage to nerves.")
    first, later = (files.answer(files.label(boxed_warning=[words])) for words in (CRS, f"{CRS} Watch for two days."))
    evening = datetime.datetime(2026, 11, 2, 3, 30, tzinfo=datetime.UTC)  # 22:30 of November 1 in New York
    Batch.objects.filter(pk=keep(first, by=data_editor).pk).update(read_at=evening)
    assert boxed_warning_of(compare(later)).arguments["read_on"] == "2026-11-01"
