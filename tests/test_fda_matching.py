"""Which therapy of ours a row of FDA's is about: by number, by name, by form, or none of ours."""

import datetime

import pytest

from tests import fda_files as files
from tests.fda_files import old_approval
from tests.imports import NOTHING, compare, found, held, why
from therapies.compare import rules
from therapies.compare.claims import (
    FiledProduct,
    LabelVersion,
)
from therapies.compare.ours import read_our_records
from therapies.compare.reasons import Bucket, Reason
from therapies.models import Therapy, TherapyFact

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(15)]


# Matching ----------------------------------------------------------------------------------------


def test_a_therapy_is_matched_by_its_application_number_whatever_its_name():
    result = compare(files.purple_book(files.keytruda(name="another name", brand="Keytruda")))
    said = {"applications": ["BLA125514"], "first_approval": "2014-09-04", "status": "Rx"}
    assert held(result) == {"pembrolizumab": said}
    assert result.buckets == NOTHING | {"agrees": 3}


def test_an_nda_and_a_bla_are_one_therapy_and_the_kind_counts():
    rows = [
        old_approval(),
        old_approval(**{"NDA/BLA": "BLA", "Proprietary  Name": "", "Active Ingredient/Moiety": "water"}),
    ]
    result = compare(files.table(files.COMPILATION, rows))
    assert held(result)["gemtuzumab-ozogamicin"]["applications"] == ["NDA021174"]
    assert found(result, "not ours") == [FiledProduct("BLA021174", "", ("water",))]


def test_one_application_may_hold_several_brands_and_an_unknown_one_is_proposed():
    rows = [
        files.product(number="103948", brand=b, name="alemtuzumab", approved="7-May-01")
        for b in ("Campath", "Lemtrada")
    ]
    result = compare(files.purple_book(*rows))
    assert found(result, "new application or form") == [FiledProduct("BLA103948", "Lemtrada", ("alemtuzumab",))]
    assert list(result.therapies) == ["alemtuzumab"]


def test_an_application_whose_kind_the_file_has_lost_is_known_by_number_and_name():
    lost = [files.TABLES["Applications.txt"][0]]
    assert held(compare(files.drugs_zip(Applications=lost))) == held(compare(files.drugs_zip()))
    other = [files.TABLES["Products.txt"][0], ["125514", "001", "x", "1", "0", "WATER", "WATER", "0"]]
    assert held(compare(files.drugs_zip(Applications=lost, Products=other))) == {}


def test_what_a_file_does_not_hold_raises_nothing():
    result = compare(files.drugs_zip())
    assert list(result.therapies) == ["pembrolizumab"]
    assert not found(result, "FDA withdrew or revoked") and not found(result, "conflicts with ours")
    assert result.therapies["pembrolizumab"].market_status is None, "Drugs@FDA calls every biologic a prescription drug"


def test_a_label_without_an_application_is_known_by_its_brand():
    told, other = files.label(), files.label(brand="Compounded", name="IMIQUIMOD")
    for label in (told, other):
        del label["openfda"]["application_number"]
    result = compare(files.answer(told, other))
    assert held(result) == {"pembrolizumab": {"applications": [], "first_approval": None, "status": None}}
    assert LabelVersion("", "pembrolizumab", datetime.date(2026, 1, 15)) in found(result, "agrees")
    assert why(result, "not ours") == [(Reason.LABEL_OF_NONE, {})]


# A number under another name -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "cells",
    [
        {"brand": "Aspirin", "name": "acetylsalicylic acid"},
        {"brand": "Opdivo", "name": "nivolumab"},
        {"brand": "Keytruda", "name": "nivolumab"},  # the name counts more than the brand
        {"brand": "Opdivo", "name": ""},
    ],
)
def test_a_number_of_ours_under_the_name_of_something_else_is_a_conflict_and_nothing_else(cells):
    """The end of another drug's sales, or its days, would otherwise be proposed for our therapy."""
    row = files.keytruda(**cells, status="Disc", approved="3-Sep-14")
    [finding] = compare(files.purple_book(row)).findings
    assert (finding.bucket, finding.reason, finding.proposal) == (Bucket.CONFLICT, Reason.OTHER_NAME, None)
    assert (finding.therapies, finding.application) == (("pembrolizumab",), "BLA125514")


