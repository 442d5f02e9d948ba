"""What somebody gets whose address or input leads nowhere, and what an error of ours shows."""

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import get_resolver

from .public import Shape

pytestmark = pytest.mark.django_db


@pytest.mark.sampled(12)
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/therapies/nothing/", 404),
        ("/cancers/nothing/", 404),
        ("/biomarkers/nothing/", 404),
        ("/faq/nothing/", 404),
        ("/immune/nothing/", 404),
        ("/glossary/nothing/", 404),
        ("/glossary/?q=nothing", 200),
        ("/glossary/?q=", 200),
        ("/glossary/?q=" + "x" * 10_000, 400),
        ("/glossary/?q=%00", 400),
        ("/therapies/types/nothing/", 404),
        ("/faq/?question=nothing", 404),
        ("/therapies/?on=2999-01-01", 400),
        ("/therapies/?on=1899-12-31", 400),
        ("/therapies/?on=yesterday", 400),
        ("/therapies/?on=2019-02-30", 400),
        ("/approvals/?on=2999-01-01", 400),
        ("/approvals/?on=-1", 400),
        ("/therapies/?cancer=nothing", 400),
        ("/therapies/?year=9999", 400),
        ("/therapies/?sort=worst", 400),
        ("/therapies/?q=" + "x" * 10_000, 400),
        ("/therapies/?q=%00", 400),
        ("/approvals/?on=1900-01-01", 200),
        ("/approvals/?cancer=nothing", 400),
        ("/approvals/?kind=%00", 400),
        ("/approvals/?family=cancer-vaccine&kind=withdrawn", 200),
        ("/feeds/approvals.txt", 404),
        ("/feeds/cancers/nothing.atom", 404),
        ("/feeds/therapies/nothing.json", 404),
        ("/therapies/?on=1950-01-01", 200),
        ("/therapies/?unknown=1", 200),
        ("/faq/%F0%9F%98%80/", 404),
    ],
)
def test_bad_input_gets_a_helpful_page_and_never_an_error(client, address, status):
    response = client.get(address)
    assert response.status_code == status
    page = response.content.decode()
    assert "<h1>" in page and 'href="/therapies/"' in page
    if status == 400:
        assert "There is a problem" in page and 'href="#id_' in page


def test_an_address_without_a_page_is_not_kept_since_one_may_come(client):
    assert client.get("/faq/nothing/")["Cache-Control"] == "no-store"


def test_the_page_of_an_error_of_ours_needs_no_list_of_static_files(settings, tmp_path, rf):
    settings.STATIC_ROOT = tmp_path  # nothing was collected
    manifest = {"BACKEND": "portal.serving.static_files.StaticFiles"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": manifest}
    response = get_resolver().resolve_error_handler(500)(rf.get("/"))
    assert response.status_code == 500 and "The error is on our side" in response.content.decode()
    (style,) = Shape(response.content.decode()).loaded
    assert finders.find(style.removeprefix(f"/{settings.STATIC_URL.strip('/')}/"))


def test_an_error_of_ours_shows_a_page_that_needs_no_database(monkeypatch):
    monkeypatch.setattr("portal.pages.views.Section.objects", None)
    response = Client(raise_request_exception=False).get("/about/")
    assert response.status_code == 500
    assert "The error is on our side" in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/static/nothing-of-ours.css", "/media/pictures/nothing.png", "/static/", "/media/"]
)
def test_a_file_that_is_not_there_costs_a_line_and_no_question(client, django_assert_num_queries, address):
    """Or whoever asks for such files without end would have a page made for each."""
    with django_assert_num_queries(0):
        response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert response.content == b"There is no such file here.\n" and response["Cache-Control"] == "no-store"
