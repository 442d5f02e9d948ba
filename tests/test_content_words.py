"""The shipped words: every page has some, with sources and links that lead somewhere, and they keep to the voice."""

import re

import pytest
from django.utils.html import strip_tags

from faq.models import Question
from portal.pages.models import Section
from portal.publishing import coach, prose
from portal.publishing.models import Edition
from portal.publishing.parts import passages
from therapies.models import Therapy, TherapyFact

from .public import PAGE_MODELS, addresses
from .shipped import shipped

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(20)]


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
