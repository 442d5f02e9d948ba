"""A label's rows held against our uses, and its warnings and routes: the engine alone, without a database."""

import dataclasses
import datetime
from typing import Any

import pytest

from therapies.compare.label_matching import matched
from therapies.compare.label_safety import OurSafety, Safety, besides, changed, safety_differences
from therapies.compare.label_uses import LabelDifference, LabelTerms, LeftOut, NamedUse, OurUse, ReadLabel, account
from therapies.compare.label_versions import superseded, with_accepted
from therapies.compare.partners import same_partners
from therapies.fda.routes import routes_of

TERMS = LabelTerms(
    frozenset({"melanoma"}), "first", frozenset({"pd-l1"}), ("ipilimumab",), children=True, accelerated=False
)
TODAY = datetime.date(2026, 11, 29)
USE = OurUse(7, "Unresectable melanoma", TERMS, datetime.date(2016, 1, 23), in_force=True)
NAMED = NamedUse("Melanoma that cannot be removed", TERMS, (7,))


def label(*uses: NamedUse, **told: Any) -> ReadLabel:
    day, scope = told.pop("effective", datetime.date(2026, 4, 6)), told.pop("scope", "whole")
    return ReadLabel("Opdivo", "nivolumab", day, scope, uses, **told)


def always(uses: list[OurUse]) -> Any:
    """Uses that never changed."""
    return lambda day: uses


def other(**terms: Any) -> NamedUse:
    return dataclasses.replace(NAMED, terms=dataclasses.replace(TERMS, **terms))


def test_a_label_that_says_what_we_say_is_accounted_for():
    (found,) = account([label(NAMED)], always([USE]), TODAY)
    assert found.is_complete and not found.left_out


@pytest.mark.parametrize(
    ("field", "terms"),
    [
        ("cancer", {"cancers": frozenset({"kidney-cancer"})}),
        ("stage", {"stage": "later"}),
        ("biomarkers", {"biomarkers": frozenset()}),
        ("partners", {"partners": ()}),
        ("children", {"children": False}),
        ("accelerated", {"accelerated": True}),
    ],
)
def test_each_field_that_differs_is_told_until_a_person_accepts_it(field, terms):
    named = other(**terms)
    (found,) = account([label(named)], always([USE]), TODAY)
    assert [one.field for one in found.differing[0].open] == [field]
    assert not found.is_complete
    (accepted,) = account([label(dataclasses.replace(named, accepted=frozenset({field})))], always([USE]), TODAY)
    assert accepted.is_complete


def test_a_label_is_held_against_the_terms_of_its_own_day():
    """FDA narrowed the use after the version at hand, which rightly says nothing of it."""
    narrowed = dataclasses.replace(USE, terms=dataclasses.replace(TERMS, biomarkers=frozenset({"pd-l1", "her2"})))
    found = account([label(NAMED)], lambda day: [USE if day == label().effective else narrowed], TODAY)
    assert found[0].is_complete
    newer = dataclasses.replace(label(NAMED), effective=TODAY)
    assert [one.field for one in account([newer], always([narrowed]), TODAY)[0].differing[0].open] == ["biomarkers"]


def test_a_use_on_the_label_that_is_none_of_ours_is_missing_unless_it_is_outside_our_scope():
    alone = dataclasses.replace(NAMED, uses=())
    assert account([label(alone)], always([]), TODAY)[0].without_use
    assert account([label(dataclasses.replace(alone, outside="not-cancer"))], always([]), TODAY)[0].is_complete


def test_a_use_that_ended_is_told_where_the_label_still_names_it():
    ended = dataclasses.replace(USE, in_force=False)
    assert account([label(NAMED)], always([ended]), TODAY)[0].differing[0].open[0].field == "ended"


@pytest.mark.parametrize(
    ("reason", "use", "told"),
    [
        ("", USE, {}),
        (LeftOut.LATER, dataclasses.replace(USE, since=datetime.date(2026, 5, 1)), {}),
        (LeftOut.PARTNER_LABEL, dataclasses.replace(USE, partner_label=True), {}),
        (LeftOut.BIOSIMILAR, USE, {"scope": "biosimilar"}),
        (LeftOut.FORM, USE, {"scope": "form"}),
        ("old-text", USE, {"told": {7: "old-text"}}),
    ],
)
def test_a_use_that_the_label_leaves_out_needs_a_reason(reason, use, told):
    (found,) = account([label(**told)], always([use]), TODAY)
    assert found.left_out == ((use, reason),)
    assert found.is_complete == bool(reason)


