"""Addresses of public promises: open to everybody."""

from django.urls import URLPattern, path

from textwell.web.views import promise

app_name = "promise"
urlpatterns: list[URLPattern] = [
    path("<slug:code>", promise.public, name="page"),
    path("<slug:code>/<int:version>.json", promise.document, name="document"),
]
