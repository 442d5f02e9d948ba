"""Who gets in where: every role at every address with every method. What no table grants is closed.

The addresses come from the URL configuration. A new one must be put into a table before these tests pass.
The quick tests try of each only those next to the border, and whatever any role may do with any row of the desk.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.template.backends.django import Template
from django.test import Client

from portal.publishing.models import Change, Governed

from .every_address import WHO, addresses, filling, has_second_factor, user
from .public import FEEDS
from .sharing import settled

pytestmark = pytest.mark.django_db

# The grants ---------------------------------------------------------------------------------

EVERYBODY, SIGNED_IN, STAFF = "NUSERGA", "USERGA", "SERGA"

#: Rows of the desk: who may view them, add one, change one, delete one.
ROWS = {
    #                             view    add    change  delete
    "faq.question": ("ERGA", "EA", "ERA", ""),
    "faq.belief": ("ERGA", "EA", "ERA", ""),
    "faq.topic": ("ERGA", "EA", "EA", "A"),
    "therapies.therapy": ("ERGA", "GA", "ERGA", ""),
    "therapies.indication": ("ERGA", "", "", ""),
    "therapies.approvalevent": ("ERGA", "", "", ""),
    "therapies.earlierterms": ("ERGA", "", "", ""),
    "therapies.therapyfact": ("ERGA", "", "", ""),
    **dict.fromkeys(
        ("therapies.druglabel", "therapies.labelleduse", "therapies.unlabelleduse", "therapies.furthersource"),
        ("ERGA", "", "", ""),
    ),
    "therapies.family": ("ERGA", "A", "ERA", ""),
    "therapies.therapyclass": ("ERGA", "A", "ERA", ""),
    "therapies.cancer": ("ERGA", "A", "ERA", ""),
    "therapies.biomarker": ("ERGA", "A", "ERA", ""),
    "immune.component": ("ERGA", "A", "ERA", ""),
    "immune.organ": ("ERGA", "A", "ERA", ""),
    "pages.section": ("ERGA", "A", "ERA", ""),
    "pages.term": ("ERGA", "EA", "ERA", ""),
    "pages.takepartlink": ("EA", "A", "A", "A"),
    "pages.sitesettings": ("A", "", "A", ""),
    "publishing.source": ("ERGA", "EGA", "ERGA", "A"),
    "publishing.medicalcredential": ("A", "A", "A", "A"),
    "publishing.auditentry": ("A", "", "", ""),
    "publishing.picture": ("ERA", "EA", "EA", "EA"),
    "auth.user": ("A", "A", "A", "A"),
    "auth.group": ("A", "", "", ""),
}

#: The pages of a row: what one needs to read them, and to send something to them.
PAGES = {
    "changelist": ("view", "view"),
    "add": ("add", "add"),
    "change": ("view", "change"),
    "history": ("view", "view"),
    "delete": ("delete", "delete"),
    **dict.fromkeys(("preview", "side_by_side", "compare"), ("view", "view")),
    **dict.fromkeys(("restore", "coach", "preview_words", "bring_back"), ("", "write")),
    "preview_new": ("", "begin"),
    "address": ("change", "change"),
    "review": ("view", "write"),  # inviting a guest asks for more: tests/reviewing/test_guest_invitations.py
    "present": ("", "view"),
    "row": ("view", "view"),
    "export": ("", "view"),
    **dict.fromkeys(("password", "two_step", "deactivate", "reactivate"), ("change", "change")),
}

#: Whose rows wait for a second person, and who may be that person. Nobody is it for what is theirs.
CONFIRMED_BY = {
    **dict.fromkeys(("therapies.approvalevent", "therapies.therapyfact"), "GA"),
    **dict.fromkeys(("therapies.indication", "therapies.earlierterms"), "GA"),
    **dict.fromkeys(
        ("therapies.druglabel", "therapies.labelleduse", "therapies.unlabelleduse", "therapies.furthersource"), "GA"
    ),
    **dict.fromkeys(("therapies.therapy", "publishing.source"), "RGA"),
    **dict.fromkeys(("therapies.family", "therapies.therapyclass", "therapies.cancer", "therapies.biomarker"), "RA"),
    **dict.fromkeys(("immune.component", "immune.organ", "faq.question", "faq.belief", "faq.topic"), "RA"),
    **dict.fromkeys(("pages.section", "pages.term", "pages.takepartlink"), "RA"),
    **dict.fromkeys(("pages.sitesettings", "publishing.medicalcredential"), "A"),
}
#: Who may correct a change before it is confirmed, or take it back afterwards.
CORRECTED_BY = {
    **dict.fromkeys(("therapies.approvalevent", "therapies.therapyfact"), "GA"),
    **dict.fromkeys(("therapies.indication", "therapies.earlierterms"), "GA"),
    **dict.fromkeys(
        ("therapies.druglabel", "therapies.labelleduse", "therapies.unlabelleduse", "therapies.furthersource"), "GA"
    ),
    **dict.fromkeys(("therapies.therapy", "publishing.source"), "ERGA"),
    **dict.fromkeys(("therapies.family", "therapies.therapyclass", "therapies.cancer", "therapies.biomarker"), "ERA"),
    **dict.fromkeys(("immune.component", "immune.organ", "faq.question", "faq.belief"), "ERA"),
    **dict.fromkeys(("pages.section", "pages.term"), "ERA"),
    "faq.topic": "EA",
    **dict.fromkeys(("pages.takepartlink", "pages.sitesettings", "publishing.medicalcredential"), "A"),
}

#: Who writes texts, on whatever page.
WRITERS = "ERA"

#: Every other address.
OTHERS = {
    **dict.fromkeys(
        ("home", "about", "freshness", "take-part", "sitemap", "robots", "manifest", "security"), EVERYBODY
    ),
    **dict.fromkeys(("glossary", "term", "search", "suggest", "opensearch"), EVERYBODY),
    **dict.fromkeys(("data", "data-api", "data-changes", "data-package", "data-digests"), EVERYBODY),
    **dict.fromkeys(("api:tables", "api:openapi", "api:rows", "api:row"), EVERYBODY),
    "api:nothing": "",
    **dict.fromkeys(("data-file", "data-whole", "data-change-file"), EVERYBODY),
    **dict.fromkeys(("llms", "markdown", "therapies:card", "therapies:oembed"), EVERYBODY),
    **dict.fromkeys(("therapies:use", "therapies:use-citation", "therapies:event"), EVERYBODY),
    "therapies:event-citation": EVERYBODY,
    **dict.fromkeys(("review", "review-page"), EVERYBODY),  # tried with a link that is open
    **dict.fromkeys(("therapies:index", "therapies:types", "therapies:cancers", "therapies:biomarkers"), EVERYBODY),
    **dict.fromkeys(("therapies:detail", "therapies:type", "therapies:cancer", "therapies:biomarker"), EVERYBODY),
    **dict.fromkeys(("therapies:trials", "therapies:compare"), EVERYBODY),
    **dict.fromkeys(("therapies:approvals", "faq:index", "faq:detail", "immune:index", "immune:detail"), EVERYBODY),
    **dict.fromkeys(("therapies:grid", "therapies:my-visit"), EVERYBODY),
    **dict.fromkeys(("faq:know", "faq:claim"), EVERYBODY),
    **dict.fromkeys(FEEDS, EVERYBODY),
    # Signing in
    **dict.fromkeys(("account_login", "account_inactive", "account_reset_password_from_key"), EVERYBODY),
    **dict.fromkeys(("account_logout", "account_change_password", "account_reauthenticate"), SIGNED_IN),
    **dict.fromkeys(("mfa_login_webauthn", "mfa_authenticate"), SIGNED_IN),  # who is in already goes on to the desk
    **dict.fromkeys(("mfa_index", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"), SIGNED_IN),
    **dict.fromkeys(("mfa_activate_totp", "mfa_deactivate_totp", "mfa_list_webauthn", "mfa_add_webauthn"), SIGNED_IN),
    **dict.fromkeys(("mfa_view_recovery_codes", "mfa_generate_recovery_codes"), SIGNED_IN),
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_remove_webauthn": "",  # the one that is tried belongs to another person
    # The desk
    **dict.fromkeys(("desk:index", "desk:gaps", "desk:export", "desk:export-csv", "desk:export-json"), "ERGA"),
    **dict.fromkeys(("desk:inbox", "desk:changes", "desk:change", "desk:change-pages", "desk:change-page"), "ERGA"),
    **dict.fromkeys(("desk:event", "desk:fact", "desk:use", "desk:terms", "desk:sentences"), "ERGA"),
    "desk:search": "ERGA",
    **dict.fromkeys(("desk:labels", "desk:label", "desk:label-reading"), "ERGA"),
    **dict.fromkeys(("desk:labelled-use", "desk:unlabelled-use", "desk:further-source"), "ERGA"),
    **dict.fromkeys(
        ("desk:record", "desk:recorded", "desk:new-fact", "desk:leave-out", "desk:new-further-source"), "GA"
    ),
    **dict.fromkeys(("desk:batches", "desk:batch", "desk:watch"), "ERGA"),
    "admin:logout": EVERYBODY,  # leads to the page that asks first, and strangers to the door
    **dict.fromkeys(("admin:index", "admin:login", "admin:jsi18n", "admin:view_on_site"), STAFF),
    **dict.fromkeys(("admin:password_change", "admin:password_change_done", "admin:schedule"), STAFF),
    "admin:<path:object_id>/": STAFF,  # leads to the form of a row, which asks for itself
    "admin:publishing_picture_insertions": STAFF,  # figures, and pictures for those who may see them
    "admin:publishing_picture_pages": STAFF,  # by name and address, published ones alone
    "admin:app_list": "ERGA",
    "admin:autocomplete": "A",  # it is tried on people
    "admin:(?P<url>.*)$": "",
    "picture": "",  # one that does not exist is tried; tests/pictures/test_shown.py tries those that do
}
#: Addresses that take nothing; and logging out, which leads everybody to the sign-in page.
TAKE_NOTHING = {"mfa_index", "mfa_list_webauthn", "mfa_view_recovery_codes", "mfa_download_recovery_codes"}
TAKE_NOTHING |= {"account_inactive", "account_logout"}
TAKE_NOTHING |= {"review-page", "admin:password_change_done", "admin:jsi18n", "admin:autocomplete"}
TAKE_NOTHING |= {"admin:publishing_picture_insertions", "admin:publishing_picture_pages"}
TAKE_NOTHING |= {"desk:search", "desk:inbox", "desk:changes", "desk:change-pages", "desk:change-page"}
#: Pages of the FDA data editors' desk that more people read than answer. Who answers a change: CONFIRMED_BY.
ANSWERED = dict.fromkeys(("desk:event", "desk:fact", "desk:use", "desk:terms", "desk:batches", "desk:batch"), "GA")
ANSWERED["desk:watch"] = "GA"
ANSWERED |= dict.fromkeys(
    ("desk:label-reading", "desk:labelled-use", "desk:unlabelled-use", "desk:further-source"), "GA"
)
#: Readers' pages, and data for programs, can only be read. They write nothing.
READERS = {name for name, who in OTHERS.items() if who == EVERYBODY and not re.match("account_|admin:|review", name)}
READERS.remove("therapies:my-visit")  # a form, which refuses what it does not know
#: Where the desk and the pages of signing in send those who may not enter.
DOORS = ("/account/login/", "/admin/login/")


def granted(name: str, method: str) -> str:
    """Who may use an address with a method. Raises KeyError when no table knows the address."""
    if method in ("PUT", "DELETE") and name != "admin:login":
        return ""
    if name == "review" and method == "POST":
        return "N"  # only the guest speaks there
    if method == "POST" and name in ANSWERED:
        return ANSWERED[name]
    if name in OTHERS:
        return "" if method == "POST" and name in TAKE_NOTHING | READERS else OTHERS[name]
    of_a_row = re.fullmatch(r"admin:([a-z]+)_([a-z]+)_(\w+)", name)
    if of_a_row is None:
        raise KeyError(name)
    app, model, page = of_a_row.groups()
    verb = PAGES[page][method == "POST"]
    who = dict(zip(("view", "add", "change", "delete"), ROWS[f"{app}.{model}"], strict=True))
    begins = "".join(one for one in who["add"] if one in WRITERS)
    return (who | {"write": WRITERS, "begin": begins, "": ""})[verb]


METHODS = ("GET", "PUT", "DELETE", "POST")


@pytest.fixture
def visit(editor, administrator, pending):
    found = filling(editor, administrator, pending)
    with settled():
        yield found


@pytest.fixture
def written(request: Any) -> Iterator[list[str]]:
    """What is written, except sessions and the audit trail."""
    found: list[str] = []

    def listen(execute: Any, sql: str, *rest: Any) -> Any:
        if re.match(r"(INSERT|UPDATE|DELETE)(?!.*(django_session|auditentry))", sql):
            found.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(listen):
        yield found


def is_open(response: Any) -> bool:
    """Whether an answer lets somebody in: the page, the way to another that is no door, or what a preview lacks."""
    assert response.status_code in (200, 302, 403, 404, 405, 409), response.status_code
    return response.status_code in (200, 409) or (response.status_code == 302 and not response.url.startswith(DOORS))


@pytest.mark.slow
@pytest.mark.parametrize("letter", WHO)
def test_what_no_table_grants_is_closed_and_the_rest_is_open(letter, visit, written, desk, monkeypatch):
    cache.clear()
    monkeypatch.setattr(Template, "render", lambda *args, **kwargs: "")  # how pages look is told elsewhere
    who, wrong = user(letter), []
    client = desk(who) if who else Client()
    for name, pattern in addresses():
        path, typed = visit(name, pattern)
        if who and path.startswith("/account/"):  # whose pages take away what they need themselves
            has_second_factor(who)
            client = desk(who)
        for method in METHODS:
            written.clear()
            response = client.post(path, typed) if method == "POST" else client.generic(method, path)
            may = letter in granted(name, method)
            if is_open(response) != may:
                wrong.append(f"{method} {path} ({name}): {response.status_code}, granted {may}")
            if written and (not may or name in READERS):
                wrong.append(f"{method} {path} ({name}) wrote {written}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("letter", WHO)
def test_every_row_of_the_desk_is_open_as_its_table_says(letter, db, rf):
    request = rf.get("/admin/")
    request.user = user(letter) or AnonymousUser()
    assert sorted(model._meta.label_lower for model in site._registry) == sorted(ROWS)
    for model, admin in site._registry.items():
        for verb, who in zip(("view", "add", "change", "delete"), ROWS[model._meta.label_lower], strict=True):
            assert getattr(admin, f"has_{verb}_permission")(request) == (letter in who), f"{verb} {model._meta.label}"


@pytest.mark.slow
@pytest.mark.parametrize("letter", WHO)
@pytest.mark.parametrize("do", ["confirm", "reject", "correct", "reverse"])
def test_a_change_is_answered_by_those_whom_the_table_of_its_rows_names(letter, do, desk, written, monkeypatch):
    monkeypatch.setattr(Template, "render", lambda *args, **kwargs: "")
    table, wrong = CONFIRMED_BY if do in ("confirm", "reject") else CORRECTED_BY, []
    who = user(letter)
    client = desk(who) if who else Client()
    for label in table:
        row = apps.get_model(label)._default_manager.first()
        change = Change.objects.create(verb="remove", model=label, row=getattr(row, "pk", 1), about="A row")
        written.clear()
        response = client.post(change.get_absolute_url(), {"do": do})
        if is_open(response) != (letter in table[label]):
            wrong.append(f"{label}: {response.status_code}, granted {letter in table[label]}")
        if written and not is_open(response):
            wrong.append(f"{label} wrote {written}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("letter", "RG")
def test_of_a_group_nobody_answers_more_than_their_role_covers(letter, desk):
    """A reviewer confirms therapies and no facts, and an FDA data editor no questions."""
    labels = ("therapies.therapy", "therapies.therapyfact", "faq.question")
    of_all = [Change.objects.create(verb="remove", model=label, row=1, about="A row") for label in labels]
    of_all[0].lead(of_all)
    client = desk(user(letter))
    page = client.get(of_all[0].get_absolute_url())
    assert not page.context["may_confirm"] and not page.context["may_reject"]
    assert client.post(of_all[0].get_absolute_url(), {"do": "confirm"}).status_code == 403
    assert client.get("/desk/inbox/?kind=therapies.therapy").context["begin"] == ""


def test_these_tables_name_every_row_and_address_and_nothing_that_is_gone():
    names = {address.name for address in addresses()}
    governed = {model._meta.label_lower for model in apps.get_models() if issubclass(model, Governed)} - {
        "publishing.page"
    }
    assert governed == set(CONFIRMED_BY) == set(CORRECTED_BY)
    assert sorted(OTHERS.keys() - names) == []
    assert sorted(row for row in ROWS if f"admin:{row.replace('.', '_')}_changelist" not in names) == []
    for name in names:
        granted(name, "GET")  # raises KeyError with the name of an address that no table knows
