"""The number of a later form and the center of an application, as columns. Until now they were read out of notes."""

import re

from django.db import migrations, models


def fill(apps, schema_editor):
    """The notes stay: the loader takes these words out of those that nobody edited."""
    TherapyFact = apps.get_model("therapies", "TherapyFact")
    for fact in TherapyFact.objects.filter(kind="form"):
        if found := re.search(r"\b(?:BLA|NDA)\d{6}\b", f"{fact.value} {fact.note}"):
            TherapyFact.objects.filter(pk=fact.pk).update(application=found[0])
    for center in ("CDER", "CBER"):
        TherapyFact.objects.filter(kind="application", note__startswith=center).update(center=center)


class Migration(migrations.Migration):

    dependencies = [("therapies", "0007_further_sources")]

    operations = [
        migrations.AddField(
            model_name="therapyfact",
            name="application",
            field=models.CharField(blank=True, help_text="For a later form only: the number FDA licensed it under, for example BLA761467.", max_length=9, verbose_name="application number"),
        ),
        migrations.AddField(
            model_name="therapyfact",
            name="center",
            field=models.CharField(blank=True, choices=[("CDER", "CDER (drugs)"), ("CBER", "CBER (vaccines, blood, cells, genes)")], help_text="For an application only. Drugs@FDA has the applications of CDER.", max_length=4, verbose_name="FDA center"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
