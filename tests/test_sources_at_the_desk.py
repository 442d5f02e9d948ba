"""Sources at the desk: one that readers' pages rest on stays, and the pages are named."""

import pytest

from portal.publishing import actions
from portal.publishing.models import AuditEntry, Source
from therapies.models import TherapyFact

from .conftest import ANSWER

pytestmark = pytest.mark.django_db


@pytest.fixture
def cited(question, published, source):
    published(question, **ANSWER | {"sources": [source]})
    return source


def delete(client, source):
    return client.post(f"/admin/publishing/source/{source.pk}/delete/", {"post": "yes"}, follow=True).content.decode()


def test_a_source_that_a_page_cites_is_not_deleted_and_the_page_is_named(desk, administrator, question, cited):
    page = delete(desk(administrator), cited)
    assert f"This source is cited by {question}. Give those another source first." in page
    assert Source.objects.filter(pk=cited.pk).exists()
    with pytest.raises(actions.Refused):
        actions.remove_source(cited, by=administrator)


def test_a_source_that_a_fact_rests_on_is_not_deleted(desk, administrator):
    fact = TherapyFact.objects.select_related("source").first()
    page = delete(desk(administrator), fact.source)
    assert "This source is cited by " in page and Source.objects.filter(pk=fact.source_id).exists()


def test_a_source_that_nothing_cites_is_deleted_and_the_trail_tells(desk, administrator, source):
    page = delete(desk(administrator), source)
    assert "is deleted. Nothing cited it." in page and not Source.objects.filter(pk=source.pk).exists()
    assert AuditEntry.objects.filter(verb="deleted", by=administrator).exists()


def test_the_form_of_a_source_speaks_no_words_of_django(desk, administrator, source):
    page = desk(administrator).get(f"/admin/publishing/source/{source.pk}/change/").content.decode()
    assert "Currently:" not in page and 'type="url"' in page and source.url in page


def test_days_are_written_in_lists_as_everywhere_else(desk, administrator, source):
    Source.objects.filter(pk=source.pk).update(title="A source of September", read_on="2025-09-04")
    page = desk(administrator).get("/admin/publishing/source/?q=September").content.decode()
    assert "September 4, 2025" in page and "Sept. 4, 2025" not in page


@pytest.mark.parametrize("host", ["rxreasoner.com", "www.rxreasoner.com", "fda.einnews.com"])
def test_a_site_that_only_copies_others_is_refused_with_the_reason(desk, administrator, host):
    sent = {"title": "A page", "kind": "page", "url": f"https://{host}/a", "_save": "Save"}
    page = desk(administrator).post("/admin/publishing/source/add/", sent).content.decode()
    assert "We don’t cite this site. It copies labels" in page and not Source.objects.filter(title="A page").exists()


def test_a_site_with_a_like_name_is_not_refused():
    Source(title="A page", url="https://www.myrxreasoner.com/a").full_clean()
