from django.db import migrations, models

import portal.publishing.short_ids
from portal.publishing.short_ids import drawn


def draw(apps, schema_editor):
    """As a new source draws its own. The constraint lets no two say the same."""
    sources, taken = apps.get_model("publishing", "Source"), set()
    for source in sources.objects.order_by("pk"):
        said, number = f"source:{source.title}\n{source.url}\n{source.read_as}", 0
        while (name := drawn(f"{said}#{number}" if number else said)) in taken:
            number += 1
        taken.add(name)
        sources.objects.filter(pk=source.pk).update(short_id=name)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0009_search_state")]

    operations = [
        migrations.AddField("source", "short_id", models.CharField(max_length=8, default="", blank=True)),
        migrations.RunPython(draw, migrations.RunPython.noop),
        migrations.AlterField("source", "short_id", portal.publishing.short_ids.ShortId()),
    ]
