"""The shipped facts: all that the files tell is here, what is doubted waits, and the history is told right."""

import datetime
import json
import re

import pytest
from django.db.models.functions import Length
from django.utils.html import strip_tags

from portal.publishing import values
from portal.publishing.models import Change, Governed
from therapies import timeline
from therapies.figures import TherapyNumbers
from therapies.models import ApprovalEvent, Indication, Therapy, TherapyFact

from .shipped import REFERENCE, development_only, doubts, shipped, story

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(20)]
PAGE_DAY = datetime.date(2019, 2, 28)


def test_every_fact_of_the_data_set_is_here():
    assert Therapy.objects.published().count() == 95
    uses = [use for file in shipped() for use in file["uses"]]
    events = [event for use in uses for event in use["events"]]
    doubted = [event for event in events if event.get("doubt")]
    assert Indication.objects.count() == len(uses)
    assert ApprovalEvent.objects.count() == len(events) - len(doubted)
    assert Change.objects.pending().to(ApprovalEvent).count() == len(doubted)


def test_what_is_doubted_waits_for_a_person():
    pending = Change.objects.pending()
    assert pending.count() == pending.to(TherapyFact, ApprovalEvent).count() == len(doubts())
    assert all(change.doubt and change.settles and change.proposed_by is None for change in pending)


#: Decisions of the data set of which a notice, read since, names another day or the day; and two on uses that FDA
#: widened, which are one each with the wider use.
CORRECTED = {
    ("epcoritamab--follicular-lymphoma--after-two-lines", "accelerated-approval", "2024-06-24"),
    ("pembrolizumab--melanoma--adjuvant-stage-iii", "approval", "2019-02"),
    ("tislelizumab--stomach-cancer--her2-negative-first-line", "approval", "2024-12"),
    ("nivolumab--melanoma--adjuvant-stage-iib-iic", "approval", "2023-10"),
    ("ciltacabtagene-autoleucel--multiple-myeloma--after-four-lines", "approval", "2022-02-28"),
    ("idecabtagene-vicleucel--multiple-myeloma--after-four-lines", "approval", "2021-03-26"),
}


@development_only
def test_no_decision_of_the_data_set_was_lost_or_fell_back_into_doubt():
    theirs = {
        (i["id"], e["kind"], e["date"]): e["verified"] and e["confidence"] == "high"
        for i in json.loads((REFERENCE / "indications.json").read_text())
        for e in i["events"]
    }
    ours = {
        (
            f"{e.indication.therapy.slug}--{e.indication.code}",
            e.kind,
            f"{e.date:%Y-%m}" if e.precision == "month" else f"{e.date:%Y-%m-%d}",
        ): confirmed
        for events, confirmed in (
            (ApprovalEvent.objects.select_related("indication__therapy"), True),
            (map(values.imagined, Change.objects.pending().to(ApprovalEvent)), False),
        )
        for e in events
    }
    assert theirs.keys() - ours.keys() == CORRECTED
    assert [key for key, certain in theirs.items() if certain and not ours.get(key, True)] == []


def test_on_the_day_of_the_page_the_catalogue_holds_its_43_and_three_that_it_missed(client):
    approved = Therapy.objects.approved(PAGE_DAY)
    assert approved.filter(page_number__isnull=False).count() == 43
    missed = approved.filter(page_number__isnull=True).values_list("slug", flat=True)
    assert set(missed) == {"mogamulizumab", "moxetumomab-pasudotox", "tagraxofusp"}
    page = client.get("/therapies/?on=2019-02-28").content.decode()
    assert len(set(re.findall(r'<h3><a href="/therapies/([^/]+)/[?]on=2019-02-28"', page))) == 46


def test_olaratumab_is_told_right(client):
    assert story("olaratumab", "soft-tissue-sarcoma--with-doxorubicin") == [
        ("accelerated-approval", "2016-10-19"),
        ("withdrawn", "2020-02-25"),
    ]
    page = client.get("/therapies/olaratumab/").content.decode()
    assert "FDA has withdrawn every use" in page and "No uses are currently approved" in page


