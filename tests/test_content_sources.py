"""Where the shipped facts were read: each rests on a source that holds it, and official ones come first."""

import datetime
import json
import re
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db.models import F, Min, Q

from portal.publishing import actions
from portal.publishing.models import Change, Source
from portal.publishing.models.sources import why_refused
from therapies import reading, shipping
from therapies.models import ApprovalEvent, Therapy, TherapyFact

from .shipped import REFERENCE, development_only

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(20)]


def test_what_nobody_read_has_no_source_and_so_cannot_be_confirmed(administrator):
    unread = Q(title__icontains="no source") | Q(title__icontains="checker") | Q(read_as__icontains="not read")
    assert not Source.objects.filter(unread)
    from_memory = []
    for slug, kind in (("orca-t", "route"), ("vusolimogene-oderparepvec", "side-effects")):
        unsure = {"after__therapy": Therapy.objects.get(slug=slug).pk, "after__kind": kind}
        from_memory.append(Change.objects.pending().to(TherapyFact).get(**unsure))
    for change in from_memory:
        assert change.source is None
        with pytest.raises(actions.Refused, match="source"):
            actions.confirm(change, by=administrator)


@development_only
def test_a_fact_cites_the_labels_of_2026_only_where_one_is_held():
    """The data set holds cards by BLA number; what else has no label in it needs a source of its own."""
    held = {*json.loads((REFERENCE / "labels" / "extract-2026-07.json").read_text())}
    held |= {path.name[:9] for path in (REFERENCE / "labels").glob("BLA*.json") if "2024-01" not in path.name}
    citing = TherapyFact.objects.filter(source__title="Current US label (openFDA), July 2026").values("therapy")
    numbers: dict[str, set[str]] = {}
    for fact in TherapyFact.objects.filter(therapy__in=citing, kind="application", value__startswith="BLA"):
        numbers.setdefault(fact.therapy.slug, set()).add(fact.value)
    assert [slug for slug, known in numbers.items() if not known & held] == []


def test_every_fact_rests_on_something_that_was_read():
    assert not Source.objects.filter(title__icontains="general knowledge")
    defined = shipping.read_toml(shipping.CONTENT / "sources.toml")
    unknown = [
        (path.stem, fact["source"])
        for path in sorted((shipping.CONTENT / "therapies").glob("*.toml"))
        for fact in shipping.read_toml(path)["facts"]
        if re.fullmatch(r"[a-z0-9-]+", str(fact.get("source", ""))) and fact["source"] not in defined
    ]
    assert unknown == []


#: Sources that tell of the labels of many therapies; which of them they hold is tested above.
OF_MANY = ("Current US label (openFDA), July 2026", "Drugs@FDA list and openFDA labels, July 2026")


#: Labels of another product that tell what holds for a therapy whose own label is not at hand: copies of an antibody,
#: and an interferon whose label tells how interferon alfa acts.
RELATIVES = {
    "BLA761028": "bevacizumab",
    "BLA761404": "denosumab",
    "BLA761424": "denosumab",
    "BLA761166": "interferon-alfa-2a",
}


def test_a_label_in_openfda_that_a_fact_cites_is_a_label_of_that_therapy():
    ours: dict[str, set[str]] = {}
    facts = TherapyFact.objects.filter(kind__in=("application", "form"))
    for slug, value, application in facts.values_list("therapy__slug", "value", "application"):
        ours.setdefault(slug, set()).add(application or value)
    told_by_label = TherapyFact.objects.filter(source__kind="label").filter(
        Q(source__title__contains="openFDA") | Q(source__url__startswith="https://api.fda.gov/")
    )
    strangers = []
    for fact in told_by_label.exclude(source__title__in=OF_MANY).select_related("source"):
        slug, source = fact.therapy.slug, fact.source
        named = set(re.findall(r"(?:BLA|NDA)\d{6}", f"{source.title} {source.read_as}"))
        known = ours[slug] | {number for number, relative in RELATIVES.items() if relative == slug}
        if not named or named - known:
            strangers.append((slug, fact.kind, source.title))
    assert strangers == []


def test_no_source_is_the_preview_or_the_workshop_of_a_site():
    passing = Q(url__contains="vercel.app") | Q(url__regex=r"//(dev|stage|staging|demo|test)[-.]")
    assert not Source.objects.filter(passing)


#: Who keeps copies of pages that FDA took down: the University of North Texas, for the government.
KEPT_FOR_THE_GOVERNMENT = ("webarchive.library.unt.edu", "cybercemetery.unt.edu")


def test_no_shipped_source_lies_on_a_site_that_only_copies_others():
    assert [source.url for source in Source.objects.exclude(url="") if why_refused(source.url)] == []


def test_only_records_of_a_government_that_somebody_read_are_called_official():
    official = Source.objects.filter(official=True)
    hosts = {urlsplit(url).hostname or "" for url in official.exclude(url="").values_list("url", flat=True)}
    assert {host for host in hosts if not host.endswith((".gov", ".mil"))} <= {*KEPT_FOR_THE_GOVERNMENT}
    assert not official.filter(read_as="").exists()


def test_readers_are_told_nothing_from_memory_and_no_name_by_a_list_that_does_not_hold_it():
    facts, memory = TherapyFact.objects.all(), r"(from|of|by) memory|general knowledge"
    assert not facts.filter(Q(note__iregex=memory) | Q(value__iregex=memory))
    assert not ApprovalEvent.objects.filter(note__iregex=memory)
    names = facts.filter(kind__in=["code", "abbreviation", "synonym"])
    lists = Q(source__title__icontains="Purple Book") | Q(source__title__icontains="Drugs@FDA")
    assert names and not names.filter(lists | Q(source=None))


def test_nothing_rests_on_a_list_that_ended_before_the_day_it_is_about():
    ended, first = Q(source__as_of__lt=F("date")), Min("therapy__indications__events__date")
    facts = TherapyFact.objects.exclude(source__as_of=None).annotate(first=first)
    assert facts and not facts.filter(ended | Q(source__as_of__lt=F("first")))
    assert not ApprovalEvent.objects.filter(ended)


def test_few_decisions_rest_on_one_page_that_is_no_official_record():
    told = reading.well_founded()
    assert told["founded"] >= 0.95 * told["decisions"], told


def test_a_command_lists_what_rests_on_little(use, confirmed, capsys):
    told = reading.well_founded()
    page = Source.objects.create(title="Page of a test", url="https://example.org/test", official=False)
    confirmed(ApprovalEvent, indication=use, kind="approval", date=datetime.date(2024, 3, 1), source=page)
    call_command("source_check")
    said = capsys.readouterr().out
    assert "After everything else\n  Page of a test" in said
    assert f"{told['decisions'] - told['founded'] + 1} of {told['decisions'] + 1} public decisions" in said
    assert "\n0 public decisions and facts rest on memory or on no source." in said
