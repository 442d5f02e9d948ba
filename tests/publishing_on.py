"""Publishes one answer again and again, with the verbs that staff use. Run with the seconds between two publishings.

For loads that need a site on which people work: it prints a line with the words after each commit, until it is ended.
"""

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402

from faq.models import Question, Topic  # noqa: E402
from portal.publishing import actions  # noqa: E402


def main(every: float) -> None:
    author, _ = User.objects.get_or_create(username="author-under-load")
    reviewer, _ = User.objects.get_or_create(username="reviewer-under-load")
    topic = Topic.objects.first()
    question, _ = Question.objects.get_or_create(slug="under-load", defaults={"topic": topic, "order": 99})
    while True:
        words = f"Text {question.editions.count()} under load"
        draft = question.open_edition() or actions.start_draft(question, by=author)
        text = {"question": f"{words}?", "in_short": f"{words}.", "answer": f"<p>{words}.</p>"}
        actions.save_draft(draft, by=author, change_note=words, **text)
        actions.submit(draft, by=author)
        actions.publish(draft, by=reviewer)
        print(words, flush=True)
        time.sleep(every)


if __name__ == "__main__":
    main(float(sys.argv[1]))
