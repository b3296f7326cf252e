"""Addresses below /scim/, with or without a slash at the end."""

from django.urls import URLPattern, re_path

from textwell.api.scim import views

urlpatterns: list[URLPattern] = [
    re_path("^v2/ServiceProviderConfig/?$", views.config),
    re_path("^v2/ResourceTypes/?$", views.kinds),
    re_path("^v2/ResourceTypes/(?P<key>[^/]+)/?$", views.kind),
    re_path("^v2/Schemas/?$", views.schemas),
    re_path("^v2/Schemas/(?P<key>[^/]+)/?$", views.schema),
    re_path("^v2/Users/?$", views.users),
    re_path("^v2/Users/(?P<key>[^/]+)/?$", views.user),
    re_path("^v2/Groups/?$", views.all_groups),
    re_path("^v2/Groups/(?P<key>[^/]+)/?$", views.group),
    re_path("", views.no_such_path),
]
