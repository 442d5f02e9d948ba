"""The desk where people are added and changed, as an administrator’s browser sends its forms."""

import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import Client

from portal.publishing import audit

from ..forms import filled

PEOPLE = "/admin/auth/user/"
PASSWORD = "quite a new passphrase"


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()


@pytest.fixture
def root(django_user_model: Any) -> User:
    """Somebody who may do everything, as ``createsuperuser`` makes them."""
    return django_user_model.objects.create_superuser("root", password="kept")


def role(name: str) -> Group:
    return Group.objects.get(name=name)


def add(client: Client, name: str = "nora", roles: tuple[str, ...] = ("Editor",), **more: str) -> Any:
    sent = {"username": name, "roles": [role(name).pk for name in roles], "_save": "Save"}
    return client.post(f"{PEOPLE}add/", sent | more)


def page_of(person: User, step: str = "change") -> str:
    return f"{PEOPLE}{person.pk}/{step}/"


def form_on(page: Any, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the form of an account: what it showed, and changes that it may not offer."""
    form = page.context["adminform"].form
    showed = {form.add_initial_prefix(name): value for name, value in form.initial.items() if name in form.fields}
    return filled(page, _save="Save", **showed) | changes


def save(client: Client, person: User, **changes: Any) -> Any:
    return client.post(page_of(person), form_on(client.get(page_of(person)), **changes), follow=True)


def link_on(page: Any) -> str:
    """The password link that a page shows."""
    return html.unescape(re.search(r'id="password-link" value="http://testserver(.+?)"', page.content.decode())[1])


def choose(client: Client, link: str, password: str = PASSWORD) -> Any:
    """Open a link and choose a password with it."""
    form = client.get(link, follow=True)
    typed = {"password1": password, "password2": password}
    return client.post(form.request["PATH_INFO"], typed)


def works_with(password: str, name: str = "nora") -> bool:
    return User.objects.get(username=name).check_password(password)


def told(about: User) -> list[tuple[str, str, str]]:
    return list(audit.of(about).order_by("pk").values_list("name", "verb", "detail"))
