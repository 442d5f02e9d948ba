"""What one of FDA's files says beside our data: the buckets, their rules, and the command that prints them."""

import datetime

import pytest

from portal.publishing.models import Source
from tests import fda_files as files
from tests.imports import NOTHING, compare, found, held, keep, why
from therapies.compare.ages import edition_until, told_later
from therapies.compare.claims import (
    EfficacySupplements,
    FirstApproval,
    MarketStatus,
)
from therapies.compare.proposals import EventCorrection, FactCorrection
from therapies.compare.reasons import Bucket, Reason
from therapies.fda.records import FileRefused
from therapies.models import ApprovalEvent, Therapy, TherapyFact

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


# An older edition ----------------------------------------------------------------------------------

GONE = {"status": "Disc", "licensure": "Voluntarily Revoked"}
BLENREP = {"number": "761158", "brand": "Blenrep", "name": "belantamab mafodotin-blmf", "approved": "5-Aug-20"}


def edition_of(month, *rows):
    title = [f"Purple Book Monthly Historical Data Changes Report - {month}", *[""] * (len(files.OLD) - 1)]
    return files.purple_book(*rows, before=[title])


def test_an_older_edition_proposes_nothing_against_a_fact_whose_source_is_newer():
    """Blenrep came back in October 2025, and our source of July 2026 knows it."""
    result = compare(edition_of("March 2025", files.product(**BLENREP, **GONE)))
    [finding] = [finding for finding in result.findings if isinstance(finding.claim, MarketStatus)]
    assert (finding.bucket, finding.reason, finding.proposal) == (Bucket.CONFLICT, Reason.OLDER_THAN_OURS, None)
    assert finding.arguments == {"ours": "marketed", "our_date": "2026-07-31", "presentations": 1}
    assert not [finding for finding in result.findings if finding.proposal]


@pytest.mark.parametrize("month", ["July 2026", "October 2026"])
def test_an_edition_as_new_as_our_source_or_newer_proposes(month):
    result = compare(edition_of(month, files.product(**BLENREP, **GONE)))
    fact = TherapyFact.objects.get(therapy__slug="belantamab-mafodotin", kind="market-status")
    [finding] = [finding for finding in result.findings if isinstance(finding.claim, MarketStatus)]
    assert (finding.reason, finding.proposal) == (Reason.LICENSE_REVOKED, FactCorrection(fact.pk, value="withdrawn"))


@pytest.mark.parametrize(("month", "proposes"), [("March 2020", False), ("October 2026", True)])
def test_the_day_of_a_form_is_corrected_by_a_newer_edition_only(month, proposes):
    form = {"number": "761145", "brand": "Darzalex Faspro", "name": "daratumumab and hyaluronidase-fihj"}
    result = compare(edition_of(month, files.product(**form, approved="2-Jan-20")))
    fact = TherapyFact.objects.get(kind="form", value__startswith="Darzalex Faspro")
    [finding] = [finding for finding in result.findings if finding.reason == Reason.OTHER_FORM_DAY]
    day = datetime.date(2020, 1, 2)
    assert finding.proposal == (FactCorrection(fact.pk, date=day) if proposes else None)


def test_a_whole_list_without_its_month_is_of_the_month_of_its_newest_approval():
    result = compare(files.whole_purple_book(files.product(**BLENREP, **GONE), newest="9-Mar-25"))
    [finding] = [finding for finding in result.findings if isinstance(finding.claim, MarketStatus)]
    assert (result.reading.edition, finding.reason, finding.proposal) == ("2025-03", Reason.OLDER_THAN_OURS, None)


