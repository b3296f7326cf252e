"""Addresses of people's own pages: open to whoever has the link, see `privacy.page_links`."""

from django.urls import URLPattern, path

from textwell.web.views import personal

app_name = "me"
urlpatterns: list[URLPattern] = [
    path("<str:token>", personal.page, name="page"),
    path("<str:token>/erase", personal.erase, name="erase"),
]
