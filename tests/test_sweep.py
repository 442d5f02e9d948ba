"""Nothing that anybody sends makes the portal fail: crafted values in every address and every form, as every role.

The addresses come from the URL configuration. The parameters are what the code looks for, what the links of a page
carry and what the filters of a list expect; the fields are those of the forms on the pages, hidden ones too. So what is
added is swept by itself. By default each gets some of the values, others each; ``SWEEP=full`` tries all everywhere.
"""

import html
import os
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote_plus, urlencode, urlsplit
from zlib import crc32

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from lxml import html as markup

from portal.publishing import rooms
from portal.publishing.models import AuditEntry, Change, Edition, SavedDraft

from .every_address import WHO, addresses, filling, has_second_factor, user
from .public import what_is_asked_for
from .sharing import settled

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ALL = os.environ.get("SWEEP") == "full"
#: What an answer may be. 410: the page is gone; 413: too large.
ANSWERS = (200, 302, 301, 400, 403, 404, 405, 409, 410, 413)
#: As they stand in an address or in the body of a form.
CRAFTED = (
    *("words", "1,words", "%00", "a%00b", "-1", "0", "9" * 30, "9" * 5000, "1e400", "NaN", "%C2%B2"),
    *("%EF%BC%91%EF%BC%92", "%EF%BC%99" * 30, "%ed%a0%80", "%ff", "%E2%80%AE", "%E2%80%A8", "x" * 5000),
    *("https://%5B::1", "https://%5B::1%5D:words/", "//", "javascript:1", "%3C" * 500, "%5B" * 500, "(((a%2B)%2B%24"),
    *("9999", "9999-12-31", "10000-01-01", "0001-01-01", "9999-12-31T23:59", "2024-02-30", "12%3A99"),
    *("%5B%5D", "null", "%7B%7D", "%7B%22id%22%3A1%7D", "%5B%5B1%5D%5D", "__class__", "id__in", "..%2F..%2F", "True"),
)
#: Of two values under one name, the last is the one that most code reads.
SEVERAL = ("1&{}=words", "&{}=%00", "words&{}=words")


def some(values: tuple[str, ...], number: int, *of: str) -> list[str]:
    """Some of the values, and others for each name, so that together they are all tried."""
    start = crc32("\n".join(of).encode()) % len(values)
    return list(values) if ALL else [values[(start + step * 7) % len(values)] for step in range(number)]


def crafted(name: str, number: int, *of: str) -> list[str]:
    """``name=value`` as it is sent."""
    key = quote_plus(name)
    several = [value.format(key) for value in SEVERAL]
    return [f"{key}={value}" for value in some((*CRAFTED, *several), number, name, *of)]


# What is on a page --------------------------------------------------------------------------


class Form(NamedTuple):
    address: str
    fields: list[tuple[str, str]]
    buttons: list[tuple[str, str, str]]  # name, value, address
    typed: dict[str, str]  # what a person wrote, by the name of its field
    files: list[str]  # names of fields that take a file


def forms_on(page: str, at: str) -> Iterator[Form]:
    """The forms that a page sends, as a browser would send them."""
    tree = markup.fromstring(page)
    tree.make_links_absolute(f"http://testserver{at}")
    for form in tree.iter("form"):
        if (form.get("method") or "get").lower() != "post":
            continue
        own = form.get("action") or f"http://testserver{at}"
        typed = [*form.xpath(".//textarea[@name]"), *form.xpath(".//input[@name][@type='text' or @type='url']")]
        pressed = form.xpath(".//button[@name] | .//input[@name][@type='submit'] | .//button[@formaction]")
        yield Form(
            local(own),
            [(name, value or "") for name, value in form.form_values() if "__prefix__" not in name],
            [(b.get("name") or "", b.get("value") or "", local(b.get("formaction") or own)) for b in pressed],
            {field.name: field.value for field in typed if len((field.value or "").strip()) > 5},
            [field.get("name") for field in form.xpath(".//input[@type='file']")],
        )


def local(address: str) -> str:
    return address.removeprefix("http://testserver")


def parameters_on(page: str, at: str) -> set[str]:
    """What the links and forms of a page ask for at the same address."""
    tree = markup.fromstring(page)
    tree.make_links_absolute(f"http://testserver{at}")
    links = [urlsplit(link.get("href")) for link in tree.iter("a") if link.get("href")]
    found = {name for link in links if link.path == urlsplit(at).path for name in parse_qs(link.query, True)}
    fields = tree.xpath("//form[not(@method) or @method='get']//*[self::input or self::select][@name]")
    return found | {field.get("name") for field in fields}