@pytest.mark.parametrize(("read_on", "proposes"), [("2026-11-01", False), ("2026-09-30", True), (None, True)])
def test_a_table_older_than_our_source_corrects_no_decision(use, source, confirmed, read_on, proposes):
    """The page says that it is of October 2, 2026."""
    source.read_on = read_on
    source.save()
    event = confirmed(ApprovalEvent, indication=use, kind="approval", date="2021-03-03", source=source)
    row = ["Keytruda (pembrolizumab)", "For a test", "3/3/2021", "", ""]
    notice = "On March 3, 2021, FDA granted accelerated approval to pembrolizumab (Keytruda) for neuroblastoma."
    columns = ["Webpage", "Description", "Date"]
    for page in (files.page(files.ONGOING, [row]), files.page(columns, [["FDA approves", notice, "3/3/2021"]])):
        [finding] = compare(page).findings
        assert finding.bucket == Bucket.CONFLICT
        assert finding.proposal == (EventCorrection(event.pk, "accelerated-approval") if proposes else None)
        if not proposes:
            assert (finding.reason, finding.arguments["our_date"]) == (Reason.OLDER_THAN_OUR_DECISION, read_on)


@pytest.mark.parametrize(
    ("edition", "until"),
    [("2025-02", "2025-02-28"), ("2018-06-26", "2018-06-26"), (None, None), ("2025-13", None), ("spring", None)],
)
def test_an_edition_tells_up_to_its_last_day(edition, until):
    day = edition_until(edition)
    assert (day and day.isoformat()) == until


@pytest.mark.parametrize(
    ("as_of", "read_on", "told"),
    [
        ("2025-03-31", "2026-11-23", "2025-03-31"),  # an edition, however late somebody read it
        (None, "2026-11-23", "2026-11-23"),
        ("2025-02-28", "2026-11-23", None),
        (None, None, None),
    ],
)
def test_a_source_tells_up_to_its_own_day_or_else_to_that_of_its_reading(confirmed, source, as_of, read_on, told):
    Source.objects.filter(pk=source.pk).update(title="An edition of October 2026", as_of=as_of, read_on=read_on)
    fact = confirmed(TherapyFact, therapy=Therapy.objects.first(), kind="code", value="X-1", source=source)
    day = told_later(TherapyFact.objects.get(pk=fact.pk), datetime.date(2025, 2, 28))
    assert (day and day.isoformat()) == told


def test_the_source_of_a_file_tells_up_to_the_last_day_of_its_edition(data_editor):
    batch = keep(edition_of("March 2025", files.product(**BLENREP, **GONE)), by=data_editor)
    assert batch.source.as_of == datetime.date(2025, 3, 31)


# Dates and status ----------------------------------------------------------------------------------


def test_an_earlier_first_approval_contradicts_and_a_later_one_is_new():
    early = compare(files.purple_book(files.keytruda(approved="3-Sep-13")))
    assert found(early, "conflicts with ours") == [
        FirstApproval("BLA125514", "pembrolizumab", datetime.date(2013, 9, 3))
    ]
    assert why(early, "conflicts with ours") == [(Reason.EARLIER_THAN_OURS, {"our_date": "2014-09-04"})]
    late = compare(files.purple_book(files.keytruda(approved="5-Sep-14")))
    assert found(late, "new date") == [FirstApproval("BLA125514", "pembrolizumab", datetime.date(2014, 9, 5))]


def test_a_first_approval_a_few_weeks_before_ours_is_a_wrong_day_and_no_other_use():
    close = compare(files.purple_book(files.keytruda(approved="14-Aug-14")))
    assert why(close, "conflicts with ours") == [(Reason.CLOSE_TO_OURS, {"our_date": "2014-09-04"})]
    assert [finding.proposal for finding in close.findings if finding.bucket == "conflicts with ours"] == [None]


def test_efficacy_supplements_are_counted_beside_what_we_explain():
    result = compare(files.drugs_zip())
    day = datetime.date(2016, 2, 3)
    assert found(result, "new date") == [EfficacySupplements("BLA125514", "pembrolizumab", ("99",), day)]
    assert result.supplements == {"pembrolizumab": (2, 1)}


def test_one_presentation_that_is_gone_is_not_a_therapy_that_is_gone():
    result = compare(files.purple_book(files.keytruda(status="Disc"), files.keytruda(submission="Supplement")))
    assert result.therapies["pembrolizumab"].market_status == "Rx" and not found(result, "conflicts with ours")