@pytest.mark.parametrize(
    ("another", "excuses"),
    [
        ({}, True),
        ({"effective": datetime.date(2026, 4, 1)}, False),  # it may have lost the use since
        ({"scope": "form"}, False),
        ({"scope": "biosimilar"}, False),
    ],
)
def test_another_label_of_the_drug_itself_excuses_what_is_missing_unless_it_is_older(another, excuses):
    whole, other = account([label(), label(NAMED, **another)], always([USE]), TODAY)
    assert whole.left_out == ((USE, LeftOut.ANOTHER_LABEL if excuses else ""),)
    assert whole.is_complete == excuses and other.is_complete


def test_one_line_of_the_label_may_be_two_uses_of_ours():
    first, later = USE, dataclasses.replace(USE, key=8, terms=dataclasses.replace(TERMS, stage="later"))
    named = dataclasses.replace(other(stage="any"), uses=(7, 8))
    assert account([label(named)], always([first, later]), TODAY)[0].is_complete


def test_a_newer_version_opens_a_label_again():
    newer = label(NAMED, has_newer=datetime.date(2026, 9, 1))
    assert not account([newer], always([USE]), TODAY)[0].is_complete


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (("chemotherapy",), ("doxorubicin", "cyclophosphamide", "paclitaxel or docetaxel"), True),
        (("chemotherapy",), (), False),
        (("lenalidomide", "dexamethasone"), ("dexamethasone", "lenalidomide"), True),
        (("bortezomib", "dexamethasone"), ("lenalidomide", "dexamethasone"), False),
        (("a rituximab product", "chemotherapy"), ("rituximab", "platinum-based chemotherapy"), True),
        (("nivolumab", "chemotherapy"), ("carboplatin", "pemetrexed"), False),
        (("platinum-based chemotherapy",), ("carboplatin and paclitaxel",), True),
        (("fluoropyrimidine- and platinum-based chemotherapy",), ("fluorouracil", "cisplatin"), True),
        (("chemotherapy",), ("platinum-based chemotherapy",), True),
        (("pemetrexed", "platinum"), ("carboplatin", "paclitaxel"), False),
        (("platinum",), ("docetaxel",), False),
        (("venetoclax", "chemotherapy"), ("chemotherapy",), False),
        (("GM-CSF", "chemotherapy"), ("chemotherapy",), False),
        (("letrozole",), ("chemotherapy",), False),
        (("sargramostim", "isotretinoin"), ("GM-CSF", "13-cis-retinoic acid (RA)"), True),
        (("CHOP",), ("cyclophosphamide", "doxorubicin", "vincristine", "prednisone"), True),
        (("fluorouracil", "platinum"), ("platinum-based therapy with fluorouracil",), True),
        (("interferon alfa",), ("interferon-alfa",), True),
        (("pembrolizumab",), ("pembrolizumab or pembrolizumab and berahyaluronidase alfa-pmph",), True),
    ],
)
def test_a_word_for_chemotherapy_answers_for_its_drugs_and_for_nothing_else(ours, theirs, same):
    assert same_partners(ours, theirs) is same


def test_each_use_on_a_label_finds_its_own_among_ours():
    later = dataclasses.replace(USE, key=8, terms=dataclasses.replace(TERMS, stage="later", partners=()))
    kidney = dataclasses.replace(USE, key=9, terms=dataclasses.replace(TERMS, cancers=frozenset({"kidney-cancer"})))
    named = [("After other treatment", later.terms), ("First", TERMS), ("Bladder", other(cancers=frozenset()).terms)]
    assert [[use.key for use in one] for one in matched(named, [USE, later, kidney])] == [[8], [7], []]


def test_a_second_line_for_one_use_of_ours_is_at_its_point_of_treatment():
    """Herceptin has three lines for treatment after surgery, one of them alone, and one alone for what spread."""
    surgery = dataclasses.replace(USE, key=8, terms=dataclasses.replace(TERMS, stage="surgery"))
    later = dataclasses.replace(USE, key=9, terms=dataclasses.replace(TERMS, stage="later", partners=()))
    alone = dataclasses.replace(TERMS, stage="surgery", partners=())
    named = [("Adjuvant, with ipilimumab", surgery.terms), ("Adjuvant, alone", alone), ("Alone", later.terms)]
    assert [[use.key for use in one] for one in matched(named, [surgery, later])] == [[8], [8], [9]]


