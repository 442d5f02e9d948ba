"""Whoever is not signed in has nothing large to send, and is told so before any of it is read."""

import io

import pytest
from django.test import Client

from portal.pages.bodies import OF_STAFF, OF_STRANGERS

pytestmark = pytest.mark.django_db


class Unread(io.BytesIO):
    """A body that nobody may read."""

    def read(self, *args):
        raise AssertionError("the body was read")

    readline = readlines = read1 = __iter__ = read


def send(client, address, size, kind="multipart/form-data; boundary=x"):
    told = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": kind, "wsgi.input": Unread()}
    return client.post(address, **told)


@pytest.mark.parametrize("address", ["/", "/account/login/", "/admin/", "/desk/files/", "/review/nobody/", "/nowhere/"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_stranger_sends_nothing_large_anywhere(address, kind):
    response = send(Client(), address, OF_STRANGERS + 1, kind)
    assert response.status_code == 413 and "too large" in response.content.decode()


def test_somebody_signed_in_sends_a_file_and_no_more(desk, data_editor):
    staff = desk(data_editor)
    assert send(staff, "/desk/files/", OF_STAFF + 1).status_code == 413
    with pytest.raises(AssertionError, match="the body was read"):
        send(staff, "/desk/files/", OF_STAFF)


def test_a_made_up_session_opens_nothing():
    browser = Client()
    browser.cookies["sessionid"] = "made-up-session"
    assert send(browser, "/desk/files/", OF_STRANGERS + 1).status_code == 413


@pytest.mark.parametrize("length", ["", "-1", "words", "\uff11\uff12", "9" * 5000, "1e9"])
def test_a_length_that_is_none_harms_nothing(length):
    response = Client(raise_request_exception=False).post("/account/login/", CONTENT_LENGTH=length)
    assert response.status_code in (200, 400, 403, 413)
