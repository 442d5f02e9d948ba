"""The addresses of the registrars' desk. Staff only: each view says what it asks for."""

from django.urls import path

from . import overview, recording

app_name = "desk"
urlpatterns = [
    path("", overview.index, name="index"),
    path("record/", recording.record, name="record"),
    path("record/done/", recording.recorded, name="recorded"),
]
