"""The shipped content: complete, true to the facts, and told as the voice asks."""

import datetime
import json
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db.models import F, Min, Q
from django.db.models.functions import Length
from django.utils.html import strip_tags

from faq.models import Question
from portal.pages.models import Section
from portal.publishing import actions, coach, prose, values
from portal.publishing.models import Change, Edition, Governed, Source
from portal.publishing.models.sources import why_refused
from portal.publishing.parts import passages
from therapies import reading, shipping, timeline
from therapies.figures import TherapyNumbers
from therapies.models import ApprovalEvent, Indication, Therapy, TherapyFact
from therapies.shipping import CONTENT

from .public import PAGE_MODELS, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(20)]
PAGE_DAY = datetime.date(2019, 2, 28)
REFERENCE = Path(__file__).parents[2] / "shared" / "reference"


def shipped() -> list[dict[str, Any]]:
    """The files of facts, one a therapy."""
    return [tomllib.loads(path.read_text()) for path in sorted((CONTENT / "therapies").glob("*.toml"))]


def doubts() -> list[dict[str, Any]]:
    """Facts and decisions that come with a doubt, and wait for a person."""
    found = [fact for file in shipped() for fact in file["facts"]]
    found += [event for file in shipped() for use in file["uses"] for event in use["events"]]
    return [one for one in found if one.get("doubt")]


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


def test_a_side_effect_has_one_plain_name_whichever_therapy_it_is_of():
    """Two therapies side by side that name one effect in two ways look as if they differed in it."""
    told = set(TherapyFact.objects.filter(kind="side-effects").values_list("value", flat=True))
    names = {name.strip() for value in told for name in value.split(";")}
    in_labels_words = re.compile(r"fatigue|abdominal|decreased appetite|instillation|dyspn|pyrexia|alopecia|edema")
    assert len(names) > 90 and [name for name in names if in_labels_words.search(name)] == []
    unglossed = re.compile(r"^(?:anemia|corneal damage|raised creatinine|low albumin|upper respiratory infection)$")
    assert [name for name in names if unglossed.match(name)] == []
    assert {name for name in names if name + "s" in names} == set()  # "infection" beside "infections"


def test_no_checkpoint_inhibitor_is_told_of_more_gently_than_another():
    """The labels of all of them have the same heading: severe and fatal immune-mediated adverse reactions."""
    of_the_class = Therapy.objects.published().filter(therapy_class__slug="checkpoint-inhibitor")
    told = {therapy.slug: therapy.live.words["side_effects"] for therapy in of_the_class}
    assert len(told) > 10
    assert [slug for slug, text in told.items() if not re.search(r"fatal|life-threatening|ha(?:ve|s) died", text)] == []


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
development_only = pytest.mark.skipif(
    not REFERENCE.exists(), reason="the data set lies beside this checkout in development only"
)


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


def test_on_the_day_of_the_page_the_catalogue_holds_its_43_and_three_that_it_missed(client):
    approved = Therapy.objects.approved(PAGE_DAY)
    assert approved.filter(page_number__isnull=False).count() == 43
    missed = approved.filter(page_number__isnull=True).values_list("slug", flat=True)
    assert set(missed) == {"mogamulizumab", "moxetumomab-pasudotox", "tagraxofusp"}
    page = client.get("/therapies/?on=2019-02-28").content.decode()
    assert len(set(re.findall(r'<h3><a href="/therapies/([^/]+)/[?]on=2019-02-28"', page))) == 46


def story(therapy: str, code: str) -> list[tuple[str, str]]:
    events = ApprovalEvent.objects.public().filter(indication__therapy__slug=therapy, indication__code=code)
    return [(event.kind, f"{event.date}") for event in events.order_by("date")]


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


def test_every_page_of_the_site_has_published_words():
    for model in PAGE_MODELS:
        assert model.objects.published().count() == model.objects.count(), model


def test_every_shipped_text_cites_a_source():
    citing = [model for model in PAGE_MODELS if model is not Section]
    bare = Edition.objects.live().of_kind(*citing).filter(sources=None)
    assert not bare.exists(), [str(e) for e in bare]


def texts():
    for model in PAGE_MODELS:
        for page in model.objects.published():
            for name, value in page.live.words.items():
                yield f"{page} {name}", value


def test_every_figure_in_a_text_can_be_computed():
    assert [(where, bad) for where, text in texts() if (bad := prose.unknown_figures(text))] == []


def test_every_link_in_a_text_leads_to_a_page_of_ours_or_is_https():
    known = set(addresses())
    wrong = []
    for where, text in texts():
        targets = re.findall(r'href="([^"]+)"', text) + ([text] if where.endswith("onward_address") and text else [])
        for target in targets:
            path = target.split("#")[0].split("?")[0]
            if not (target.startswith("https://") or path in known):
                wrong.append((where, target))
    assert wrong == []