def test_what_else_the_file_says_under_that_number_is_compared_all_the_same():
    stranger = files.keytruda(brand="Aspirin", name="acetylsalicylic acid", status="Disc", approved="3-Sep-14")
    result = compare(files.purple_book(stranger, files.keytruda()))
    assert result.buckets == NOTHING | {"agrees": 3, "conflicts with ours": 1}
    assert result.therapies["pembrolizumab"].market_status == "Rx"


def test_a_label_under_that_number_is_a_conflict_and_tells_nothing_of_our_label():
    result = compare(files.answer(files.label(brand="Aspirin", name="ACETYLSALICYLIC ACID", effective_time="20261120")))
    [finding] = result.findings
    assert (finding.reason, finding.proposal) == (Reason.OTHER_NAME, None) and held(result) == {}


def test_submissions_under_that_number_are_no_days_of_ours():
    day = {"submission_status_date": "19900101", "submission_status": "AP", "submission_number": "7"}
    several = [
        day | {"submission_type": "ORIG"},
        day | {"submission_type": "SUPPL", "submission_class_code": "EFFICACY"},
    ]
    result = compare(files.answer(files.drugsfda(brand="ASPIRIN", name="ACETYLSALICYLIC ACID", submissions=several)))
    assert [finding.reason for finding in result.findings] == [Reason.OTHER_NAME]


@pytest.mark.parametrize(
    "cells",
    [
        {"brand": "Keytruda", "name": "another name"},
        {"brand": "Newbrand", "name": "pembrolizumab-zzzz"},
        {"brand": "Newbrand", "name": "pembrolizumab and berahyaluronidase alfa-pmph"},
        {"brand": "", "name": "another name"},
    ],
)
def test_a_new_brand_a_new_suffix_and_a_new_form_are_no_other_name(cells):
    assert not found(compare(files.purple_book(files.keytruda(**cells))), "conflicts with ours")


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
            Bucket.NEW_FORM,
        ),
        ({"brand": "Newsimilar", "name": "bevacizumab-zzzz", "licence": "351(k) Interchangeable"}, Bucket.NEW_FORM),
        ({"brand": "Mvasi", "name": "bevacizumab-awwb", "licence": "351(k) Biosimilar"}, Bucket.AGREES),
        (
            {"brand": "Hyrimoz", "name": "adalimumab-adaz", "licence": "351(k) Biosimilar", "reference": "adalimumab"},
            Bucket.NOT_OURS,
        ),
        ({"brand": "Newfaspro", "name": "elotuzumab and hyaluronidase-zzzz"}, Bucket.NEW_FORM),
        ({"brand": "Imfinzi Qvantig", "name": "another"}, Bucket.NEW_FORM),
        ({"brand": "Phesgo Two", "name": "pertuzumab, trastuzumab, and hyaluronidase-zzzz"}, Bucket.NEW_FORM),
        ({"brand": "Ontak", "name": "denileukin diftitox"}, Bucket.NEW_FORM),
        ({"brand": "PediX", "name": "Diphtheria Toxoid and Hepatitis B Vaccine"}, Bucket.NOT_OURS),
    ],
)
def test_a_biosimilar_or_a_new_form_is_no_new_therapy(cells, bucket):
    result = compare(files.purple_book(files.product(number="769999", approved="1-Jan-25", **cells)))
    assert [finding.bucket for finding in result.findings] == [bucket]
    assert held(result) == {}


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
def test_a_form_that_we_record_agrees(number, brand, name, slug):
    result = compare(files.answer(files.label(f"BLA{number}", brand, name)))
    assert found(result, "agrees")[-1] == FiledProduct(f"BLA{number}", brand, (name,))
    others = {finding.reason for finding in result.findings if finding.bucket != "agrees"}
    assert others <= {Reason.LABEL_NEVER_CHECKED} and list(result.therapies) == [slug]


def test_a_form_that_we_do_not_record_is_proposed():
    TherapyFact.objects.filter(kind__in=["form", "brand"], value__startswith="Darzalex Faspro").delete()
    result = compare(files.answer(files.label("BLA761145", "Darzalex Faspro", "DARATUMUMAB AND HYALURONIDASE-FIHJ")))
    assert why(result, "new application or form") == [(Reason.PERHAPS_A_FORM, {})]
    assert result.findings[0].therapies == ("daratumumab",)


