"""Sources at the desk: one that readers' pages rest on stays, and the pages are named; none lies where none may."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from portal.publishing import actions
from portal.publishing.models import AuditEntry, Change, Source
from therapies.models import GoalDate, TherapyFact

from .conftest import ANSWER
from .forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


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


# Every form in which somebody types the address of a source ------------------------------------------------

COPIES = "We don’t cite this site. It copies labels"
CLOSED = "Nobody outside your own network can open this address."
REFUSED_ADDRESSES = {
    "https://rxreasoner.com/a": COPIES,
    "https://www.rxreasoner.com./a": COPIES,
    "HTTPS://RXREASONER.COM/a": COPIES,
    "https://intranet/a": CLOSED,
    "http://10.0.0.7/a": CLOSED,
    "https://localhost:8000/a": CLOSED,
    "ftp://www.fda.gov/a": "https:// or http://",
    "javascript:alert(1)": "https:// or http://",
    "https://[::1": "https:// or http://",
}


@pytest.fixture
def decision_form(desk, data_editor) -> Callable[[str], Any]:
    """The form of an FDA decision."""

    def send(address: str, button: str = "record") -> Any:
        typed = {"therapy": "Danyelza", "kind": "approval", "date": "2024-03-01", "cancer": "Glioblastoma"}
        typed |= {"setting": "Kept as typed", "stage": "later", "compared": "on"}
        sent = {f"use-0-{name}": value for name, value in typed.items()} | {"draft": "0", button: "therapy"}
        return desk(data_editor).post("/desk/record/", sent | {"address": address, "title": "Kept as typed"})

    return send


@pytest.fixture
def preview(decision_form) -> Callable[[str], Any]:
    """The same, where a preview is asked for."""
    return lambda address: decision_form(address, "preview")


@pytest.fixture
def goal_date_form(desk, data_editor) -> Callable[[str], Any]:
    def send(address: str) -> Any:
        typed = {"drug": "novomab", "use": "Melanoma", "date": "November 14, 2027", "title": "Kept as typed"}
        return desk(data_editor).post("/desk/watch/", typed | {"address": address})

    return send


@pytest.fixture
def new_source(desk, administrator) -> Callable[[str], Any]:
    def send(address: str) -> Any:
        sent = {"title": "Kept as typed", "kind": "page", "url": address, "_save": "Save"}
        return desk(administrator).post("/admin/publishing/source/add/", sent)

    return send


@pytest.fixture
def source_form(desk, administrator, source) -> Callable[[str], Any]:
    """The form of a source that readers do not see yet."""

    def send(address: str) -> Any:
        at, browser = f"/admin/publishing/source/{source.pk}/change/", desk(administrator)
        return browser.post(at, filled(browser.get(at), url=address, title="Kept as typed", _save="Save"))

    return send


@pytest.fixture
def form_of_a_source_that_readers_see(source_form, cited) -> Callable[[str], Any]:
    return source_form


@pytest.fixture
def correction(desk, administrator, editor, cited) -> Callable[[str], Any]:
    """The form that corrects a pending change of a source."""

    def send(address: str) -> Any:
        change = actions.propose_change(cited, {"url": "https://www.fda.gov/moved"}, by=editor)
        sent = {f"change-{change.pk}-url": address, "why": "Kept as typed", "do": "correct"}
        return desk(administrator).post(change.get_absolute_url(), sent)

    return send


FORMS = (decision_form, preview, goal_date_form, new_source, source_form, form_of_a_source_that_readers_see, correction)


@pytest.mark.parametrize("address", REFUSED_ADDRESSES)
@pytest.mark.parametrize("form", [form.__name__ for form in FORMS])
def test_every_form_refuses_an_address_where_no_source_may_be(request, form, address):
    send = request.getfixturevalue(form)
    answer = send(address)
    page = unescape(answer.content.decode())
    assert answer.status_code < 500 and REFUSED_ADDRESSES[address] in page
    assert "Kept as typed" in page and f'value="{address}"' in page, "what was typed stays"
    assert not Source.objects.filter(url=address).exists() and not GoalDate.objects.filter(drug="novomab").exists()
    assert not Change.objects.filter(after__url=address).exists()


@pytest.mark.parametrize("address", REFUSED_ADDRESSES)
def test_no_verb_keeps_a_source_that_no_form_would(administrator, address):
    with pytest.raises(actions.Refused):
        actions.add_source(Source(title="A page", url=address), by=administrator)
