from django.urls import path

from . import cards, fact_pages, feeds, views, visit
from .comparing import compare
from .models import Cancer, Therapy
from .trials.views import trials

app_name = "therapies"
urlpatterns = [
    path("therapies/", views.index, name="index"),
    path("therapies/types/", views.types, name="types"),
    path("therapies/types/<slug:slug>/", views.type_detail, name="type"),
    path("therapies/<slug:slug>/", views.detail, name="detail"),
    path("oembed", cards.oembed, name="oembed"),
    path("cancers/", views.cancers, name="cancers"),
    path("cancers/by-type/", views.grid, name="grid"),
    path("cancers/<slug:slug>/", views.cancer, name="cancer"),
    path("biomarkers/", views.biomarkers, name="biomarkers"),
    path("biomarkers/<slug:slug>/", views.biomarker, name="biomarker"),
    path("compare/", compare, name="compare"),
    path("trials/", trials, name="trials"),
    path("my-visit/", visit.my_visit, name="my-visit"),
    path("approvals/", views.approvals, name="approvals"),
    path("uses/<slug:short_id>/", fact_pages.use, name="use"),
    path("uses/<slug:short_id>/card/", cards.card, name="card"),
    path("uses/<slug:short_id>/cite.<slug:ending>", fact_pages.cite_use, name="use-citation"),
    path("events/<slug:short_id>/", fact_pages.event, name="event"),
    path("events/<slug:short_id>/cite.<slug:ending>", fact_pages.cite_event, name="event-citation"),
    path("feeds/approvals.<slug:form>", feeds.approvals, name="feed"),
    path("feeds/cancers/<slug:slug>.<slug:form>", feeds.of_page, {"model": Cancer}, name="cancer-feed"),
    path("feeds/therapies/<slug:slug>.<slug:form>", feeds.of_page, {"model": Therapy}, name="therapy-feed"),
]
