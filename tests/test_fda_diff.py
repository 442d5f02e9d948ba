"""What a file of FDA's says beside what we record: the buckets, their rules, and the command that prints them."""

import hashlib
import io
import json

import pytest
from django.core.management import call_command
from django.db import connection

from tests import fda_files as files
from tests.test_fda_hostile import rows_of_ours
from tests.test_fda_readers import TODAY, old_approval
from therapies.desk import diff, ours, rules
from therapies.fda import recognise
from therapies.management.commands import fda_diff
from therapies.models import Therapy, TherapyFact

pytestmark = pytest.mark.django_db


@pytest.fixture
def compare():
    def run(data):
        return diff.compare(recognise.open_file(io.BytesIO(data), TODAY), ours.read())

    return run


def found(result, bucket):
    return [finding.what for finding in result.findings if finding.bucket == bucket]


def why(result, bucket):
    return [finding.why for finding in result.findings if finding.bucket == bucket]


# Matching ----------------------------------------------------------------------------------------


def test_a_therapy_is_matched_by_its_application_number_whatever_its_name(compare):
    result = compare(files.purple_book(files.keytruda(name="another name", brand="Keytruda")))
    said = {"applications": ["BLA125514"], "first_approval": "2014-09-04", "status": "Rx"}
    assert result.matched == {"pembrolizumab": said}
    assert result.buckets == dict.fromkeys(diff.BUCKETS, 0) | {"agrees": 3}


def test_an_nda_and_a_bla_are_one_therapy_and_the_kind_counts(compare):
    rows = [
        old_approval(),
        old_approval(**{"NDA/BLA": "BLA", "Proprietary  Name": "", "Active Ingredient/Moiety": "water"}),
    ]
    result = compare(files.table(files.COMPILATION, rows))
    assert result.matched["gemtuzumab-ozogamicin"]["applications"] == ["NDA021174"]
    assert found(result, "not ours") == ["BLA021174 water"]


def test_one_application_may_hold_several_brands_and_an_unknown_one_is_proposed(compare):
    rows = [
        files.product(number="103948", brand=b, name="alemtuzumab", approved="7-May-01")
        for b in ("Campath", "Lemtrada")
    ]
    result = compare(files.purple_book(*rows))
    assert found(result, "new application or form") == ["BLA103948 Lemtrada (alemtuzumab)"]
    assert list(result.matched) == ["alemtuzumab"]


def test_an_application_whose_kind_the_file_has_lost_is_known_by_number_and_name(compare):
    lost = [files.TABLES["Applications.txt"][0]]
    assert compare(files.drugs_zip(Applications=lost)).matched == compare(files.drugs_zip()).matched
    other = [files.TABLES["Products.txt"][0], ["125514", "001", "x", "1", "0", "WATER", "WATER", "0"]]
    assert compare(files.drugs_zip(Applications=lost, Products=other)).matched == {}


def test_what_a_file_does_not_hold_raises_nothing(compare):
    result = compare(files.drugs_zip())
    assert list(result.matched) == ["pembrolizumab"]
    assert not found(result, "FDA withdrew or revoked") and not found(result, "conflicts with ours")
    assert result.matched["pembrolizumab"]["status"] is None, "Drugs@FDA calls every biologic a prescription drug"


def test_a_label_without_an_application_is_known_by_its_brand(compare):
    told, other = files.label(), files.label(brand="Compounded", name="IMIQUIMOD")
    for label in (told, other):
        del label["openfda"]["application_number"]
    result = compare(files.answer(told, other))
    assert result.matched == {"pembrolizumab": {"applications": [], "first_approval": None, "status": None}}
    assert "pembrolizumab label of 2026-06-01" in [finding.what for finding in result.findings]
    assert why(result, "not ours") == ["The label names no application and no brand of ours."]


# Biosimilars and new forms ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "bucket"),
    [
        (
            {
                "brand": "Newsimilar",
                "name": "bevacizumab-zzzz",
                "licence": "351(k) Biosimilar",
                "reference": "bevacizumab",
            },
            diff.NEW_FORM,
        ),
        ({"brand": "Newsimilar", "name": "bevacizumab-zzzz", "licence": "351(k) Interchangeable"}, diff.NEW_FORM),
        ({"brand": "Mvasi", "name": "bevacizumab-awwb", "licence": "351(k) Biosimilar"}, diff.AGREES),
        (
            {"brand": "Hyrimoz", "name": "adalimumab-adaz", "licence": "351(k) Biosimilar", "reference": "adalimumab"},
            diff.NOT_OURS,
        ),
        ({"brand": "Newfaspro", "name": "elotuzumab and hyaluronidase-zzzz"}, diff.NEW_FORM),
        ({"brand": "Imfinzi Qvantig", "name": "another"}, diff.NEW_FORM),
        ({"brand": "Phesgo Two", "name": "pertuzumab, trastuzumab, and hyaluronidase-zzzz"}, diff.NEW_FORM),
        ({"brand": "Ontak", "name": "denileukin diftitox"}, diff.NEW_FORM),
        ({"brand": "PediX", "name": "Diphtheria Toxoid and Hepatitis B Vaccine"}, diff.NOT_OURS),
    ],
)
def test_a_biosimilar_or_a_new_form_is_no_new_therapy(compare, cells, bucket):
    result = compare(files.purple_book(files.product(number="769999", approved="1-Jan-25", **cells)))
    assert [finding.bucket for finding in result.findings] == [bucket]
    assert result.matched == {}


