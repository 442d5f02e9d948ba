"""``manage.py verify`` finds what is wrong with a portal's data, says it in a line, and changes nothing."""

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import connection
from PIL import Image

from portal.operating import backups, verifying
from portal.operating.tables import count_all
from portal.publishing import actions
from portal.publishing.models import Page, Picture
from therapies.models import TherapyFact

from . import databases

pytestmark = pytest.mark.slow


def verify(**options: object) -> dict[str, list[str]]:
    """The faults by the name of the check."""
    said = StringIO()
    try:
        call_command("verify", json=True, stdout=said, **options)
        code = 0
    except CommandError:
        code = 1
    looked = json.loads(said.getvalue())
    assert code == any(check["faults"] for check in looked), "the exit code tells whether there is a fault"
    return {check["check"]: check["faults"] for check in looked if check["faults"]}


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def rendition(site, settings) -> Path:
    """One of the files of a picture."""
    picture = Picture(alt="A square", credit="A test")
    actions.add_picture(picture, Image.new("RGB", (500, 500)), by=User.objects.create_user("Ada"))
    return Path(settings.MEDIA_ROOT) / f"pictures/{picture.key}/400.webp"


def test_a_portal_as_it_comes_is_in_order_and_stays_as_it_is(site, rendition):
    before, said = count_all(connection), StringIO()
    call_command("verify", stdout=said)
    lines = said.getvalue().splitlines()
    assert len(lines) == len(verifying.CHECKS) and all(line.startswith("ok ") for line in lines)
    assert count_all(connection) == before


def test_a_missing_trigger_of_the_audit_trail_is_told(site):
    on = " ON publishing_auditentry" if connection.vendor == "postgresql" else ""
    name = "publishing_auditentry_only_grows" if on else "publishing_auditentry_no_delete"
    execute(f"DROP TRIGGER {name}{on}")
    assert verify() == {"audit trail": [f"the trigger {name} is missing or switched off"]}


def test_a_trigger_that_is_there_and_refuses_nothing_is_told(site):
    if connection.vendor == "postgresql":
        execute("ALTER TABLE publishing_auditentry DISABLE TRIGGER publishing_auditentry_no_truncate")
    else:
        execute(
            "DROP TRIGGER publishing_auditentry_no_update",
            "CREATE TRIGGER publishing_auditentry_no_update BEFORE UPDATE ON publishing_auditentry BEGIN SELECT 1; END",
        )
    assert list(verify()) == ["audit trail"]


def test_a_missing_trigger_of_the_content_version_is_told_and_an_upgrade_brings_it_back(site):
    on = " ON faq_topic" if connection.vendor == "postgresql" else ""
    execute(f"DROP TRIGGER faq_topic_update_seen{on}")
    assert verify() == {"page cache": ["faq_topic lacks a trigger; run manage.py upgrade"]}
    call_command("migrate", verbosity=0)
    assert verify() == {}


def test_a_migration_that_was_edited_is_told(site, settings, tmp_path):
    """Its tables would be others than those of the release."""
    settings.BASE_DIR = tmp_path
    for name in verifying.frozen():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(databases.ROOT / name, tmp_path / name)
    assert verify() == {}
    with (tmp_path / "faq/migrations/0001_initial.py").open("a") as migration:
        migration.write("EDITED = True\n")
    assert verify() == {
        "migrations": ["faq/migrations/0001_initial.py isn’t as it was released; get it back with git checkout"]
    }


def test_a_row_that_points_to_nothing_is_told(site):
    execute("PRAGMA foreign_keys=OFF" if connection.vendor == "sqlite" else "SET session_replication_role = replica")
    execute("UPDATE faq_question SET topic_id = 999999 WHERE page_ptr_id = (SELECT min(page_ptr_id) FROM faq_question)")
    assert verify()["links"] == ["1 rows of faq_question point to nothing by topic_id"]


def test_a_page_without_the_table_of_its_kind_is_told(site):
    Page.objects.create(slug="lost")
    assert list(verify()) == ["counts"]


@pytest.mark.parametrize(
    ("content", "said"), [(None, "is missing"), (b"no picture", "can’t be read"), ("cut", "can’t be read")]
)
def test_a_file_of_a_picture_that_is_missing_or_broken_is_told(rendition, content, said):
    if content is None:
        rendition.unlink()
    else:
        rendition.write_bytes(rendition.read_bytes()[:-20] if content == "cut" else content)
    [fault] = verify()["pictures"]
    assert said in fault and rendition.parent.name in fault


def test_a_file_that_is_another_than_in_the_backup_is_told(rendition, tmp_path):
    backup = backups.make(tmp_path / "backups")
    assert verify(backup=backup) == {}
    Image.new("RGB", (400, 400), "red").save(rendition, "WEBP")
    [fault] = verify(backup=backup)["backup"]
    assert rendition.name in fault and "isn’t the file that it was" in fault


def test_a_migration_that_is_not_applied_or_not_known_is_told(site):
    execute(
        "DELETE FROM django_migrations WHERE app = 'faq'",
        "UPDATE django_migrations SET name = '0099_later' WHERE app = 'immune'",
    )
    faults = verify()["migrations"]
    assert any("faq.0001_initial isn’t applied" in fault for fault in faults)
    assert any("immune.0099_later was applied and isn’t in this release" in fault for fault in faults)


def test_content_and_roles_of_another_release_are_told_and_left_alone(site):
    TherapyFact.objects.filter(pk=TherapyFact.objects.first().pk).update(value="Edited by hand")  # staff may
    call_command("reindex", stdout=StringIO())
    assert verify() == {}
    Group.objects.get(name="Editor").permissions.clear()
    assert verify()["shipped"] == ["manage.py upgrade would change: Editor"]
    assert not Group.objects.get(name="Editor").permissions.exists()


def test_a_database_that_does_not_answer_is_a_fault_of_each_check_and_no_traceback(site):
    execute("DROP TABLE publishing_auditentry")
    assert {"audit trail", "shipped"} <= verify().keys()
