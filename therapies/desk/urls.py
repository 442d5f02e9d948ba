"""The addresses of this room at the desk. Staff only: each view says what it asks for."""

from django.urls import path

from . import corrections, export, files, gaps, labels, overview, proposing, recording, upload, watch

urlpatterns = [
    path("", overview.index, name="index"),
    path("gaps/", gaps.show, name="gaps"),
    path("export/", export.show, name="export"),
    path("export/portal.csv", export.file, {"ending": "csv"}, name="export-csv"),
    path("export/portal.json", export.file, {"ending": "json"}, name="export-json"),
    path("files/", upload.batches, name="batches"),
    path("files/<int:batch>/", files.batch, name="batch"),
    path("labels/", labels.index, name="labels"),
    path("labels/<int:label>/", labels.show, name="label"),
    path("labels/<int:label>/without/<int:use>/", proposing.leave_out, name="leave-out"),
    path("labels/<int:row>/reading/", corrections.label, name="label-reading"),
    path("labels/uses/<int:row>/", corrections.labelled_use, name="labelled-use"),
    path("labels/without/<int:row>/", corrections.unlabelled_use, name="unlabelled-use"),
    path("watch/", watch.watch, name="watch"),
    path("decisions/<int:row>/", corrections.event, name="event"),
    path("facts/new/", proposing.new_fact, name="new-fact"),
    path("facts/<int:row>/", corrections.fact, name="fact"),
    path("uses/<int:row>/", corrections.use, name="use"),
    path("decisions/<int:event>/sources/new/", proposing.new_further_source, name="new-further-source"),
    path("sources/<int:row>/", corrections.further_source, name="further-source"),
    path("terms/<int:row>/", corrections.terms, name="terms"),
    path("record/", recording.record, name="record"),
    path("record/done/", recording.recorded, name="recorded"),
]
