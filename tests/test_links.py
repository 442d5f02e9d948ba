"""Links in texts: where they may lead, and that readers can open them."""

import pytest
from django.core.exceptions import ValidationError
from django.forms import ModelForm, modelform_factory
from django.http import QueryDict
from django.utils.http import urlencode

from faq.models import Question
from portal.pages.models import TakePartLink
from portal.publishing import actions, destinations
from portal.publishing.links import allowed, is_private
from portal.publishing.markup import normalized
from portal.publishing.models import Edition, Source, Status
from portal.publishing.page_forms import DraftForm, of_kind

from .conftest import ANSWER
from .forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(20)]
AnswerForm: type[ModelForm] = modelform_factory(Edition, form=of_kind(DraftForm, Question), fields=["change_note"])


def form(**typed: str) -> ModelForm:
    return AnswerForm(QueryDict(urlencode(ANSWER | typed)), instance=Edition(page=Question.objects.first()))


# Links -----------------------------------------------------------------------------------------

GOOD = ["https://www.cancer.gov/", "mailto:team@example.org", "tel:+1-800-555-0100", "/cancers/", "/faq/types/#sources"]
BAD = [
    "", "http://www.cancer.gov/", "www.cancer.gov", "//evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example", "https://", "https://fda.gov@evil.example/", "https:\\\\evil.example", "javascript:alert(1)",
    "java\tscript:alert(1)",
    "JaVaScRiPt:alert(1)", "\x01javascript:alert(1)", "data:text/html,x", "vbscript:x", "blob:https://a/b",
    "file:///etc/passwd", "https://[::1", "https://a.example:x/",
    "/a b", "https://a.example/\u202e", "https://a.example/\n", "#top", "ftp://a.example/",
]  # fmt: skip


@pytest.mark.parametrize("address", GOOD)
def test_links_lead_out_by_https_mail_and_telephone_or_to_a_page_here(address):
    assert allowed(address)
    assert normalized(f'<p><a href="{address}">x</a></p>') == f'<p><a href="{address}">x</a></p>'
    assert form(answer=f'<p><a href="{address}">x</a></p>', onward_address=address).is_valid()


@pytest.mark.parametrize("address", BAD)
def test_other_links_are_refused_with_a_sentence_and_die_on_every_other_road(address, editor):
    assert not allowed(address)
    filled = form(answer=f'<p>See <a href="{address}">the list</a>.</p>')
    assert "the list" in str(filled.errors["answer"]) and "Begin it with https://" in str(filled.errors["answer"])
    if (typed := address.strip()) and not allowed(typed):
        assert "Begin it with https://" in str(form(onward_address=typed).errors["onward_address"])
    assert normalized(f'<p><a href="{address}">x</a></p>') == "<p>x</p>"
    link = TakePartLink.objects.first()
    TakePartLink.objects.filter(pk=link.pk).update(address=address)
    link.refresh_from_db()
    assert link.address == ""


def test_a_refused_link_names_itself_and_what_was_typed_stays():
    filled = form(answer='<p>See <a href="http://old.example/">the <em>old</em> list</a>.</p>')
    assert filled.errors["answer"] == [
        "The link “the old list” leads to “http://old.example/”. Begin it with https:// (or mailto: or tel:), "
        "or with / for a page on this site."
    ]
    assert "href=&quot;http://old.example/&quot;" in str(filled["answer"])


def test_a_source_may_stand_at_http_and_nowhere_else():
    source = Source.objects.create(title="x", url="http://www.fda.gov/old")
    source.full_clean()
    for refused in ("javascript:alert(1)", "/cancers/", "ftp://a.example/"):
        with pytest.raises(ValidationError, match="isn’t a link that readers can open"):
            Source(title="y", url=refused).full_clean()
        source.url = refused
        source.save()
        source.refresh_from_db()
        assert source.url == ""


# Before a review ---------------------------------------------------------------------------------

