"""The terms of a use belong to it on a day: a decision changes them, and a past day reads those of then."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from portal.publishing import actions
from portal.publishing.models import Change
from therapies import reading, timeline
from therapies.catalogue import Catalogue
from therapies.models import TERMS, ApprovalEvent, Biomarker, EarlierTerms, Indication
from therapies.timeline import Kind

from .test_recording_desk import entered, typed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MAY_21, MAY_22 = datetime.date(2025, 5, 21), datetime.date(2025, 5, 22)
GRANTED = datetime.date(2024, 3, 1)
NARROWED = datetime.date(2025, 3, 1)


def told_of(therapy: str, code: str, on: datetime.date | None = None) -> timeline.Use:
    use = Indication.objects.get(therapy__slug=therapy, code=code)
    [found] = timeline.uses(reading.events().filter(indication=use), on or datetime.date.today())
    reading.attach_changed_tests([found])
    return found


def page(client, address: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(client.get(address).content.decode()))


@pytest.fixture
def decision(use, source, confirmed):
    """Pembrolizumab is approved for one more use, with or without any test result."""
    return confirmed(ApprovalEvent, indication=use, kind="approval", date=GRANTED, source=source)


@pytest.fixture
def browser(desk, data_editor):
    return desk(data_editor)


def narrow(browser, decision, **changes):
    """An FDA data editor enters that FDA limited the use to tumors with PD-L1."""
    change = {"therapy": "pembrolizumab", "use": decision.indication_id, "kind": "narrowed", "date": "2025-03-01"}
    change |= {"biomarkers": "pd-l1", "setting": "", "stage": "", "because": "It did not help without PD-L1."}
    return browser.post("/desk/record/", typed(**change | changes) | {"record": ""})


# What is shipped -----------------------------------------------------------------------------


PD_L1 = [
    ("nivolumab", "stomach-cancer--first-line-with-chemo", MAY_22),
    ("nivolumab", "esophageal-cancer--escc-first-line", MAY_22),
    ("nivolumab", "esophageal-cancer--escc-first-line-with-ipilimumab", MAY_22),
    ("ipilimumab", "esophageal-cancer--escc-first-line-with-nivolumab", datetime.date(2025, 5, 31)),
    ("pembrolizumab", "esophageal-cancer--first-line-with-chemo", MAY_22),
    ("pembrolizumab", "stomach-cancer--her2-negative-first-line", MAY_22),
    ("pembrolizumab", "stomach-cancer--her2-positive-first-line", datetime.date(2023, 11, 7)),
]


@pytest.mark.parametrize(("therapy", "code", "day"), PD_L1)
def test_pd_l1_is_required_from_the_day_on_which_fda_narrowed_the_use(therapy, code, day):
    before, after = (told_of(therapy, code, day - datetime.timedelta(days=back)) for back in (1, 0))
    assert "pd-l1" not in {test.slug for test in before.biomarkers} and "PD-L1" not in before.terms.headline
    assert "pd-l1" in {test.slug for test in after.biomarkers} and "PD-L1" in after.terms.headline
    assert before.in_force and after.in_force
    assert [step.word for step in after.story][-1] == "Narrowed"


#: What a decision added or asked for: words, or “children”, that hold from its day on.
LATER = [
    ("pembrolizumab", "liver-cancer--previously-treated", "2024-01-25", "hepatitis B"),
    ("pembrolizumab", "melanoma--adjuvant-stage-iii", "2021-12-03", "children"),
    ("pembrolizumab", "cutaneous-squamous-cell-carcinoma--recurrent-or-metastatic", "2021-07-06", "nearby tissue"),
    ("nivolumab", "melanoma--unresectable-or-metastatic", "2016-01-23", "Alone, for melanoma that has spread"),
    ("nivolumab", "melanoma--unresectable-or-metastatic", "2023-10-31", "children"),
    ("nivolumab", "melanoma--adjuvant-stage-iii-iv", "2023-10-31", "children"),
    ("ipilimumab", "melanoma--with-nivolumab", "2023-02-28", "children"),
    ("blinatumomab", "acute-lymphoblastic-leukemia--relapsed-or-refractory", "2016-08-30", "children"),
    ("hpv-9-valent-vaccine", "cervical-cancer--prevention", "2018-10-05", "9 to 45"),
    ("hpv-9-valent-vaccine", "anal-cancer--prevention", "2015-12-14", "people"),
    ("panitumumab", "colorectal-cancer--first-line-folfox", "2017-06-29", "no RAS mutation"),
    ("inotuzumab-ozogamicin", "acute-lymphoblastic-leukemia--relapsed-or-refractory", "2024-03-06", "CD22"),
    ("ciltacabtagene-autoleucel", "multiple-myeloma--after-one-line", "2024-04-05", "at least one"),
    ("idecabtagene-vicleucel", "multiple-myeloma--after-two-lines", "2024-04-04", "two or more"),
]


@pytest.mark.parametrize(("therapy", "code", "day", "words"), LATER)
def test_what_came_later_is_told_from_its_day_on(therapy, code, day, words):
    on = datetime.date.fromisoformat(day)
    before, after = (told_of(therapy, code, on - datetime.timedelta(days=back)) for back in (1, 0))
    told = [use.terms.children if words == "children" else words in use.terms.headline for use in (before, after)]
    assert told == [False, True] and before.in_force and after.in_force


def test_a_use_that_changed_twice_had_other_terms_each_time():
    """FDA asked for high PD-L1 in 2018, unless no platinum was possible; since 2021 only those may have it."""
    days = [(2017, 6, 1), (2018, 6, 18), (2018, 6, 19), (2021, 8, 30), (2021, 8, 31)]
    code = "urothelial-carcinoma--first-line-platinum-ineligible"
    settings = [told_of("pembrolizumab", code, datetime.date(*day)).terms.setting for day in days]
    assert settings[0] == settings[1] == "First treatment; patients who cannot have cisplatin"
    assert settings[2] == settings[3] and "high PD-L1" in settings[2]
    assert settings[4] == "First treatment; patients who cannot have any platinum chemotherapy"
    steps = told_of("pembrolizumab", code).story
    assert [(step.word, step.terms.setting) for step in steps] == [
        ("Accelerated approval", settings[0]),
        ("Narrowed", settings[2]),
        ("Confirmed", settings[4]),
    ]


def test_a_widening_tells_once_what_it_added_by_its_note_where_it_has_one():
    use = told_of("ipilimumab", "melanoma--unresectable-or-metastatic")
    assert use.story[1].word == "Expanded"
    assert use.story[1].change.startswith("Children 12 and older added. Before that, the approved use was “For adults")
    assert not told_of("ipilimumab", use.indication.code, datetime.date(2017, 7, 20)).terms.children


@pytest.mark.parametrize(
    ("therapy", "code", "said"),
    [
        ("pembrolizumab", "melanoma--unresectable-or-metastatic", "FDA no longer set an order of treatment. Before"),
        ("blinatumomab", "acute-lymphoblastic-leukemia--relapsed-or-refractory", "FDA no longer required the test"),
        (
            "trastuzumab-deruxtecan",
            "her2-positive-breast-cancer--metastatic-previously-treated",
            "before that, the approved use was ",
        ),
    ],
)
def test_a_change_is_told_as_what_fda_did(therapy, code, said):
    assert told_of(therapy, code).story[-1].change.startswith(said)


def test_a_move_in_the_order_of_treatment_is_told_by_its_name():
    first, later = (Indication(pk=1, setting="The same", stage=stage) for stage in ("first", "later"))
    assert timeline.difference(later, first, {}) == "FDA allowed it as the first treatment"


def test_earlier_terms_that_are_shipped_stand_before_the_decision_that_changed_them():
    found = EarlierTerms.objects.select_related("event__indication")
    assert found.count() == 58
    for terms in found:
        terms.full_clean()
        terms.check_against(None)
        use = told_of(terms.event.indication.therapy.slug, terms.event.indication.code)
        [step] = [step for step in use.story if step.event == terms.event]
        assert step.change, f"{terms} changed nothing"


def test_a_use_alone_and_one_with_a_partner_are_two():
    for model in (Indication, EarlierTerms):
        for terms in model.objects.exclude(combination=""):
            terms.clean()
    with pytest.raises(ValidationError, match="Alone and with a partner are two uses"):
        Indication(combination="alone or pembrolizumab").clean()


# What readers see ----------------------------------------------------------------------------


def test_the_page_of_a_therapy_tells_what_changed_and_when(client):
    said = page(client, "/therapies/nivolumab/")
    before = "As the first treatment for advanced adeno"
    change = f"FDA required the test result PD-L1-positive. Before that, the approved use was “{before}"
    assert said.count(f"Narrowed May 22, 2025: {change}") == 1 and said.count("Narrowed May 22, 2025: FDA") == 3
    assert change in page(client, "/cancers/stomach-cancer/") and change in page(client, "/biomarkers/pd-l1/")


def test_the_list_of_approvals_tells_each_decision_in_the_words_of_its_day(client):
    said = page(client, "/approvals/?cancer=stomach-cancer&family=immunomodulator&year=2021")
    assert "advanced adenocarcinoma of the stomach" in said and "adenocarcinoma with PD-L1" not in said
    narrowed = page(client, "/approvals/?cancer=stomach-cancer&kind=narrowed")
    assert "3 of " in narrowed and "FDA required the test result PD-L1-positive" in narrowed


@pytest.mark.parametrize(("day", "is_there"), [(MAY_21, False), (MAY_22, True)])
def test_the_catalogue_of_a_day_asks_for_the_tests_of_that_day(day, is_there):
    asked = {"cancer": "stomach-cancer", "biomarker": "pd-l1", "on": day}
    assert ("nivolumab" in [row.slug for row in Catalogue().select(asked)]) is is_there
    catalogue = Catalogue()
    catalogue.select({"cancer": "stomach-cancer", "on": day})
    assert catalogue.counts()["biomarker"]["pd-l1"] == len(Catalogue().select(asked))


def test_a_feed_says_what_changed(client):
    items = client.get("/feeds/therapies/nivolumab.json").json()["items"]
    [item] = [item for item in items if item["title"].startswith("Narrowed: Nivolumab, Stomach")]
    assert "FDA limited this use to fewer people." in item["content_html"]
    assert "What changed: FDA required the test result PD-L1-positive" in item["content_html"]


@pytest.mark.parametrize("address", ["/approvals/?year=all", "/feeds/approvals.atom", "/therapies/?on=2025-05-21"])
def test_changed_terms_cost_one_query_at_most(client, address):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    client.get(address)
    with_changes = asked()
    EarlierTerms.objects.all().delete()
    assert with_changes - asked() <= 1


@pytest.mark.parametrize(
    ("kinds", "state", "words"),
    [
        ([Kind.APPROVAL, Kind.NARROWED], "approved", ["Approved", "Narrowed"]),
        ([Kind.ACCELERATED, Kind.NARROWED], "accelerated", ["Accelerated approval", "Narrowed"]),
        (
            [Kind.ACCELERATED, Kind.NARROWED, Kind.CONVERTED, Kind.NARROWED],
            "converted",
            ["Accelerated approval", "Narrowed", "Confirmed", "Narrowed"],
        ),
        ([Kind.APPROVAL, Kind.NARROWED, Kind.WITHDRAWN], "withdrawn", ["Approved", "Narrowed", "Withdrawn"]),
        ([Kind.ACCELERATED, Kind.ACCELERATED], "accelerated", ["Accelerated approval", "Expanded"]),
    ],
)
def test_a_narrowed_use_keeps_its_state(kinds, state, words):
    assert (timeline.state(kinds), timeline.told(kinds)) == (state, words)


# How a change is entered ---------------------------------------------------------------------


def test_a_narrowing_is_entered_on_a_use_and_keeps_its_terms_until_then(browser, decision, client, second_data_editor):
    narrow(browser, decision, setting="After everything else, PD-L1-positive")
    group = entered().group()
    assert [(one.verb, one.model.partition(".")[2]) for one in group] == [
        ("add", "approvalevent"),
        ("add", "earlierterms"),
        ("change", "indication"),
    ]
    assert group[0].affects_patients and "Narrowed" not in page(client, "/cancers/neuroblastoma/")
    with pytest.raises(actions.Refused, match="another person must confirm"):
        actions.confirm(entered(), by=entered().proposed_by)
    actions.confirm(entered(), by=second_data_editor)
    use = Indication.objects.get(pk=decision.indication_id)
    assert use.setting == "After everything else, PD-L1-positive" and use.biomarkers.get().slug == "pd-l1"
    terms = EarlierTerms.objects.get(event__indication=use)
    assert (terms.setting, terms.event.date, terms.biomarkers.count()) == ("After everything else", NARROWED, 0)
    assert "FDA required the test result PD-L1-positive" in page(client, "/cancers/neuroblastoma/")
    assert use in Indication.objects.in_force()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"use": ""}, "This narrows a use that we have. Choose it in the list of uses."),
        ({"because": ""}, "Say why the use was narrowed."),
        ({"biomarkers": ""}, "Say what FDA limited"),
        ({"setting": "word " * 21}, "These are 21 words"),
        ({"date": "2024-02-01"}, "it cannot be narrowed before"),
        ({"combination": "alone; chemotherapy"}, "Alone and with a partner are two uses."),
    ],
)
def test_a_narrowing_that_cannot_be_is_refused_at_its_field(browser, decision, changes, said):
    refused = narrow(browser, decision, **changes)
    assert refused.status_code == 400 and said in refused.content.decode()
    assert not Change.objects.pending().to(EarlierTerms).exists()


def test_a_narrowing_before_one_that_we_have_is_left_to_a_person(browser, decision, second_data_editor):
    narrow(browser, decision)
    actions.confirm(entered(), by=second_data_editor)
    again = narrow(browser, decision, date="2025-02-01", setting="After everything")
    assert again.status_code == 400 and "Correct its terms by hand" in again.content.decode()


def test_a_narrowing_is_taken_back_as_one(browser, decision, data_editor, second_data_editor):
    before = {name: getattr(decision.indication, name) for name in TERMS if name != "biomarkers"}
    narrow(browser, decision, setting="After everything else, PD-L1-positive")
    change = actions.confirm(entered(), by=second_data_editor)
    back = actions.reverse(change, by=data_editor, because="The letter was about another drug.")
    actions.confirm(back, by=second_data_editor)
    use = Indication.objects.get(pk=decision.indication_id)
    assert {name: getattr(use, name) for name in before} == before and not use.biomarkers.exists()
    assert use.events.count() == 1 and not EarlierTerms.objects.filter(event__indication=use).exists()


def test_earlier_terms_are_corrected_at_the_desk_by_two_people(browser, decision, second_data_editor):
    narrow(browser, decision)
    actions.confirm(entered(), by=second_data_editor)
    terms = EarlierTerms.objects.get(event__indication=decision.indication_id)
    shown = browser.get(f"/desk/terms/{terms.pk}/")
    assert f'href="/desk/decisions/{terms.event_id}/"' in shown.content.decode()
    assert f'href="/desk/terms/{terms.pk}/"' in browser.get(f"/desk/decisions/{terms.event_id}/").content.decode()
    form = shown.context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    browser.post(
        f"/desk/terms/{terms.pk}/", sent | {"do": "correct", "setting": "After all else", "because": "A typo."}
    )
    [change] = Change.objects.pending().of(terms)
    assert change.after == {"setting": "After all else"}
    actions.confirm(change, by=second_data_editor)
    terms.refresh_from_db()
    assert terms.setting == "After all else"


def test_a_decision_on_which_earlier_terms_rest_stays(browser, decision, data_editor, second_data_editor):
    narrow(browser, decision)
    actions.confirm(entered(), by=second_data_editor)
    event = decision.indication.events.get(kind="narrowed")
    with pytest.raises(ValidationError, match="The earlier terms of the use rest on this decision"):
        actions.propose_removal(event, by=data_editor, because="Twice.")


def test_a_use_had_no_terms_before_its_first_decision(decision, pending):
    with pytest.raises(ValidationError, match="The use began with this decision"):
        pending(EarlierTerms, event=decision, setting="Before everything", biomarkers=Biomarker.objects.none())
