"""A second person sees a pending change on one screen, and confirms it, corrects it or rejects it with a reason."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from faq.models import Question, Topic
from portal.pages.models import SiteSettings
from portal.publishing import actions, as_if
from portal.publishing.models import AuditEntry, Change, Source
from therapies.models import ApprovalEvent, Cancer, Indication, Therapy, TherapyClass, TherapyFact

pytestmark = pytest.mark.django_db
INBOX = "/desk/inbox/"
MARCH_1 = datetime.date(2026, 3, 1)


@pytest.fixture
def change(use, source, pending):
    return pending(ApprovalEvent, indication=use, kind="accelerated-approval", date=MARCH_1, source=source)


@pytest.fixture
def address(change):
    return change.get_absolute_url()


@pytest.fixture
def sam(desk, second_data_editor):
    return desk(second_data_editor)


def confirm(client, address, **sent):
    return client.post(address, {"do": "confirm", "seen": client.get(address).context["seen"], **sent})


def correction(client, address, **typed):
    """What a browser sends from the form of a correction, with ``typed`` in it."""
    sent = {"do": "correct"}
    for form in client.get(address).context["forms"]:
        sent |= {form.add_prefix(name): form[name].value() for name in form.fields if form[name].value()}
        sent |= {form.add_prefix(name): value for name, value in typed.items() if name in form.fields}
    return sent


def state(change) -> str:
    return Change.objects.get(pk=change.pk).state


# The queue ---------------------------------------------------------------------------------


def test_every_pending_change_is_listed_with_what_would_settle_it(sam, change):
    page = sam.get(INBOX).content.decode()
    assert f"<strong>{Change.objects.pending().count()}</strong> pending" in page
    assert "What would settle it" in page and "No source" in page


def test_what_people_here_proposed_comes_first_and_what_came_with_the_portal_is_apart(sam, change):
    page = sam.get(INBOX)
    everything = Change.objects.pending().leading()
    shipped = [line.change for line in page.context["shipped"]]
    assert [line.change for line in page.context["lines"]] == [change] and shipped
    assert all(one.is_shipped for one in shipped) and shipped[0].affects_patients
    body = " ".join(page.content.decode().split())
    assert body.index("<h2>Proposed here</h2>") < body.index(change.about) < body.index("<h2>Came with the portal</h2>")
    assert f'pending, 1 proposed today. <a href="{change.get_absolute_url()}"' in body
    assert f"Came with the portal ({everything.count() - 1})</a>" in body
    only = sam.get(f"{INBOX}?by=software").context
    assert only["lines"] == [] and len(only["shipped"]) == min(50, everything.count() - 1)


def test_without_work_of_people_the_queue_says_so(sam):
    page = sam.get(INBOX).content.decode()
    assert "Nothing that people here proposed is pending." in page and "Proposed here" not in page


def test_after_the_last_change_of_people_the_next_one_is_told_to_have_come_with_the_portal(sam, change, address):
    following = Change.objects.pending().leading().in_order().exclude(pk=change.pk).first()
    answer = confirm(sam, address)
    assert answer.url == following.get_absolute_url()
    assert "This next one came with the portal." in sam.get(answer.url).content.decode()


def test_what_affects_patients_comes_first_then_the_oldest(sam, change, use, source, pending):
    end = pending(
        ApprovalEvent, indication=use, kind="withdrawn", date="2026-05-01", source=source, because="It failed."
    )
    page = sam.get(INBOX)
    lines = [line.change for line in page.context["lines"]]
    others = [one for one in lines if not one.affects_patients]
    assert lines == [*(one for one in lines if one.affects_patients), *others] and end in lines
    assert [one.proposed_at for one in others] == sorted(one.proposed_at for one in others)
    assert "Reason: It failed." in page.content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("kind=therapies.approvalevent&by=Dana", True),
        ("kind=therapies.therapyfact", False),
        ("q=PEMBRO+neuro&source=yes", True),
        ("q=pembrolizumab&by=software", False),
        ("q=pembrolizumab+withdrawn", False),
        ("source=no", False),
        ("kind=nonsense&page=-7&q=%00", False),
    ],
)
def test_filters_narrow_the_queue(sam, change, query, shown):
    page = sam.get(f"{INBOX}?{query}").content.decode()
    assert (f'href="{change.get_absolute_url()}?' in page) == shown


def test_a_group_is_one_line(sam, source, data_editor):
    told = {"by": data_editor, "source": source}
    given = {"therapy": Therapy.objects.first(), "cancer": Cancer.objects.first(), "code": "x", "setting": "Any"}
    use = actions.propose_new(Indication, given, **told)
    decision = {"indication": use, "kind": "approval", "date": MARCH_1, "source": source}
    use.lead([actions.propose_new(ApprovalEvent, decision, **told)])
    lines = [line.change for line in sam.get(f"{INBOX}?by=Dana").context["lines"]]
    assert lines == [use]
    page = sam.get(use.get_absolute_url())
    assert [section["kind"] for section in page.context["sections"]] == ["approved use", "FDA decision"]
    assert not page.context["effects"].refused


def test_the_queue_marks_what_one_proposed_oneself(desk, data_editor, change):
    assert "you: another person must confirm it" in desk(data_editor).get(f"{INBOX}?by=Dana").content.decode()


def test_the_number_of_queries_does_not_grow(sam, change, source, pending, django_assert_num_queries):
    with CaptureQueriesContext(connection) as before:
        sam.get(INBOX)
    for number in range(5):
        pending(TherapyFact, therapy=Therapy.objects.first(), kind="brand", value=f"Brand {number}", source=source)
    with django_assert_num_queries(len(before)):
        sam.get(INBOX)


def test_the_first_page_leads_to_what_affects_patients_and_the_desk_to_what_came_last(sam, change, address):
    first = Change.objects.pending().filter(affects_patients=True).first()
    assert f'<a href="{first.get_absolute_url()}">' in sam.get("/admin/").content.decode()
    assert f'<a href="{address}">' in sam.get("/desk/").content.decode()


# What the screen shows ---------------------------------------------------------------------


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


# Confirming --------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_second_person_confirms_and_goes_on_to_the_next(sam, change, address, second_data_editor):
    following = sam.get(address).context["next"]
    answer = confirm(sam, address)
    assert answer.status_code == 302 and answer.url == following != address
    change.refresh_from_db()
    assert change.confirmed_by == second_data_editor and ApprovalEvent.objects.filter(pk=change.row).exists()
    page = sam.get(answer.url).content.decode()
    assert "Readers see it now." in page and address in page  # the way back
    assert "Confirmed: readers see it." in sam.get(address).content.decode()


def test_the_next_is_of_the_same_filter_and_the_last_leads_to_the_list(sam, change, source, pending, address):
    more = pending(TherapyFact, therapy=Therapy.objects.first(), kind="brand", value="Brand", source=source)
    answer = sam.post(f"{address}?by=Dana", {"do": "confirm", "seen": sam.get(address).context["seen"]})
    assert answer.url == f"{more.get_absolute_url()}?by=Dana"
    answer = sam.post(answer.url, {"do": "confirm", "seen": sam.get(answer.url).context["seen"]})
    assert answer.url == INBOX


def test_a_second_click_is_told_that_the_first_one_did_it(sam, change, address):
    sent = {"do": "confirm", "seen": sam.get(address).context["seen"]}
    for _ in range(2):
        answer = sam.post(address, sent, follow=True).content.decode()
    assert "You clicked twice. Your first click did it" in answer and "already" not in answer


def test_of_two_people_one_wins_and_the_other_is_told(desk, sam, administrator, change, address):
    sent = {"do": "confirm", "seen": sam.get(address).context["seen"]}
    sam.post(address, sent)
    late = desk(administrator).post(address, sent)
    assert "Someone else already confirmed this. Nothing changed." in late.content.decode()


@pytest.mark.slow
def test_nothing_is_confirmed_without_what_the_screen_showed(sam, change, address):
    for sent in ({}, {"seen": ""}, {"seen": "0123456789abcdef"}):
        page = sam.post(address, {"do": "confirm", **sent}).content.decode()
        assert "This changed after you opened it, so it was not confirmed. Look again." in page
    assert state(change) == "pending"


def its_source(change):
    Source.objects.filter(pk=change.source_id).update(title="Another letter")


def the_row(change):
    Question.objects.filter(pk=change.row).update(topic=Topic.objects.create(name="Meanwhile"))


def the_name_of_what_it_points_to(change):
    Topic.objects.filter(pk=change.after["topic"]).update(name="Buy this")


@pytest.mark.parametrize("moved", [its_source, the_row, the_name_of_what_it_points_to])
def test_what_moved_since_it_was_shown_is_not_confirmed_unseen(desk, editor, reviewer, source, moved):
    page = Question.objects.published().first()
    topic = Topic.objects.create(name="A new topic")
    change = actions.propose_change(page, {"topic": topic}, by=editor, source=source)
    client, address = desk(reviewer), change.get_absolute_url()
    sent = {"do": "confirm", "seen": client.get(address).context["seen"]}
    moved(change)
    assert "This changed after you opened it" in client.post(address, sent).content.decode()
    assert state(change) == "pending"


@pytest.mark.slow
def test_its_author_and_who_may_only_read_confirm_nothing(desk, data_editor, editor, change, address):
    own = desk(data_editor)
    page = own.get(address)
    assert 'value="confirm"' not in page.content.decode()
    assert "You proposed this, so another person must confirm it. You can take it back." in page.content.decode()
    answer = own.post(address, {"do": "confirm", "seen": page.context["seen"]})
    assert "You proposed this change, so another person must confirm it." in answer.content.decode()
    assert "You can read this change. Other people confirm it." in desk(editor).get(address).content.decode()
    assert confirm(desk(editor), address).status_code == 403
    assert desk(editor).post(address, {"do": "reject", "because": "No."}).status_code == 403
    assert state(change) == "pending"


# Rejecting, correcting, taking back --------------------------------------------------------


def test_a_rejection_needs_a_reason_and_stays_in_the_list(sam, change, address):
    page = sam.post(address, {"do": "reject", "because": " "})
    assert "Say why" in page.content.decode() and state(change) == "pending"
    sam.post(address, {"do": "reject", "because": "The letter is about another drug."})
    assert state(change) == "rejected" and sam.get(f"{INBOX}?by=Dana").context["lines"] == []
    assert "The letter is about another drug." in sam.get(f"{INBOX}?show=rejected").content.decode()
    assert "Rejected by Sam" in sam.get(address).content.decode()


def test_its_author_takes_it_back(desk, data_editor, change, address):
    desk(data_editor).post(address, {"do": "reject", "because": "I read the wrong line."})
    assert state(change) == "rejected"


@pytest.mark.slow
def test_whoever_corrects_becomes_its_author(sam, second_data_editor, change, address):
    wrong = sam.post(address, correction(sam, address, date="2999-01-01"))
    assert "This day has not come yet" in wrong.content.decode() and "2999-01-01" in wrong.content.decode()
    answer = sam.post(address, correction(sam, address, date="2026-03-05") | {"why": "The letter says the fifth."})
    better = change.replaced_by.get()
    assert (better.after["date"], better.proposed_by) == ("2026-03-05", second_data_editor)
    assert (better.because, state(change)) == ("The letter says the fifth.", "rejected")
    assert "another person must confirm it" in sam.get(answer.url).content.decode()
    assert f'href="{better.get_absolute_url()}">Open the corrected version' in sam.get(address).content.decode()
    assert 'value="confirm"' not in sam.get(better.get_absolute_url()).content.decode()


def test_a_correction_that_changes_nothing_says_so(sam, change, address):
    page = sam.post(address, correction(sam, address) | {"why": change.because})
    assert "You didn’t change anything" in page.content.decode() and state(change) == "pending"


@pytest.mark.slow
def test_what_was_confirmed_can_be_taken_back_by_two_people(desk, sam, change, address, administrator):
    confirm(sam, address)
    change.refresh_from_db()
    page = sam.post(address, {"do": "reverse", "because": " "})
    assert "say in a sentence why it should change" in page.content.decode()
    sam.post(address, {"do": "reverse", "because": "The letter is about another drug."})
    back = change.reversed_by.get()
    assert back.verb == "remove" and ApprovalEvent.objects.filter(pk=change.row).exists()
    confirm(desk(administrator), back.get_absolute_url())
    assert not ApprovalEvent.objects.filter(pk=change.row).exists()


# Public pages before and after -------------------------------------------------------------


def test_the_screen_itself_shows_what_changes_on_the_pages_before_and_after(sam, change, address):
    page = sam.get(address)
    therapy, cancer = page.context["altered"]
    assert (therapy.address, cancer.address) == ("/therapies/pembrolizumab/", "/cancers/neuroblastoma/")
    assert any("Approved uses" in one.place and "After everything else" in one.after for one in therapy.passages)
    assert not any("After everything else" in one.before for one in therapy.passages)
    text = page.content.decode()
    assert "<dt>Before</dt>" in text and "<dt>After</dt>" in text and "<ins>" in text
    frames = re.findall(r'<iframe loading="lazy" src="([^"]+)" title="([^"]+)"', text)
    assert [src.endswith("after=1") for src, _ in frames] == [False, True, False, True]
    assert len({title for _, title in frames}) == 4, "each frame has a name of its own"
    assert state(change) == "pending" and not AuditEntry.objects.filter(verb="confirmed").exists()


def test_only_the_pages_that_are_shown_to_staff_may_stand_in_a_frame(sam, client, address):
    for at in (address, INBOX, "/desk/", "/admin/"):
        answer = sam.get(at)
        assert answer["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    for at in ("/", "/therapies/pembrolizumab/"):
        assert client.get(at)["X-Frame-Options"] == "DENY"


def test_an_address_that_moves_is_told_in_words(desk, administrator, reviewer):
    olaratumab = Therapy.objects.get(slug="olaratumab")
    change = actions.propose_change(olaratumab, {"slug": "olara"}, by=administrator)
    page = desk(reviewer).get(change.get_absolute_url()).content.decode()
    assert "Readers find nothing at this address now." in page and "or are led to another address" in page


def test_what_no_page_shows_says_so(sam, data_editor, source):
    unseen = Therapy.objects.create(slug="newmab", name="Newmab", therapy_class=TherapyClass.objects.all()[0])
    told = {"therapy": unseen, "kind": "code", "value": "NM-1", "source": source}
    change = actions.propose_new(TherapyFact, told, by=data_editor)
    page = sam.get(change.get_absolute_url())
    assert page.context["altered"] == [] and "No public page shows it yet." in page.content.decode()


def test_public_pages_are_shown_before_and_after(sam, client, change, address):
    at = "/therapies/pembrolizumab/"
    both = sam.get(f"{address}pages/?at={at}").content.decode()
    frames = [frame.replace("&amp;", "&") for frame in re.findall(r'<iframe src="([^"]+)"', both)]
    before, after = (sam.get(frame) for frame in frames)
    assert as_if.BEFORE in before.content.decode() and "After everything else" not in before.content.decode()
    assert as_if.AFTER in after.content.decode() and "After everything else" in after.content.decode()
    for shown in (before, after):
        assert "no-store" in shown["Cache-Control"] and shown["X-Frame-Options"] == "SAMEORIGIN"
        assert shown["X-Robots-Tag"] == "noindex"
    assert "After everything else" not in client.get(at).content.decode()
    assert state(change) == "pending" and AuditEntry.objects.filter(verb="confirmed").count() == 0


@pytest.mark.parametrize(
    ("given", "at", "words"),
    [({"name": "A name of tomorrow"}, "/", "A name of tomorrow"), ({"disclaimer": "Ask."}, "/faq/", "Ask.")],
)
def test_every_kind_of_change_is_shown_before_and_after(desk, reviewer, administrator, client, given, at, words):
    change = actions.propose_change(SiteSettings.objects.get(), given, by=administrator)
    frame = f"{change.get_absolute_url()}page/?at={at}"
    staff = desk(reviewer)
    assert words in staff.get(f"{frame}&after=1").content.decode()
    assert words not in staff.get(frame).content.decode() and words not in client.get(at).content.decode()


@pytest.mark.parametrize("at", ["/admin/", "/desk/inbox/", "/account/login/", "/nothing/here/", "https://fda.gov/", ""])
def test_what_is_no_public_page_is_not_shown(sam, address, at):
    for screen in ("pages", "page"):
        assert sam.get(f"{address}{screen}/?at={at}").status_code == 404


@pytest.mark.slow
def test_an_answered_change_has_no_page_after_it(sam, change, address):
    confirm(sam, address)
    assert 'title="After' not in sam.get(f"{address}pages/?at=/approvals/").content.decode()
    shown = sam.get(f"{address}page/?at=/approvals/&after=1").content.decode()
    assert as_if.AFTER not in shown


def test_what_cannot_be_confirmed_has_no_page_after_it(sam, use, source, pending):
    end = pending(ApprovalEvent, indication=use, kind="approval", date=MARCH_1, source=source)
    Change.objects.filter(pk=end.pk).update(after=end.after | {"date": "2999-01-01"})
    answer = sam.get(f"{end.get_absolute_url()}page/?at=/approvals/&after=1")
    assert answer.status_code == 409 and "has not come yet" in answer.content.decode()


def test_only_staff_see_pages_as_they_will_be(client, address):
    for path in (INBOX, address, f"{address}pages/?at=/", f"{address}page/?at=/&after=1"):
        assert client.get(path).status_code == 302 and client.get(path).url.startswith("/admin/login/")
