"""The cache before the portal itself."""

import pytest
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from faq.models import Question
from portal.publishing import actions
from portal.publishing.models import ContentVersion

from ..conftest import person
from ..test_content_version import written
from .asking import around, ask


@pytest.fixture
def portal(db):
    class OfDatabase:
        def now(self):
            return ContentVersion.objects.get().number

    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield around(get_wsgi_application(), OfDatabase())
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


def test_readers_see_a_text_at_the_request_after_it_is_published(portal, settings, question):
    settings.SECURE_SSL_REDIRECT = False
    address = question.get_absolute_url()
    edith, rosa = person("Edith", "Editor"), person("Rosa", "Reviewer")
    assert ask(portal, address)[0].startswith("404")
    edition = written(question, by=edith)
    assert ask(portal, address)[0].startswith("404")
    actions.publish(edition, by=rosa)
    assert b"It was written today" in ask(portal, address)[2]
    assert Question.objects.published().filter(pk=question.pk).exists()


@pytest.mark.parametrize("address", ["/", "/therapies/", "/therapies/pembrolizumab/", "/sitemap.xml", "/approvals/"])
def test_public_pages_are_kept(portal, settings, address, django_assert_num_queries):
    settings.SECURE_SSL_REDIRECT = False
    first = ask(portal, address)
    assert first[0] == "200 OK"
    with django_assert_num_queries(1):  # for the version, which this test reads by Django
        assert ask(portal, address) == first
    assert "cookie" not in first[1].get("vary", "").lower()
