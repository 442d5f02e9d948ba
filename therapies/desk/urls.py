"""The addresses of the registrars' desk. Staff only: each view says what it asks for."""

from django.urls import path

from . import gaps, overview

app_name = "desk"
urlpatterns = [
    path("", overview.index, name="index"),
    path("gaps/", gaps.show, name="gaps"),
]