def coached(kinds: set[str]):
    """What the coach of drafts finds of these kinds in the shipped words."""
    for model in PAGE_MODELS:
        for page in model.objects.published():
            found = coach.read(passages(model.PARTS, page.live.words)).findings
            yield from ((str(page), f["part"], f["words"], f["advice"]) for f in found if f["kind"] in kinds)


@pytest.mark.slow
def test_the_shipped_words_keep_to_the_voice():
    assert list(coached({*coach.AVOIDED})) == []


@pytest.mark.slow
def test_no_sentence_is_longer_than_25_words():
    assert list(coached({"long"})) == []


@pytest.mark.slow
def test_shipped_words_say_where_links_lead_and_go_down_headings_one_by_one():
    assert list(coached({"link", "heading", "figure", "empty"})) == []


def test_a_setting_tells_of_one_day_and_leaves_others_to_its_decisions():
    uses = [use for file in shipped() for use in file["uses"]]
    uses += [event["before"] for use in uses for event in use["events"] if "before" in event]
    settings = [use[name] for use in uses for name in ("setting", "plainly") if name in use]
    mixed = re.compile(r"\b(today|now|at first|later also|original|application|added in|since \d{4})\b", re.I)
    assert [text for text in settings if mixed.search(text)] == []


def test_no_two_therapies_open_with_the_same_words():
    openings: dict[str, str] = {}
    for therapy in Therapy.objects.published():
        for part in ("in_short", "how_it_works", "what_to_know", "side_effects"):
            words = strip_tags(therapy.live.words[part]).replace(therapy.name, "X").split()
            opening = f"{part}: {' '.join(words[:9]).lower()}"
            assert opening not in openings, (therapy.slug, openings.get(opening), opening)
            openings[opening] = therapy.slug


def test_withdrawn_uses_are_never_first(client):
    for slug in ("pembrolizumab", "nivolumab", "atezolizumab", "durvalumab", "bevacizumab"):
        uses = timeline.uses(
            ApprovalEvent.objects.public().filter(indication__therapy__slug=slug).select_related("indication"),
            datetime.date(2026, 11, 24),
        )
        states = [use.in_force for use in uses]
        assert states == sorted(states, reverse=True) and not all(states)


def test_answers_name_the_figures_of_the_page_with_their_date():
    answer = Question.objects.published().get(slug="who-can-receive-it").live
    told = prose.plain(answer.words["in_short"] + answer.words["answer"])
    assert "43" in told and "46" in told and "2019" in told


def test_each_count_of_an_answer_leads_to_the_list_of_its_day(client):
    page = client.get("/faq/who-can-receive-it/").content.decode()
    ways = re.findall(r'<a href="(/therapies/\?[^"]*|/approvals/)">(\d+) ', page)
    assert [address for address, _ in ways] == [
        "/therapies/?on=2019-02-28",
        "/therapies/?status=approved",
        "/approvals/",
    ]
    for address, number in ways:
        assert re.search(rf"\b{number} (of|therapies|uses)\b", client.get(address).content.decode()), address


# Where it was read ------------------------------------------------------------------------

#: Who keeps copies of pages that FDA took down: the University of North Texas, for the government.
KEPT_FOR_THE_GOVERNMENT = ("webarchive.library.unt.edu", "cybercemetery.unt.edu")


def boxed_warnings() -> dict[str, str]:
    rows = TherapyFact.objects.filter(kind="boxed-warning").exclude(value__in=["none", "unknown"])
    return dict(rows.values_list("therapy__slug", "value"))


#: How labels say it: readers meet these words in brackets, behind plain ones.
JARGON = r"toxicit|cytopeni|neutropeni|syndrome|ICANS|HLH|veno-occlus|leukoencephalopath|dysfunction|anaphylaxis|REMS"


def test_a_boxed_warning_says_in_plain_words_what_can_happen_to_people():
    said = boxed_warnings()
    assert len(said) > 50
    bare = {slug: re.sub(r"\([^)]*\)", "", value) for slug, value in said.items()}
    assert [slug for slug, value in bare.items() if re.search(JARGON, value)] == []
    sentences = [sentence for value in said.values() for sentence in re.split(r"(?<=[.])\s", value)]
    assert [one for one in sentences if len(one.split()) > 25 or not one.endswith(".")] == []
    assert all(re.search(r"\b(?:can|could|causes|had)\b", value) for value in said.values())


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


# What a column holds ------------------------------------------------------------------------------


@pytest.mark.parametrize("model", list(Governed.tables()), ids=lambda model: model._meta.model_name)
def test_no_shipped_value_is_longer_than_its_column(model):
    """SQLite stores what is too long; PostgreSQL stops the whole load there."""
    columns = [field for field in model._meta.concrete_fields if field.max_length and not field.choices]
    for column in columns:
        longest = model._base_manager.annotate(length=Length(column.name)).order_by("-length").first()
        assert longest is None or (longest.length or 0) <= column.max_length, (column.name, longest)
