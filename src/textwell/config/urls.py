"""Every path of the web role."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from textwell.api.app import api
from textwell.api.middleware import no_such_path
from textwell.messaging import promises
from textwell.privacy import page_links

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    re_path("^api/", no_such_path),
    path("", include("textwell.api.doors.urls")),
    path("scim/", include("textwell.api.scim.urls")),
    path("join/", include("textwell.web.join_urls")),
    path(promises.PLACE, include("textwell.web.promise_urls")),
    path(page_links.PLACE, include("textwell.web.personal_urls")),
    path("", include("textwell.web.urls")),
    path("", include("textwell.web.own_urls")),
]