@pytest.mark.parametrize(
    ("number", "brand", "name", "slug"),
    [
        ("761145", "Darzalex Faspro", "daratumumab and hyaluronidase-fihj", "daratumumab"),
        ("761347", "Tecentriq Hybreza", "atezolizumab and hyaluronidase-tqjs", "atezolizumab"),
        ("761381", "Opdivo Qvantig", "nivolumab and hyaluronidase-nvhy", "nivolumab"),
        ("761106", "Herceptin Hylecta", "trastuzumab and hyaluronidase-oysk", "trastuzumab"),
        ("761064", "Rituxan Hycela", "rituximab and hyaluronidase human", "rituximab"),
    ],
)
def test_a_form_that_we_record_agrees(compare, number, brand, name, slug):
    result = compare(files.answer(files.label(f"BLA{number}", brand, name)))
    assert found(result, "agrees")[-1] == f"BLA{number} {brand} ({name})"
    assert sum(result.buckets.values()) == result.buckets["agrees"] and list(result.matched) == [slug]


def test_a_form_that_we_do_not_record_is_proposed(compare):
    TherapyFact.objects.filter(kind__in=["form", "brand"], value__startswith="Darzalex Faspro").delete()
    result = compare(files.answer(files.label("BLA761145", "Darzalex Faspro", "DARATUMUMAB AND HYALURONIDASE-FIHJ")))
    assert (
        found(result, "new application or form") and "Form of daratumumab" in why(result, "new application or form")[0]
    )


# New therapies and what is not ours ----------------------------------------------------------------


def test_a_biologic_with_a_fitting_stem_is_perhaps_a_new_therapy_once(compare):
    rows = [
        files.product(number=number, brand=f"New{number}", name="ivonescimab-abcd") for number in ("769998", "769999")
    ]
    result = compare(files.purple_book(*rows))
    assert found(result, "new therapy") == ["BLA769998 New769998 (ivonescimab-abcd)"]
    assert why(result, "new therapy")[0].startswith("Perhaps an antibody: the name holds “ivonescimab”")


def test_a_carrier_makes_no_enzyme_of_a_new_drug(compare):
    rows = [
        files.product(number=number, brand=brand, name=name, approved="1-Aug-26")
        for number, brand, name in [
            ("769001", "Newbrand", "newmab and hyaluronidase-abcd"),
            ("769002", "Oldbrand", "newmab-abce"),
            ("769003", "Hyase", "hyaluronidase human"),
        ]
    ]
    result = compare(files.purple_book(*rows))
    assert found(result, "new therapy") == ["BLA769001 Newbrand (newmab and hyaluronidase-abcd)"]
    assert found(result, "new application or form") == ["BLA769002 Oldbrand (newmab-abce)"]
    assert why(result, "not ours") == ["A biologic of a class that we do not keep: an enzyme, perhaps."]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("adalimumab", "Looked at and not kept: an antibody"),
        ("somatropin", "a hormone"),
        ("Pollens - Grasses, Timothy", "allergenic"),
        ("Albumin (Human)", "blood"),
        ("Influenza Vaccine", "a vaccine against an infection"),
        ("Candida albicans Skin Test Antigen", "test on the skin"),
        ("becaplermin", "no stem of a class that we keep"),
    ],
)
def test_what_is_not_ours_names_its_rule(compare, name, said):
    result = compare(files.purple_book(files.product(number="109999", brand="N/A", name=name)))
    assert said in why(result, "not ours")[0] and result.buckets["new therapy"] == 0


def test_small_molecules_and_generics_are_not_ours(compare):
    rows = [
        old_approval(
            **{
                " Application Number(1)": "29999",
                "Proprietary  Name": "Lupron",
                "Active Ingredient/Moiety": "leuprolide",
            }
        )
    ]
    assert "not a biologic" in why(compare(files.table(files.COMPILATION, rows)), "not ours")[0]
    generic = files.drugsfda("ANDA078548", "IMIQUIMOD", "IMIQUIMOD")
    assert why(compare(files.answer(generic)), "not ours") == [
        "A generic copy (ANDA) of imiquimod; we keep no generics."
    ]


