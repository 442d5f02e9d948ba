from django.urls import path

from . import views

app_name = "immune"
urlpatterns = [
    path("immune/", views.index, name="index"),
    path("immune/<slug:slug>/", views.detail, name="detail"),
]
