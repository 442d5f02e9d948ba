"""Whoever presses a button twice does the thing once."""

import pytest

from portal.publishing import actions

from .conftest import CHANGED, Window

pytestmark = pytest.mark.slow


def twice(tab: Window, button: str) -> str:
    fields = dict(tab.fields)
    tab.press(button)
    tab.fields = fields
    return tab.press(button)


def test_saving_twice_saves_once(draft, window, editor):
    html = twice(window(editor, draft.page).type(in_short="Mine."), "_continue")
    assert "This was already saved." in html and CHANGED not in html


def test_submitting_twice_submits_once(draft, window, editor):
    html = twice(window(editor, draft.page).type(in_short="Mine.", change_note="Why."), "_submit")
    assert "Your first click did it: submitted." in html and CHANGED not in html


def test_publishing_twice_publishes_once(draft, window, editor, reviewer):
    actions.save_draft(draft, by=editor, change_note="Why.")
    actions.submit(draft, by=editor)
    html = twice(window(reviewer, draft.page), "_publish")
    assert "Your first click did it: published." in html and CHANGED not in html
    assert draft.page.open_edition() is None
