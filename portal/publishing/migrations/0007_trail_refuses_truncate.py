"""PostgreSQL can also empty a table at once, which no trigger on rows hears of. The audit trail refuses that too."""

from typing import Any

from django.db import migrations

TABLE = "publishing_auditentry"


def make(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"""CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE}
                FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()"""
        )


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_truncate ON {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("publishing", "0006_content_version")]
    operations = [migrations.RunPython(make, drop)]
