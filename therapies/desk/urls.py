"""The addresses of the registrars' desk. Staff only: each view says what it asks for."""

from django.urls import path

from . import check, export, files, gaps, inbox, overview, recording, sentences, upload

app_name = "desk"
urlpatterns = [
    path("", overview.index, name="index"),
    path("gaps/", gaps.show, name="gaps"),
    path("export/", export.show, name="export"),
    path("export/portal.csv", export.portal_csv, name="export-csv"),
    path("export/portal.json", export.portal_json, name="export-json"),
    path("files/", upload.batches, name="batches"),
    path("files/<int:batch>/", files.batch, name="batch"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/events/<int:event>/", check.event, name="event"),
    path("inbox/events/<int:event>/preview/", check.preview_event, name="event-preview"),
    path("inbox/facts/<int:fact>/", check.fact, name="fact"),
    path("inbox/facts/<int:fact>/preview/", check.preview_fact, name="fact-preview"),
    path("sentences/", sentences.sentences, name="sentences"),
    path("record/", recording.record, name="record"),
    path("record/done/", recording.recorded, name="recorded"),
]