def test_one_line_stands_for_adults_and_children_and_for_the_points_of_treatment_that_it_names():
    adults = dataclasses.replace(USE, key=8, terms=dataclasses.replace(TERMS, children=False))
    later = dataclasses.replace(USE, key=9, terms=dataclasses.replace(TERMS, stage="later"))
    surgery = dataclasses.replace(USE, key=10, terms=dataclasses.replace(TERMS, stage="surgery"))
    named = [("Newly diagnosed, and relapsed or refractory melanoma", TERMS)]
    assert [[use.key for use in one] for one in matched(named, [USE, adults, later, surgery])] == [[7, 8, 9]]


def test_a_line_without_a_test_stands_for_a_use_of_ours_that_asks_for_one_and_no_other_does():
    tested, every = USE, dataclasses.replace(USE, key=8, terms=dataclasses.replace(TERMS, biomarkers=frozenset()))
    assert [[use.key for use in one] for one in matched([("All", every.terms)], [tested, every])] == [[8, 7]]
    assert [[use.key for use in one] for one in matched([("PD-L1", TERMS)], [tested, every])] == [[7]]


BOXED = Safety(("Serious infections.",), ("fever", "tiredness"), ("intravenous infusion",))


def differing(ours: Safety, theirs: Safety, scope: str = "whole", brands: tuple[str, ...] = ()) -> list[str]:
    return [one.field for one in safety_differences(OurSafety(ours, frozenset(brands)), theirs, "Opdivo", scope)]


@pytest.mark.parametrize(
    ("field", "theirs"),
    [
        ("boxed warning", Safety((), ("fever", "fatigue"), ("intravenous infusion",))),
        ("boxed warning", Safety(("infections", "liver damage"), ("fever", "fatigue"), ("intravenous infusion",))),
        ("side effects", Safety(("severe infections",), ("20% or more: tiredness, rash",), ("intravenous infusion",))),
        ("boxed warning", Safety(("fatal reactions",), ("fever", "fatigue"), ("intravenous",))),  # infections are gone
        ("route", Safety(("severe infections",), ("fever, tiredness",), ("subcutaneous injection",))),
        ("route", Safety(("severe infections",), ("fever, tiredness",), ("intravenous", "intravesical"))),
    ],
)
def test_a_box_a_side_effect_or_a_route_that_differs_is_told(field, theirs):
    assert {*differing(BOXED, theirs)} == {field}


def test_a_form_may_lack_a_box_but_no_box_may_lack_in_our_facts():
    none = Safety((), None, None)
    assert not differing(BOXED, none, "form")
    assert differing(none, BOXED, "form") == ["boxed warning"]


def test_what_we_say_of_another_brand_is_not_asked_of_a_label():
    ours = Safety(
        ("Opdivo Qvantig can harm your liver. It can be fatal.",),
        None,
        ("intravenous", "under the skin (Opdivo Qvantig)"),
    )
    label = Safety((), None, ("intravenous",))
    assert not differing(ours, label, brands=("Opdivo", "Opdivo Qvantig"))
    assert differing(ours, label, brands=("Opdivo",)) == ["boxed warning", "route"]


@pytest.mark.parametrize(
    ("filed", "pack", "dosage", "routes"),
    [
        (["INTRAVENOUS"], "", "", ("intravenous",)),
        ([], "For Intravenous Infusion Only", "Inject it subcutaneously", ("intravenous",)),
        ([], "", "Administer it intravenously over one hour", ("intravenous",)),
        ([], "", "Inject it subcutaneously after dexamethasone intravenously", ()),  # which is whose?
        ([], "", "", ()),
    ],
)
def test_how_a_drug_is_given_is_read_where_the_label_is_sure(filed, pack, dosage, routes):
    assert routes_of(filed, lambda: (pack, dosage)) == routes


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("20% or more: fatigue, pyrexia", []),
        ("10% or more: fatigue, pyrexia", ["threshold of side effects"]),
        ("20% or more, alone: fatigue, pyrexia, dyspnea", ["side effects"]),
        ("30% or more, with axitinib: fatigue", []),  # of a regimen that the one on record is not of
    ],
)
def test_a_newer_list_of_side_effects_is_held_against_the_one_on_record(now, told):
    before = ("20% or more: tiredness, fever", "20% or more, with axitinib: diarrhea")
    assert [one.field for one in changed(before, (now,), OurSafety(BOXED))] == told


