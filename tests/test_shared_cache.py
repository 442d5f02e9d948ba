"""What several machines share lies in Redis. Without it, each process counts by itself and sign-in goes on."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache, caches
from redis import Redis, RedisError

from portal.serving import shared_cache

from . import redis_servers
from .ports import free_port
from .signing_in.doors import code, sign_in

SPOKEN = "portal.serving.shared_cache"


@pytest.fixture
def own(settings):
    """A Redis that only this test uses."""
    port = free_port()
    with redis_servers.own_server(port) as redis:
        settings.CACHES = redis_servers.settings_for(f"redis://127.0.0.1:{port}/0")
        yield redis


@pytest.fixture
def nobody(settings):
    """A port at which nobody answers."""
    settings.CACHES = redis_servers.settings_for(f"redis://127.0.0.1:{free_port()}/0")


@pytest.fixture
def silent(settings):
    with redis_servers.silent() as server:
        settings.CACHES = redis_servers.settings_for(f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        yield server


def fill(redis: Redis) -> None:
    redis.config_set("maxmemory-policy", "noeviction")
    redis.config_set("maxmemory", "1")


def at_once(monkeypatch):
    """Try Redis again without a pause."""
    monkeypatch.setattr(shared_cache.Link, "AGAIN", 0.0)


def tries_until_throttled(client) -> int:
    for tried in range(1, 10):
        if "Too many attempts" in sign_in(client, password="wrong").content.decode():
            return tried
    raise AssertionError("nobody is throttled")


# With Redis ---------------------------------------------------------------------------------


def test_the_machines_own_redis_keeps_counts_codes_and_locks(settings):
    settings.CACHES = redis_servers.settings_for(redis_servers.MACHINES)
    try:
        Redis.from_url(redis_servers.MACHINES).ping()
    except RedisError:
        pytest.skip("this machine runs no Redis")
    assert cache.add("lock", True, 10) and not cache.add("lock", True, 10)
    cache.set("counts", [1.5, 0.25], 10)
    cache.set("number", 1, 10)
    assert cache.get("counts") == [1.5, 0.25] and cache.incr("number") == 2 and cache.touch("number", 20)
    assert cache.delete("lock") and cache.get("lock") is None
    assert not caches["default"].link.away
    for key in ("counts", "number"):
        cache.delete(key)


def test_values_are_json_so_that_nothing_from_redis_is_run(own):
    cache.set("counts", [1.5], 10)
    (key,) = own.scan_iter()
    assert json.loads(own.get(key)) == [1.5]
    own.set(key, b"cos\nsystem\n(S'echo'\ntR.")
    assert cache.get("counts", []) == []


@pytest.mark.django_db
def test_attempts_to_sign_in_are_counted_for_all_processes_together(own, client, editor):
    assert tries_until_throttled(client) == 6
    counts = [json.loads(own.get(key)) for key in own.keys("*login_failed*")]
    assert {len(count) for count in counts} == {5, 6}, "of the name, and of the address"


@pytest.mark.django_db
def test_a_code_that_was_used_is_used_for_all_processes(own, client, editor):
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    sign_in(client)
    assert client.post("/account/login/code/", {"code": code(secret)}).status_code == 302
    assert [key for key in own.scan_iter() if b"totp.used" in key]


# Without ------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["nobody", "silent"])
def test_sign_in_goes_on_and_stays_throttled_while_redis_is_away(request, fault, client, editor, caplog):
    request.getfixturevalue(fault)
    assert sign_in(client).url == "/admin/"
    client.logout()
    assert tries_until_throttled(client) == 6
    said = [record for record in caplog.records if record.name == SPOKEN]
    assert [record.levelname for record in said] == ["ERROR"]
    assert "Edith" not in caplog.text and "of no use" in said[0].getMessage()
    assert caches["default"].link.away and caches["default"].link.errors == 1


@pytest.mark.django_db
def test_a_redis_that_never_answers_holds_up_one_question_only(silent, client, editor):
    sign_in(client)
    assert redis_servers.connections(silent) == 1
    sign_in(client, password="wrong")
    assert redis_servers.connections(silent) == 0


@pytest.mark.django_db
def test_no_page_that_readers_get_asks_redis(silent, client):
    for path in ("/", "/about/", "/therapies/", "/glossary/", "/sitemap.xml"):
        assert client.get(path).status_code == 200
    assert redis_servers.connections(silent) == 0


def test_one_of_many_threads_tries_whether_redis_is_back(silent):
    cache.set("a", 1)
    redis_servers.connections(silent)
    caches["default"].link._again = 0
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: cache.set(f"b{number}", 1), range(16)))
    assert redis_servers.connections(silent) == 1


@pytest.mark.django_db
def test_sign_in_goes_on_while_redis_is_full(own, client, editor, caplog, monkeypatch):
    at_once(monkeypatch)
    fill(own)
    assert sign_in(client).url == "/admin/"
    client.logout()
    assert tries_until_throttled(client) == 6
    assert [record.levelname for record in caplog.records if record.name == SPOKEN] == ["ERROR"], "said once"


def test_redis_counts_again_once_it_is_back(settings, caplog, monkeypatch):
    at_once(monkeypatch)
    port = free_port()
    settings.CACHES = redis_servers.settings_for(f"redis://127.0.0.1:{port}/0")
    cache.set("a", 1)
    assert cache.get("a") == 1, "kept by the process"
    with redis_servers.own_server(port) as redis:
        cache.set("b", 2)
        assert redis.dbsize() == 1 and not caches["default"].link.away
    cache.set("c", 3)
    assert cache.get("c") == 3
    assert [record.levelname for record in caplog.records if record.name == SPOKEN] == ["ERROR", "WARNING", "ERROR"]


def test_the_address_of_a_redis_is_taken_as_it_is_written(tmp_path):
    program = "from django.conf import settings; print(settings.CACHES['default'])"
    address = "rediscache://:secret@10.0.0.5:6379/3?key_prefix=ours"
    told = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"CACHE_URL": address, "DJANGO_SETTINGS_MODULE": "portal.settings"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "'redis://:secret@10.0.0.5:6379/3'" in told and "'KEY_PREFIX': 'ours'" in told and SPOKEN in told
