"""Lists put in order from the keyboard: readers see it at once, the trail keeps old and new."""

from itertools import groupby

import pytest
from django.apps import apps
from django.urls import reverse

from faq.models import Question, Topic
from portal.publishing import actions
from portal.publishing.models import AuditEntry

from .conftest import person
from .forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(4)]
ORDERED = [model for model in apps.get_models() if "order" in getattr(model, "AT_ONCE", ())]


@pytest.fixture
def topic(db):
    return Topic.objects.create(name="An order", order=99)


@pytest.fixture
def three(topic):
    return [Question.objects.create(topic=topic, slug=slug, order=n) for slug, n in (("a", 4), ("b", 4), ("c", 9))]


def order(topic):
    return "".join(topic.questions.order_by("order", "slug").values_list("slug", flat=True))


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def press(client, row, way, asked=""):
    return client.post(f"{list_of(type(row))}{asked}", {"_move": f"{row.pk}-{way}"})


@pytest.mark.parametrize(
    ("place", "way", "expected"), [(0, "down", "bac"), (1, "down", "acb"), (1, "up", "bac"), (2, "up", "acb")]
)
def test_a_row_moves_one_place_and_the_trail_keeps_old_and_new(desk, editor, topic, three, place, way, expected):
    press(desk(editor), three[place], way)
    assert order(topic) == expected
    told = AuditEntry.objects.filter(verb="changed", by=editor).values_list("detail", flat=True)
    assert told and all(detail.startswith("Order: ") and " → " in detail for detail in told)


def test_whoever_pressed_is_back_at_the_same_button_and_is_told(desk, editor, topic, three):
    browser = desk(editor)
    answer = press(browser, three[0], "down", f"?topic__id__exact={topic.pk}")
    assert answer.url == f"{list_of(Question)}?topic__id__exact={topic.pk}#move-{three[0].pk}-down"
    page = browser.get(answer.url).content.decode()
    assert f'id="move-{three[0].pk}-down"' in page and "is number 2 now. Readers see the new order." in page


def test_a_row_at_an_end_of_its_list_has_no_button_that_does_nothing(desk, editor, topic, three):
    for asked in "", f"?topic__id__exact={topic.pk}", "?state=none":
        page = desk(editor).get(f"{list_of(Question)}{asked}").content.decode()
        assert f'id="move-{three[1].pk}-up"' in page and f'id="move-{three[1].pk}-down"' in page, asked
    page = desk(editor).get(f"{list_of(Question)}?topic__id__exact={topic.pk}").content.decode()
    assert f'id="move-{three[0].pk}-up"' not in page and f'id="move-{three[0].pk}-down"' in page
    assert f'id="move-{three[2].pk}-up"' in page and f'id="move-{three[2].pk}-down"' not in page


@pytest.mark.parametrize(("way", "place", "word"), [("up", 0, "first"), ("down", 2, "last")])
def test_the_end_of_a_list_is_told_and_nothing_moves(desk, editor, topic, three, way, place, word):
    browser = desk(editor)
    page = browser.get(press(browser, three[place], way).url).content.decode()
    assert f"is already {word} in its list." in page and order(topic) == "abc"


def test_a_list_is_that_of_its_topic(topic, three, editor):
    other = Question.objects.exclude(topic=topic).values_list("pk", "order")
    before = dict(other)
    actions.shift(three[0], 1, by=editor)
    assert dict(other.all()) == before


@pytest.mark.parametrize("model", ORDERED, ids=lambda model: model.__name__)
def test_every_list_with_an_order_has_buttons_in_each_row_and_shows_it_as_readers_have_it(desk, model):
    page = desk(person("Ada", "Administrator")).get(list_of(model))
    text = page.content.decode()
    shown = [([getattr(one, name) for name in model.ORDERED_WITHIN], one) for one in page.context["cl"].result_list]
    lists = [(within, [row for _, row in rows]) for within, rows in groupby(shown, lambda one: one[0])]
    for _, rows in lists:
        assert [row.order for row in rows] == sorted(row.order for row in rows)
        for way, end in (("up", rows[0]), ("down", rows[-1])):
            button = 'value="{0}-{1}" id="move-{0}-{1}">Move {1}<span class="visually-hidden"> “'
            assert [row for row in rows if button.format(row.pk, way) not in text] == [end]
    names = [within for within, _ in lists]
    assert all(name not in names[:number] for number, name in enumerate(names)), "one list after the other"


@pytest.mark.parametrize("pressed", ["", "1", "1-left", "x-up", "99999999999-up", "-1-up"])
def test_a_button_that_no_row_has_moves_nothing(desk, editor, topic, three, pressed):
    assert desk(editor).post(list_of(Question), {"_move": pressed}).status_code == 404
    assert order(topic) == "abc" and not AuditEntry.objects.filter(by=editor).exists()


def test_who_may_not_change_a_row_is_offered_no_move(desk, data_editor, three):
    browser = desk(data_editor)
    assert "Move up" not in browser.get(list_of(Question)).content.decode()
    assert press(browser, three[0], "down").status_code == 403
    assert order(three[0].topic) == "abc"


@pytest.mark.parametrize("typed", [32_768, 99_999_999_999, int("9" * 25), -1])
def test_a_position_stays_within_its_column_on_every_database(desk, editor, topic, three, typed):
    browser, form = desk(editor), reverse("admin:faq_question_change", args=[three[0].pk])
    page = browser.post(form, filled(browser.get(form), order=typed))
    assert page.context["adminform"].form.errors["order"] and order(topic) == "abc"
    Question.objects.filter(pk__in=[row.pk for row in three]).update(order=32_767)
    press(browser, three[1], "up")
    assert order(topic) == "bac" and not topic.questions.filter(order__gt=32_767).exists()
