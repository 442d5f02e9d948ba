"""The addresses of the desk: the floor's own screens, and those that the rooms declare. Staff only."""

from importlib import import_module

from django.urls import path

from .. import rooms
from . import checking, inbox, searching, sentences

app_name = "desk"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("changes/", inbox.inbox, name="changes"),
    path("changes/<int:change>/", checking.change, name="change"),
    path("changes/<int:change>/pages/", checking.pages, name="change-pages"),
    path("changes/<int:change>/page/", checking.public_page, name="change-page"),
    path("search/", searching.search, name="search"),
    path("sentences/", sentences.in_doubt, name="sentences"),
    *(
        address
        for room in rooms.in_loading_order()
        if room.declared.desk_urls
        for address in import_module(room.declared.desk_urls).urlpatterns
    ),
]
