"""What a server is set to when nobody says otherwise, and that it does what its variables say.

Each is read from settings that were loaded as on a server, in a process of their own.
"""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow
#: What is asked of the settings: Python, in a process that has loaded them.
ASKED = """
import django, json; django.setup()
from django.conf import settings
told = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
print(json.dumps(told, default=lambda value: type(value).__name__))
"""


def server(tmp_path, code=ASKED, **variables):
    """What the code prints on a server with these variables, as JSON."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DATABASE_"))}
    kept |= {"SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "portal.example,www.portal.example", "PORTAL_VAR": str(tmp_path)}
    kept |= {"DJANGO_SETTINGS_MODULE": "portal.settings"} | variables
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    return server(tmp_path_factory.mktemp("strict"))


def test_cookies_travel_by_https_alone_and_come_from_this_host(strict):
    assert strict["SESSION_COOKIE_SECURE"] is strict["CSRF_COOKIE_SECURE"] is strict["SESSION_COOKIE_HTTPONLY"] is True
    assert strict["SESSION_COOKIE_NAME"].startswith("__Host-") and strict["CSRF_COOKIE_NAME"].startswith("__Secure-")
    assert strict["SESSION_COOKIE_PATH"] == "/" and strict["SESSION_COOKIE_DOMAIN"] is None  # or no browser takes it


def test_browsers_are_kept_to_https(strict):
    assert strict["SECURE_SSL_REDIRECT"] is True and strict["SECURE_HSTS_SECONDS"] >= 3600
    assert strict["SECURE_SSL_HOST"] == "portal.example"


def test_the_hosts_are_those_that_were_named(strict):
    assert strict["ALLOWED_HOSTS"] == ["portal.example", "www.portal.example"]
    assert strict["SITE_ADDRESS"] == "https://portal.example"


def test_nothing_of_a_machine_for_trials_is_on(strict):
    assert strict["DEBUG"] is strict["DEV"] is False and strict["REQUIRE_MFA"] is True


def test_without_a_proxy_its_headers_are_anybodys(strict):
    assert strict["SECURE_PROXY_SSL_HEADER"] is None and strict["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0


def test_a_proxy_is_believed_when_it_is_named(tmp_path):
    told = server(tmp_path, BEHIND_PROXY="1")
    assert told["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert told["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_a_session_that_nobody_uses_ends_within_the_day(strict, tmp_path):
    assert strict["SESSION_COOKIE_AGE"] <= 12 * 3600
    assert server(tmp_path, IDLE_SIGN_OUT_MINUTES="30")["SESSION_COOKIE_AGE"] == 1800


SIGNED = """
import django; django.setup()
from django.core import signing
from portal.accounts.adapter import SecondFactors
print('["%s", "%s"]' % (signing.dumps("a link"), SecondFactors().encrypt("a secret")))
"""
READ = """
import django, sys, os; django.setup()
from django.core import signing
from portal.accounts.adapter import SecondFactors
print('["%s", "%s"]' % (signing.loads(os.environ["LINK"]), SecondFactors().decrypt(os.environ["SECRET"])))
"""


def test_a_new_secret_key_leaves_links_and_second_factors_good_while_the_old_one_stands_behind_it(tmp_path):
    link, secret = server(tmp_path, SIGNED)
    assert "a secret" not in secret
    new = {"SECRET_KEY": "n" * 60, "SECRET_KEY_FALLBACKS": "k" * 60, "LINK": link, "SECRET": secret}
    assert server(tmp_path, READ, **new) == ["a link", "a secret"]


def test_nobody_else_on_the_machine_reads_the_database(tmp_path):
    ours = tmp_path / "var"
    server(ours)
    (ours / "portal.sqlite3").chmod(0o644)  # as an earlier release made it
    server(ours)
    assert stat.S_IMODE((ours / "portal.sqlite3").stat().st_mode) & 0o007 == 0
    assert stat.S_IMODE(ours.stat().st_mode) & 0o007 == 0


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_what_only_the_operator_knows_is_asked_for(tmp_path, missing):
    with pytest.raises(AssertionError, match=missing):
        server(tmp_path, **{missing: ""})
