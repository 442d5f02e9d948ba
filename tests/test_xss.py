"""Nothing that somebody types, pastes, ships or writes in a shell runs code before a reader or a colleague."""

import re
from collections.abc import Iterator

import html5lib
import pytest
from django.apps import apps
from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.forms import modelform_factory
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from faq.models import Question
from portal.publishing import actions, coach, markup, parts, prose
from portal.publishing.links import WEB, AddressField, allowed
from portal.publishing.models import AuditEntry, Change, Edition
from portal.publishing.page_forms import DraftForm, of_kind
from portal.publishing.shipping import Loader
from therapies.models import ApprovalEvent, EarlierTerms, Indication, TherapyFact

from .conftest import ANSWER
from .public import EXAMPLES, FILES, FIXED
from .xss_corpus import VECTORS

pytestmark = pytest.mark.django_db


def elements(html: str, whole: bool = False) -> Iterator[tuple[str, dict[str, str]]]:
    """Every element that a browser would make of it, with its attributes."""
    parse = html5lib.parse if whole else html5lib.parseFragment
    for element in parse(html, namespaceHTMLElements=False).iter():
        if element.tag != "DOCUMENT_FRAGMENT":
            yield str(element.tag), dict(element.attrib)


def strange(html: str) -> list[str]:
    """What a stored text holds that none may hold."""
    found = []
    for tag, attributes in elements(html):
        known = markup.ATTRIBUTES.get(tag, set())
        if tag not in markup.TAGS or set(attributes) - known or not allowed(attributes.get("href", "/")):
            found.append(f"{tag} {attributes}")
    return found


def dangers(page: str) -> list[str]:
    """What a whole page holds that could run, or send a reader away."""
    found = []
    for tag, attributes in elements(page, whole=True):
        handlers = [name for name in attributes if re.match(r"on|srcdoc|ping|hx-on|style", str(name))]
        handlers += [v for n, v in attributes.items() if n == "formaction" and not v.startswith("/admin/")]
        data = attributes.get("type") in ("importmap", "application/ld+json")
        inline = tag == "script" and not attributes.get("src", "").startswith("/") and not data
        framed = tag in ("iframe", "object", "embed", "base", "frame", "portal", "math", "foreignObject")
        framed = framed and attributes.keys() != {"name", "title"}  # the empty one, for a preview beside the form
        led = [v for n, v in attributes.items() if str(n).endswith(("href", "src", "action")) and not led_well(v)]
        if handlers or inline or framed or led:
            found.append(f"{tag} {attributes}")
    return found


def led_well(address: str) -> bool:
    ours = ("#", "?", "mailto:?subject=")
    return (
        allowed(address)
        or allowed(address, WEB)
        or address.startswith(ours)
        or bool(re.fullmatch(r"[\w./+-]*(\?[\w=&.-]*)?", address))
    )


def test_the_corpus_is_large_and_every_vector_is_another():
    assert len(VECTORS) == len(set(VECTORS)) >= 160


def test_the_tests_notice_what_they_look_for():
    assert strange("<p>a</p><img src=x>") and strange("<p onclick=x>a</p>") and strange('<a href="javascript:x">a</a>')
    for page in ("<p onclick=x>", "<script>x</script>", "<iframe>", '<a href="java\tscript:x">', '<img src="data:x">'):
        assert dangers(page), page
    assert sum(bool(strange(vector)) for vector in VECTORS) > 180


# Roads into the database ------------------------------------------------------------------


@pytest.fixture
def draft(question, editor):
    draft = actions.start_draft(question, by=editor)
    return actions.save_draft(draft, by=editor, **ANSWER)


def kept(draft) -> str:
    return Edition.objects.get(pk=draft.pk).words["answer"]


AnswerForm = modelform_factory(Edition, form=of_kind(DraftForm, Question), fields=("sources", "change_note"))


def through_the_form(draft, vector, by):
    """Whether the form takes it. What it refuses is shown again, without what could run."""
    filled = AnswerForm(QueryDict(urlencode(ANSWER | {"answer": vector})), instance=Edition(page=draft.page))
    if filled.is_valid():
        actions.save_draft(draft, by=by, **{name: filled.cleaned_data[name] for name in ANSWER})
        return
    assert set(filled.errors) <= {"answer"}
    shown_again = filled["answer"].value() or ""
    assert not [
        e for e in elements(shown_again) if e[0] not in markup.TAGS or set(e[1]) - markup.ATTRIBUTES.get(e[0], set())
    ]
    actions.save_draft(draft, by=by, answer="")


def saved_as_draft(draft, vector, by):
    actions.save_draft(draft, by=by, answer=vector)


def shipped(draft, vector, by):
    actions.save_draft(draft, by=by, answer=prose.from_markdown(vector))


UNREAD = coach.read([], sourced=True)


@pytest.mark.slow
@pytest.mark.parametrize("road", [through_the_form, saved_as_draft, shipped])
def test_no_vector_survives_a_road(road, draft, editor, monkeypatch):
    monkeypatch.setattr(coach, "look_at", lambda *words, **known: UNREAD)  # it reads each text, and changes none
    survived = {}
    for vector in VECTORS:
        road(draft, vector, editor)
        text = kept(draft)
        again = markup.normalized(text)
        shown = prose.render(text)
        if (
            wrong := strange(text)
            or dangers(shown)
            or (again != text and [f"changes when it is cleaned again: {again}"])
        ):
            survived[vector] = wrong
    assert survived == {}


