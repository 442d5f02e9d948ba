"""A form in the admin says which of its fields wait for a second person, and asks why they change."""

import pytest

from faq.models import Question
from portal.publishing.models import Change

from .conftest import ANSWER
from .forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def live(question, published) -> Question:
    published(question, **ANSWER)
    return question


def form(question: Question) -> str:
    return f"/admin/faq/question/{question.pk}/change/"


def test_a_form_of_what_readers_see_asks_for_the_reason_and_says_what_goes_live_at_once(desk, administrator, live):
    page = desk(administrator).get(form(live)).content.decode()
    assert 'name="_why"' in page and "a change stays pending until a second person confirms it" in page
    assert page.count("Readers see a new value right away.") == 1, "of its order alone"


def test_a_form_of_what_nobody_sees_asks_for_no_reason(desk, administrator, question):
    assert 'name="_why"' not in desk(administrator).get(form(question)).content.decode()


def test_the_reason_goes_with_the_change_and_the_form_names_what_is_pending(desk, administrator, editor, live):
    client = desk(administrator)
    sent = filled(client.get(form(live)), topic=Question.objects.exclude(topic=live.topic).first().topic_id)
    page = client.post(form(live), sent | {"_why": "It belongs there."}, follow=True).content.decode()
    change = Change.objects.pending().of(live).get()
    assert change.because == "It belongs there."
    assert (
        "A change is pending:" in page and f'href="{change.get_absolute_url()}"' in page and "proposed by you" in page
    )
    assert "proposed by Ada" in desk(editor).get(form(live)).content.decode()


def test_work_that_affects_patients_comes_first_on_the_dashboard(desk, data_editor):
    page = desk(data_editor).get("/admin/")
    shown = next(listed for listed in page.context["work"] if listed.title == "Changes to confirm")
    first = Change.objects.pending().filter(affects_patients=True).order_by("proposed_at", "pk").first()
    assert shown.lines[0].address == first.get_absolute_url()
