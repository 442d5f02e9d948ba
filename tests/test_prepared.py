"""Queries that are put together once: the rows of the query itself, for whatever keys, for one question."""

import threading

import pytest
from django.db import connection
from django.db.models import Value
from django.test.utils import CaptureQueriesContext

from portal.publishing.models import Status
from portal.publishing.prepared import Prepared
from portal.publishing.references import to_gather
from therapies import reading, views
from therapies.models import Cancer, Indication, Therapy

pytestmark = pytest.mark.django_db


def of_therapy(therapy):
    return reading.events().filter(indication__therapy=therapy)


def pages(*slugs):
    return [Therapy.objects.published().get(slug=slug) for slug in slugs]


def test_it_has_the_rows_of_the_query_itself_for_each_key():
    prepared = Prepared(of_therapy, "therapy")
    for page in pages("pembrolizumab", "nivolumab", "olaratumab", "pembrolizumab"):
        rows = prepared.ask(therapy=page.pk)
        assert rows == [*of_therapy(page.pk)] and rows
        told = [(row.indication.cancer.name, row.source.title, row.sources, row.other_day) for row in rows]
        assert told == [
            (row.indication.cancer.name, row.source.title, row.sources, row.other_day) for row in of_therapy(page.pk)
        ]


def test_plain_rows_of_several_querysets_keep_their_form_and_their_days():
    (page,) = pages("pembrolizumab")
    prepared = Prepared(to_gather, "page", "edition")
    rows = prepared.ask(page=page.pk, edition=page.live.pk)
    assert sorted(map(repr, rows)) == sorted(map(repr, to_gather(page.pk, page.live.pk)))
    assert {row[0] for row in rows} == {"source", "change"}


def test_what_it_always_asks_stands_in_it_whatever_its_signs():
    words = ["%s of 100%%", 'O’Neil\'s \\ "one"', "100%", "", Status.PUBLISHED]

    def make(therapy):
        found = Therapy.objects.filter(pk=therapy, borderline=False, therapy_class__order__gte=0)
        return found.exclude(name__contains="5%").values_list("name", *map(Value, words))

    def noted(run, sql, params, *others):
        told.append(params)
        return run(sql, params, *others)

    (page,) = pages("pembrolizumab")
    prepared, told = Prepared(make, "therapy"), []
    with connection.execute_wrapper(noted):
        rows = prepared.ask(therapy=page.pk)
    assert rows == [("pembrolizumab", *words)] == [*make(page.pk)]
    assert sorted(told[0]) == [False, page.pk]


def test_one_key_may_stand_in_several_places():
    prepared = Prepared(reading.of_cancer, "cancer")
    for slug in ("melanoma", "skin-cancer", "leukemia"):
        cancer = Cancer.objects.get(slug=slug)
        assert {*prepared.ask(cancer=cancer.pk)} == {*reading.of_cancer(cancer.pk)} != set()


def test_it_asks_once_and_sees_what_changed_since():
    prepared = Prepared(of_therapy, "therapy")
    (page,) = pages("olaratumab")
    before = prepared.ask(therapy=page.pk)
    before[0].delete()
    with CaptureQueriesContext(connection) as asked:
        assert prepared.ask(therapy=page.pk) == before[1:]
    assert len(asked) == 1


def test_a_key_without_rows_and_one_that_is_missing():
    prepared = Prepared(of_therapy, "therapy")
    assert prepared.ask(therapy=0) == []
    with pytest.raises(KeyError, match="therapy"):
        prepared.ask(other=1)


def test_threads_that_ask_at_once_get_their_own_rows():
    prepared = Prepared(of_therapy, "therapy")
    several = pages("pembrolizumab", "nivolumab", "ipilimumab", "atezolizumab") * 5
    found = {}

    def ask(number, page):
        found[number] = [row.indication.therapy_id for row in prepared.ask(therapy=page.pk)]
        connection.close()

    threads = [threading.Thread(target=ask, args=each) for each in enumerate(several)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [{*found[number]} for number in range(20)] == [{page.pk} for page in several]


@pytest.mark.parametrize(
    ("told", "kind", "slug"),
    [
        (views.USES_OF_THERAPY, Therapy, "pembrolizumab"),
        (views.USES_FOR_CANCER, Cancer, "melanoma"),
        (views.USES_FOR_CANCER, Cancer, "skin-cancer"),
    ],
)
def test_a_page_has_the_uses_that_the_same_page_of_a_day_has(told, kind, slug):
    page = kind.objects.published().get(slug=slug)
    uses, references = told.of(page)
    same, others = reading.uses_and_references(page, reading.indications_for(page), uses[0].on)
    assert [(use.indication, use.events, use.tests, use.brands) for use in uses] == [
        (use.indication, use.events, use.tests, use.brands) for use in same
    ]
    assert {*Indication.objects.filter(pk__in=[use.indication.pk for use in uses])} == {
        *reading.indications_for(page).filter(events__isnull=False)
    }
    for kind_of in ("source", "change", "biomarker", "brand"):
        assert references.get(kind_of) == others.get(kind_of)
