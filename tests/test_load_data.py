"""What /data/ gives away, loaded into an empty portal: the same public facts there, or nothing at all."""

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.publishing import rooms
from portal.publishing.models import Edition
from portal.publishing.open_data import counting, whole
from portal.publishing.open_data.whole import DESCRIPTION
from therapies.models import ApprovalEvent, Therapy

from . import databases

pytestmark = pytest.mark.django_db


def told():
    """Digests of all that can be built again."""
    return {name: one for name, one in counting.count_all(None).items() if rooms.open_tables()[name].is_whole}


@cache
def downloaded():
    """The file that readers download, of the shipped content, which every test begins with."""
    with whole.zipped(None) as made:
        made.seek(0)
        return made.read()


@pytest.fixture
def package(tmp_path):
    path = tmp_path / "data.zip"
    path.write_bytes(downloaded())
    return path


def load(path):
    out = StringIO()
    call_command("load_data", path, stdout=out)
    return out.getvalue()


@pytest.mark.slow
def test_an_empty_portal_gets_the_same_facts_and_texts(package, request, client):
    before, page = told(), client.get("/therapies/pembrolizumab/").context["current"]
    request.getfixturevalue("bare")
    assert not Therapy.objects.exists()
    said = load(package)
    assert f"{before['events'].rows:6d} events" in said
    assert told() == before
    assert [use.indication.short_id for use in client.get("/therapies/pembrolizumab/").context["current"]] == [
        use.indication.short_id for use in page
    ]
    assert client.get("/approvals/").status_code == 200
    assert "pembrolizumab" in client.get("/search/?q=keytruda").content.decode()


