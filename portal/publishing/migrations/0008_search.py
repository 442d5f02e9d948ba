"""The index of the search: one row for each page that readers see, and what the database makes of it.

SQLite reads words through a virtual table (FTS5), which triggers on ours keep. PostgreSQL has an index on the words.
A later migration that lets SQLite rebuild the table must make the triggers anew.
"""

import datetime
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

TABLE, WORDS = "publishing_searchentry", "publishing_searchwords"
COLUMNS = ("heads", "lead", "body")
_all = ", ".join(COLUMNS)


def _rows(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in COLUMNS)


_GONE = f"INSERT INTO {WORDS} ({WORDS}, rowid, {_all}) VALUES ('delete', old.id, {_rows('old')})"
_NEW = f"INSERT INTO {WORDS} (rowid, {_all}) VALUES (new.id, {_rows('new')})"
SQLITE = (
    f"CREATE VIRTUAL TABLE {WORDS} USING fts5({_all}, content={TABLE}, content_rowid=id, tokenize='unicode61')",
    f"CREATE VIRTUAL TABLE {WORDS}_known USING fts5vocab({WORDS}, 'row')",
    f"CREATE TRIGGER {WORDS}_insert AFTER INSERT ON {TABLE} BEGIN {_NEW}; END",
    f"CREATE TRIGGER {WORDS}_delete AFTER DELETE ON {TABLE} BEGIN {_GONE}; END",
    f"CREATE TRIGGER {WORDS}_update AFTER UPDATE ON {TABLE} BEGIN {_GONE}; {_NEW}; END",
)
POSTGRESQL = (
    f"""CREATE INDEX {WORDS} ON {TABLE}
        USING gin (array_to_tsvector(array_remove(string_to_array(heads || ' ' || lead || ' ' || body, ' '), '')))""",
)
BACK = {
    "sqlite": (
        *(f"DROP TRIGGER {WORDS}_{verb}" for verb in ("insert", "delete", "update")),
        f"DROP TABLE {WORDS}_known",
        f"DROP TABLE {WORDS}",
    ),
    "postgresql": (f"DROP INDEX {WORDS}",),
}


def make(apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    for statement in BACK[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0007_trail_refuses_truncate")]
    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        blank=True, help_text="Label of the table that holds the page.", max_length=50
                    ),
                ),
                ("address", models.CharField(max_length=300, unique=True)),
                ("title", models.CharField(max_length=300)),
                (
                    "names",
                    models.JSONField(
                        default=list, help_text="Of each name: what sort it is, the name, how it is asked for."
                    ),
                ),
                ("heads", models.TextField(help_text="The words of its names.")),
                ("lead", models.TextField(blank=True, help_text="Those of its summary.")),
                ("body", models.TextField(blank=True, help_text="Those of everything else.")),
                ("text", models.TextField(blank=True, help_text="What may be quoted, one sentence a line.")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "page",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="publishing.page",
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="SearchMiss",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("words", models.CharField(blank=True, max_length=60)),
                (
                    "days",
                    models.PositiveSmallIntegerField(default=1, help_text="On how many days somebody asked."),
                ),
                ("last", models.DateField(default=datetime.date.today)),
            ],
            options={"default_permissions": (), "ordering": ["-days", "words"]},
        ),
        migrations.RunPython(make, drop),
    ]
