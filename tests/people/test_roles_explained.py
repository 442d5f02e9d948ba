"""A role says in words what it allows, wherever it is listed, given or held, and nobody changes it at the desk."""

import html

import pytest
from django.contrib.auth.models import Permission

from portal.roles import DESCRIPTIONS, ROLES

from ..conftest import person
from .conftest import PEOPLE, page_of, role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_every_role_says_what_it_allows():
    assert DESCRIPTIONS.keys() == ROLES.keys()


def test_the_list_of_roles_says_what_each_allows_and_who_has_it(desk, administrator, editor):
    client = desk(administrator)
    page = html.unescape(client.get("/admin/auth/group/").content.decode())
    for name, words in DESCRIPTIONS.items():
        assert name in page and words in page
    page = client.get(f"/admin/auth/group/{role('Editor').pk}/change/").content.decode()
    assert f'<a href="{page_of(editor)}">Edith</a>' in page


@pytest.mark.parametrize("name", ROLES)
def test_people_are_greeted_with_their_role_as_it_is_written(desk, name):
    assert f"Your role: {name}." in desk(person("Pat", name)).get("/admin/").content.decode()


def test_a_role_is_explained_where_it_is_given(desk, administrator):
    page = html.unescape(desk(administrator).get(f"{PEOPLE}add/").content.decode())
    assert all(words in page for words in DESCRIPTIONS.values())


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_changes_a_role_at_the_desk_since_the_next_update_would_undo_it(desk, administrator, superuser):
    administrator.is_superuser = superuser
    administrator.save()
    client, before = desk(administrator), set(role("Editor").permissions.all())
    sent = {"name": "Editor", "permissions": [Permission.objects.first().pk], "_save": "Save", "post": "yes"}
    for page in (f"{role('Editor').pk}/change/", f"{role('Editor').pk}/delete/", "add/"):
        assert client.post(f"/admin/auth/group/{page}", sent).status_code == 403
    assert set(role("Editor").permissions.all()) == before