PRIVATE = [
    "https://localhost/", "https://localhost./x", "https://127.0.0.1/", "https://127.1/", "https://0x7f.0.0.1/",
    "https://2130706433/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://10.1.2.3/", "https://172.16.0.1/",
    "https://192.168.1.1:8443/x", "https://169.254.169.254/", "https://[fd00::1]/", "https://intranet/",
    "https://wiki.internal/", "https://printer.local/", "https://files.lan/", "HTTPS://WIKI.CORP/", "https://0.0.0.0/",
    "https://%6cocalhost/", "https://\uff4cocalhost/",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_within_one_network_is_told_from_one_that_all_can_open(address):
    assert is_private(address)


@pytest.mark.parametrize(
    "address",
    [*GOOD, "https://8.8.8.8/", "https://[2606:4700::1111]/", "https://local.example.org/", "https://a.homes/"],
)
def test_an_address_that_all_can_open_is_not_private(address):
    assert not is_private(address)


CLOSED_ADDRESSES = ["/admin/", "/admin", "/admin/faq/question/1/change/", "/desk/files/", "/account/login/",
                    "/review/abc/", "/%61dmin/", "https://portal.example/admin/"]  # fmt: skip
MISSING = ["/cancers/no-such-cancer/", "/no-such-room/", "/faq/not-yet-published/", "/x/../admin/",
           "/therapies/types/x/", "https://portal.example/cancers/none/"]  # fmt: skip
OPEN_TO_ALL = ["/", "/faq/a-new-question/",
               "/cancers/", "/cancers/melanoma/", "/cancers/melanoma", "/cancers/melanoma/?a=b#c",
               "/about/#privacy", "/feeds/approvals.atom", "/sitemap.xml", "mailto:team@example.org", "tel:911", "https://www.fda.gov/",
               "https://portal.example/glossary/"]  # fmt: skip


@pytest.fixture
def here(settings):
    settings.SITE_ADDRESS = "https://portal.example"


@pytest.mark.parametrize(
    ("addresses", "why"),
    [
        (CLOSED_ADDRESSES, "which is not open to readers."),
        (MISSING, "but this site has no page there that readers can see."),
        (PRIVATE, "which nobody outside your own network can open."),
    ],
    ids=["closed", "missing", "private"],
)
def test_links_that_readers_cannot_open_are_named_at_submission_and_nothing_is_lost(
    here, addresses, why, question, editor
):
    Question.objects.create(topic=question.topic, slug="not-yet-published")
    text = "".join(f'<p><a href="{address}">a word</a></p>' for address in addresses)
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, **ANSWER | {"answer": text, "onward_address": addresses[0]})
    with pytest.raises(actions.Refused) as refusal:
        actions.submit(draft, by=editor)
    said = str(refusal.value)
    assert said.startswith(
        f"Your draft is saved but not submitted, because readers cannot open {len(addresses) + 1} links."
    )
    assert all(f"“a word” leads to {address}, {why}" in said for address in addresses)
    assert f"“Related link, address” leads to {addresses[0]}, {why}" in said
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT and draft.words["answer"] == text


def test_links_that_readers_can_open_are_let_through(here, question, editor, published):
    text = "".join(f'<p><a href="{address}">x</a></p>' for address in OPEN_TO_ALL)
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, **ANSWER | {"answer": text, "onward_address": "/faq/"})
    assert actions.submit(draft, by=editor).status == Status.IN_REVIEW


def test_the_address_that_a_page_had_before_still_counts(question, editor, reviewer, published, administrator):
    published(question, **ANSWER)
    actions.confirm(actions.move(question, "its-new-name", by=administrator).pending, by=reviewer)
    other = actions.start_draft(Question.objects.published().exclude(pk=question.pk).first(), by=editor)
    actions.save_draft(other, by=editor, answer='<p><a href="/faq/a-new-question/">x</a></p>', change_note="A link.")
    assert actions.submit(other, by=editor).status == Status.IN_REVIEW


def test_the_desk_says_so_and_keeps_every_word(desk, editor, question):
    client, address = desk(editor), f"/admin/faq/question/{question.pk}/change/"
    words = {f"editions-0-{name}": text for name, text in ANSWER.items()}
    words["editions-0-onward_address"] = "/faq/none/"
    page = client.post(address, filled(client.get(address), **words, _submit="1"), follow=True).content.decode()
    assert "“Related link, address” leads to /faq/none/, but this site has no page there" in page
    assert "It was written today." in page and 'value="/faq/none/"' in page
    assert question.open_edition().status == Status.DRAFT


@pytest.mark.slow
def test_published_pages_are_offered_by_name_and_drafts_are_not(desk, data_editor, question, editor, client):
    actions.save_draft(actions.start_draft(question, by=editor), by=editor, **ANSWER)
    offered = desk(data_editor).get("/admin/publishing/picture/pages/").json()["pages"]
    assert {"name": "Melanoma", "kind": "Cancer", "address": "/cancers/melanoma/"} in offered
    assert {"name": "Glossary", "kind": "", "address": "/glossary/"} in offered
    names = [page["name"] for page in offered]
    assert names == sorted(names, key=str.casefold) and "Is this new?" not in names
    assert all(client.get(page["address"]).status_code == 200 for page in offered[::12])
    assert client.get("/admin/publishing/picture/pages/").status_code == 302


def test_pages_are_found_in_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        destinations.places()
