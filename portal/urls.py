"""Every address of the portal. Rooms bring their own; the roof adds what stands between them."""

from django.contrib import admin
from django.urls import include, path, re_path

from portal.pages import reviews, views
from portal.publishing import rooms
from portal.publishing.views import picture

urlpatterns = [
    path("", views.home, name="home"),
    *(path("", include(room.declared.urls)) for room in rooms.every() if room.declared.urls),
    path("take-part/", views.take_part, name="take-part"),
    path("about/", views.about, name="about"),
    path("about/freshness/", views.how_fresh, name="freshness"),
    path("glossary/", views.glossary, name="glossary"),
    path("glossary/<slug:slug>/", views.term, name="term"),
    path("review/<str:token>/", reviews.guest, name="review"),
    path("review/<str:token>/page/", reviews.page, name="review-page"),
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
