"""One person alone changes nothing that readers get: every column, as every role, by every form.

The models, their columns, the forms and the roles are read from the code, so that what is added is tried by itself.
A field that goes live at once (``AT_ONCE``) is left out; its form says so. Of the page on how current the site is,
one column is left out: how much is pending (``PENDING``).
"""

import difflib
import itertools
import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.urls import reverse

from portal.publishing import values
from portal.publishing.admin import buttons
from portal.publishing.admin.checking import fingerprint
from portal.publishing.models import AuditEntry, Change, Edition, Governed, MedicalCredential, Page, Picture
from portal.roles import ROLES
from therapies.models import Batch, Therapy

from .conftest import person
from .fda_files import keytruda, purple_book
from .forms import filled
from .public import PAGE_MODELS, a_page

pytestmark = pytest.mark.django_db

GOVERNED = [model for model in apps.get_models() if issubclass(model, Governed) and model is not Page]
#: Rows in the admin that no rule of two people covers, and why not.
OTHER_ROWS = {
    Picture: "its words are fixed once a text with it is handed over: tests/pictures/test_shown.py",
    AuditEntry: "only grows: tests/test_audit.py",
    User: "readers see no account",
    Group: "readers see no role",
}
#: Pages that tell of many rows.
SHARED = (
    *("/", "/therapies/", "/approvals/", "/faq/", "/immune/", "/take-part/", "/about/", "/about/freshness/"),
    "/feeds/approvals.json",
)
#: The one thing that a person alone changes on a public page: how much is pending. It is told by the software, and says
#: that nobody has confirmed this yet.
PENDING = re.compile(r'data-label="Pending, not shown">\d+</td>')
#: Presses of a button that a second person makes about somebody else's published text: they say that it was read.
OF_A_SECOND_PERSON = ("_review",)
BUTTONS = [
    "_save",
    "_continue",
    "_addanother",
    "_saveasnew",
    *(b for b in buttons.BUTTONS if b not in OF_A_SECOND_PERSON),
]
WHY = "Somebody swept through all forms."


# What readers get --------------------------------------------------------------------------


def seen_row(model: type[Governed]) -> Any:
    """A row that readers see, best one that a page of its own tells of."""
    rows = [row for row in model._default_manager.order_by("pk")[:30] if row.is_seen()]
    assert rows, f"Make a row of {model.__name__} that readers see, so that the sweep covers it."
    return next((row for row in rows if row.addresses()), rows[0])


def addresses(rows: list[Any]) -> list[str]:
    own = [address.partition("#")[0] for row in rows for address in row.addresses()[:3]]
    return list(dict.fromkeys([*SHARED, *own]))


def pages(of: list[str]) -> dict[str, str]:
    client = Client()
    return {address: PENDING.sub("", client.get(address).content.decode()) for address in of}


def public_values(models_: list[type[Governed]] = GOVERNED) -> dict[tuple[str, int], dict[str, Any]]:
    """All that readers may see of every row, whether a page tells of it today or not."""
    found = {}
    for model in models_:
        fields = [model._meta.get_field(name) for name in model.READERS_SEE]
        several = {f.name: dict_of(f) for f in fields if f.many_to_many}
        for row in model._default_manager.values("pk", *(f.attname for f in fields if not f.many_to_many)):
            lists = {name: sorted(keys.get(row["pk"], ())) for name, keys in several.items()}
            found[model._meta.label, row["pk"]] = row | lists
    return found


def dict_of(field: Any) -> dict[int, list[int]]:
    """The keys on the other side of a many-to-many field, by row."""
    found: dict[int, list[int]] = {}
    for row, key in field.remote_field.through.objects.values_list(field.m2m_column_name(), field.m2m_reverse_name()):
        found.setdefault(row, []).append(key)
    return found


def words() -> dict[int, Any]:
    return dict(Edition.objects.live().values_list("pk", "words"))


def differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The lines that differ, with the page on which they are."""
    found = []
    for address, old in before.items():
        lines = difflib.unified_diff(old.splitlines(), after[address].splitlines(), lineterm="", n=0)
        found += [f"{address} {line[:200]}" for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return found


# Values that are others than those of a row -------------------------------------------------


def another(row: Any, name: str) -> Any:
    """What somebody may type into a field that is not what it holds, as a browser sends it; None where nothing fits."""
    field = row._meta.get_field(name)
    now = values.of_row(row, [name])[name] if row.pk else None
    if field.is_relation:
        others = other_keys(field, now if isinstance(now, list) else [now], row)
        return (others[:1] if field.many_to_many else others[0]) if others else None
    return _another_value(field, row, now)


def other_keys(field: Any, now: list[Any], row: Any) -> list[int]:
    rows = field.related_model._default_manager.exclude(pk__in=[*(key for key in now if key), row.pk or 0])
    if field.name == "parent":  # of two levels
        rows = rows.filter(parent=None)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:2])


def _another_value(field: Any, row: Any, now: Any) -> Any:
    if field.choices:
        return next(value for value, _ in field.flatchoices if value != now)
    if isinstance(field, models.BooleanField):
        return "" if now else "on"
    if isinstance(field, models.DateTimeField | models.DateField):
        return "2001-02-03"
    if isinstance(field, models.IntegerField):
        return (now or 0) + 777
    if isinstance(field, models.URLField) or field.name in ("url", "address"):
        return f"https://www.fda.gov/swept-{field.name}"
    return f"swept-{row._meta.model_name}-{field.name}"[: field.max_length]


def columns(model: type[Governed]) -> list[str]:
    """Every column and list of a model: also those that no form shows."""
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [f.name for f in fields if f.name not in model.AT_ONCE and not f.primary_key]


# Every form --------------------------------------------------------------------------------


class Sweep:
    """One person in a browser, who tries every form on some rows."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.tried: set[int] = set()  # changes

    def row(self, row: Any) -> None:
        self.change_form(row)
        self.add_form(type(row))
        self.deletions(row)
        self.address_screen(row)
        self.desk_form(row)

    def post(self, address: str, sent: dict[str, Any]) -> Any:
        response = self.client.post(address, {name: value for name, value in sent.items() if value is not None})
        assert response.status_code < 500, (address, sent)
        return response

    def admin_address(self, model: Any, page: str, *args: Any) -> str:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)

    def change_form(self, row: Any) -> None:
        """Each column by itself, with another button each time; then all of them, with those that are left."""
        address = self.admin_address(row, "change", row.pk)
        page = self.client.get(address)
        base = filled(page) if page.status_code == 200 and page.context.get("adminform") else {}
        typed = {name: another(row, name) for name in columns(type(row))}
        tries = [{name: value} for name, value in typed.items()]
        for fields, button in itertools.zip_longest(tries, BUTTONS, fillvalue=None):
            self.post(address, base | (fields or typed) | {button or "_save": "Save", "_why": WHY})

    def add_form(self, model: Any) -> None:
        address = self.admin_address(model, "add")
        page = self.client.get(address)
        base = filled(page) if page.status_code == 200 else {}
        typed = {name: another(model(), name) for name in columns(model)}
        self.post(address, base | typed | {"_save": "Save", "_why": WHY})

    def deletions(self, row: Any) -> None:
        self.post(self.admin_address(row, "delete", row.pk), {"post": "yes"})
        for name in {"delete_selected", *self.actions_of(type(row))}:
            chosen = {"action": name, "_selected_action": [row.pk], "post": "yes", "index": 0, "select_across": 0}
            self.post(self.admin_address(row, "changelist"), chosen)

    def actions_of(self, model: Any) -> list[str]:
        page = self.client.get(self.admin_address(model, "changelist"))
        form = page.context.get("action_form") if page.status_code == 200 else None
        return [name for name, _ in form.fields["action"].choices if name] if form else []

    def address_screen(self, row: Any) -> None:
        if isinstance(row, Page):
            self.post(self.admin_address(row, "address", row.pk), {"slug": f"swept-{row.pk}", "because": WHY})

    def desk_form(self, row: Any) -> None:
        """Facts, decisions and uses are corrected at the desk: each column, and all at once."""
        name = getattr(admin.site._registry[type(row)], "desk_address", "")
        if not name:
            return
        address = reverse(name, args=[row.pk])
        form = self.client.get(address).context.get("form")
        base = {field: form[field].value() for field in form.fields} if form else {}
        typed = {name: another(row, name) for name in columns(type(row))}
        for fields in [*({name: value} for name, value in typed.items()), typed]:
            sent = {name: value for name, value in (base | fields).items() if value not in (None, False)}
            self.post(address, sent | {"do": "correct", "because": WHY})
        self.post(address, {"do": "remove", "because": WHY})

    def new_fact(self, source: Any) -> None:
        fact = {"therapy": Therapy.objects.published().first().pk, "kind": "brand", "value": "Sweptbrand"}
        self.post("/desk/facts/new/", fact | {"source": source.pk, "because": WHY})

    def new_decision(self) -> None:
        typed = {"therapy": "pembrolizumab", "kind": "approval", "date": "2024-03-01", "cancer": "Neuroblastoma"}
        typed |= {"setting": "Swept in", "stage": "later", "compared": "on", "another": "on"}
        sent = {f"use-0-{name}": value for name, value in typed.items()}
        where = {"address": "https://www.fda.gov/swept", "title": "Swept", "draft": "0", "record": ""}
        self.post("/desk/record/", sent | where)

    def file(self) -> None:
        """A file that knows of another end of sales: all of it is accepted, and then undone."""
        data = purple_book(keytruda(brand="Sweptbrand", status="Disc"))
        answer = self.client.post("/desk/files/", {"file": SimpleUploadedFile("purple.csv", data)})
        if answer.status_code == 200:
            b"".join(answer.streaming_content)
        for batch in Batch.objects.all():
            address = f"/desk/files/{batch.pk}/"
            self.post(address, {"do": "accept", "row": list(batch.rows.values_list("pk", flat=True))})
            for bucket in sorted(set(batch.rows.values_list("bucket", flat=True))):
                self.post(address, {"do": "accept-bucket", "bucket": bucket})
            self.confirm_own()
            self.post(address, {"do": "undo", "undo_because": WHY})

    def confirm_own(self) -> None:
        """Their own proposals, each once: confirmed as they are, some taken back."""
        own = Change.objects.pending().leading().filter(proposed_by__username="Alone").exclude(pk__in=self.tried)
        for change in own:
            self.tried.add(change.pk)
            self.post(change.get_absolute_url(), {"do": "confirm", "seen": fingerprint(change)})
        for change in own[:5]:
            self.post(change.get_absolute_url(), {"do": "reverse", "because": WHY})


@pytest.fixture
def credential(db) -> MedicalCredential:
    """None is shipped."""
    somebody = person("Mara", "Reviewer")
    return MedicalCredential.objects.create(user=somebody, shown_as="Mara Ruiz, MD, oncologist")


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_one_person_changes_nothing_that_readers_get(role, desk, credential, source, editor, administrator):
    for model in PAGE_MODELS:
        a_page(model, by=editor, second=administrator)
    rows = [seen_row(model) for model in GOVERNED]
    before, held, said = pages(addresses(rows)), public_values(), words()
    sweep = Sweep(desk(person("Alone", role)))
    for row in rows:
        sweep.row(row)
    sweep.new_fact(source)
    sweep.new_decision()
    sweep.file()
    sweep.confirm_own()
    assert Change.objects.filter(proposed_by__username="Alone").exists(), "the forms were refused for another reason"
    after = public_values()
    assert {key: (was, after.get(key)) for key, was in held.items() if after.get(key) != was} == {}
    new = {key for key in after.keys() - held.keys() if apps.get_model(key[0]).NEW_IS_SEEN}
    assert new == set()
    assert words() == said
    assert differing(before, pages(list(before))) == []
