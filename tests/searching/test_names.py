"""The search: what people type finds the page that they mean, by every name of it and in their own words."""

import random
import string
import tomllib
from pathlib import Path

import pytest

from portal.publishing.search import words
from portal.publishing.search.finding import find
from therapies.fact_kinds import FactKind
from therapies.models import Biomarker, Cancer

from .asking import addresses, therapy_names

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(15)]

ASKED = tomllib.loads(Path(__file__).with_name("queries.toml").read_text())

FIRST = 3


def test_what_people_type_finds_the_page_they_mean_among_the_first_three():
    wrong = {typed: addresses(typed)[:FIRST] for typed, page in ASKED.items() if page not in addresses(typed)[:FIRST]}
    assert wrong == {}


def test_every_name_of_a_therapy_leads_to_its_page_first():
    owners: dict[str, set[str]] = {}
    for _, name, address in therapy_names():
        owners.setdefault(words.key(name), set()).add(address)
    names = [name for _, name, _ in therapy_names()]
    assert {name: addresses(name)[:2] for name in names if addresses(name)[0] not in owners[words.key(name)]} == {}


def test_every_name_of_a_cancer_and_of_a_test_result_leads_to_its_page_first():
    pages = [*Biomarker.objects.published(), *Cancer.objects.published()]
    owners: dict[str, set[str]] = {}
    for page in pages:
        for name in page.names:
            owners.setdefault(words.key(name), set()).add(page.get_absolute_url())
    names = [name for page in pages for name in page.names]
    assert {name: addresses(name)[:2] for name in names if addresses(name)[0] not in owners[words.key(name)]} == {}


def edited(name: str, chance: random.Random) -> str:
    """The name with one letter more, less, or another, or two in the place of each other."""
    place, letter = chance.randrange(len(name)), chance.choice(string.ascii_lowercase)
    return chance.choice(
        [
            name[:place] + name[place + 1 :],
            name[:place] + letter + name[place:],
            name[:place] + letter + name[place + 1 :],
            name[:place] + name[place + 1 : place + 2] + name[place] + name[place + 2 :],
        ]
    )


def test_a_brand_or_generic_name_with_one_edit_is_found_among_the_first_three():
    chance = random.Random(13)  # noqa: S311 - the same edits each time
    names = [(name, address) for kind, name, address in therapy_names() if kind in ("name", FactKind.BRAND)]
    tried = [(edited(name, chance), address) for name, address in names for _ in range(3)]
    missed = [(typed, address) for typed, address in tried if address not in addresses(typed)[:FIRST]]
    print(f"{len(tried) - len(missed)} of {len(tried)} edited names found; missed: {missed}")
    assert len(missed) <= 0.05 * len(tried)


@pytest.mark.parametrize("said", ["{} cancer", "cancer of the {}", "tumor in the {}", "{} tumour", "{} carcinoma"])
@pytest.mark.parametrize(
    ("part", "page"),
    [
        *(("pancreas", "pancreatic"), ("ovary", "ovarian"), ("rectum", "colorectal"), ("uterus", "endometrial")),
        *(("vagina", "vaginal"), ("liver", "liver"), ("lung", "lung"), ("stomach", "stomach"), ("cervix", "cervical")),
        *((one, "head-and-neck") for one in ("mouth", "tongue", "lip", "jaw", "larynx", "parotid")),
    ],
)
def test_a_cancer_is_found_by_the_part_of_the_body_however_that_is_said(said, part, page):
    found = find(said.format(part))
    assert found.matches[0].entry.address == f"/cancers/{page}-cancer/" and not found.says_what_is_missing


def test_a_sign_that_names_a_part_of_the_body_is_no_cancer_of_it():
    assert addresses("stomach pain")[0] == "/faq/side-effects/"
    assert addresses("mouth tumor")[0] == addresses("nose cancer")[0] == "/cancers/head-and-neck-cancer/"
    assert find("testis cancer").kindless and find("testis cancer").instead == ""


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("heart inflammation", "myocarditis"),
        ("inflamed liver", "hepatitis"),
        ("inflammation of the lungs", "pneumonitis"),
    ],
)
def test_what_lies_inflamed_leads_to_the_word_for_it(typed, slug):
    assert addresses(typed)[0] == f"/glossary/{slug}/"


@pytest.mark.parametrize("typed", ["cancer of the kidney", "cáncer de riñón", "cáncer del riñón inmunoterapia"])
def test_a_name_may_be_said_the_other_way_round(typed):
    assert addresses(typed)[0] == "/cancers/kidney-cancer/"


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("cáncer de seno", "breast-cancer"),
        ("cáncer de páncreas", "pancreatic-cancer"),
        ("cáncer de cuello uterino", "cervical-cancer"),
        ("leucemia linfoblástica aguda", "acute-lymphoblastic-leukemia"),
    ],
)
def test_cancers_are_found_in_spanish(typed, slug):
    assert addresses(typed)[0] == f"/cancers/{slug}/" and not find(typed).instead


def test_a_name_of_two_words_tells_what_somebody_asks_for():
    assert "/therapies/types/car-t-cell/" in addresses("is car t safe")[:3]
    assert "/immune/cd8-killer-t-cells/" in addresses("how do t cells kill cancer")[:3]