def parameters_of(response: Any) -> set[str]:
    """What the lists and forms of the admin take besides: filters, dates, and a first value for each field."""
    context = response.context or {}
    if listed := context.get("cl"):
        expected = {name for one in listed.filter_specs for name in one.expected_parameters()}
        days = (
            {f"{listed.date_hierarchy}__{part}" for part in ("year", "month", "day")}
            if listed.date_hierarchy
            else set()
        )
        own = listed.model._meta.concrete_fields[:6]
        lookups = {f"{field.name}__{lookup}" for field in own for lookup in ("in", "isnull", "year", "iregex")}
        return expected | days | lookups | {"q", "o", "p", "all", "e", "_to_field", "_popup", "pk", "id__in"}
    form = context.get("adminform")
    return {*form.form.fields, "_to_field", "_popup", "_changelist_filters"} if form else set()


# The sweep ----------------------------------------------------------------------------------


def rows() -> list[int]:
    return [model.objects.count() for model in (AuditEntry, Change, Edition, SavedDraft)]


class Sweep:
    """One person in a browser. Whatever an answer writes is taken back before the next is asked for."""

    def __init__(self, client: Client, letter: str = "A") -> None:
        self.client, self.letter, self.wrong = client, letter, []
        client.raise_request_exception = False

    def ask(self, address: str, body: str | None = None) -> Any:
        cookies, own = self.client.cookies.copy(), {"content_type": "application/x-www-form-urlencoded"}
        cache.clear()  # throttles, which would answer 429 in the place of what is swept
        with transaction.atomic():
            before = None if body is None else rows()
            response = self.client.get(address) if body is None else self.client.post(address, body, **own)
            if response.streaming:
                b"".join(response.streaming_content)
            response.wrote = before != (None if body is None else rows())
            transaction.set_rollback(True)
        self.client.cookies = cookies
        return response

    def leaves_out(self, *of: str) -> bool:
        """A visitor tries everything, and members of staff a fifth each of what they see: another one for each role."""
        return not ALL and self.letter != "N" and crc32("\n".join((self.letter, *of)).encode()) % 5 > 0

    def try_address(self, address: str) -> Any:
        response = self.ask(address)
        if response.status_code not in ANSWERS:
            self.tell(response, f"GET {address}")
        return response

    def tell(self, response: Any, what: str) -> None:
        kind, error, trace = getattr(response, "exc_info", None) or (None, None, None)
        where = ""
        while trace:
            where, trace = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}", trace.tb_next
        self.wrong.append(f"{what[:300]}: {response.status_code} {kind and kind.__name__} {str(error)[:200]} {where}")

    def try_form(self, form: Form, address: str, changed: str, name: str) -> None:
        body = urlencode([(own, value) for own, value in form.fields if own != name]) + "&" + changed
        response = self.ask(address, body)
        what = f"POST {address} {changed}"
        if response.status_code not in ANSWERS:
            self.tell(response, what)
        elif response.status_code in (400, 404, 413):
            if response.wrote:
                self.wrong.append(f"{what[:300]}: {response.status_code}, and it wrote")
            shown = said(html.unescape(response.content.decode()))
            kept = {own: value for own, value in form.typed.items() if own != name}
            lost = [own for own, value in kept.items() if said(value) not in shown]
            if lost:
                self.wrong.append(f"{what[:300]}: {response.status_code}, and {lost} were lost")

    def try_file(self, form: Form, name: str, content: bytes) -> None:
        with transaction.atomic():
            sent = dict(form.fields) | {name: SimpleUploadedFile("a.\x00\u202ecsv", content)}
            response = self.client.post(form.address, sent)
            if response.streaming:
                b"".join(response.streaming_content)
            transaction.set_rollback(True)
        if response.status_code not in ANSWERS:
            self.tell(response, f"POST {form.address} {name}={content[:20]!r}")

    def parameters(self, address: str) -> Any:
        with what_is_asked_for() as asked:
            response = self.try_address(address)
        page = text_of(response)
        names = {*asked, *parameters_of(response), *(parameters_on(page, address) if page else ())}
        before, _, query = address.partition("?")
        for name in sorted(names - {"csrfmiddlewaretoken"}):
            if self.leaves_out(before, name):
                continue
            rest = urlencode([pair for pair in QueryDict(query).items() if pair[0] != name])
            for changed in crafted(name, 1, before):
                self.try_address(f"{before}?{rest}&{changed}")
        return response

    def forms(self, response: Any, at: str) -> None:
        page = text_of(response)
        for form in forms_on(page, at) if page else ():
            if "/logout/" in form.address:
                continue
            buttons = form.buttons or [("", "", form.address)]
            for number, name in enumerate(dict.fromkeys([*(name for name, _ in form.fields), *EXTRA])):
                if self.leaves_out(form.address, name):
                    continue
                button, value, address = buttons[number % len(buttons)]
                pressed = f"{quote_plus(button)}={quote_plus(value)}" if button else ""
                for changed in crafted(name, 1, form.address, str(number)):
                    self.try_form(form, address, f"{changed}&{pressed}", name)
            for name, content in product(form.files, FILES):
                self.try_file(form, name, content)
            for button, _, address in buttons:
                for changed in crafted(button, 1, form.address) if button else ():
                    self.try_form(form, address, changed, button)