REVOKED = {"interferon-alfa-2a": 3, "interferon-alfa-2b": 4, "moxetumomab-pasudotox": 1, "peginterferon-alfa-2b": 1}


@pytest.mark.parametrize(("slug", "uses"), REVOKED.items())
def test_a_revoked_license_ends_every_use_and_the_page_says_why(client, slug, uses):
    """The Purple Book of January 2025 is the first list at hand that shows it, and names no day."""
    ends = ApprovalEvent.objects.public().filter(indication__therapy__slug=slug, kind="revoked")
    assert {(f"{end.date}", end.precision, end.source.title) for end in ends} == {
        ("2025-01-31", "by", "FDA Purple Book, January 2025 edition")
    }
    assert ends.count() == uses and slug not in TherapyNumbers().therapies_now
    before = datetime.date(2025, 1, 30)
    assert Indication.objects.in_force(before).filter(therapy__slug=slug).count() == uses
    assert not Indication.objects.in_force(before + datetime.timedelta(days=1)).filter(therapy__slug=slug)
    page = client.get(f"/therapies/{slug}/").content.decode()
    assert "FDA revoked the license of" in page and "FDA has withdrawn" not in page
    told = strip_tags(page)
    assert "none of its uses is approved anymore" in told and "License revoked by January 2025" in told
    assert "A company that stops making a drug can ask FDA to revoke its license" in told
    assert "No longer sold" in told, "sales are another fact"


def test_atezolizumab_in_breast_cancer_came_after_the_page_and_was_withdrawn(client):
    code = "triple-negative-breast-cancer--advanced-with-nab-paclitaxel"
    assert story("atezolizumab", code) == [("accelerated-approval", "2019-03-08"), ("withdrawn", "2021-10-06")]
    use = Indication.objects.get(therapy__slug="atezolizumab", code=code)
    assert use not in Indication.objects.in_force(PAGE_DAY)
    assert use not in Indication.objects.in_force()
    page = client.get("/therapies/atezolizumab/").content.decode()
    assert page.index('id="withdrawn"') < page.index('datetime="2021-10-06"')


def test_durvalumab_in_bladder_cancer_has_a_withdrawn_use_and_later_ones():
    bladder = Indication.objects.filter(therapy__slug="durvalumab", cancer__parent__slug="bladder-cancer")
    in_force = set(Indication.objects.in_force().values_list("pk", flat=True))
    states = {use.code: use.pk in in_force for use in bladder}
    assert states == {
        "urothelial-carcinoma--after-platinum": False,
        "muscle-invasive-bladder-cancer--perioperative": True,
        "non-muscle-invasive-bladder-cancer--bcg-naive-high-risk": True,
    }


def test_interferon_came_before_bcg_and_the_history_says_so(client):
    assert story("interferon-alfa-2a", "hairy-cell-leukemia--adults")[0][1] == "1986-06-04"
    page = client.get("/faq/history/").content.decode()
    assert "June 4, 1986" in page and "interferon" in page.lower()


def test_a_month_only_event_is_told_as_a_month(client):
    assert '<time datetime="2023-02">February 2023</time>' in client.get("/therapies/ipilimumab/").content.decode()


def test_withdrawn_uses_are_never_first(client):
    for slug in ("pembrolizumab", "nivolumab", "atezolizumab", "durvalumab", "bevacizumab"):
        uses = timeline.uses(
            ApprovalEvent.objects.public().filter(indication__therapy__slug=slug).select_related("indication"),
            datetime.date(2026, 11, 24),
        )
        states = [use.in_force for use in uses]
        assert states == sorted(states, reverse=True) and not all(states)


@pytest.mark.parametrize("model", list(Governed.tables()), ids=lambda model: model._meta.model_name)
def test_no_shipped_value_is_longer_than_its_column(model):
    """SQLite stores what is too long; PostgreSQL stops the whole load there."""
    columns = [field for field in model._meta.concrete_fields if field.max_length and not field.choices]
    for column in columns:
        longest = model._base_manager.annotate(length=Length(column.name)).order_by("-length").first()
        assert longest is None or (longest.length or 0) <= column.max_length, (column.name, longest)
