"""The pages of people and roles, and of signing in, speak plainly: no word of the machinery, days as elsewhere."""

import datetime
import html
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from portal.accounts import actions

from .conftest import PEOPLE, add, page_of, role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
#: Words of the machinery, which nobody at the desk should have to know.
MACHINERY = ("staff", "superuser", "hash", "group", "permission", "token", "is_active", "currently", "salt", "pbkdf2")


def words_of(page: Any) -> str:
    """What a page shows, in small letters: its text, and what stands in its buttons."""
    content = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", page.content.decode())
    shown = re.findall(r'(?:value|placeholder|alt|title|aria-label)="([^"]*)"', content)
    return html.unescape(" ".join([re.sub(r"(?s)<[^>]+>", " ", content), *shown])).lower()


def test_the_pages_of_people_and_roles_speak_plainly(desk, administrator, editor, root):
    client = desk(administrator)
    added = add(client, "nora")
    actions.deactivate(editor, by=administrator, because="Left.")
    call_command("apply_roles", stdout=StringIO())
    pages = {"added": added}
    paths = [PEOPLE, f"{PEOPLE}add/", "/admin/auth/", "/admin/auth/group/", page_of(administrator), page_of(root)]
    for row in ("nora", "Edith"):
        someone = User.objects.get(username=row)
        paths += [page_of(someone, step) for step in ("change", "history", "password", "delete")]
        paths += [page_of(someone, step) for step in ("deactivate", "reactivate", "two-step")]
    paths += [f"/admin/auth/group/{role('Editor').pk}/{page}/" for page in ("change", "history")]
    pages |= {path: client.get(path, follow=True) for path in paths}
    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(pages, 200)
    for path, page in pages.items():
        assert [word for word in MACHINERY if re.search(rf"\b{word}", words_of(page))] == [], path


def test_dates_stand_as_elsewhere_at_the_desk(desk, administrator, editor):
    editor.last_login = timezone.make_aware(datetime.datetime(2026, 5, 3, 14, 5))
    editor.save()
    client = desk(administrator)
    for path in (PEOPLE, page_of(editor)):
        assert "May 3, 2026, 14:05" in client.get(path).content.decode()


def test_the_templates_of_signing_in_keep_the_machinery_to_themselves():
    templates = Path(__file__).parents[2] / "templates"
    for path in [*(templates / "account").rglob("*"), *(templates / "mfa").rglob("*")]:
        if path.is_file():
            shown = re.sub(r"(?s)\{[%#{].*?[%#}]\}|<[^>]+>", " ", path.read_text()).lower()
            assert not [word for word in MACHINERY if re.search(rf"\b{word}\b", shown)], path
