"""What is there to be read takes nothing else, and says so whoever asks."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.publishing import rooms

from .public import EXAMPLES, FACTS, FIXED, feeds

pytestmark = pytest.mark.django_db
READ = [
    *(reverse(name) for name in FIXED if reverse(name) != "/my-visit/"),
    *(*EXAMPLES, *FACTS, "/search/", "/data/files/uses.csv", "/about/index.md"),
]


def answers(address, method="post", **browser):
    return Client(enforce_csrf_checks=True, **browser).generic(method.upper(), address, b"one=1")


@pytest.mark.parametrize("address", READ)
def test_a_form_is_not_allowed_where_there_is_none(address):
    response = answers(address)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace", "made-up"])
def test_nor_is_anything_else(method):
    assert answers("/about/", method).status_code == 405


@pytest.mark.parametrize("address", ["/about/", "/therapies/pembrolizumab/", "/search/?q=skin", "/therapies/nothing/"])
def test_what_is_allowed_is_told_without_a_look_at_the_page(address, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = answers(address, "options")
    assert (response.status_code, response["Allow"], response.content) == (200, "GET, HEAD, OPTIONS", b"")


def test_feeds_are_read_alone_too():
    assert {answers(addresses[0]).status_code for addresses in feeds().values()} == {405}


@pytest.mark.parametrize("override", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_no_header_makes_another_method_of_it(override):
    assert answers("/about/", "get", headers={override: "POST"}).status_code == 200
    assert answers("/about/", headers={override: "GET"}).status_code == 405


def test_where_forms_are_sent_their_token_is_looked_for():
    assert [answers(address).status_code for address in ("/account/login/", "/admin/", "/desk/")] == [403] * 3
    for address in rooms.open_forms():
        assert answers(address).status_code != 405


def test_an_address_of_nothing_stays_one():
    assert answers("/nothing-of-ours/").status_code == 404
