"""Every address of the portal. Rooms bring their own; the roof adds what stands between them."""

import re

from django.contrib import admin
from django.urls import include, path, re_path

from portal.pages import data, data_api, data_files, plain, reviews, search, views
from portal.publishing import rooms
from portal.publishing.views import picture

urlpatterns = [
    path("", views.home, name="home"),
    *(path("", include(room.declared.urls)) for room in rooms.in_loading_order() if room.declared.urls),
    path("search/", search.results, name="search"),
    path("search/suggest/", search.suggestions, name="suggest"),
    path("opensearch.xml", search.description, name="opensearch"),
    path("take-part/", views.take_part, name="take-part"),
    path("about/", views.about, name="about"),
    path("about/freshness/", views.how_fresh, name="freshness"),
    path("data/", data.overview, name="data"),
    path("data/api/", data_api.about, name="data-api"),
    path("api/v1/", include("portal.pages.api.urls")),
    path("data/changes/", data.what_changed, name="data-changes"),
    path("data/datapackage.json", data_files.package, name="data-package"),
    path("data/digests.txt", data_files.digests, name="data-digests"),
    path("data/files/all.<slug:ending>", data_files.whole_file, name="data-whole"),
    path("data/files/changes.<slug:ending>", data_files.change_file, name="data-change-file"),
    path("data/files/<slug:name>.<slug:ending>", data_files.file, name="data-file"),
    path("glossary/", views.glossary, name="glossary"),
    path("glossary/<slug:slug>/", views.term, name="term"),
    path("review/<str:token>/", reviews.guest, name="review"),
    path("review/<str:token>/page/", reviews.page, name="review-page"),
    re_path(rf"^(?P<at>(?:[a-z0-9-]+/)*){re.escape(plain.NAME)}$", plain.page, name="markdown"),
    path("llms.txt", plain.overview, name="llms"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
    path("site.webmanifest", views.manifest, name="manifest"),
    path("desk/", include("portal.publishing.admin.desk_urls")),
    path("account/", include("portal.accounts.urls")),
    # Hexadecimal digits and a number, so that no other file can be asked for.
    re_path(
        r"^media/pictures/(?P<key>[0-9a-f]{32})/(?P<width>[0-9]{1,5})\.(?P<ending>[a-z]{3,4})$", picture, name="picture"
    ),
    path("admin/", admin.site.urls),
]
handler400 = "portal.pages.views.bad_request"
handler404 = "portal.pages.views.not_found"
handler500 = "portal.pages.views.server_error"
