"""The page of a therapy, in the order in which somebody who is frightened needs it."""

import re

import pytest

from portal.publishing.models import Edition, Source
from portal.publishing.parts import Words
from therapies import reading
from therapies.models import Family, Therapy, TherapyClass, TherapyFact

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(6)]
IN_ORDER = ("when-to-call", "cancers", "know", "side-effects", "ask", "how", "uses", "trials", "sources")


def page_of(client, slug: str) -> str:
    return client.get(f"/therapies/{slug}/").content.decode()


@pytest.mark.slow
def test_every_therapy_tells_what_it_is_then_when_to_call_and_its_uses_after_its_side_effects(client):
    for slug in Therapy.objects.published().values_list("slug", flat=True):
        page = page_of(client, slug)
        places = [page.index('class="short"'), *(page.index(f'id="{name}"') for name in IN_ORDER)]
        assert places == sorted(places), slug
        card = page[page.index('id="when-to-call"') : page.index('id="cancers"')]
        assert "911" in card and "emergency room" in card, slug
        assert "911" not in card[card.index("</div>") :], (
            f"{slug}: a sign to call 911 for is below the head of the card"
        )


def test_the_signs_of_its_class_stand_before_those_that_are_its_own(client):
    page = page_of(client, "pembrolizumab")
    card = page[page.index('id="when-to-call"') :]
    of_the_class, its_own = (
        card.index("Call 911 if you have chest pain"),
        card.index("Call 911 if you have weak muscles"),
    )
    assert of_the_class < its_own < card.index("Call your cancer team the same day") < card.index("Also with")
    its_class = Therapy.objects.get(slug="pembrolizumab").therapy_class.get_absolute_url()
    assert f'href="{its_class}"' in card[: card.index("</section>")]


def test_a_sign_that_is_more_urgent_with_one_therapy_than_with_its_type_says_which_holds(client):
    """Of the veins of the liver, the type says “the same day” and the therapy “right away.”"""
    sheet = client.post("/my-visit/", {"therapy1": "inotuzumab-ozogamicin"}).content.decode()
    for page in (page_of(client, "inotuzumab-ozogamicin"), sheet):
        of_the_class, which = page.index("yellow skin or eyes, dark urine"), page.index("follow the more urgent advice")
        assert of_the_class < page.index("Also with") < which < page.index("a belly that swells or hurts")


def test_signs_written_before_those_for_911_had_a_part_are_still_told(client):
    edition = Therapy.objects.get(slug="pembrolizumab").therapy_class.live_edition()
    older = {name: text for name, text in edition.words.items() if name != "emergency"}
    Edition.objects.filter(pk=edition.pk).update(words=Words(older))
    page = page_of(client, "pembrolizumab")
    assert "Call 911 if you have weak muscles" in page and "Call your cancer team the same day" in page


def test_every_family_says_when_to_call_and_leads_to_the_signs_of_each_class(client):
    for family in Family.objects.published():
        page = client.get(family.get_absolute_url()).content.decode()
        card = page[page.index('id="when-to-call"') : page.index('id="about"')]
        for words in (
            "Call 911",
            "the same day",
            "100.4\N{NO-BREAK SPACE}°F (38\N{NO-BREAK SPACE}°C)",
            "go to the emergency room",
        ):
            assert words in card, family
        classes = TherapyClass.objects.published().filter(family=family)
        assert [one for one in classes if f'href="{one.get_absolute_url()}"' not in card] == []


def test_a_therapy_whose_class_has_no_signs_still_names_an_emergency(client):
    unwritten = TherapyClass.objects.create(name="new class", slug="new-class", family=Family.objects.first())
    Therapy.objects.filter(slug="pembrolizumab").update(therapy_class=unwritten)
    assert "Call 911 if you have chest pain, trouble breathing" in page_of(client, "pembrolizumab")


def test_each_cancer_leads_to_its_uses_on_the_page(client):
    page = page_of(client, "pembrolizumab")
    chosen = re.findall(r'<li><a href="#for-([\w-]+)" target="_self">', page)
    assert len(chosen) > 15
    assert all(page.count(f'id="for-{slug}"') == 1 for slug in chosen)


