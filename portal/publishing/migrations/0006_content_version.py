"""The number of the content that readers see. ``migrate`` makes the triggers that raise it, whenever it has run."""

from typing import Any

from django.db import migrations, models


def begin(apps: Any, schema_editor: Any) -> None:
    apps.get_model("publishing", "ContentVersion").objects.create(pk=1, number=1)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0005_values_of_sources")]
    operations = [
        migrations.CreateModel(
            name="ContentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_content_version")],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
