"""While the database does not answer: said to readers and to staff, asked of nothing, and over once it is back."""

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client

from portal.pages import views
from portal.publishing.open_data.declaring import DataTable
from portal.serving.connections import share_connections

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(monkeypatch):
    """The database, as it answers now: not at all."""

    def refuse(*args, **kwargs):
        raise OperationalError("could not connect to server")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", refuse)
        yield


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/uses/", "/api/v1/uses/nothing/"])
def test_a_program_is_told_in_its_own_format(away, address):
    response = Client(raise_request_exception=False).get(address)
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "30", "no-store")
    assert (response["Content-Type"], response["Access-Control-Allow-Origin"]) == ("application/problem+json", "*")
    assert response.json()["title"] == "Our database can’t be reached"


@pytest.mark.parametrize("address", ["/", "/therapies/", "/cancers/melanoma/", "/nothing-here/", "/sitemap.xml"])
def test_a_reader_is_told_when_to_try_again(away, address):
    response = Client(raise_request_exception=False).get(address)
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "30", "no-store")
    assert "We can’t show this page right now" in response.content.decode()
    assert "Our database" not in response.content.decode()


def test_who_sends_a_form_is_told_that_nothing_was_saved(away):
    response = Client(raise_request_exception=False).post("/account/login/", {"login": "Edith", "password": "x"})
    assert response.status_code == 503
    assert "nothing was saved" in response.content.decode()


def test_a_fault_of_ours_is_none_of_the_database(monkeypatch, client):
    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr(views, "figures_of", broken)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500 and "Retry-After" not in response


def test_a_program_is_told_of_a_fault_of_ours(monkeypatch):
    monkeypatch.setattr(DataTable, "page", None)
    response = Client(raise_request_exception=False).get("/api/v1/uses/")
    assert response.status_code == 500 and "Retry-After" not in response
    assert (response["Content-Type"], response["Access-Control-Allow-Origin"]) == ("application/problem+json", "*")
    assert response.json()["type"] == "http://testserver/data/api/#fault"


def test_the_page_is_there_again_with_the_database(client):
    assert client.get("/").status_code == 200


def test_a_server_shares_some_connections_and_a_thread_keeps_none(monkeypatch):
    known = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 60, "OPTIONS": {"connect_timeout": 3}}
    monkeypatch.setitem(settings.DATABASES, "default", known)
    share_connections()
    assert known["CONN_MAX_AGE"] == 0 and known["OPTIONS"]["connect_timeout"] == 3
    assert 7 < known["OPTIONS"]["pool"]["max_size"] <= 10
    assert known["OPTIONS"]["options"] == "-c statement_timeout=15s"


def test_an_operator_can_have_a_server_wait_longer(monkeypatch):
    own = "-c statement_timeout=60s"
    known = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"options": own}}
    monkeypatch.setitem(settings.DATABASES, "default", known)
    share_connections()
    assert known["OPTIONS"]["options"].endswith(own), "of two, PostgreSQL takes the last"


def test_so_it_does_with_those_to_sqlite(monkeypatch):
    known = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}
    monkeypatch.setitem(settings.DATABASES, "default", known)
    share_connections()
    assert known == {"ENGINE": "portal.serving.sqlite", "CONN_MAX_AGE": 0, "OPTIONS": {}}
