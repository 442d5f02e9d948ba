"""Nobody gives more than they have, and nobody changes what they may do themselves."""

import re

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied

from portal.accounts import actions

from ..conftest import person
from .conftest import PEOPLE, add, page_of, role, save, works_with

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def powerful(db: None) -> Group:
    """A role that lets people do something that no administrator may."""
    made = Group.objects.create(name="Powerful")
    made.permissions.add(Permission.objects.get(codename="delete_therapy"))
    return made


@pytest.mark.parametrize("changes", [{"is_superuser": "on"}, {"user_permissions": ["1"]}, {"groups": ["1"]}])
def test_no_crafted_form_gives_anything_but_roles(desk, administrator, editor, changes):
    save(desk(administrator), editor, **changes)
    editor.refresh_from_db()
    assert not editor.is_superuser and not editor.user_permissions.exists()
    assert [group.name for group in editor.groups.all()] == ["Editor"]


def test_an_administrator_hands_on_no_role_beyond_their_own(desk, administrator, editor, powerful):
    client = desk(administrator)
    assert "Powerful" not in client.get(page_of(editor)).content.decode()
    page = save(client, editor, roles=[powerful.pk])
    assert "not one of the available choices" in page.content.decode()
    assert "not one of the available choices" in add(client, roles=("Powerful",)).content.decode()
    assert not User.objects.filter(groups=powerful).exists()


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_changes_their_own_roles(desk, administrator, superuser):
    administrator.is_superuser = superuser
    administrator.save()
    client = desk(administrator)
    page = client.get(page_of(administrator)).content.decode()
    assert "You can’t change your own roles or grant ones you don’t have." in page
    save(client, administrator, first_name="Adalbert", roles=[role("Editor").pk])
    administrator.refresh_from_db()
    assert administrator.first_name == "Adalbert"
    assert [group.name for group in administrator.groups.all()] == ["Administrator"]
    assert administrator.is_active and administrator.is_superuser == superuser
    assert client.get(page_of(administrator, "delete")).status_code == 403
    for step in ("password", "two-step", "deactivate", "reactivate"):
        assert client.post(page_of(administrator, step), {"because": "Mine."}).url == "/account/"
    assert works_with("a long passphrase", "Ada")


@pytest.mark.parametrize("step", ["change", "delete", "password", "two-step", "deactivate", "reactivate"])
def test_an_account_that_may_more_is_closed_to_an_administrator(desk, administrator, root, step):
    response = desk(administrator).post(page_of(root, step), {"post": "yes", "username": "mine", "because": "Mine."})
    assert response.status_code == 403
    root.refresh_from_db()
    assert root.is_active and works_with("kept", "root")


def test_nothing_on_a_page_leads_to_a_closed_door(desk, administrator, root, editor):
    """Also of an account that one may only look at, and of one's own."""
    client = desk(administrator)
    for shown in (root, administrator, editor):
        page = client.get(page_of(shown)).content.decode()
        links = set(re.findall(rf'href="({PEOPLE}[^"?]+)', page))
        assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)
        assert ("can do more on this site than you can" in page) == (shown == root)


def test_the_verbs_hold_the_rules_whatever_calls_them(administrator, editor, root, powerful):
    above, own = person("Alan", "Administrator"), [role("Editor")]
    above.groups.add(powerful)
    refused = [
        lambda: actions.add_person(User(username="nora"), roles=[powerful], by=administrator),
        lambda: actions.change_roles(editor, [powerful], by=administrator),
        lambda: actions.change_roles(administrator, own, by=administrator),
        lambda: actions.make_link(administrator, by=administrator),
        lambda: actions.remove_second_factors(administrator, by=administrator),
        lambda: actions.deactivate(administrator, by=administrator, because="Mine."),
        *(
            lambda other=other, verb=verb: verb(other, by=administrator)
            for other in (root, above)
            for verb in (
                actions.make_link,
                actions.remove_second_factors,
                lambda other, by: actions.change_roles(other, own, by=by),
                lambda other, by: actions.change_details(other, ["username"], by=by),
                lambda other, by: actions.deactivate(other, by=by, because="Above."),
                lambda other, by: actions.reactivate(other, by=by, because="Above."),
            )
        ),
    ]
    for attempt in refused:
        with pytest.raises(PermissionDenied):
            attempt()
