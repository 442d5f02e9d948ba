"""What the floor itself shows to readers: the files of pictures."""

from django.urls import re_path

from . import views

app_name = "publishing"
urlpatterns = [
    # Hexadecimal digits and a number, so that no other file can be asked for.
    re_path(r"^(?P<key>[0-9a-f]{32})/(?P<width>[0-9]{1,5})\.(?P<ending>[a-z]{3,4})$", views.picture, name="picture"),
]