@pytest.mark.slow
def test_another_kind_of_database_tells_the_same(package, tmp_path):
    """What SQLite or PostgreSQL gives away fills a new SQLite, which takes nothing whose digests differ afterwards."""
    (tmp_path / "there").mkdir()
    own = {"DATABASE_URL": f"sqlite:///{tmp_path}/there.sqlite3", "PORTAL_VAR": f"{tmp_path}/there", "PORTAL_DEV": "1"}
    for command in (["migrate", "--verbosity=0"], ["load_data", str(package)]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=databases.ROOT,
            env={**os.environ, **own},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert f"{told()['events'].rows:6d} events" in done.stdout


@pytest.mark.slow
def test_a_release_leaves_alone_what_was_loaded(package, request):
    request.getfixturevalue("bare")
    load(package)
    Therapy.objects.filter(slug="pembrolizumab").update(scope_note="As our own staff says.")
    before, texts = told(), set(Edition.objects.live().values_list("pk", flat=True))
    call_command("load_content", stdout=StringIO())
    assert told() == before
    assert texts <= set(Edition.objects.live().values_list("pk", flat=True))


def test_a_portal_that_has_anything_is_left_as_it_is(package):
    before = counting.count_all(None)
    with pytest.raises(CommandError, match="This portal is not empty"):
        load(package)
    assert counting.count_all(None) == before


def altered(package, name, change):
    """The package with one of its files changed."""
    other = package.with_name("altered.zip")
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(other, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            if entry != name:
                new.writestr(entry, content)
            elif (changed := change(content)) is not None:
                new.writestr(entry, changed)
    return other


def described(**told):
    def change(content):
        description = json.loads(content)
        description["portal"] |= told
        return json.dumps(description)

    return change


def tricked(package, name, change):
    """The package with a file that is changed and described as it now is."""
    other = altered(package, f"{name}.csv", change)
    with zipfile.ZipFile(other) as archive:
        digest = hashlib.sha256(archive.read(f"{name}.csv")).hexdigest()

    def describe(content):
        description = json.loads(content)
        for one in description["resources"]:
            if one["name"] == name:
                one["hash"] = f"sha256:{digest}"
        return json.dumps(description)

    other.rename(package)
    return altered(package, DESCRIPTION, describe)


def replaced(old, new):
    return lambda content: content.replace(old.encode(), new.encode(), 1)


def appended(more):
    return lambda content: content + more


def in_lists(cell):
    """The first empty list of a table, as something else."""
    return lambda content: content.replace(b",[],", b',"' + cell + b'",', 1)


def locked(package):
    """The package with the mark of a password on each of its files."""
    content = bytearray(package.read_bytes())
    for sign, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        for found in re.finditer(re.escape(sign), bytes(content)):
            content[found.start() + at] |= 1
    package.write_bytes(content)
    return package


DAMAGED = {
    "a file is missing": (lambda p: altered(p, "uses.csv", lambda content: None), "damaged"),
    "a file was changed": (lambda p: altered(p, "uses.csv", replaced("pd-l1", "msi-h")), "uses.csv is not what"),
    "a file is cut": (lambda p: altered(p, "events.csv", lambda content: content[:-100]), "events.csv is not what"),
    "it has no description": (lambda p: altered(p, DESCRIPTION, lambda content: None), "damaged"),
    "it is of a past day": (lambda p: altered(p, DESCRIPTION, described(is_past=True)), "holds a past day"),
    "it is of another format": (lambda p: altered(p, DESCRIPTION, described(format=99)), "format 99"),
    "it is cut": (lambda p: p.write_bytes(p.read_bytes()[:5000]) and p, "damaged"),
    "it is something else": (lambda p: p.write_text("no zip") and p, "damaged"),
    "it is not there": (lambda p: p.with_name("other.zip"), "There is no file"),
    "it is a device": (lambda p: Path("/dev/zero"), "There is no file"),
    "a value is none": (lambda p: tricked(p, "events", replaced(",accelerated-approval,", ",miracle,")), "can’t be"),
    "a column has another name": (lambda p: tricked(p, "uses", replaced("setting", "settings")), "other columns"),
    "a key leads nowhere": (lambda p: tricked(p, "uses", replaced(",pembrolizumab,", ",nothing,")), "not among the"),
    "one person confirmed alone": (
        lambda p: tricked(p, "facts", replaced(",false", ",true")),
        "confirmed by one person alone",
    ),
    "it is locked": (locked, "damaged"),
    "the description is no text": (lambda p: altered(p, DESCRIPTION, lambda content: b"\xff"), "damaged"),
    "the description never ends": (lambda p: altered(p, DESCRIPTION, lambda content: b"[" * 200_000), "damaged"),
    "the description is huge": (lambda p: altered(p, DESCRIPTION, lambda c: b" " * (5 << 20)), "larger than 4 MB"),
    "a table is huge": (lambda p: tricked(p, "topics", appended(b"a" * (64 << 20))), "larger than 64 MB"),
    "a digest is missing": (lambda p: altered(p, DESCRIPTION, lambda c: c.replace(b'"digest"', b'"was"')), "damaged"),
    "a cell is no text": (lambda p: tricked(p, "topics", appended(b"\xff,9\r\n")), "topics.csv can’t be read"),
    "a cell is huge": (lambda p: tricked(p, "topics", appended(b"a" * 10_000_001)), "topics.csv can’t be read"),
    "a cell holds no character": (lambda p: tricked(p, "topics", appended(b"a\0b,9\r\n")), "no database takes"),
    "a cell holds half a character": (lambda p: tricked(p, "topics", appended(b"\\ud800,9\r\n")), "doesn’t take it"),
    "a row is short": (lambda p: tricked(p, "topics", appended(b"abc\r\n")), "row 6: it has 1 cells instead of 2"),
    "a list is no list": (lambda p: tricked(p, "terms", in_lists(b'{""a"": 1}')), "can’t be “also”"),
    "a list never ends": (lambda p: tricked(p, "terms", in_lists(b"[" * 100_000)), "can’t be “also”"),
    "words have no page": (lambda p: tricked(p, "texts", replaced("\nbiomarkers,", "\nuses,")), "isn’t there"),
    "nobody would see a row": (lambda p: tricked(p, "topics", appended(b"Hidden,9\r\n")), "not what it says"),
    "a number is too large": (lambda p: tricked(p, "topics", appended(b"a,%d\r\n" % 10**30)), "“a” can’t be"),
    "a name is another": (lambda p: tricked(p, "names", replaced("Keytruda", "Keytrude")), "not what it says"),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_package_is_refused_in_words_and_nothing_is_written(what, package, request):
    damage, words = DAMAGED[what]
    path = damage(package)
    request.getfixturevalue("bare")
    with pytest.raises(CommandError, match=rf"Nothing was loaded\..*{words}"):
        load(path)
    assert not Therapy.objects.exists() and not ApprovalEvent.objects.exists() and not Edition.objects.exists()
