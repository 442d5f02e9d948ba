from django.db import migrations, models

import portal.publishing.short_ids
from portal.publishing.short_ids import drawn


def draw(apps, schema_editor):
    """As a new row draws its own: from what it says, since nobody kept what it said first."""
    uses, decisions = (apps.get_model("therapies", name) for name in ("Indication", "ApprovalEvent"))
    for use in uses.objects.select_related("therapy"):
        name = drawn(f"use:{use.therapy.shipped_as or use.therapy.slug}:{use.code}")
        uses.objects.filter(pk=use.pk).update(short_id=name)
    for one in decisions.objects.select_related("indication"):
        name = drawn(f"event:{one.indication.short_id}:{one.kind}:{one.date}")
        decisions.objects.filter(pk=one.pk).update(short_id=name)


class Migration(migrations.Migration):
    dependencies = [("therapies", "0012_lists_of_side_effects")]

    operations = [
        *(
            migrations.AddField(name, "short_id", models.CharField(max_length=8, default="", blank=True))
            for name in ("indication", "approvalevent")
        ),
        migrations.RunPython(draw, migrations.RunPython.noop),
        *(
            migrations.AlterField(name, "short_id", portal.publishing.short_ids.ShortId())
            for name in ("indication", "approvalevent")
        ),
    ]
