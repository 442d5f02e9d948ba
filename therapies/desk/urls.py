"""The addresses of the registrars' desk. Staff only: each view says what it asks for."""

from django.urls import path

from . import export, gaps, overview

app_name = "desk"
urlpatterns = [
    path("", overview.index, name="index"),
    path("gaps/", gaps.show, name="gaps"),
    path("export/", export.show, name="export"),
    path("export/portal.csv", export.portal_csv, name="export-csv"),
    path("export/portal.json", export.portal_json, name="export-json"),
]
