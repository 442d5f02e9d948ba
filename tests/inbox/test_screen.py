"""One screen tells a change, its source, and what it does."""

import re

import pytest

from faq.models import Topic
from portal.publishing import actions
from portal.publishing.models import AuditEntry, Change, Source
from therapies.models import ApprovalEvent

from .conftest import INBOX, MARCH_1

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_one_screen_tells_the_change_its_source_and_what_it_does(sam, change, address):
    page = sam.get(address).content.decode()
    assert "https://www.fda.gov/test" in page and "official record" in page and "by Dana" in page
    assert re.search(r'<th scope="row">Kind</th>\s*<td>Accelerated approval</td>', page)
    assert re.search(r"Number of uses approved today:\s+<s>", page)
    assert "standard for any risk group" in page  # a sentence that it may make untrue
    for at in ("/therapies/pembrolizumab/", "/cancers/neuroblastoma/", "/approvals/"):
        assert f">{at}</a>" in page
    assert change.is_pending and AuditEntry.objects.filter(verb="confirmed").count() == 0


def test_the_screen_asks_no_question_for_each_choice_of_its_form(sam, address, django_assert_max_num_queries):
    sam.get(address)  # what a process keeps, such as the sentences that readers see, is read once
    with django_assert_max_num_queries(110):  # two public pages are rendered before and after
        assert len(sam.get(address).context["forms"][0]["indication"].field.choices) > 300


def test_old_and_new_stand_side_by_side_and_what_changed_is_marked(sam, data_editor):
    topic = Topic.objects.get(name="Who it is for")
    change = actions.propose_change(topic, {"name": "Who it is good for"}, by=data_editor)
    (section,) = sam.get(change.get_absolute_url()).context["sections"]
    (row,) = section["rows"]
    assert (row["label"], row["old"], row["new"]) == ("Name", "Who it is for", "Who it is good for")
    assert "<ins" in row["marked"] and "good" in row["marked"]


def test_the_words_that_it_was_read_from_are_beside_it(sam, use, source, data_editor):
    given = {"indication": use, "kind": "approval", "date": MARCH_1, "source": source}
    notice = "FDA approved it on <b>March 1</b>."
    change = actions.propose_new(ApprovalEvent, given, by=data_editor, source=source, evidence=notice)
    page = sam.get(change.get_absolute_url()).content.decode()
    assert "FDA approved it on &lt;b&gt;March 1&lt;/b&gt;." in page


@pytest.mark.slow
@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"official": False}, "Its source is not an official record."),
        ({"read_on": None}, "Nobody has noted reading its source."),
    ],
)
def test_a_weak_source_is_a_warning(sam, change, address, columns, said):
    Source.objects.filter(pk=change.source_id).update(official=True, read_on=MARCH_1)
    assert said not in sam.get(address).content.decode()
    Source.objects.filter(pk=change.source_id).update(**columns)
    assert said in sam.get(address).content.decode()


@pytest.mark.slow
def test_every_change_that_came_with_the_software_opens_and_says_why_it_waits(sam):
    for change in Change.objects.pending().leading().exclude(doubt="")[::7]:
        page = sam.get(change.get_absolute_url())
        assert page.context["warnings"][-1].endswith(change.doubt) and "Came with the portal" in page.content.decode()


def test_what_affects_patients_is_said_on_top(sam, change, use, source, pending):
    end = pending(ApprovalEvent, indication=use, kind="withdrawn", date="2026-05-01", source=source)
    page = sam.get(end.get_absolute_url())
    assert page.context["warnings"][0] == "This affects patients."
    assert "This can’t be confirmed now:" in page.content.decode()  # before the approval that it ends


def test_a_screen_says_which_place_it_belongs_to(sam, address):
    page = sam.get(address).content.decode()
    assert '<a href="/desk/inbox/" aria-current="true">' in page
    assert '<a href="/desk/inbox/" aria-current="page">' in sam.get(INBOX).content.decode()


def test_what_is_gone_says_so_and_the_screen_still_opens(sam, change, data_editor, administrator, second_data_editor):
    actions.confirm(change, by=second_data_editor)
    event = ApprovalEvent.objects.get(pk=change.row)
    late = actions.propose_change(event, {"date": "2026-03-02"}, by=data_editor, because="A day later.")
    removal = actions.propose_removal(event, by=administrator, because="Another drug.")
    actions.confirm(removal, by=second_data_editor)
    page = sam.get(late.get_absolute_url()).content.decode()
    assert "is no longer there" in page and 'value="confirm"' not in page
