"""The home page: the sections of the page that it mirrors, the numbers, the answers, and the doors."""

import re

import pytest
from django.utils.html import escape

from faq.models import Question
from portal.pages.models import TakePartLink
from therapies.figures import TherapyNumbers

pytestmark = pytest.mark.django_db


def test_the_home_page_shows_the_numbers_that_follow_from_the_facts(client):
    page = client.get("/").content.decode()
    figures = TherapyNumbers()
    for number in (
        figures.approved_therapies(),
        figures.approved_cancers(),
        figures.approved_uses(),
        figures.withdrawn_uses(),
    ):
        assert f'<b class="figure">{number}</b>' in page


def test_the_home_page_mirrors_every_section_of_the_reference_page(client):
    page = client.get("/").content.decode()
    for anchor in ("what-it-is", "questions", "immune-system", "impact", "taking-part"):
        assert f'id="{anchor}"' in page and f'href="#{anchor}"' in page
    assert page.count("<summary>") == 14  # twelve questions, the changes, and how to cite
    assert page.count('class="card"') == 8
    assert len(re.findall('class="organ" href="[^"]+" tabindex="-1"', page)) == 5  # the list beside says the same
    assert "Back to top" in page and "mailto:" in page


def test_the_home_page_asks_for_one_thing_at_its_end_and_invites_to_share_it_before_and_after(client):
    page = client.get("/").content.decode()
    donate = escape(TakePartLink.objects.get(kind="donate").address)
    assert re.findall('<a class="button call" href="([^"]*)"', page) == [donate]
    assert page.count(donate) == 1
    shares = [found.start() for found in re.finditer("data-share ", page)]
    assert len(shares) == 2
    assert shares[0] < page.index("<h1>") < page.index('id="impact"') < shares[1] < page.index('id="taking-part"')
    assert page.index('id="taking-part"') < page.index(donate)


def test_each_topic_of_the_questions_stands_once(client):
    topics = re.findall(r"<h2>([^<]+)</h2><div>", client.get("/faq/").content.decode())
    assert len(topics) > 3 and len(topics) == len(set(topics))


def test_the_home_page_holds_every_answer_whole(client):
    page = client.get("/").content.decode()
    folds = page.split('<details class="fold answer-fold">')[1:]
    questions = list(Question.objects.published())
    assert len(folds) == len(questions) == 12
    for question, fold in zip(questions, folds, strict=True):
        short, whole = (len(re.sub(r"<[^>]+>", "", question.live.words[part])) for part in ("in_short", "answer"))
        assert len(re.sub(r"<[^>]+>", "", fold)) > 0.95 * (short + whole), (
            question.slug
        )  # a code is longer than its figure


@pytest.mark.parametrize(
    ("door", "page"),
    [
        ("/cancers/?cancer=melanoma", "/cancers/melanoma/"),
        ("/biomarkers/?result=pd-l1", "/biomarkers/pd-l1/"),
        ("/faq/?question=types", "/faq/types/"),
        ("/therapies/?q=Keytruda&go=1", "/therapies/pembrolizumab/"),
    ],
)
def test_a_door_of_the_home_page_leads_to_the_page_itself(client, door, page):
    assert client.get(door).headers["Location"] == page


@pytest.mark.parametrize("door", ["/cancers/?cancer=", "/cancers/?cancer=nothing", "/biomarkers/?result=x"])
def test_a_door_at_which_nothing_was_chosen_shows_the_list(client, door):
    assert client.get(door).status_code == 200
