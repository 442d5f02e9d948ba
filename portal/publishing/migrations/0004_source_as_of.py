"""Up to which day a source tells, as a column. Until now it was read out of titles such as “Purple Book, March 2025”."""

import calendar
import datetime
import re

from django.db import migrations, models

NAMED = re.compile(r"\b([A-Z][a-z]{2})[a-z]* (?:(\d{1,2}), )?(20\d\d)\b")
MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}


def days(title):
    for month, day, year in NAMED.findall(title):
        if month in MONTHS:
            last = calendar.monthrange(int(year), MONTHS[month])[1]
            if int(day or last) <= last:
                yield datetime.date(int(year), MONTHS[month], int(day or last))


def fill(apps, schema_editor):
    """Of those that staff wrote in. The loader brings the days of the others, and knows which of them matter."""
    Source, ShippedRow, AuditEntry = (
        apps.get_model("publishing", name) for name in ("Source", "ShippedRow", "AuditEntry")
    )
    written = set(AuditEntry.objects.filter(kind="publishing.source").values_list("row", flat=True))
    known = ShippedRow.objects.filter(key__startswith="publishing.source:").values_list("row", flat=True)
    shipped = [row for row in known if str(row) not in written]
    for source in Source.objects.exclude(pk__in=shipped):
        if named := max(days(source.title), default=None):
            Source.objects.filter(pk=source.pk).update(as_of=named)


class Migration(migrations.Migration):

    dependencies = [("publishing", "0003_warnings_beside_a_change")]

    operations = [
        migrations.AddField(
            model_name="source",
            name="as_of",
            field=models.DateField(blank=True, help_text="The last day it tells of, if it’s older than the day somebody read it: its edition or version.", null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
