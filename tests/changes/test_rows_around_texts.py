"""Of topics, sources and pages, what readers see waits and the rest is stored at once."""

import datetime

from faq.models import Topic
from portal.publishing import actions
from portal.publishing.models import Source


def test_of_a_row_that_readers_see_what_they_see_waits_and_the_rest_is_stored(editor):
    topic = Topic.objects.filter(questions__isnull=False).first()
    name = topic.name
    done = actions.revise(topic, {"name": "Another name", "order": 77}, by=editor)
    topic.refresh_from_db()
    assert (topic.name, topic.order) == (name, 77)
    assert done.pending.after == {"name": "Another name"}


def test_a_row_that_nobody_sees_is_changed_at_once(editor):
    topic = Topic.objects.create(name="New")
    assert actions.revise(topic, {"name": "Newer"}, by=editor) == (["name"], None)
    topic.refresh_from_db()
    assert topic.name == "Newer"


def test_a_source_is_seen_once_a_text_that_names_it_is_handed_over(question, editor, reviewer):
    source = Source.objects.create(title="A journal")
    draft = actions.start_draft(question, by=editor)
    words = {"question": "Is it?", "in_short": "It is.", "answer": "<p>Yes.</p>"}
    actions.save_draft(draft, by=editor, sources=[source], **words)
    assert not source.is_seen()
    actions.submit(draft, by=editor)
    assert source.is_seen(), "its words stay as the second person reads them"


def test_a_page_is_seen_from_the_moment_that_a_second_person_schedules_its_text(question, editor, reviewer):
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, question="Is it?", in_short="It is.", answer="<p>Yes.</p>")
    actions.submit(draft, by=editor)
    assert not question.is_seen()
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)
    actions.schedule(draft, by=reviewer, at=later)
    assert question.is_seen(), "else its author could give it another address or topic before it goes public"
