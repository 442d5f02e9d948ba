"""With a setting, one person confirms what they entered, and readers are told of it wherever it stands."""

import pytest

from portal.pages.models import SiteSettings
from portal.publishing import actions
from portal.publishing.links import SIGN
from therapies.models import TherapyFact


@pytest.fixture
def alone(settings, change, data_editor):
    """Confirmed by its author, in an organisation of one person."""
    settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES = True
    return actions.confirm(change, by=data_editor)


def test_a_setting_lets_one_person_confirm_and_the_change_keeps_it(alone, data_editor):
    assert alone.is_confirmed and alone.confirmed_alone and alone.confirmed_by == data_editor


def test_readers_are_told_beside_the_source_and_on_the_page_about_freshness(alone, client):
    said = "(confirmed by the person who entered it)"
    for address in ("/therapies/pembrolizumab/", "/cancers/neuroblastoma/", "/approvals/?year=all"):
        assert " ".join(client.get(address).content.decode().split()).count(said) == 1, address
    page = client.get("/therapies/pembrolizumab/").content.decode().replace("\n", " ")
    sources = page.split('id="sources"')[1]
    told = "official</span> A fact from this source was confirmed by the person who entered it."
    assert f'FDA letter of a test{SIGN}</a> <span class="badge">{told}' in sources
    told = "FDA decisions: 1 was confirmed by the person who entered it, without a second person."
    assert told in client.get("/about/freshness/").content.decode()


@pytest.mark.parametrize("kind", ["boxed-warning", "side-effects"])
def test_a_warning_that_one_person_confirmed_says_so_beside_its_source(settings, data_editor, client, source, kind):
    settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES = True
    fact = TherapyFact.objects.get(therapy__slug="naxitamab", kind=kind)
    change = actions.propose_change(fact, {"value": "Nausea"}, by=data_editor, because="Read again.", source=source)
    actions.confirm(change, by=data_editor)
    page = " ".join(client.get("/therapies/naxitamab/").content.decode().split())
    assert "Source: <cite>FDA letter of a test</cite>. Confirmed by the person who entered it." in page


def test_readers_are_told_how_many_names_and_links_one_person_changed(settings, administrator, client):
    settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES = True
    site = SiteSettings.objects.get()
    actions.confirm(actions.propose_change(site, {"name": "Ours"}, by=administrator), by=administrator)
    page = client.get("/about/freshness/").content.decode()
    assert "1 other change, such as names, links and settings of this site, was confirmed by the person" in page


def test_nothing_is_said_of_what_two_people_confirmed(decision, client):
    assert "confirmed by the person who" not in client.get("/therapies/pembrolizumab/").content.decode()
    assert "confirmed by the person who" not in client.get("/about/freshness/").content.decode()


def test_with_the_setting_the_screen_offers_its_author_to_confirm(settings, desk, data_editor, change):
    address, button = change.get_absolute_url(), 'value="confirm">Confirm: readers will see it'
    assert button not in desk(data_editor).get(address).content.decode()
    settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES = True
    page = desk(data_editor).get(address).content.decode()
    assert button in page and "the site tells readers that no second person did" in page
