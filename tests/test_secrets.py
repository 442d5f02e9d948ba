"""No draft ever leaks: every public address is visited with a secret draft, and a secret fact, behind every page."""

import datetime
import io
import zipfile
from itertools import chain

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from faq.models import Question, Topic
from immune.models import Component, Organ
from portal.pages.models import TakePartLink, Term
from portal.publishing import actions, coach
from portal.publishing.feed_formats import FORMATS
from portal.publishing.models import Governed, Source, Status
from portal.publishing.open_data.lists import of_day, with_lists
from portal.publishing.parts import Rows
from therapies.fact_kinds import FactKind
from therapies.models import ApprovalEvent, Biomarker, Cancer, Indication, Therapy, TherapyFact

from .public import EXAMPLES, FACTS, PAGE_MODELS, addresses, facts, feeds, visit
from .sharing import settled

SECRET = "xyzzy-secret"
UNREAD = coach.read([], sourced=True)
STATES = (Status.DRAFT, Status.IN_REVIEW, Status.SCHEDULED, Status.REPLACED)


def secret_words(part):
    if isinstance(part, Rows):
        return part.stored([[SECRET] * len(part.cells)])
    return f"<p>{SECRET}</p>" if part.is_rich else SECRET


def secret_text(page, *, by):
    draft = actions.start_draft(page, by=by)
    words = {part.name: secret_words(part) for part in draft.parts}
    return actions.save_draft(draft, by=by, change_note=f"{SECRET} note", **words)


