"""A form in a browser tab, and a draft that two people have before them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from faq.models import Question
from portal.publishing import actions
from portal.publishing.models import Edition

from ..conftest import ANSWER
from ..forms import form_in

CHANGED = "Someone changed this while you had it open"


class Window:
    """A form that somebody has open, with what they typed into it."""

    def __init__(self, browser: Client, row: Any, address: str = "") -> None:
        self.browser = browser
        row = getattr(row, "specific", row)
        form = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        self.address = address or reverse(form, args=[row.pk])
        self.html = browser.get(self.address).content.decode()
        self.fields = form_in(self.html)

    def type(self, **words: str | list[str]) -> "Window":
        for name, value in words.items():
            key = name if name in self.fields or name.startswith("_") else f"editions-0-{name.replace('__', '-')}"
            self.fields[key] = value if isinstance(value, list) else [value]
        return self

    def press(self, button: str = "_continue", value: str = "x") -> str:
        """Send the form; the page that comes back is the window's page now."""
        response = self.browser.post(self.address, self.fields | {button: [value]}, follow=True)
        assert response.status_code == 200
        self.html = response.content.decode()
        self.fields = form_in(self.html)
        return self.html


@pytest.fixture
def draft(question: Question, editor: User) -> Edition:
    draft = actions.start_draft(question, by=editor)
    return actions.save_draft(draft, by=editor, **ANSWER)


@pytest.fixture
def window(desk: Callable[[User], Client]) -> Callable[..., Window]:
    return lambda user, row: Window(desk(user), row)