def saved(draft, words):
    draft.words = words
    draft.save()


def updated(draft, words):
    Edition.objects.filter(pk=draft.pk).update(words=words)


def created(draft, words):
    Edition.objects.create(page=draft.page, status="discarded", words=words)


@pytest.mark.parametrize("road", [saved, updated, created])
def test_the_database_takes_no_words_that_nobody_cleaned(road, draft):
    before = kept(draft)
    with pytest.raises(TypeError, match="Clean words"), transaction.atomic():
        road(draft, {**ANSWER, "answer": VECTORS[0]})
    assert kept(draft) == before


def test_the_loader_publishes_no_vector(question, client):
    question.shipped_as = question.slug
    vectors = {"In short": "\n".join(VECTORS).replace("\0", ""), "Answer": "\n\n".join(VECTORS)}
    Loader().text(question, {"question": "Is it?"}, vectors)
    assert Question.objects.published().filter(pk=question.pk).exists()
    assert strange(question.live_edition().words["answer"]) == []
    assert dangers(client.get("/faq/a-new-question/").content.decode()) == []


# Plain text -------------------------------------------------------------------------------------

PLAIN = "\"'></title></p><img src=x onerror=alert(1)>{{7*7}} "


def plain_fields() -> Iterator[tuple[type[models.Model], models.Field]]:
    for model in apps.get_models():
        if model._meta.app_label in ("therapies", "faq", "immune", "pages", "publishing") and model is not AuditEntry:
            for field in model._meta.local_concrete_fields:
                typed = isinstance(field, models.CharField | models.TextField) and not isinstance(
                    field, models.SlugField | AddressField
                )
                if typed and not field.choices and not field.primary_key and field.name not in KEYS:
                    yield model, field


#: Plain columns that hold no words: states, keys of other rows, digests.
KEYS = {"status", "kind", "page_kind", "model", "part", "language", "key", "digest", "code", "row", "path", "precision"}
KEYS |= {"nci_code", "nci_level", "short_id"}  # held by constraints and validators


def attack_columns() -> None:
    for model, field in plain_fields():
        attacked = Substr(
            Concat(Value(PLAIN), F(field.name), output_field=models.TextField()), 1, field.max_length or 5000
        )
        rows = model._base_manager.all()
        if field.name.endswith("_because") or field.name == "nci_name":  # refused without the deed, without the code
            rows = rows.exclude(**{field.name: ""})
        rows.update(**{field.name: attacked})


def attack_words() -> None:
    """The same for the plain parts of every text, and for the values that pending changes hold."""
    for edition in Edition.objects.select_related("page"):
        plain = [part.name for part in edition.parts if not part.is_rich and not isinstance(part, parts.Address)]
        edition.words = parts.cleaned(
            edition.parts, {**edition.words, **{name: PLAIN + edition.words[name] for name in plain}}
        )
        edition.save(update_fields=["words"])
    for change in Change.objects.all():
        words = {name: PLAIN + change.after[name] for name in ("value", "note", "title") if change.after.get(name)}
        change.after |= words
        change.save(update_fields=["after"])


def at_the_desk(staff) -> dict[str, str]:
    """Lists, forms and histories in the admin, and the screens of changes."""
    pages = {"/admin/": staff.get("/admin/").content.decode()}
    for kind in (
        "faq/question",
        "therapies/therapy",
        "therapies/approvalevent",
        "pages/section",
        "pages/takepartlink",
        "publishing/source",
    ):
        listed = pages[f"list of {kind}"] = staff.get(f"/admin/{kind}/").content.decode()
        one = re.search(rf'href="(/admin/{kind}/\d+/)change/', listed)[1]
        pages |= {f"{one}{part}/": staff.get(f"{one}{part}/").content.decode() for part in ("change", "history")}
    change = Change.objects.pending().exclude(after__value=None).first()
    shown = (ApprovalEvent, TherapyFact, Indication, EarlierTerms)
    event, fact, use, terms = (model.objects.first().pk for model in shown)
    for address in (
        *("/desk/", "/desk/inbox/", "/desk/sentences/", "/desk/gaps/", "/desk/facts/new/", change.get_absolute_url()),
        *(f"/desk/decisions/{event}/", f"/desk/facts/{fact}/", f"/desk/uses/{use}/", f"/desk/terms/{terms}/"),
    ):
        pages[address] = staff.get(address).content.decode()
    return pages


@pytest.mark.slow
def test_no_plain_text_of_any_table_runs_on_any_kind_of_page(client, desk, administrator):
    attack_columns()
    attack_words()
    addresses = [reverse(name) for name in FIXED if name not in FILES] + [
        *EXAMPLES,
        "/therapies/?q=<img+onerror=x>",
    ]
    pages = {address: client.get(address).content.decode() for address in addresses}
    pages |= at_the_desk(desk(administrator))
    assert sum("&lt;img src=x onerror=alert(1)&gt;" in page for page in pages.values()) > 30
    assert {address: found for address, page in pages.items() if (found := dangers(page))} == {}
