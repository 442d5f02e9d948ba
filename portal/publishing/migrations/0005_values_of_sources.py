"""What a site holds of a shipped source is what was shipped, unless the audit trail says that somebody wrote in it."""

from typing import Any

from django.db import migrations

FIELDS = ("title", "url", "kind", "official", "read_on", "read_as")


def note_values(apps: Any, schema_editor: Any) -> None:
    shipped, source, entry = (apps.get_model("publishing", name) for name in ("ShippedRow", "Source", "AuditEntry"))
    written = set(entry.objects.filter(kind="publishing.source").values_list("row", flat=True))
    sources = {row["pk"]: row for row in source.objects.values("pk", *FIELDS)}
    for known in shipped.objects.filter(key__startswith="publishing.source:", values={}):
        if known.row in sources and str(known.row) not in written:
            known.values = {name: sources[known.row][name] for name in FIELDS}
            if day := known.values["read_on"]:
                known.values["read_on"] = day.isoformat()
            known.save()


class Migration(migrations.Migration):
    dependencies = [("publishing", "0004_source_as_of")]
    operations = [migrations.RunPython(note_values, migrations.RunPython.noop)]