@pytest.mark.parametrize("value", [None, "unknown"])
def test_a_boxed_warning_that_nobody_confirmed_is_not_passed_over_in_silence(client, value):
    warnings = TherapyFact.objects.filter(therapy__slug="blinatumomab", kind="boxed-warning")
    assert "boxed warning, in short" in page_of(client, "blinatumomab")
    if value:
        warnings.update(value=value)
    else:
        warnings.delete()
    page = page_of(client, "blinatumomab")
    assert "Boxed warning: we have not checked this label yet" in page, "and not as if there were one"
    assert "We have not confirmed yet whether FDA’s label for blinatumomab carries a boxed warning" in page
    assert "https://dailymed.nlm.nih.gov/dailymed/search.cfm?labeltype=all&amp;query=Blincyto" in page
    assert page.index("carries a boxed warning") < page.index('id="side-effects"')


def test_that_there_is_no_boxed_warning_needs_no_box(client):
    therapy = TherapyFact.objects.filter(kind="boxed-warning", value="none").first().therapy
    assert "oxed warning" not in page_of(client, therapy.slug).split('id="cancers"')[0]


def test_a_kind_of_fact_without_a_place_of_its_own_is_listed_under_its_label(client, monkeypatch):
    monkeypatch.setattr(reading, "PLACED", reading.PLACED - {"mechanism"})
    fact = TherapyFact.objects.get(therapy__slug="pembrolizumab", kind="mechanism")
    page = page_of(client, "pembrolizumab")
    assert f"<dt>{fact.get_kind_display()}</dt><dd>{fact.value}</dd>" in page


@pytest.mark.parametrize(("center", "links"), [("CDER", True), ("CBER", False), ("", False)])
def test_an_application_links_to_drugs_at_fda_if_its_center_keeps_it_there(client, center, links):
    facts = TherapyFact.objects.filter(therapy__slug="pembrolizumab", kind="application")
    facts.update(center=center, note="CDER; a word of staff")
    page = page_of(client, "pembrolizumab")
    shown = re.search(r"<dd>(<a [^>]*ApplNo=125514[^>]*>)?BLA125514", page)
    assert shown and bool(shown[1]) is links


LONG_NAME = "allogeneic regulatory T cell-based immunotherapy with HSPC and T cells"


def test_a_therapy_is_headed_by_the_name_that_patients_meet_and_names_the_long_one(client):
    page = page_of(client, "orca-t")
    assert "<h1>Orca-T</h1>" in page
    assert f"<dd>{LONG_NAME}</dd>" in page[page.index('id="names"') :]


@pytest.mark.parametrize("asked", ["Orca-T", "orca t", "Tregzi", LONG_NAME, f"{LONG_NAME}-vldq"])
def test_each_of_its_names_finds_it(client, asked):
    found = client.get("/therapies/", {"q": asked}, follow=True).content.decode()
    assert 'href="/therapies/orca-t/"' in found or "<h1>Orca-T</h1>" in found


def test_a_vaccine_that_prevents_a_cancer_is_offered_to_nobody_as_its_treatment(client):
    for slug in ("hpv-9-valent-vaccine", "hepatitis-b-vaccine"):
        page = page_of(client, slug)
        assert "Is my cancer here?" not in page and "If yours is not listed" not in page, slug
        assert page.count("Cancers it helps prevent") == 2 and "does not treat cancer" in page, slug
    assert page_of(client, "pembrolizumab").count("Is my cancer here?") == 2


def test_side_effects_are_called_those_of_the_label_only_where_a_label_was_read(client):
    assert "Common side effects on FDA’s label" in page_of(client, "pembrolizumab")
    elsewhere = TherapyFact.objects.filter(kind="side-effects").exclude(source__kind=Source.Kind.LABEL)
    assert elsewhere.exists()
    for fact in elsewhere.select_related("therapy"):
        page = page_of(client, fact.therapy.slug)
        assert "<h3>Common side effects</h3>" in page and "Common side effects on FDA’s label" not in page, fact


@pytest.mark.parametrize(
    ("slug", "told"),
    [("glofitamab", "The use,"), ("elotuzumab", "Both uses,"), ("datopotamab-deruxtecan", "All 3 uses,")],
)
def test_uses_are_counted_as_people_say_it(client, slug, told):
    assert f"<summary>{told} with FDA’s dates" in page_of(client, slug)


def test_a_brand_that_is_not_sold_anymore_is_told_as_a_name_only(client):
    """Arzerra left the market, and so did one of two brands of BCG; whether a drug is sold stands with its facts."""
    for slug, told in (("ofatumumab", "brand names: <b>Arzerra, Kesimpta</b>"), ("bcg", "TheraCys</b>")):
        line = re.search(r'<p class="say">(.*?)</p>', page_of(client, slug))[1]
        assert told in line and "sold" not in line
