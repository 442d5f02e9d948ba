"""Lists put in order from the keyboard: readers see it at once, the trail keeps old and new."""

import pytest
from django.urls import reverse

from faq.models import Question, Topic
from portal.publishing import actions
from portal.publishing.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(db):
    return Topic.objects.create(name="An order", order=99)


@pytest.fixture
def three(topic):
    return [Question.objects.create(topic=topic, slug=slug, order=n) for slug, n in (("a", 4), ("b", 4), ("c", 9))]


def order(topic):
    return "".join(topic.questions.order_by("order", "slug").values_list("slug", flat=True))


def send(client, action, *rows):
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(reverse("admin:faq_question_changelist"), chosen, follow=True).content.decode()


@pytest.mark.parametrize(
    ("action", "places", "expected"),
    [
        ("move_down", [0], "bac"),
        ("move_up", [2], "acb"),
        ("move_up", [1, 2], "bca"),
        ("move_down", [0, 1], "cab"),
    ],
)
def test_rows_move_one_place_and_keep_their_order(desk, editor, topic, three, action, places, expected):
    said = send(desk(editor), action, *(three[place] for place in places))
    assert order(topic) == expected and "Readers see the new order." in said
    told = AuditEntry.objects.filter(verb="changed", by=editor).values_list("detail", flat=True)
    assert told and all(detail.startswith("Order: ") and " → " in detail for detail in told)


@pytest.mark.parametrize(("action", "place", "word"), [("move_up", 0, "first"), ("move_down", 2, "last")])
def test_the_end_of_a_list_is_told_and_nothing_moves(desk, editor, topic, three, action, place, word):
    assert f"is already {word} in its list." in send(desk(editor), action, three[place])
    assert order(topic) == "abc"


def test_a_list_is_that_of_its_topic(topic, three, editor):
    other = Question.objects.exclude(topic=topic).values_list("pk", "order")
    before = dict(other)
    actions.shift(three[0], 1, by=editor)
    assert dict(other.all()) == before


def test_who_may_not_change_a_row_is_offered_no_move(desk, data_editor, three):
    page = desk(data_editor).get(reverse("admin:faq_question_changelist")).content.decode()
    assert "Move up one place" not in page
    send(desk(data_editor), "move_down", three[0])
    assert order(three[0].topic) == "abc"
