"""FDA's labels beside our uses: every use on a current label is accounted for, and what differs is told."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.publishing import actions, moments
from portal.publishing.models import Change
from therapies.compare.label_records import label_accounts
from therapies.compare.ours import read_our_records
from therapies.desk import actions as desk_actions
from therapies.fda.label_section import uses_of
from therapies.models import DrugLabel, LabelledUse, UnlabelledUse

from . import fda_files
from .imports import keep
from .machine import steps_in_the_time_of

pytestmark = pytest.mark.slow

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


HOSTILE = [
    "(",
    "[see ",
    "X, in combination with ",
    "1.1 A ",
    "X is indicated for: ",
    "a, ",
    "- ",
    ". a as monotherapy ",
]
HOSTILE += ["X is indicated for • pain • in combination with ", "X is indicated for them who are or have received "]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_section_of_nonsense_costs_no_more_than_its_length(hostile, vocabulary):
    def steps(times: int) -> float:
        assert [use for use in uses_of(hostile * times, ["X"], vocabulary) if use.cancers] == []
        return steps_in_the_time_of(lambda: uses_of(hostile * times, ["X"], vocabulary))

    assert steps(4000) < 8 * steps(1000) + 10


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
    for sent in ({}, {"do": "accept-all", "bucket": "new date"}):
        shown = desk(data_editor).post(batch.get_absolute_url(), sent).content.decode()
        assert "We found no line of this label for" in shown
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
def test_the_label_of_a_product_of_two_of_our_therapies_is_held_against_the_uses_of_the_first_it_names(tmp_path):
    name = "PERTUZUMAB, TRASTUZUMAB, AND HYALURONIDASE-ZZXF"
    (tmp_path / "label.json").write_bytes(fda_files.answer(fda_files.label("BLA761170", "Phesgo", name)))
    printed = io.StringIO()
    call_command("label_check", str(tmp_path / "label.json"), stdout=printed)
    assert "Phesgo, pertuzumab" in printed.getvalue() and "trastuzumab, label" not in printed.getvalue()


@pytest.mark.django_db
def test_the_other_therapies_of_a_product_are_partners_in_each_of_its_uses(tmp_path):
    section = (
        "1 INDICATIONS AND USAGE PHESGO is indicated for use in combination with docetaxel for the treatment of adults "
    )
    section += (
        "with HER2-positive metastatic breast cancer who have not received prior chemotherapy for metastatic disease."
    )
    name = "PERTUZUMAB, TRASTUZUMAB, AND HYALURONIDASE-ZZXF"
    told = fda_files.label("BLA761170", "Phesgo", name, indications_and_usage=[section])
    (tmp_path / "label.json").write_bytes(fda_files.answer(told))
    printed = io.StringIO()
    call_command("label_check", str(tmp_path / "label.json"), stdout=printed)
    assert "partners:" not in printed.getvalue() and "Not in our data" not in printed.getvalue()


@pytest.mark.django_db
def test_what_prevents_several_cancers_is_a_use_for_each_of_them(tmp_path):
    section = (
        "1 INDICATIONS AND USAGE GARDASIL is a vaccine indicated in girls and women 9 through 26 years of age for the "
    )
    section += "prevention of the following: Cervical, vulvar, vaginal, and anal cancer caused by HPV types 16 and 18."
    told = fda_files.label("BLA125126", "Gardasil", "HUMAN PAPILLOMAVIRUS QUADRIVALENT VACCINE")
    (tmp_path / "label.json").write_bytes(fda_files.answer(told | {"indications_and_usage": [section]}))
    printed = io.StringIO()
    call_command("label_check", str(tmp_path / "label.json"), stdout=printed)
    assert "Gardasil" in printed.getvalue() and "Not" not in printed.getvalue().replace("Not read by rule", "")
    (tmp_path / "label.json").write_bytes(
        fda_files.answer(told | {"indications_and_usage": [section.replace(", vulvar, vaginal,", "")]})
    )
    call_command("label_check", str(tmp_path / "label.json"), stdout=printed)
    assert printed.getvalue().count("Not on the label") == 2


@pytest.mark.django_db
def test_the_next_version_of_a_label_is_of_the_same_form_and_a_label_told_twice_counts_once(tmp_path):
    kesimpta = DrugLabel.objects.get(brand="Kesimpta")
    section = "1 INDICATIONS AND USAGE KESIMPTA is indicated for adults with relapsing forms of multiple sclerosis."
    told = fda_files.label("BLA125326", "Kesimpta", "OFATUMUMAB", set_id=kesimpta.set_id, effective_time="20261001")
    told["indications_and_usage"] = [section]
    (tmp_path / "label.json").write_bytes(fda_files.answer(told, told))
    printed, complained = io.StringIO(), io.StringIO()
    call_command("label_check", str(tmp_path / "label.json"), stdout=printed, stderr=complained)
    assert "Not on the label" not in printed.getvalue(), "a form for another disease names no use against cancer"
    assert "Kesimpta, label of October 1, 2026, again: it counts once." in complained.getvalue()
    assert printed.getvalue().endswith("1 of 1 current labels accounted for.\n")


@pytest.mark.django_db
def test_a_list_of_side_effects_in_a_disease_that_is_no_cancer_is_not_held_against_ours(tmp_path):
    told = fda_files.label("BLA103705", "Rituxan", "RITUXIMAB")
    told["indications_and_usage"] = ["1 INDICATIONS AND USAGE RITUXAN is indicated for adults with CD20-positive CLL."]
    lists = "• CLL (≥25%): infusion-related reactions and neutropenia. • PV (≥15%): depression and hiccups."
    told["adverse_reactions"] = [f"6 Most common adverse reactions in clinical trials were: {lists}"]
    (tmp_path / "label.json").write_bytes(fda_files.answer(told))
    printed = io.StringIO()
    call_command("label_check", str(tmp_path / "label.json"), stdout=printed)
    assert "Rituxan" in printed.getvalue() and "hiccups" not in printed.getvalue()


@pytest.mark.django_db
def test_why_a_label_left_a_use_out_holds_for_its_next_version(tmp_path):
    file = json.loads(answer())
    darzalex = DrugLabel.objects.get(brand="Darzalex")
    told = {"application_number": ["BLA761036"], "brand_name": ["DARZALEX"], "generic_name": ["DARATUMUMAB"]}
    section = "1 INDICATIONS AND USAGE DARZALEX is indicated for adults with multiple myeloma."
    file["results"][0] |= {"set_id": darzalex.set_id, "indications_and_usage": [section], "openfda": told}
    listed = (
        "neuropathy, infusion reactions, neutropenia, respiratory infection, diarrhea, constipation, fatigue, hiccups"
    )
    file["results"][0]["adverse_reactions"] = [f"6 The most common adverse reactions (≥10%) are {listed}. ( 6.1 )"]
    (tmp_path / "label.json").write_text(json.dumps(file))
    printed = io.StringIO()
    call_command("label_check", str(tmp_path / "label.json"), stdout=printed)
    assert "Not on the label" in printed.getvalue() and "smoldering" not in printed.getvalue()
    told = "threshold of side effects: ours 20% or more in the version on record; label 10% or more"
    assert told in printed.getvalue() and "names besides ours: hiccups." in printed.getvalue()
    assert "side effects: ours not in the version on record; label hiccups" in printed.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "differs"), [("20230131", True), ("20230215", False), ("20230301", False)])
def test_what_is_known_by_its_month_may_stand_on_a_label_of_that_month(tmp_path, day, differs):
    """FDA added children in February 2023, and no day of it is known."""
    section = (
        "1 INDICATIONS AND USAGE YERVOY is indicated for the treatment of adult and pediatric patients 12 years and "
    )
    section += "older with unresectable or metastatic melanoma, in combination with nivolumab."
    told = fda_files.label("BLA125377", "Yervoy", "IPILIMUMAB", effective_time=day, indications_and_usage=[section])
    (tmp_path / "label.json").write_bytes(fda_files.answer(told))
    printed = io.StringIO()
    call_command("label_check", str(tmp_path / "label.json"), stdout=printed)
    assert ("children: ours no; label yes" in printed.getvalue()) is differs


@pytest.mark.django_db
def test_the_command_says_of_a_version_that_it_is_older_than_the_one_on_record(tmp_path):
    file, keytruda = json.loads(answer(effective="20200101")), DrugLabel.objects.get(brand="Keytruda")
    file["results"][0]["set_id"] = keytruda.set_id
    (tmp_path / "label.json").write_text(json.dumps(file))
    printed = io.StringIO()
    call_command("label_check", str(tmp_path / "label.json"), stdout=printed)
    assert f"Older than the version on record, of {moments.day(keytruda.effective)}" in printed.getvalue()
    assert "boxed warning" not in printed.getvalue() and "besides ours" not in printed.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"effective_time": "20269999"}, "line 1, effective_time: "),  # as the reader says it
        ({"effective_time": ""}, "line 1: this label has no day."),
        ({"boxed_warning": {"text": "WARNING"}}, "line 1, boxed_warning: Text was expected here."),
        ({"indications_and_usage": [["1 INDICATIONS"]]}, "line 1, indications_and_usage: Text was expected here."),
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
    assert len(accounts) >= 54
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
    screen = desk(second_data_editor).get(change.get_absolute_url()).content.decode()
    assert "No public page shows it" not in screen and "<h4>FDA’s labels</h4>" in screen, "readers see the number"
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
