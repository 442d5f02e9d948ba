"""A small table among the words of a page, such as who does what to whom: it is data, and no road loses a row of it."""

import pytest
from django.core.exceptions import ValidationError

from portal.publishing import actions
from portal.publishing.content_files import ContentError
from portal.publishing.parts import folded
from portal.publishing.shipping import Loader
from therapies.models import TherapyClass
from therapies.models.kinds import STEPS

from .forms import filled

pytestmark = pytest.mark.django_db
FIELD = "editions-0-steps"
HALF = ["Nobody knows", "The virus | breaks open", "One | two | three | four", "The virus |  | cancer cells"]


@pytest.fixture
def til() -> TherapyClass:
    return TherapyClass.objects.get(slug="til")


def test_rows_are_read_as_they_were_stored():
    rows = [["The virus", "breaks open", "cancer cells"], ["B cells", "make", "antibodies"]]
    assert STEPS.rows(STEPS.stored(rows)) == rows
    assert STEPS.cleaned("The virus|breaks open  |cancer cells\n\n") == STEPS.stored(rows[:1])


@pytest.mark.parametrize("line", HALF)
def test_the_form_says_which_row_is_not_whole_and_keeps_what_was_typed(line, desk, editor, til):
    client, address = desk(editor), f"/admin/therapies/therapyclass/{til.pk}/change/"
    typed = f"B cells | make | antibodies\n{line}"
    page = client.post(address, filled(client.get(address), _continue="Save", **{FIELD: typed}))
    said = page.context["inline_admin_formsets"][0].formset.forms[0].errors["steps"]
    assert "isn’t a whole row" in said[0] and line.split(" ")[0] in said[0]
    assert line in page.content.decode() and til.open_edition() is None


@pytest.mark.parametrize("line", HALF)
def test_no_verb_brings_a_row_before_readers_that_is_not_whole(line, editor, til):
    draft = actions.save_draft(actions.start_draft(til, by=editor), by=editor, change_note="Tried.", steps=line)
    assert draft.words["steps"].split() == line.split()  # nothing is lost
    with pytest.raises(actions.Refused, match="isn’t a whole row"):
        actions.submit(draft, by=editor)


def test_neither_a_release_nor_a_package_of_open_data_ships_a_row_that_is_not_whole(til):
    words = til.live_edition().words
    with pytest.raises(ValidationError, match="isn’t a whole row"):
        actions.ship(til, text={**words, "steps": HALF[0]}, sources=[])
    with pytest.raises(ContentError, match="til"):
        Loader().text(til, {"steps": [["The virus", "breaks open"]]}, {})
    assert til.live_edition().words == words


def test_readers_see_steps_from_their_publication_on(client, editor, reviewer, til):
    words = "A surgeon | removes | a tumor"
    draft = actions.save_draft(actions.start_draft(til, by=editor), by=editor, change_note="Shorter.", steps=words)
    actions.submit(draft, by=editor)
    assert client.get(til.get_absolute_url()).content.decode().count('class="way"') == 3
    actions.publish(draft, by=reviewer)
    assert client.get(til.get_absolute_url()).content.decode().count('class="way"') == 1


def test_the_search_reads_the_cells_and_no_bar():
    assert folded([STEPS], {"steps": "The virus | breaks open | cancer cells"}) == "the virus breaks open cancer cells"
