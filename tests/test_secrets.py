"""No draft ever leaks: every public address is visited with a secret draft, and a secret fact, behind every page."""

import datetime

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from faq.models import Question, Topic
from immune.models import Component, Organ
from portal.pages.models import TakePartLink, Term
from portal.publishing import actions
from portal.publishing.models import Governed, Source, Status
from therapies.fact_kinds import EXCLUSIVE, FactKind
from therapies.models import ApprovalEvent, Biomarker, Cancer, Indication, Therapy, TherapyFact

from .public import PAGE_MODELS, addresses, feeds

SECRET = "xyzzy-secret"
STATES = (Status.DRAFT, Status.IN_REVIEW, Status.SCHEDULED, Status.REPLACED)


def secret_text(page, *, by):
    draft = actions.start_draft(page, by=by)
    words = {part.name: f"<p>{SECRET}</p>" if part.is_rich else SECRET for part in draft.parts}
    return actions.save_draft(draft, by=by, change_note=f"{SECRET} note", **words)


#: Every kind of row that readers see anything of, and of how many rows of each somebody wants another value.
GOVERNED = [model for model in apps.get_models() if issubclass(model, Governed) and model.READERS_SEE]
EACH = 3


def secret_values(row):
    """Other words for every column of a row that readers see and that takes free words."""
    fields = [row._meta.get_field(name) for name in row.READERS_SEE]
    free = [f for f in fields if isinstance(f, (models.CharField, models.TextField)) and not f.choices]
    return {f.name: f"https://{SECRET}.example/" if f.name in ("url", "address") else SECRET for f in free}


@pytest.fixture
def secrets(db, editor, reviewer, administrator, pending):
    """A draft behind every page, every state behind some of each kind, and of every kind of row a change that waits."""
    for number, page in ((n, page) for model in PAGE_MODELS for n, page in enumerate(model.objects.all())):
        before = page.editions.get()
        text = secret_text(page, by=editor)
        state = STATES[number] if number < len(STATES) else Status.DRAFT
        if state != Status.DRAFT:
            actions.submit(text, by=editor)
        if state == Status.SCHEDULED:
            actions.schedule(text, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
        if state == Status.REPLACED:  # readers saw it once, and then again what they had seen before
            actions.save_draft(text, by=editor, change_note="A note that readers may see.")
            actions.publish(text, by=reviewer)
            actions.publish(actions.submit(actions.restore(before, by=editor), by=editor), by=reviewer)
        text.refresh_from_db()
        assert text.status == state
    gone = Question.objects.create(slug="gone", topic=Topic.objects.first())
    text = actions.publish(actions.submit(secret_text(gone, by=editor), by=editor), by=reviewer)
    actions.unpublish(text, by=reviewer, because="It was wrong.")
    source = Source.objects.create(title=SECRET, url=f"https://{SECRET}.example/")
    therapy = Therapy.objects.get(slug="pembrolizumab")
    use = Indication.objects.create(
        therapy=therapy, cancer=Cancer.objects.get(slug="melanoma"), code=SECRET, setting=SECRET, combination=SECRET
    )
    use.biomarkers.set(Biomarker.objects.all())
    day = datetime.date(2020, 1, 1)
    pending(ApprovalEvent, SECRET, indication=use, kind="approval", date=day, source=source, note=SECRET)
    for kind in [kind for kind in FactKind if kind not in (*EXCLUSIVE, FactKind.APPLICATION)]:
        pending(TherapyFact, SECRET, therapy=therapy, kind=kind.value, value=f"{SECRET} {kind}", source=source)
    pending(TakePartLink, kind="trial", label=SECRET, text=SECRET, address=f"https://{SECRET}.example/")
    warning = therapy.facts.get(kind=FactKind.BOXED_WARNING)
    for row in [warning, *(row for model in GOVERNED for row in model.objects.all()[:EACH])]:
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


def test_no_unpublished_word_and_no_unconfirmed_fact_reaches_a_reader(secrets, client):
    shown = [
        *addresses(),
        *feeds(),
        *(f"/feeds/{kind}/{SECRET}.{form}" for kind in ("therapies", "cancers") for form in ("atom", "json")),
        f"/feeds/cancers/{SECRET}-cancer.atom",
        "/approvals/?cancer=melanoma",
        f"/therapies/{SECRET}/",
        f"/therapies/?q={SECRET[:5]}",
        "/therapies/?on=2020-06-01",
        "/approvals/?on=2020-06-01",
    ]
    shown += ["/therapies/?cancer=melanoma", "/therapies/?status=withdrawn", "/nothing/", "/therapies/?on=bad"]
    assert client.get("/faq/gone/").status_code == 410
    shown += [
        "/faq/gone/",
        f"/cancers/{SECRET}-cancer/",
        f"/immune/{SECRET}-component/",
        f"/immune/{SECRET}-organ/",
        f"/biomarkers/{SECRET}-biomarker/",
        f"/glossary/{SECRET}-term/",
        f"/glossary/?q={SECRET[:5]}",
        "/glossary/?q=cancer",
    ]
    for address in shown:
        page = client.get(address).content.decode().replace(f"q={SECRET[:5]}", "")
        assert SECRET not in page.replace(address, ""), address
    # The published words are still there.
    assert "antibod" in client.get("/immune/antibodies/").content.decode()


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