# New therapies and what is not ours ----------------------------------------------------------------


def test_a_biologic_with_a_fitting_stem_is_perhaps_a_new_therapy_once():
    rows = [
        files.product(number=number, brand=f"New{number}", name="ivonescimab-abcd") for number in ("769998", "769999")
    ]
    result = compare(files.purple_book(*rows))
    assert found(result, "new therapy") == [FiledProduct("BLA769998", "New769998", ("ivonescimab-abcd",))]
    assert why(result, "new therapy") == [(Reason.NAME_FITS_CLASS, {"group": "antibody", "stem": "ivonescimab"})]


def test_a_carrier_makes_no_enzyme_of_a_new_drug():
    rows = [
        files.product(number=number, brand=brand, name=name, approved="1-Aug-26")
        for number, brand, name in [
            ("769001", "Newbrand", "newmab and hyaluronidase-abcd"),
            ("769002", "Oldbrand", "newmab-abce"),
            ("769003", "Hyase", "hyaluronidase human"),
        ]
    ]
    result = compare(files.purple_book(*rows))
    assert [claim.brand for claim in found(result, "new therapy")] == ["Newbrand"]
    assert [claim.brand for claim in found(result, "new application or form")] == ["Oldbrand"]
    assert why(result, "not ours") == [(Reason.OTHER_GROUP, {"group": "enzyme"})]


@pytest.mark.parametrize(
    ("name", "reason", "group"),
    [
        ("adalimumab", Reason.LEFT_OUT, "inflammation"),
        ("somatropin", Reason.OTHER_GROUP, "hormone"),
        ("Pollens - Grasses, Timothy", Reason.OTHER_GROUP, "allergen"),
        ("Albumin (Human)", Reason.OTHER_GROUP, "blood-product"),
        ("Influenza Vaccine", Reason.OTHER_GROUP, "infection-vaccine"),
        ("Candida albicans Skin Test Antigen", Reason.OTHER_GROUP, "skin-test"),
        ("becaplermin", Reason.BIOLOGIC_FITS_NO_CLASS, None),
    ],
)
def test_what_is_not_ours_names_its_rule(name, reason, group):
    result = compare(files.purple_book(files.product(number="109999", brand="N/A", name=name)))
    assert why(result, "not ours") == [(reason, {"group": group} if group else {})]
    assert result.buckets["new therapy"] == 0


def test_small_molecules_and_generics_are_not_ours():
    rows = [
        old_approval(
            **{
                " Application Number(1)": "29999",
                "Proprietary  Name": "Lupron",
                "Active Ingredient/Moiety": "leuprolide",
            }
        )
    ]
    assert why(compare(files.table(files.COMPILATION, rows)), "not ours") == [(Reason.NOT_A_BIOLOGIC, {})]
    generic = files.drugsfda("ANDA078548", "IMIQUIMOD", "IMIQUIMOD")
    assert why(compare(files.answer(generic)), "not ours") == [(Reason.GENERIC_OF_OURS, {})]


def test_a_use_that_names_no_cancer_is_not_ours():
    result = compare(files.answer(files.label("BLA769999", "New", "NEWIMAB", indications_and_usage=["for asthma"])))
    assert why(result, "not ours") == [(Reason.USE_WITHOUT_CANCER, {})]


def test_a_name_with_a_foreign_letter_neither_matches_nor_creates():
    result = compare(files.purple_book(files.product(number="769999", brand="New", name="pembrolizum\u0430b")))
    assert result.buckets == NOTHING | {"unreadable": 1}


def test_every_name_that_is_left_out_is_written_as_it_is_looked_up():
    assert all(name and name == name.lower().strip() for name in rules.names_left_out())


def test_the_number_of_a_later_form_is_its_own_column_and_not_a_word_of_its_note(source, confirmed):
    form = {"therapy": Therapy.objects.get(slug="pembrolizumab"), "kind": "form", "value": "Keytruda Later"}
    fact = confirmed(TherapyFact, **form, note="subcutaneous; BLA769999", source=source)
    assert "BLA769999" not in map(str, read_our_records().therapies["pembrolizumab"].forms)
    TherapyFact.objects.filter(pk=fact.pk).update(application="BLA769999", note="")
    assert "BLA769999" in map(str, read_our_records().therapies["pembrolizumab"].forms)