FILES = (
    b"",
    b"words",
    b"\x00" * 50,
    b"\xff\xfe\xed\xa0\x80",
    b"PK\x03\x04",
    b"\x89PNG\r\n\x1a\n",
    b"[" * 9000,
    b"{}",
    b"<a " * 9000,
)
#: Fields that forms of the admin read, whether they are in the form or not.
EXTRA = ("_to_field", "_popup", "action", "_selected_action", "seen", "next", "kept", "_move", "index", "select_across")


def said(text: str) -> str:
    """The words, without markup and the spaces between them."""
    return " ".join(strip_tags(html.unescape(text)).split())


def text_of(response: Any) -> str:
    is_page = response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")
    return response.content.decode() if is_page and not response.streaming else ""


@pytest.fixture
def visit(editor, administrator, pending):
    found = filling(editor, administrator, pending)
    with settled():  # whatever an answer writes is taken back
        yield found


@pytest.mark.parametrize("letter", WHO)
def test_no_address_and_no_form_fails_over_what_is_sent(letter, visit, desk):
    who = user(letter)
    if who:
        has_second_factor(who)
    sweep = Sweep(desk(who) if who else Client(), letter)
    for name, pattern in addresses():
        path, _ = visit(name, pattern)
        sweep.forms(sweep.parameters(path), path)
    assert not sweep.wrong, "\n".join(sweep.wrong)


@pytest.mark.parametrize("letter", "NA")
def test_no_address_fails_over_what_its_path_names(letter, visit, desk):
    """What the code takes for a key, a short name or a token of a link."""
    who = user(letter)
    sweep = Sweep(desk(who) if who else Client())
    for name, pattern in addresses():
        path, _ = visit(name, pattern)
        for at, step in enumerate(steps := path.partition("?")[0].split("/")):
            for value in some(CRAFTED, 2, pattern, str(at)) if step else ():
                sweep.try_address("/".join([*steps[:at], value, *steps[at + 1 :]]))
    assert not sweep.wrong, "\n".join(sweep.wrong)


def test_whatever_is_asked_for_first_after_a_start_every_form_still_opens(desk, administrator):
    """What a process keeps of its models must not depend on who came first, as once on a search for people."""
    staff = desk(administrator)
    forms = [address_of(kind.model, "add") for kind in rooms.page_kinds() if kind.editors_add]
    forms += [address_of(kind.model, "change", kind.model.objects.first().pk) for kind in rooms.page_kinds()]
    lists = [f"{address_of(model)}?q=words" for model in admin.site._registry]
    people = "/admin/autocomplete/?app_label=publishing&model_name=medicalcredential&field_name=user&term=a"
    assert len(forms) > 10
    for number, first in enumerate([people, *lists]):
        forget()
        assert staff.get(first).status_code == 200, first
        for form in forms if ALL or not number else [forms[number % len(forms)]]:
            assert staff.get(form).status_code == 200, f"{form} after {first}"


def forget() -> None:
    """What models and screens have worked out of their options since the start."""
    screens = [getattr(screen, "opts", None) for screen in admin.site._registry.values()]
    for options in [*(model._meta for model in apps.get_models(include_auto_created=True)), *screens]:
        options._get_fields_cache.clear()  # emptied where it is: whoever shares it shares it still
        for name in options.FORWARD_PROPERTIES | options.REVERSE_PROPERTIES:
            options.__dict__.pop(name, None)


def address_of(model: Any, page: str = "changelist", *args: int) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)
