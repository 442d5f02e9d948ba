"""FDA's labels beside our uses: every use on a current label is accounted for, and what differs is told."""

import dataclasses
import datetime
import io
import json
import time
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.publishing import actions
from portal.publishing.models import Change
from therapies.compare.label_matching import matched
from therapies.compare.label_records import label_accounts
from therapies.compare.label_safety import OurSafety, Safety, safety_differences
from therapies.compare.label_uses import LabelTerms, LeftOut, NamedUse, OurUse, ReadLabel, account
from therapies.compare.ours import read_our_records
from therapies.compare.partners import same_partners
from therapies.desk import actions as desk_actions
from therapies.fda.label_section import uses_of
from therapies.fda.routes import routes_of
from therapies.models import DrugLabel, LabelledUse, UnlabelledUse

from .imports import keep

pytestmark = pytest.mark.slow

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


# The engine --------------------------------------------------------------------------------


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


# Reading a label by rule -------------------------------------------------------------------

SECTION = """1 INDICATIONS AND USAGE SAMPLIMAB is an antibody indicated for: melanoma ( 1.1 ) 1.1 Melanoma SAMPLIMAB,
as a single agent or in combination with ipilimumab, is indicated for the first-line treatment of adults and children
12 years and older with unresectable melanoma [see Clinical Studies (14.1) ]. SAMPLIMAB is indicated for the adjuvant
treatment of adults with melanoma. 1.2 Urothelial Cancer SAMPLIMAB, in combination with gemcitabine, is indicated for
adults with urothelial carcinoma whose tumors express PD-L1 who have received prior platinum. This indication is
approved under accelerated approval based on response rate. Limitations of Use SAMPLIMAB is not indicated for kidney
cancer. 1.3 Multiple Myeloma SAMPLIMAB is indicated for the treatment of adults with multiple myeloma: in combination
with lenalidomide in those who are newly diagnosed as monotherapy in those who have received three prior lines."""


@pytest.fixture
def vocabulary(db):
    return read_our_records().vocabulary


def test_each_use_of_a_section_is_read_and_nothing_of_its_summary_and_limits(vocabulary):
    found = uses_of(SECTION, ["Samplimab"], vocabulary)
    told = [(use.cancers, use.stage, use.partners, use.children, use.accelerated) for use in found]
    assert told == [
        (("melanoma",), "first", (), True, False),
        (("melanoma",), "first", ("ipilimumab",), True, False),
        (("melanoma",), "surgery", (), False, False),
        (("urothelial-carcinoma",), "later", ("gemcitabine",), False, True),
        (("multiple-myeloma",), "first", ("lenalidomide",), False, False),
        (("multiple-myeloma",), "later", (), False, False),
    ]
    assert found[3].biomarkers == ("pd-l1",)


@pytest.mark.parametrize("hostile", ["(", "[see ", "X, in combination with ", "1.1 A ", "X is indicated for: ", "a, "])
def test_a_section_of_nonsense_costs_no_more_than_its_length(hostile, vocabulary):
    def seconds(times: int) -> float:
        started = time.process_time()
        assert [use for use in uses_of(hostile * times, ["X"], vocabulary) if use.cancers] == []
        return time.process_time() - started

    assert seconds(4000) < 8 * seconds(1000) + 0.1


def answer(*, effective="20261001", section=SECTION) -> bytes:
    known = {"application_number": ["BLA125514"], "brand_name": ["KEYTRUDA"], "generic_name": ["PEMBROLIZUMAB"]}
    known["route"] = ["INTRAVENOUS", "SUBCUTANEOUS"]
    label = {"set_id": "a-set", "version": "1", "effective_time": effective, "openfda": known}
    label["boxed_warning"] = ["WARNING: HEPATOTOXICITY and COLITIS Liver failure can occur."]
    return json.dumps({"results": [label | {"indications_and_usage": [section]}]}).encode()


