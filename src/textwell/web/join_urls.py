"""Addresses of sign-up forms: open to everybody, on our own pages or in a frame of the brand's site."""

from django.urls import URLPattern, path

from textwell.web.views import joining

app_name = "join"
urlpatterns: list[URLPattern] = [
    path("<slug:code>", joining.form, name="form"),
    path("<slug:code>/thanks", joining.thanks, name="thanks"),
]