def test_what_an_excerpt_says_is_discontinued_may_be_sold_in_other_presentations():
    """A month's changes, or rows that somebody cut out, list one presentation of several."""
    gone = files.keytruda(status="Disc", change="U")
    new = files.keytruda(files.NEW, status="Disc")
    for data in (files.purple_book(gone), files.new_purple_book(new, month="October 2026")):
        [finding] = [finding for finding in compare(data).findings if isinstance(finding.claim, MarketStatus)]
        assert (finding.bucket, finding.reason, finding.proposal) == (Bucket.CONFLICT, Reason.SOME_DISCONTINUED, None)
        told = {"ours": "marketed", "excerpt": True, "absent": ["BLA761467"], "presentations": 1}
        assert finding.arguments == told


def test_a_whole_list_ends_sales_only_where_every_number_and_form_of_ours_is_discontinued():
    gone, form = files.keytruda(status="Disc"), files.product(**files.QLEX, status="Disc")
    fact = TherapyFact.objects.get(therapy__slug="pembrolizumab", kind="market-status")

    def proposal(*rows):
        found = compare(files.whole_purple_book(*rows)).findings
        return next(finding for finding in found if isinstance(finding.claim, MarketStatus)).proposal

    assert proposal(gone) is None, "the form under the skin is not in the file"
    assert proposal(gone, files.product(**files.QLEX)) is None, "it is still sold"
    assert proposal(gone, form) == FactCorrection(fact.pk, value="discontinued")


def test_a_new_therapy_of_an_excerpt_is_not_discontinued():
    new = files.product(number="769998", brand="Newmab", name="ivonescimab-abcd", status="Disc")
    for data, market in ((files.purple_book(new), ""), (files.whole_purple_book(new), "discontinued")):
        [finding] = [finding for finding in compare(data).findings if finding.bucket == Bucket.NEW_THERAPY]
        assert finding.proposal.market == market


def test_a_revoked_licence_is_told_unless_we_record_the_end():
    gone = {"status": "Disc", "licensure": "Voluntarily Revoked"}
    result = compare(files.purple_book(files.keytruda(**gone)))
    assert found(result, "FDA withdrew or revoked") == [
        MarketStatus("pembrolizumab", {"Keytruda": "Voluntarily Revoked"})
    ]
    assert why(result, "FDA withdrew or revoked") == [(Reason.LICENSE_REVOKED, {"presentations": 1})]
    known = files.product(number="761038", brand="Lartruvo", name="olaratumab", approved="19-Oct-16", **gone)
    assert compare(files.purple_book(known)).buckets["agrees"] == 3, "we record that olaratumab is withdrawn"


def test_a_revoked_licence_of_which_each_use_has_ended_asks_nothing():
    gone = {"status": "Disc", "licensure": "Voluntarily Revoked", "approved": "13-Sep-18"}
    lumoxiti = {"number": "761104", "brand": "Lumoxiti", "name": "moxetumomab pasudotox-tdfk"}
    result = compare(edition_of("October 2026", files.product(**lumoxiti, **gone)))
    assert why(result, "agrees")[-1] == (Reason.SAME_END, {"presentations": 1})
    assert not [finding for finding in result.findings if finding.bucket != Bucket.AGREES]


def test_a_revoked_licence_is_told_while_uses_are_in_force_though_we_record_the_end_of_sales():
    TherapyFact.objects.filter(therapy__slug="pembrolizumab", kind="market-status").update(value="withdrawn")
    result = compare(files.purple_book(files.keytruda(**GONE)))
    [finding] = [finding for finding in result.findings if isinstance(finding.claim, MarketStatus)]
    assert (finding.reason, finding.proposal) == (Reason.LICENSE_REVOKED, None)


def test_brands_that_differ_are_told_apart():
    rows = [
        files.product(number="125326", brand=brand, name="ofatumumab", status=status, approved="26-Oct-09")
        for brand, status in (("Arzerra", "Disc"), ("Kesimpta", "Rx"))
    ]
    result = compare(files.purple_book(*rows))
    assert result.therapies["ofatumumab"].market_status == "Arzerra: Disc; Kesimpta: Rx"
    assert not found(result, "conflicts with ours"), "we record that the brand against cancer is gone"


# What is repeated ----------------------------------------------------------------------------------