@pytest.mark.django_db
def test_a_newer_label_in_a_file_opens_it_again_until_its_reading_is_confirmed(data_editor, second_data_editor):
    batch = keep(answer(), by=data_editor, name="label.json")
    assert [one.label.name for one in label_accounts() if one.open] == ["Keytruda"]
    done = desk_actions.accept(batch, bucket="new date", by=data_editor)
    assert done.told == []
    leader = Change.objects.pending().to(DrugLabel).get()
    assert leader.after["effective"] == "2026-10-01" and len(leader.group()) == 7
    actions.confirm(leader, by=second_data_editor)
    read = DrugLabel.objects.get(set_id="a-set")
    assert [use.stage for use in read.uses.all()] == ["first", "first", "surgery", "later", "first", "later"]
    assert [use.position for use in read.uses.all()] == [0, 1, 2, 3, 4, 5], "in the order of the label"
    assert read.uses.first().uses.exists() and read.uses.all()[3].accelerated
    assert (read.boxed_warning, read.route) == ("hepatotoxicity; colitis", "intravenous; subcutaneous")
    account = next(one for one in label_accounts() if one.label.key == read.pk)
    assert [one.field for one in account.safety] == ["boxed warning", "route"]


@pytest.mark.django_db
def test_whoever_confirms_a_label_is_told_which_of_our_uses_it_leaves_out(data_editor, second_data_editor, desk):
    batch = keep(answer(), by=data_editor, name="label.json")
    desk_actions.accept(batch, bucket="new date", by=data_editor)
    leader = Change.objects.pending().to(DrugLabel).get()
    (lacking,) = [line for line in leader.warnings.splitlines() if line.startswith("We found no line")]
    assert "uses of ours still approved: " in lacking and "First treatment of advanced renal cell carcinoma" in lacking
    assert "We found no line of this label" in desk(second_data_editor).get(leader.get_absolute_url()).content.decode()
    before = Client().get("/therapies/pembrolizumab/").content
    actions.confirm(leader, by=second_data_editor)
    assert Client().get("/therapies/pembrolizumab/").content == before, "a label ends no use"
    assert "match our uses in full" in desk(data_editor).get("/desk/").content.decode()


@pytest.mark.django_db
def test_the_command_reads_labels_of_files_by_rule_and_refuses_what_is_none(tmp_path, capsys):
    (tmp_path / "label.json").write_bytes(answer())
    (tmp_path / "other.json").write_text('{"results": []}')
    printed = io.StringIO()
    call_command("label_check", str(tmp_path / "label.json"), stdout=printed)
    assert "Keytruda, pembrolizumab, label of October 1, 2026" in printed.getvalue()
    assert "boxed warning: ours none; label hepatotoxicity; colitis" in printed.getvalue()
    assert "Not read by rule: side effects." in printed.getvalue()
    assert "Not in our data" in printed.getvalue() and "0 of 1 current labels" in printed.getvalue()
    with pytest.raises(CommandError, match="results"):
        call_command("label_check", str(tmp_path / "other.json"))


@pytest.mark.django_db
def test_why_a_label_left_a_use_out_holds_for_its_next_version(tmp_path):
    file = json.loads(answer())
    darzalex = DrugLabel.objects.get(brand="Darzalex")
    told = {"application_number": ["BLA761036"], "brand_name": ["DARZALEX"], "generic_name": ["DARATUMUMAB"]}
    section = "1 INDICATIONS AND USAGE DARZALEX is indicated for adults with multiple myeloma."
    file["results"][0] |= {"set_id": darzalex.set_id, "indications_and_usage": [section], "openfda": told}
    (tmp_path / "label.json").write_text(json.dumps(file))
    printed = io.StringIO()
    call_command("label_check", str(tmp_path / "label.json"), stdout=printed)
    assert "Not on the label" in printed.getvalue() and "smoldering" not in printed.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"effective_time": "20269999"}, "line 1: "),  # as the reader says it
        ({"effective_time": ""}, "line 1: this label has no day."),
        ({"set_id": "", "indications_and_usage": []}, "line 1: this label has no set id and no section 1."),
    ],
)
def test_the_command_says_which_labels_it_could_not_read_and_counts_them(tmp_path, changed, told):
    file = json.loads(answer())
    file["results"][0] |= changed
    (tmp_path / "label.json").write_text(json.dumps(file))
    printed, complained = io.StringIO(), io.StringIO()
    call_command("label_check", str(tmp_path / "label.json"), stdout=printed, stderr=complained)
    assert told in complained.getvalue() and "no label of one" not in complained.getvalue()
    assert printed.getvalue() == "0 of 0 current labels accounted for. 1 could not be read.\n"


