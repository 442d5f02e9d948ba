"""The history of a row keeps what was there and what came in its place, also once the row is gone."""

from faq.models import Topic
from portal.pages.models import SiteSettings
from portal.publishing import actions, audit
from portal.publishing.models import AuditEntry


def test_the_history_of_a_row_keeps_old_and_new_values(correction, decision, second_data_editor):
    actions.confirm(correction, by=second_data_editor)
    told = [(entry.verb, entry.name, entry.detail) for entry in audit.of(decision)]
    assert told == [
        ("confirmed", "Sam", "Date: March 1, 2024 → March 2, 2024"),
        ("proposed", "Dana", "Date: March 1, 2024 → March 2, 2024"),
        ("confirmed", "Sam", audit.of(decision).last().detail),
    ]
    first = told[-1][-1]
    for words in (
        "Kind: nothing → Accelerated approval",
        "Date: nothing → March 1, 2024",
        "Source: nothing → FDA letter",
    ):
        assert words in first


def test_the_history_keeps_the_values_of_what_was_removed(decision, data_editor, second_data_editor):
    removal = actions.propose_removal(decision, by=data_editor, because="It was another drug.")
    actions.confirm(removal, by=second_data_editor)
    entry = AuditEntry.objects.filter(verb="confirmed").first()
    assert entry.about == removal.about and "Date: March 1, 2024 → nothing" in entry.detail


def test_the_history_of_the_site_tells_the_old_disclaimer(administrator, reviewer):
    site = SiteSettings.objects.get()
    old = site.disclaimer
    actions.confirm(actions.propose_change(site, {"disclaimer": "Ask."}, by=administrator), by=reviewer)
    assert audit.of(site).first().detail == f"Disclaimer: {old} → Ask."


def test_the_history_at_the_desk_shows_the_whole_of_long_values(desk, administrator, reviewer):
    site, ada = SiteSettings.objects.get(), desk(administrator)
    long = " ".join(f"Sentence {number} of a long disclaimer." for number in range(40))
    for words in (long, "Ask your cancer team."):
        change = actions.propose_change(SiteSettings.objects.get(), {"disclaimer": words}, by=administrator)
        actions.confirm(change, by=reviewer)
    page = ada.get(f"/admin/pages/sitesettings/{site.pk}/history/").content.decode()
    assert f"Disclaimer: {long} → Ask your cancer team." in page
    assert page.count("<details><summary>Disclaimer: ") >= 2, "long values are folded"


def test_the_history_tells_what_was_stored_at_once(editor):
    topic = Topic.objects.filter(questions__isnull=False).first()
    done = actions.revise(topic, {"order": topic.order + 7}, by=editor)
    assert (done.at_once, done.pending) == (["order"], None)
    assert audit.of(topic).first().detail == f"Order: {topic.order} → {topic.order + 7}"
