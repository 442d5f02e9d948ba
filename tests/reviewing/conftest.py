"""A text under review, and a guest who approves it: for tests of guests and of comments."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from faq.models import Question
from portal.publishing import actions
from portal.publishing.models import Edition, Invitation

from ..conftest import ANSWER

DAY = datetime.timedelta(days=1)
NEWER = "Yes, and these are newer words."
DESK = "/admin/faq/question/{}/review/"


@pytest.fixture
def text(question: Question, published, editor: User) -> Edition:
    """A submitted text of a page whose older text readers see."""
    published(question, **ANSWER)
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, in_short=NEWER, change_note="Newer words.")
    return actions.submit(draft, by=editor)


@pytest.fixture
def doctor(text: Edition, reviewer: User) -> Invitation:
    """A guest who may read it for two weeks."""
    return actions.invite(text, by=reviewer, name="Dana Test", professional=True, until=timezone.now() + 14 * DAY)


@pytest.fixture
def link(doctor: Invitation) -> str:
    return doctor.get_absolute_url()


def approve(client: Client, link: str, text: Edition, name: str = "Dana Test", role: str = "MD"):
    return client.post(link, {"say": "approve", "seen": text.digest(), "name": name, "role": role})