def test_a_row_that_is_repeated_is_one_presentation():
    rows = [files.keytruda(strength=strength, status="Disc") for strength in ("50MG", "50MG", "50MG", "100MG")]
    [finding] = [one for one in compare(files.purple_book(*rows)).findings if isinstance(one.claim, MarketStatus)]
    assert finding.arguments["presentations"] == 2


def test_whatever_else_is_repeated_is_one_finding():
    supplements = [*files.TABLES["Submissions.txt"], files.TABLES["Submissions.txt"][-1]]
    once = [
        (files.drugs_zip(), files.drugs_zip(Submissions=supplements)),
        (files.answer(files.label()), files.answer(files.label(), files.label())),
        (files.answer(files.drugsfda()), files.answer(files.drugsfda(), files.drugsfda())),
        (files.notices(), files.notices(files.NOTICE, files.NOTICE)),
    ]
    for first, again in once:
        assert compare(first).findings == compare(again).findings


def test_rows_that_cannot_be_read_are_each_told():
    assert compare(files.purple_book(*[files.keytruda(number="12")] * 3)).buckets == NOTHING | {"unreadable": 3}


# A header alone ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (files.purple_book(), "FDA’s Purple Book"),
        (files.new_purple_book(), "FDA’s Purple Book"),
        (files.table(files.COMPILATION, []), "FDA’s compilation of new drugs"),
        (files.page(files.VERIFIED, []), "FDA’s tables of accelerated approvals"),
        (files.workbook([files.OLD]), "FDA’s Purple Book"),
        (files.drugs_zip(**{name.removesuffix(".txt"): rows[:1] for name, rows in files.TABLES.items()}), "Drugs@FDA"),
    ],
)
def test_a_header_alone_is_named_and_no_empty_list(data, name):
    with pytest.raises(FileRefused, match=f"This file has no rows, so nothing was stored. It is {name} with a header"):
        compare(data).refuse_empty()


def test_one_table_of_several_with_a_header_alone_is_told():
    result = compare(files.drugs_zip(Products=files.TABLES["Products.txt"][:1]))
    [finding] = [finding for finding in result.findings if finding.bucket == Bucket.UNREADABLE]
    assert finding.arguments == {"message": "Products.txt: This table has a header, but no row below it."}
    assert result.supplements == {"pembrolizumab": (2, 1)}


# The real files --------------------------------------------------------------------------------------


@files.needs_real
def test_every_therapy_that_the_real_purple_book_holds_is_matched():
    data = (files.REAL / "purplebook_2025-02_slice.csv").read_bytes()
    result = compare(data)
    recorded = {
        f.value: f.therapy.slug for f in TherapyFact.objects.filter(kind="application").select_related("therapy")
    }
    there = {number: slug for number, slug in recorded.items() if str(int(number[3:])).encode() in data}
    got = {number: slug for slug, said in result.therapies.items() for number in said.applications}
    assert len(there) > 85 and there.items() <= got.items()
    assert result.buckets["new therapy"] == 0 and result.buckets["unreadable"] == 0
    assert result.therapies["olaratumab"].market_status == "Voluntarily Revoked"
    assert all(said.to_data()["first_approval"] >= "1986-06-04" for said in result.therapies.values())


@pytest.mark.slow
@files.needs_real
def test_the_real_zip_and_the_json_built_from_it_say_the_same_of_ours():
    zipped = compare((files.REAL / "drugsatfda_20180626.zip").read_bytes())
    built = compare((files.REAL / "drugsfda_constructed_2018-06-26.json").read_bytes())
    assert held(zipped) == held(built) and len(zipped.therapies) == 32
    assert zipped.buckets | {"not ours": 0, "unreadable": 0} == built.buckets | {"not ours": 0, "unreadable": 0}
    assert zipped.buckets["new therapy"] == 0


@files.needs_real
@pytest.mark.parametrize("path", sorted(files.REAL.glob("label_*.json")) if files.REAL else [], ids=lambda p: p.name)
def test_every_real_label_is_of_a_therapy_or_biosimilar_that_we_record(path):
    result = compare(path.read_bytes())
    assert 1 <= result.buckets["agrees"] == sum(result.buckets.values())
