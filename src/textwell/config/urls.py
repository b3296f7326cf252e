"""Every path of the web role."""

from django.urls import URLPattern, URLResolver, include, path

from textwell.api.app import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("", include("textwell.web.urls")),
    path("", include("textwell.web.own_urls")),
]
