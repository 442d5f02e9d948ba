from django.urls import path

from . import views

app_name = "api"
urlpatterns = [
    path("", views.tables, name="tables"),
    path("openapi.json", views.description, name="openapi"),
    path("<slug:name>/", views.rows, name="rows"),
    path("<slug:name>/<path:key>/", views.row, name="row"),
    path("<path:rest>", views.nothing, name="nothing"),
]