# The shipped labels ------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_label_that_came_with_the_software_is_accounted_for():
    accounts = label_accounts()
    assert len(accounts) >= 43
    assert [
        (one.label.name, one.without_use, one.differing, one.without_row, one.safety) for one in accounts if one.open
    ] == []


@pytest.mark.django_db
def test_the_command_prints_how_many_labels_are_accounted_for_and_what_is_open():
    row = LabelledUse.objects.get(label__brand="Keytruda", uses__code="pleural-mesothelioma--first-line-with-chemo")
    LabelledUse.objects.filter(pk=row.pk).update(stage="later")
    printed = io.StringIO()
    call_command("label_check", stdout=printed)
    told, total = printed.getvalue(), DrugLabel.objects.count()
    assert f"{total - 1} of {total} current labels accounted for." in told
    assert "stage: ours first; label later" in told


@pytest.mark.django_db
def test_readers_see_how_many_labels_are_accounted_for(client):
    total = DrugLabel.objects.count()
    assert (
        f"{total} of {total} labels that we hold are accounted for" in client.get("/about/freshness/").content.decode()
    )


@pytest.mark.django_db
def test_a_reason_for_what_a_label_leaves_out_waits_for_a_second_person(desk, data_editor, second_data_editor):
    label = DrugLabel.objects.get(brand="Monjuvi")
    told = UnlabelledUse.objects.get(label=label)
    use = told.use
    told.delete()
    client: Client = desk(data_editor)
    assert "no reason on record" in client.get(f"/desk/labels/{label.pk}/").content.decode()
    address = f"/desk/labels/{label.pk}/without/{use.pk}/"
    client.post(address, {"reason": "old-text", "note": "The copy carries the text of 2020."})
    change = Change.objects.pending().to(UnlabelledUse).get()
    assert [one.label.name for one in label_accounts() if one.open] == ["Monjuvi"]
    actions.confirm(change, by=second_data_editor)
    assert not [one for one in label_accounts() if one.open]


@pytest.mark.django_db
def test_the_desk_lists_the_labels_with_something_open_first(desk, data_editor, django_assert_max_num_queries):
    LabelledUse.objects.filter(label__brand="Yervoy").update(children=False)
    client: Client = desk(data_editor)
    client.get("/desk/labels/")
    with django_assert_max_num_queries(30):
        page = client.get("/desk/labels/")
    assert page.context["rows"][0][0].brand == "Yervoy"
    shown = client.get(page.context["rows"][0][0].get_absolute_url()).content.decode()
    assert "Children" in shown and "ours yes; label no" in shown


@pytest.mark.django_db
def test_a_label_shows_what_is_pending_of_it_and_of_its_uses_however_much_is_pending_elsewhere(
    desk, data_editor, django_assert_num_queries
):
    label, other_label = DrugLabel.objects.filter(uses__isnull=False).distinct()[:2]
    left_out = UnlabelledUse.objects.exclude(label__in=[label, other_label]).first()
    client: Client = desk(data_editor)
    told: dict[str, Any] = {"by": data_editor, "because": "Read once more."}

    def propose(label: DrugLabel) -> list[Change]:
        added = {"label": label, "setting": "A use that was overlooked"}
        return [
            actions.propose_change(label, {"note": "Read once more."}, **told),
            actions.propose_change(label.uses.first(), {"note": "Read once more."}, **told),
            actions.propose_new(LabelledUse, added, **told),
            actions.propose_new(UnlabelledUse, {"label": label, "use": left_out.use, "reason": "old-text"}, **told),
        ]

    of_it = propose(label)
    address = label.get_absolute_url()
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert list(client.get(address).context["pending"]) == of_it
    propose(other_label)
    actions.propose_change(left_out, {"note": "Read once more."}, **told)
    with django_assert_num_queries(len(asked)):
        assert list(client.get(address).context["pending"]) == of_it
