"""The pages of the types of immunotherapy: readers find a therapy by its brand, and the picture is of its own kind."""

import re

import pytest

from therapies.models import Therapy, TherapyClass

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(4)]
CYTOKINES, CD8 = 'cx="93" cy="35" r="21.5"', 'cx="81.4" cy="45.2"'


def page_of(client, slug: str) -> str:
    return client.get(f"/therapies/types/{slug}/").content.decode()


def test_a_therapy_is_listed_with_its_brands(client):
    listed = re.compile(r'<a href="/therapies/pembrolizumab/">Pembrolizumab</a> \(Keytruda, Keytruda Qlex\)')
    assert listed.search(page_of(client, "checkpoint-inhibitor"))
    assert listed.search(page_of(client, "immunomodulator"))


def test_the_therapies_of_a_class_stand_by_what_they_attach_to(client):
    _, _, rest = page_of(client, "checkpoint-inhibitor").partition("by-target")
    groups = dict(re.findall(r"<dt>([^<]+)</dt>(.*?)</div>", rest.partition("</dl>")[0], re.S))
    assert list(groups) == sorted(groups) and {"CTLA-4", "LAG-3 and PD-1", "PD-1", "PD-L1"} == set(groups)
    assert "/therapies/ipilimumab/" in groups["CTLA-4"] and "/therapies/pembrolizumab/" in groups["PD-1"]


def test_what_every_therapy_of_a_class_attaches_to_parts_none_of_them(client):
    page = page_of(client, "bispecific-t-cell-engager")
    assert "<dt>BCMA</dt>" in page and not re.search(r"<dt>[^<]*CD3\b", page)


def test_a_class_where_no_two_therapies_attach_to_the_same_is_a_plain_list(client):
    assert "by-target" not in page_of(client, "immunotoxin")


@pytest.mark.slow
def test_every_therapy_of_a_type_is_listed_once(client):
    for its_class in TherapyClass.objects.published().select_related("family"):
        page = page_of(client, its_class.address)
        assert all(
            page.count(f'href="/therapies/{one.slug}/"') == 1 for one in Therapy.objects.filter(therapy_class=its_class)
        )


def test_a_class_shows_a_picture_of_its_own_kind(client):
    assert CYTOKINES in page_of(client, "immunomodulator")
    assert CYTOKINES not in page_of(client, "checkpoint-inhibitor")


def test_a_class_without_a_picture_shows_that_of_its_family(client):
    TherapyClass.objects.filter(slug="til").update(slug="cells-of-another-kind")
    assert CD8 in page_of(client, "cells-of-another-kind")


def test_the_signs_to_call_911_for_are_shown_also_where_nothing_else_is(client, published):
    its_class = TherapyClass.objects.get(slug="checkpoint-inhibitor")
    words = its_class.live_edition().words | {"when_to_call": "", "emergency": "<p>Call 911 if your heart races.</p>"}
    published(its_class, **words)
    assert "Call 911 if your heart races." in page_of(client, "checkpoint-inhibitor")
    therapy = client.get("/therapies/pembrolizumab/").content.decode()
    assert "Call 911 if your heart races." in therapy and "For its sources, see" in therapy


@pytest.mark.slow
def test_every_class_draws_who_does_what_to_whom_and_says_the_same_beside_it(client):
    for its_class in TherapyClass.objects.published().select_related("family"):
        page = page_of(client, its_class.address)
        drawing, _, words = page.partition('class="mechanism"')[2].partition("</svg>\n<ol")
        number = len(its_class.live.words["steps"].splitlines())
        assert number >= 2 and words.partition("</ol>")[0].count("<li>") == drawing.count('class="way"') == number


def test_a_class_leads_to_its_components_and_they_lead_back(client):
    words = page_of(client, "checkpoint-inhibitor").partition('id="steps-words"')[2].partition("</section>")[0]
    assert 'href="/immune/cd8-killer-t-cells/"' in words
    back = client.get("/immune/dendritic-cells/").content.decode()
    assert 'href="/therapies/types/oncolytic-virus-class/#mechanism"' in back