def test_what_lists_name_besides_ours_is_told_of_the_drug_by_itself_and_what_none_of_them_names():
    assert besides(OurSafety(BOXED), ("20% or more: pyrexia, asthenia, pruritus",)) == ("pruritus",)
    alone, together = "20% or more, alone: asthenia, pruritus", "20% or more, with axitinib: fever, diarrhea"
    assert besides(OurSafety(BOXED), (alone, together)) == ("pruritus",)
    assert differing(BOXED, dataclasses.replace(BOXED, common=(alone,))) == ["side effects"]
    assert not differing(BOXED, dataclasses.replace(BOXED, common=(alone, together)))
    tests = dataclasses.replace(BOXED, common=("tiredness", "low platelets"))
    assert not differing(tests, dataclasses.replace(BOXED, common=(alone,))), "tests are often listed apart"


# One version beside the one on record -------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "terms", "other_terms"),
    [
        ("stage", {"stage": "later"}, {"stage": "surgery"}),
        ("partners", {"partners": ("chemotherapy",)}, {"partners": ("axitinib",)}),
        ("biomarkers", {"biomarkers": frozenset()}, {"biomarkers": frozenset({"her2"})}),
    ],
)
def test_what_was_accepted_of_the_version_on_record_holds_for_another_that_says_the_same(field, terms, other_terms):
    known = label(dataclasses.replace(other(**terms), accepted=frozenset({field})))

    def counts(newer: NamedUse, ours: OurUse = USE) -> bool:
        (found,) = account([with_accepted(label(newer, effective=TODAY), known)], always([ours]), TODAY)
        return not found.is_complete

    assert not counts(other(**terms))
    assert counts(other(**other_terms)), "the label says something else now"
    another = dataclasses.replace(USE, key=8)
    assert counts(dataclasses.replace(other(**terms), uses=(8,)), another), "of a use that was not the one"


def test_a_version_before_the_one_on_record_says_nothing_of_todays_warnings():
    known = label(NAMED, told={9: "old-text"})
    box = safety_differences(OurSafety(BOXED), dataclasses.replace(BOXED, boxed=()), "Opdivo", "whole")
    before = label(NAMED, effective=datetime.date(2020, 1, 1), safety=tuple(box))
    assert before.safety
    read = superseded(before, known)
    assert (read.safety, read.superseded, read.told) == ((), known.effective, {9: "old-text"})


def test_a_label_of_which_no_use_could_be_read_is_not_accounted_for():
    assert not account([label(unread=("uses",))], always([]), TODAY)[0].is_complete
    assert account([label(unread=("route",))], always([]), TODAY)[0].is_complete


def test_what_was_accepted_of_a_warning_holds_where_ours_still_differs_in_the_same_way():
    box = LabelDifference("boxed warning", "Serious infections.", "none")
    known, newer = label(NAMED, safety=(box,), accepted=frozenset({box.field})), label(NAMED, effective=TODAY)
    same, other_box = (dataclasses.replace(box, label="infections"), dataclasses.replace(box, ours="Deaths."))

    def counts(difference: LabelDifference) -> int:
        return len(
            account([with_accepted(dataclasses.replace(newer, safety=(difference,)), known)], always([USE]), TODAY)[
                0
            ].safety
        )

    assert (counts(same), counts(other_box)) == (0, 1)


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (("chemotherapy, with or without bevacizumab",), ("chemotherapy", "with or without bevacizumab"), True),
        (("radiation after surgery, with or without cisplatin",), ("radiotherapy with or without cisplatin",), True),
        (("chemotherapy, with or without bevacizumab",), ("chemotherapy", "bevacizumab"), False),
        (("chemotherapy, with or without bevacizumab",), ("chemotherapy",), False),
    ],
)
def test_what_may_be_left_out_of_a_regimen_is_no_part_that_must_be_given(ours, theirs, same):
    assert same_partners(ours, theirs) is same
