from django.db import migrations
from django.db.models.functions import Lower

CONFIRMED = {"default_permissions": ("add", "change", "delete", "view", "confirm"), "ordering": [Lower("name")]}


class Migration(migrations.Migration):
    dependencies = [("therapies", "0014_short_ids")]

    operations = [
        migrations.AlterModelOptions("biomarker", CONFIRMED),
        migrations.AlterModelOptions("cancer", CONFIRMED),
        migrations.AlterModelOptions("therapy", {**CONFIRMED, "verbose_name_plural": "therapies"}),
    ]
