"""For the migrations that bring the workflow to every kind of edition: what their rows need before the constraints come."""

from django.db import migrations
from django.db.models import F


def _settle(schema_editor):
    # PostgreSQL does not alter a table while checks of rows that were just written are still pending.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def give_papers(app, *models):
    """Papers for every text that somebody here wrote, with those who wrote; a second reader was its reviewer."""

    def forwards(apps, schema_editor):
        Dossier = apps.get_model("publishing", "Dossier")
        for name in models:
            editions = apps.get_model(app, name).objects
            for edition in editions.exclude(created_by=None):
                papers = Dossier.objects.create(kind=f"{app}.{name}")
                papers.writers.add(*{pk for pk in (edition.created_by_id, edition.edited_by_id) if pk})
                editions.filter(pk=edition.pk).update(dossier=papers)
            editions.exclude(published_by=None).filter(published_alone=False).update(
                reviewed_at=F("published_at"), reviewed_by=F("published_by")
            )
        _settle(schema_editor)

    def backwards(apps, schema_editor):
        """The states that the older release does not know become the nearest one that readers do not see either."""
        for name in models:
            editions = apps.get_model(app, name).objects
            editions.filter(status="scheduled").update(status="in-review")
            editions.filter(status="withdrawn").update(
                status="superseded", superseded_at=F("withdrawn_at"), withdrawn_at=None, withdrawn_by=None
            )
        _settle(schema_editor)

    return migrations.RunPython(forwards, backwards)