def test_a_use_that_names_no_cancer_is_not_ours(compare):
    result = compare(files.answer(files.label("BLA769999", "New", "NEWIMAB", indications_and_usage=["for asthma"])))
    assert why(result, "not ours") == ["The use in this file names no cancer."]


def test_a_name_with_a_foreign_letter_neither_matches_nor_creates(compare):
    result = compare(files.purple_book(files.product(number="769999", brand="New", name="pembrolizum\u0430b")))
    assert result.buckets == dict.fromkeys(diff.BUCKETS, 0) | {"unreadable": 1}


def test_every_name_that_is_left_out_is_written_as_it_is_looked_up():
    assert all(name and name == name.lower().strip() for name in rules.left_out())


# Dates and status ----------------------------------------------------------------------------------


def test_an_earlier_first_approval_contradicts_and_a_later_one_is_new(compare):
    early = compare(files.purple_book(files.keytruda(approved="3-Sep-14")))
    assert found(early, "conflicts with ours") == ["BLA125514 first approved 2014-09-03"]
    late = compare(files.purple_book(files.keytruda(approved="5-Sep-14")))
    assert found(late, "new date") == ["BLA125514 first approved 2014-09-05"]


def test_efficacy_supplements_are_counted_beside_what_we_explain(compare):
    result = compare(files.drugs_zip())
    assert found(result, "new date") == ["BLA125514 supplement 99 of 2016-02-03"]
    assert result.supplements == {"pembrolizumab": [2, 1]}


def test_one_presentation_that_is_gone_is_not_a_therapy_that_is_gone(compare):
    result = compare(files.purple_book(files.keytruda(status="Disc"), files.keytruda(submission="Supplement")))
    assert result.matched["pembrolizumab"]["status"] == "Rx" and not found(result, "conflicts with ours")


def test_a_revoked_licence_is_told_unless_we_record_the_end(compare):
    gone = {"status": "Disc", "licensure": "Voluntarily Revoked"}
    result = compare(files.purple_book(files.keytruda(**gone)))
    assert found(result, "FDA withdrew or revoked") == [
        "pembrolizumab: Voluntarily Revoked (1 presentation in this file)"
    ]
    known = files.product(number="761038", brand="Lartruvo", name="olaratumab", approved="19-Oct-16", **gone)
    assert compare(files.purple_book(known)).buckets["agrees"] == 3, "we record that olaratumab is withdrawn"


def test_brands_that_differ_are_told_apart(compare):
    rows = [
        files.product(number="125326", brand=brand, name="ofatumumab", status=status, approved="26-Oct-09")
        for brand, status in (("Arzerra", "Disc"), ("Kesimpta", "Rx"))
    ]
    result = compare(files.purple_book(*rows))
    assert result.matched["ofatumumab"]["status"] == "Arzerra: Disc; Kesimpta: Rx"
    assert not found(result, "conflicts with ours"), "we record that the brand against cancer is gone"


# Saved tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "row", "bucket"),
    [
        (files.VERIFIED, ["Darzalex (daratumumab)", "Myeloma", "11/16/2015", "11/21/2016"], diff.AGREES),
        (files.VERIFIED, ["Darzalex (daratumumab)", "Myeloma", "11/16/2015", "11/22/2016"], diff.NEW_DATE),
        (files.ONGOING, ["Darzalex (daratumumab)", "Myeloma", "1/16/2016", "", ""], diff.NEW_DATE),
        (files.WITHDRAWN, ["Lartruvo (olaratumab)", "Sarcoma", "10/19/2016", "2/25/2020"], diff.AGREES),
        (files.WITHDRAWN, ["Darzalex (daratumumab)", "Myeloma", "11/16/2015", "1/1/2026"], diff.WITHDREW),
        (files.ONGOING, ["Newbrand (newtamig-abcd)", "Myeloma", "1/16/2026", "", ""], diff.NEW_THERAPY),
        (files.ONGOING, ["Iclusig (ponatinib)", "ALL", "3/19/2024", "", ""], diff.NOT_OURS),
    ],
)
def test_a_row_of_accelerated_approvals_is_compared_with_our_events(compare, header, row, bucket):
    assert [finding.bucket for finding in compare(files.page(header, [row])).findings] == [bucket]


