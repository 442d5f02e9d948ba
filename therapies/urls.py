from django.urls import path

from . import feeds, views
from .models import Cancer, Therapy

app_name = "therapies"
urlpatterns = [
    path("therapies/", views.index, name="index"),
    path("therapies/types/", views.types, name="types"),
    path("therapies/types/<slug:slug>/", views.type_detail, name="type"),
    path("therapies/<slug:slug>/", views.detail, name="detail"),
    path("cancers/", views.cancers, name="cancers"),
    path("cancers/<slug:slug>/", views.cancer, name="cancer"),
    path("biomarkers/", views.biomarkers, name="biomarkers"),
    path("biomarkers/<slug:slug>/", views.biomarker, name="biomarker"),
    path("approvals/", views.approvals, name="approvals"),
    path("feeds/approvals.<slug:form>", feeds.approvals, name="feed"),
    path("feeds/cancers/<slug:slug>.<slug:form>", feeds.of_page, {"model": Cancer}, name="cancer-feed"),
    path("feeds/therapies/<slug:slug>.<slug:form>", feeds.of_page, {"model": Therapy}, name="therapy-feed"),
]
