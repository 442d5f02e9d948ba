"""Readers of a page see what changed and when: the notes of texts that were before them, and of no other."""

import datetime
import re

import pytest
from django.utils import timezone

from faq.models import Question
from portal.pages.models import Section
from portal.publishing import actions
from therapies.models import Therapy

from .conftest import ANSWER
from .public import EXAMPLES

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(4)]
ADDRESS = "/faq/a-new-question/"


def log(client, address: str = ADDRESS) -> str:
    page = client.get(address).content.decode()
    return page.split("<summary>Changes to this page")[1].split("</details>")[0]


@pytest.mark.parametrize("address", [*EXAMPLES, "/", "/about/", "/take-part/"])
def test_a_page_whose_text_came_with_the_site_says_so(client, address):
    drafted = '<li><time datetime="([-0-9]+)">[^<]*</time>: The project’s authors drafted it.</li>'
    told = re.findall(drafted, log(client, address))
    assert told and len(told) == len(set(told)), "once a day on which parts of it were written"


def test_the_newest_change_stands_first_and_the_first_text_needs_no_note(client, question, published):
    published(question, note="", **ANSWER)
    assert "First published." in log(client)
    published(question, note="Names a newer study.", **ANSWER)
    published(question, note="Names <b>two</b> studies.", **ANSWER)
    told = log(client)
    assert told.startswith(" (3)")
    assert told.index("Names &lt;b&gt;two&lt;/b&gt; studies.") < told.index("Names a newer study.")
    assert told.index("Names a newer study.") < told.index("First published.")


def test_the_note_of_a_text_that_readers_do_not_see_is_not_told(client, question, published, editor, reviewer):
    published(question, **ANSWER)
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, change_note="xyzzy")
    assert "xyzzy" not in client.get(ADDRESS).content.decode()
    actions.submit(draft, by=editor)
    assert "xyzzy" not in client.get(ADDRESS).content.decode()
    actions.schedule(draft, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    assert "xyzzy" not in client.get(ADDRESS).content.decode()
    actions.publish(draft, by=reviewer)
    assert "xyzzy" in log(client)


def test_the_note_of_one_page_is_not_told_on_another(client, published):
    published(Question.objects.get(slug="types"), note="xyzzy")
    published(Therapy.objects.get(slug="pembrolizumab"), note="plugh")
    assert "xyzzy" in log(client, "/faq/types/") and "xyzzy" not in log(client, "/therapies/pembrolizumab/")
    published(Section.objects.get(slug="privacy"), note="frotz")
    assert "frotz" in log(client, "/about/") and "frotz" not in log(client, "/")


def test_the_reason_is_told_once_a_text_is_unpublished_and_not_before(client, question, published, reviewer):
    live = published(question, **ANSWER)
    actions.plan_unpublication(
        live, by=reviewer, at=timezone.now() + datetime.timedelta(days=1), because="It was published too early."
    )
    assert "too early" not in client.get(ADDRESS).content.decode()
    actions.unpublish(live, by=reviewer, because="It was out of date.")
    published(question, note="The mistake is mended.", **ANSWER)
    assert "Later unpublished: It was out of date." in log(client)


# The note is asked for ------------------------------------------------------------------------


def test_a_revision_of_a_page_that_readers_know_is_not_submitted_without_a_note(question, published, editor, reviewer):
    published(question, **ANSWER)
    draft = actions.start_draft(question, by=editor)
    for empty in ("", "  "):
        actions.save_draft(draft, by=editor, change_note=empty, in_short="Newer.")
        with pytest.raises(actions.Refused, match="What changed and why"):
            actions.submit(draft, by=editor)
    actions.save_draft(draft, by=editor, change_note="Newer words.")
    actions.submit(draft, by=editor)
    actions.save_draft(draft, by=editor, change_note="")
    for verb in (actions.publish, lambda e, by: actions.schedule(e, by=by, at=timezone.now() + datetime.timedelta(1))):
        with pytest.raises(actions.Refused, match="Nobody has said what changed"):
            verb(draft, by=reviewer)


def test_the_desk_says_what_is_missing_and_keeps_the_words(desk, editor, published, question):
    published(question, **ANSWER)
    client = desk(editor)
    address = f"/admin/faq/question/{question.pk}/change/"
    form = client.get(address).context["inline_admin_formsets"][0].formset
    sent = {
        "topic": question.topic_id,
        "order": question.order,
        "seen": client.get(address).context["adminform"].form["seen"].value(),
        **{f"{form.prefix}-{name}": value for name, value in (("TOTAL_FORMS", 1), ("INITIAL_FORMS", 0))},
        **{f"{form.prefix}-0-{name}": value for name, value in (ANSWER | {"in_short": "Newer."}).items()},
        f"{form.prefix}-0-seen": form.forms[0]["seen"].value(),
    }
    page = client.post(address, {**sent, "_submit": "1"}, follow=True).content.decode()
    assert "Say in a sentence under “What changed and why”" in page
    assert "Newer." in page and question.open_edition().words["in_short"] == "Newer."
    assert "readers see it under “Changes to this page”" in page
