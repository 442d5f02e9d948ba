"""What an attack sent, at the doors of the real server: each gets an answer in words, and the server lives on."""

import io
import re
import socket
import threading
import time
from contextlib import ExitStack, suppress
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from PIL import Image

from .conftest import sign_in
from .databases import connected, database, server
from .served import served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(type(server()).__name__ == "Postgres", reason="one database is enough for the server's part"),
]
TOKEN = "a" * 32  # Django takes the same word in the cookie and in the form
METRICS = "a-token-of-the-tests"
TEXTS = {
    "a number that never ends": "[[a:" + " " * 1000 + "\n",
    "twenty thousand tags that none is": "<" * 20_000,
    "thirty-six thousand characters of links": "<a " * 12_000,
    "a bidirectional mark in an address": "FDA approves x\n\nOn January 1, 2020, FDA approved y.\n\nhttps://\u202eexample.org/\n",
    "an address that is none": "https://[::1",
    "nothing": "\x00",
    "halves of characters": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
}
DOORS = {
    "the search": ("GET", "/search/?q={}", {}),
    "suggestions": ("GET", "/search/suggest/?q={}", {}),
    "the catalogue": ("GET", "/therapies/?q={}", {}),
    "a day": ("GET", "/approvals/?on={}", {}),
    "the sheet": ("POST", "/my-visit/", {"questions": "{}", "cancer": "{}", "therapy": "{}"}),
    "the sign-in": ("POST", "/account/login/", {"login": "{}", "password": "{}"}),
    "a notice": ("POST", "/desk/record/", {"notice": "{}", "read": ""}),
    "a source": ("POST", "/admin/publishing/source/add/", {"title": "{}", "url": "{}", "kind": "label", "_save": "1"}),
    "a filter of the desk": ("GET", "/admin/publishing/auditentry/?q={}", {}),
    "a search of the desk": ("GET", "/desk/search/?q={}", {}),
    "completing": (
        "GET",
        "/admin/autocomplete/?app_label=faq&model_name=question&field_name=topic&term={}",
        {},
    ),
}


@pytest.fixture(scope="module")
def portal(template, tmp_path_factory, worker_id):
    folder = tmp_path_factory.mktemp("attacked")
    (folder / "secret_key").write_text(settings.SECRET_KEY)
    with (
        database(f"attacked-{worker_id}", folder, like=template) as url,
        served(url, folder, METRICS_TOKEN=METRICS) as portal,
    ):
        portal.url = url
        yield portal


@pytest.fixture(scope="module")
def signed_in(portal, django_db_blocker):
    """The cookies of somebody who may do everything, in the database of that server."""
    with django_db_blocker.unblock(), connected(portal.url):
        user = User.objects.create_superuser("attacker")
        session = sign_in(user).cookies["sessionid"].value
    return f"sessionid={session}; csrftoken={TOKEN}"


def lives(portal):
    status, _, body = portal.get("/about/")
    assert (status, body.rstrip()[-7:]) == (200, b"</html>")


def in_words(answer):
    status, _, body = answer
    return status < 500 and (
        status in (204, 301, 302, 304) or len(re.sub(rb"<[^>]*>", b"", body)) > 20 or body[:1] in b"[{"
    )


@pytest.mark.parametrize("door", DOORS)
def test_no_words_at_any_door_are_an_error_or_stop_the_server(portal, signed_in, door):
    method, address, form = DOORS[door]
    for name, text in TEXTS.items():
        path = address.format(quote(text)[:8000])
        sent = {key: value.format(text) if value == "{}" else value for key, value in form.items()}
        body = urlencode(sent | {"csrfmiddlewaretoken": TOKEN}).encode() if method == "POST" else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        for cookies in ({"Cookie": signed_in}, {"Cookie": f"csrftoken={TOKEN}"}):
            answer = portal.get(path, method, 60, body, **kind, **cookies)
            assert in_words(answer), (name, cookies, answer[0], answer[2][:300])
    lives(portal)


def upload(field, name, content, **fields):
    parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()]
    head = "".join(parts) + f'--x\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
    return head.encode() + content + b"\r\n--x--\r\n"


