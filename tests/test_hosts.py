"""Which names the portal answers to, and what it calls itself, whatever a request says."""

import pytest
from django.test import Client
from django.urls import reverse

from .public import EXAMPLES, FIXED, feeds

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("host", ["elsewhere.example", "testserver.elsewhere.example", "a b", "[::1", "testserver:x"])
@pytest.mark.parametrize("address", ["/", "/therapies/", "/admin/", "/nowhere/", "/account/login/", "/robots.txt"])
def test_a_name_that_is_not_ours_is_answered_in_words(host, address):
    response = Client(raise_request_exception=False).get(address, headers={"Host": host})
    assert response.status_code == 400
    assert "We couldn’t read that request" in response.content.decode()


@pytest.mark.slow
def test_no_public_page_repeats_the_port_that_a_request_names(settings):
    settings.SITE_ADDRESS = "https://portal.example"
    browser = Client(headers={"Host": "testserver:6666"})
    some = [addresses[0] for addresses in feeds().values()] + [addresses[1] for addresses in feeds().values()]
    for address in [*(reverse(name) for name in FIXED), *EXAMPLES, *some, "/nowhere/"]:
        page = browser.get(address).content.decode()
        assert "6666" not in page and "testserver" not in page, address
    assert "<loc>https://portal.example/therapies/</loc>" in browser.get("/sitemap.xml").content.decode()


def test_an_address_that_staff_give_away_names_the_site(settings, desk, administrator, editor):
    settings.SITE_ADDRESS = "https://portal.example"
    staff = desk(administrator)
    page = staff.post(f"/admin/auth/user/{editor.pk}/password/", headers={"Host": "testserver:6666"})
    assert "https://portal.example/account/choose-password/" in page.content.decode()


def test_the_way_to_https_leads_to_the_site(settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_SSL_HOST = True, "portal.example"
    response = Client().get("/faq/?q=1", headers={"Host": "testserver:6666"})
    assert response.status_code == 301 and response.url == "https://portal.example/faq/?q=1"


def test_a_request_whose_token_was_not_looked_at_is_never_shown_back(administrator):
    """Or another site could fill in a form and have it shown here."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(administrator)
    sent = {"csrfmiddlewaretoken": "one", "name": "Words of another site"}
    response = browser.post("/admin/faq/topic/add/", sent, headers={"Host": "elsewhere.example"})
    assert response.status_code == 400 and "Words of another site" not in response.content.decode()