def test_a_notice_is_compared_by_therapy_and_day(compare):
    result = compare(files.notices())
    assert result.buckets["agrees"] == 1 and list(result.matched) == ["tisagenlecleucel"]
    notice = result.notices[0]
    assert (notice["accelerated"], notice["therapies"], notice["date"]) == (True, ["tisagenlecleucel"], "2022-05-27")
    assert notice["uses"][0]["cancers"] == [{"value": "follicular-lymphoma", "words": "follicular lymphoma"}]
    other = compare(files.notices((files.NOTICE[0], files.NOTICE[1].replace("May 27", "May 28"), "05/28/2022")))
    assert other.buckets["new date"] == 1


def test_a_notice_of_a_biosimilar_is_told_as_one(compare):
    told = "On September 14, 2017, FDA approved bevacizumab-awwb (Mvasi, Amgen) as a biosimilar to Avastin."
    result = compare(files.notices(("FDA approves", told, "9/14/2017")))
    assert why(result, "new application or form") == [
        "The notice tells of a biosimilar, so this may be no event of bevacizumab."
    ]


# The command ---------------------------------------------------------------------------------------


@pytest.fixture
def printed(tmp_path):
    def run(data, *options):
        path = tmp_path / "a name that tells nothing.bin"
        path.write_bytes(data)
        out = io.StringIO()
        call_command("fda_diff", str(path), *options, stdout=out)
        return out.getvalue()

    return run


def test_the_command_prints_one_json_object(printed):
    data = files.purple_book(files.keytruda(), files.keytruda(number="12"))
    assert json.loads(printed(data, "--json")) == {
        "kind": "purple-book",
        "edition": None,
        "sha256": hashlib.sha256(data).hexdigest(),
        "rows": 2,
        "buckets": dict.fromkeys(diff.BUCKETS, 0) | {"agrees": 3, "unreadable": 1},
        "therapies": {"pembrolizumab": {"applications": ["BLA125514"], "first_approval": "2014-09-04", "status": "Rx"}},
        "notices": [],
        "errors": [
            {
                "line": 3,
                "column": "BLA Number",
                "value": "12",
                "message": "An application number has five or six digits, for example 125514 or BLA125514.",
            }
        ],
    }


def test_the_command_prints_a_summary_for_people(printed):
    said = printed(files.answer(files.label(), total=6))
    assert "The file holds 1 of the 6 results" in said and "agrees: 2" in said
    assert "pembrolizumab: FDA counts 2 efficacy supplements; on the days of 1 we record an event." in printed(
        files.drugs_zip()
    )


def test_the_command_writes_nothing_and_cannot(printed, monkeypatch):
    before = rows_of_ours()
    printed(files.purple_book(files.keytruda()))
    assert rows_of_ours() == before
    with connection.execute_wrapper(fda_diff.read_only), pytest.raises(RuntimeError, match="reads only"):
        Therapy.objects.update(note="written")


def test_our_facts_are_read_in_a_fixed_number_of_queries(django_assert_num_queries):
    with django_assert_num_queries(7):
        ours.read()


# The real files --------------------------------------------------------------------------------------


@files.needs_real
def test_every_therapy_that_the_real_purple_book_holds_is_matched(compare):
    data = (files.REAL / "purplebook_2025-02_slice.csv").read_bytes()
    result = compare(data)
    recorded = {
        f.value: f.therapy.slug for f in TherapyFact.objects.filter(kind="application").select_related("therapy")
    }
    held = {number: slug for number, slug in recorded.items() if str(int(number[3:])).encode() in data}
    got = {number: slug for slug, said in result.matched.items() for number in said["applications"]}
    assert len(held) > 85 and held.items() <= got.items()
    assert result.buckets["new therapy"] == 0 and result.buckets["unreadable"] == 0
    assert result.matched["olaratumab"]["status"] == "Voluntarily Revoked"
    assert all(said["first_approval"] >= "1986-06-04" for said in result.matched.values())


@pytest.mark.slow
@files.needs_real
def test_the_real_zip_and_the_json_built_from_it_say_the_same_of_ours(compare):
    zipped = compare((files.REAL / "drugsatfda_20180626.zip").read_bytes())
    built = compare((files.REAL / "drugsfda_constructed_2018-06-26.json").read_bytes())
    assert zipped.matched == built.matched and len(zipped.matched) == 32
    assert zipped.buckets | {"not ours": 0, "unreadable": 0} == built.buckets | {"not ours": 0, "unreadable": 0}
    assert zipped.buckets["new therapy"] == 0


@files.needs_real
@pytest.mark.parametrize("path", sorted(files.REAL.glob("label_*.json")) if files.REAL else [], ids=lambda p: p.name)
def test_every_real_label_is_of_a_therapy_or_biosimilar_that_we_record(compare, path):
    result = compare(path.read_bytes())
    assert 1 <= result.buckets["agrees"] == sum(result.buckets.values())