def test_large_pictures_and_files_of_nothing_are_refused_in_words(portal, signed_in):
    picture = io.BytesIO()
    Image.new("RGBA", (9990, 3000)).save(picture, "png")
    lines = b"\n" * 19_000_000
    doors = (
        ("/admin/publishing/picture/add/", "file", "large.png", picture.getvalue()),
        ("/desk/files/", "file", "lines.csv", lines),
        ("/desk/files/", "file", "large.png", picture.getvalue()),
    )
    for path, field, name, content in doors:
        body = upload(field, name, content, csrfmiddlewaretoken=TOKEN, _save="1")
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        assert in_words(portal.get(path, "POST", 120, body, Cookie=signed_in, **kind)), (path, name)
        if len(body) > 2**19:  # for a stranger, before anything of it is read
            told = portal.send(
                f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
                "Content-Type: multipart/form-data; boundary=x\r\n\r\n".encode()
            )
            assert told.startswith(b"HTTP/1.1 413"), told[:200]
    lives(portal)


LOGIN = b"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(LOGIN + CHUNKED + b"5\r\nlogin\r\n0\r\n\r\n", id="chunks"),
        pytest.param(
            LOGIN + CHUNKED + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 80 + b"0\r\n\r\n", id="5 MB in chunks"
        ),
        pytest.param(LOGIN + CHUNKED + b"words\r\nlogin\r\n", id="a chunk without a length"),
        pytest.param(LOGIN + CHUNKED + b"ffffffffffffffffff\r\nx", id="a chunk without an end"),
        pytest.param(LOGIN + b"Content-Length: words\r\n\r\n", id="a length of words"),
        pytest.param(LOGIN + b"Content-Length: -1\r\n\r\n", id="a length below nothing"),
        pytest.param(LOGIN + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nlogin=", id="two lengths"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n", id="a long header"),
        pytest.param(b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", id="a long address"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="no host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n", id="two hosts"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", id="TLS"),
    ],
)
def test_no_form_of_request_is_an_error_of_the_server(portal, request_):
    told = portal.send(request_)
    statuses = [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3})", told)]
    assert all(status < 500 for status in statuses), told[:300]
    lives(portal)


def test_no_request_hides_in_the_body_of_another(portal):
    hidden = b"GET /hidden-in-a-body/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    both = b"Content-Length: %d\r\n" % len(hidden) + CHUNKED + b"0\r\n\r\n" + hidden
    told = portal.send(LOGIN + both)
    assert b"HTTP/1.1 404" not in told and b"hidden-in-a-body" not in told, told[:300]
    lives(portal)


def renders(portal):
    body = portal.get("/metrics", Authorization=f"Bearer {METRICS}")[2].decode()
    return int(float(re.search(r"^portal_render_seconds_count\S* (\S+)", body, re.M)[1]))


def test_requests_that_were_given_up_are_not_all_rendered(portal):
    """300 closed in a moment once kept the next reader waiting for as long as 300 renders take."""
    lives(portal)
    before = renders(portal)
    with ExitStack() as open_ones:
        for number in range(300):
            one = open_ones.enter_context(socket.create_connection(("127.0.0.1", portal.port)))
            one.sendall(f"GET /therapies/?q=given-up-{number} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    assert portal.get("/faq/")[0] == 200
    end = time.monotonic() + 60
    while portal.get("/therapies/?q=after")[0] == 503 and time.monotonic() < end:
        time.sleep(0.1)
    assert renders(portal) - before < 60
    lives(portal)


def test_a_request_that_stops_in_its_body_holds_nobody_up(portal, signed_in):
    """Four of them once stopped the site; forty do not keep readers or people at the desk waiting."""
    halves = []
    for _ in range(15):
        one = socket.create_connection(("127.0.0.1", portal.port))
        one.sendall(LOGIN + b"Content-Length: 100\r\n\r\nlogin=")
        one.shutdown(socket.SHUT_WR) if len(halves) % 2 else None
        halves.append(one)
    answers: list[int] = []

    def read():
        with suppress(OSError):
            answers.extend(portal.get(path, timeout=20)[0] for path in ("/about/", "/faq/", "/glossary/"))

    readers = [threading.Thread(target=read) for _ in range(8)]
    for one in (*readers,):
        one.start()
    for one in (*readers,):
        one.join()
    for one in halves:
        one.close()
    assert answers == [200] * 24
    assert portal.get("/admin/", Cookie=signed_in)[0] == 200
