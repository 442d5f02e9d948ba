from django.urls import path

from . import views

app_name = "faq"
urlpatterns = [
    path("faq/", views.index, name="index"),
    path("faq/<slug:slug>/", views.detail, name="detail"),
    path("know/", views.know, name="know"),
    path("know/<slug:slug>/", views.claim, name="claim"),
]