def secret_in_state(page, state, *, by, reviewer):
    before = page.editions.get()
    text = secret_text(page, by=by)
    if state != Status.DRAFT:
        actions.submit(text, by=by)
    if state == Status.SCHEDULED:
        actions.schedule(text, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    if state == Status.REPLACED:  # readers saw it once, and then again what they had seen before
        seen = {"by": by, "change_note": "A note that readers may see."}
        actions.publish(actions.save_draft(text, **seen), by=reviewer)
        again = actions.save_draft(actions.restore(before, by=by), **seen)
        actions.publish(actions.submit(again, by=by), by=reviewer)
    text.refresh_from_db()
    assert text.status == state


@pytest.fixture
def secret_texts(db, editor, reviewer, monkeypatch):
    """A draft behind every page, every state behind some of each kind, and a page that was unpublished."""
    for model in PAGE_MODELS:
        pages = list(model.objects.all())
        for page, state in zip(pages, STATES, strict=False):
            secret_in_state(page, state, by=editor, reviewer=reviewer)
        with monkeypatch.context() as quick:  # to coach them all would take as long as to visit them
            quick.setattr(coach, "look_at", lambda *words, **known: UNREAD)
            for page in pages[len(STATES) :]:
                secret_text(page, by=editor)
    gone = Question.objects.create(slug="gone", topic=Topic.objects.first())
    text = actions.publish(actions.submit(secret_text(gone, by=editor), by=editor), by=reviewer)
    actions.unpublish(text, by=reviewer, because="It was out of date.")


#: Every kind of row that readers see anything of, and of how many rows of each somebody wants another value.
GOVERNED = [model for model in apps.get_models() if issubclass(model, Governed) and model.READERS_SEE]
EACH = 3


def secret_values(row):
    """Other words for every column that readers see and that takes free words; a number of FDA's or a code takes none.

    What NCI calls a cancer stands beside a code alone.
    """
    fixed = {"application", "nci_code", "" if getattr(row, "nci_code", "") else "nci_name"}
    fields = [row._meta.get_field(name) for name in row.READERS_SEE if name not in fixed]
    free = [f for f in fields if isinstance(f, (models.CharField, models.TextField)) and not f.choices]
    return {f.name: f"https://{SECRET}.example/" if f.name in ("url", "address", "contact") else SECRET for f in free}


@pytest.fixture
def secrets(secret_texts, editor, administrator, pending):
    """The same, with a change that waits of every kind of row, and pages that were never published."""
    source = Source.objects.create(title=SECRET, url=f"https://{SECRET}.example/")
    therapy = Therapy.objects.get(slug="pembrolizumab")
    use = Indication.objects.create(
        therapy=therapy, cancer=Cancer.objects.get(slug="melanoma"), code=SECRET, setting=SECRET, combination=SECRET
    )
    use.biomarkers.set(Biomarker.objects.all())
    day = datetime.date(2020, 1, 1)
    pending(ApprovalEvent, SECRET, indication=use, kind="approval", date=day, source=source, note=SECRET)
    for kind in [kind for kind in FactKind if not kind.traits.choices and kind != FactKind.APPLICATION]:
        value = f"{SECRET} {kind}"
        if kind.traits.exclusive:
            rival = therapy.facts.get(kind=kind)
            actions.propose_change(rival, {"value": value}, by=administrator, because=SECRET, source=source)
        else:
            pending(TherapyFact, SECRET, therapy=therapy, kind=kind.value, value=value, source=source)
    pending(TakePartLink, kind="trial", label=SECRET, text=SECRET, address=f"https://{SECRET}.example/")
    for row in [row for model in GOVERNED for row in model.objects.all()[:EACH]]:
        words = secret_values(row)
        assert words, row
        actions.propose_change(row, words, by=administrator, because=SECRET, source=source, evidence=SECRET)
    unborn = Therapy.objects.create(slug=SECRET, name=SECRET, therapy_class=therapy.therapy_class)
    hidden = Indication.objects.create(therapy=unborn, cancer=use.cancer, code="x", setting=SECRET)
    ApprovalEvent.objects.create(indication=hidden, kind="approval", date=day, source=source)
    term = Term.objects.create(slug=f"{SECRET}-term")
    words = {"name": "T cells and antibodies", "also": "cancer", "in_short": SECRET, "about": f"<p>{SECRET}</p>"}
    actions.save_draft(actions.start_draft(term, by=editor), by=editor, **words)
    for model in (Component, Organ, Cancer, Biomarker):
        extra = {"plain_name": SECRET, "ctgov_condition": SECRET} if model is Cancer else {}
        page = model.objects.create(
            slug=f"{SECRET}-{model.__name__.lower()}", name=f"{SECRET} {model.__name__}", **extra
        )
        if model is not Cancer:
            page.therapies.add(therapy) if model is Component else None


@pytest.fixture
def nothing_else(secrets):
    """The secrets are all that changes, so requests share what is made of the content, as on a live site."""
    with settled():
        yield


def data_files():
    """Every table in every format, and all of them at once, of today and of a past day; and changes."""
    yield from ("/data/files/changes.csv?from=2000-01-01&to=2021-01-01", "/data/files/all.sqlite3")
    for on in (None, datetime.date(2020, 6, 1)):
        query = f"?on={on}" if on else ""
        yield f"/data/files/all.zip{query}"
        yield from (f"/data/files/{name}.{ending}{query}" for name in with_lists(on) for ending in ("csv", "ndjson"))


def api_answers(client):
    """Every row that the API tells, of today and of a past day, what it says of itself, and where it has nothing."""
    hidden = [f"therapies/{SECRET}", f"cancers/{SECRET}-cancer", f"terms/{SECRET}-term", "questions/gone"]
    hidden += [f"facts/pembrolizumab/brand/{SECRET} brand", f"uses/?therapy={SECRET}"]
    for address in ("", "openapi.json", *hidden, *(f"{at.strip('/')}" for at in FACTS)):
        address = f"/api/v1/{address}" + ("/" if address and "." not in address and "?" not in address else "")
        yield address, client.get(address).content.decode().replace(SECRET, "", address.count(SECRET))
    for on in (None, datetime.date(2020, 6, 1)):
        for name in of_day(on):
            address = f"/api/v1/{name}/?limit=200{f'&on={on}' if on else ''}"
            while address:
                answer = client.get(address)
                yield address, answer.content.decode()
                address = (answer.json()["next"] or "").replace("http://testserver", "")


def all_of(response):
    """What a file says; of a zip, what its files say."""
    content = b"".join(response.streaming_content)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(map(archive.read, archive.namelist()))
    assert content
    return content.decode(errors="replace")


#: Where readers may look for what they should not find.
ODD = (
    f"/search/suggest/?q={SECRET}",
    *(f"/search/?q={words}" for words in (SECRET[:5], SECRET.replace("-", "+"), f"{SECRET[:5]}&exactly=1")),
    f"/search/suggest/?q={SECRET[:5]}",
    "/search/?q=melanoma",
    "/search/suggest/?q=mel",
    *(f"/feeds/{kind}/{SECRET}.{form}" for kind in ("therapies", "cancers") for form in FORMATS),
    f"/feeds/cancers/{SECRET}-cancer.atom",
    f"/therapies/{SECRET}/index.md",
    *(f"{address}card/" for address in FACTS if address.startswith("/uses/")),
    *(f"{address}cite.{ending}" for address in FACTS for ending in ("bib", "ris", "json")),
    *(f"/oembed?url=http://testserver{address}" for address in FACTS),
    f"/glossary/{SECRET}-term/index.md",
    "/faq/gone/index.md",
    *(f"{page}index.md" for page in ("/", "/therapies/", "/approvals/", "/faq/", "/about/", *EXAMPLES)),
    "/approvals/?cancer=melanoma",
    "/trials/?cancer=melanoma&therapy=pembrolizumab&result=pd-l1&place=Boston",
    "/compare/?therapy=pembrolizumab&therapy=nivolumab&cancer=melanoma",
    "/cancers/by-type/?on=2020-06-01",
    "/cancers/by-type/?type=immunomodulator",
    f"/my-visit/?cancer={SECRET}-cancer&therapy={SECRET},pembrolizumab&result={SECRET}-biomarker",
    "/approvals/?on=2020-06-01",
    "/data/?on=2020-06-01",
    "/data/datapackage.json",
    "/data/changes/?from=2019-06-01&to=2020-06-01",
    "/data/index.md",
    f"/therapies/{SECRET}/",
    f"/therapies/?q={SECRET[:5]}",
    "/therapies/?on=2020-06-01",
    "/therapies/?cancer=melanoma",
    "/therapies/?status=withdrawn",
    "/therapies/?on=bad",
    "/nothing/",
    "/faq/gone/",
    f"/cancers/{SECRET}-cancer/",
    f"/immune/{SECRET}-component/",
    f"/immune/{SECRET}-organ/",
    f"/biomarkers/{SECRET}-biomarker/",
    f"/glossary/{SECRET}-term/",
    f"/glossary/?q={SECRET[:5]}",
    "/glossary/?q=cancer",
)


@pytest.mark.slow
def test_no_unpublished_word_and_no_unconfirmed_fact_reaches_a_reader(nothing_else, client):
    """Every public page is visited here, and only here, so this looks as well at whether it keeps to the rules."""
    assert client.get("/faq/gone/").status_code == 410
    for query in (f"cancer={SECRET}-cancer", f"therapy={SECRET}", f"result={SECRET}-biomarker"):
        assert client.get(f"/trials/?{query}").status_code == 400  # as for any word; it is told again as it was typed
    secret, other = (
        client.get(f"/compare/?therapy=pembrolizumab&therapy={word}").content.decode().replace(word, "")
        for word in (SECRET, "nothing-of-that-name")
    )
    assert secret == other
    pages, broken = {address: client.get(address).content.decode() for address in (*ODD, *chain(*feeds().values()))}, []
    chosen = {"cancer": "melanoma", "therapy1": "pembrolizumab", "results": ["pd-l1"], "words": "Mine"}
    pages["a sheet"] = client.post("/my-visit/", chosen).content.decode()
    assert "For my visit" in pages["a sheet"]
    for address in (*addresses(), *facts()):
        pages[address], faults = visit(client, address)
        broken += faults
    pages |= {address: all_of(client.get(address)) for address in data_files()}
    pages |= dict(api_answers(client))
    leaks = [address for address, page in pages.items() if SECRET in page.replace(address.removesuffix("index.md"), "")]
    assert leaks == []
    assert broken == []
    assert "antibod" in pages["/immune/antibodies/"]  # the published words are still there


@pytest.mark.parametrize(
    "path",
    [
        "",
        "faq/question/",
        "therapies/therapy/1/change/",
        "therapies/therapy/1/preview/",
        "therapies/therapy/1/history/",
    ],
)
def test_the_desk_is_closed_to_readers(client, path, db):
    response = client.get(f"/admin/{path}")
    assert response.status_code == 302 and "/admin/login/" in response.headers["Location"]
