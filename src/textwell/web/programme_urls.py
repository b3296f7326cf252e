"""Addresses of sign-up programmes, for members."""

from django.urls import URLPattern, path

from textwell.web.views import capturing, placements, programmes

PATTERNS: list[URLPattern] = [
    path("programmes/", programmes.list_page, name="programmes"),
    path("programmes/new", programmes.new, name="programmes.new"),
    path("programmes/<int:programme_id>/", programmes.page, name="programmes.detail"),
    path("programmes/<int:programme_id>/edit", programmes.edit, name="programmes.edit"),
    path(
        "programmes/<int:programme_id>/words/<str:country>/<str:language>",
        programmes.words,
        name="programmes.words",
    ),
    path("programmes/<int:programme_id>/publish", programmes.publish, name="programmes.publish"),
    path("programmes/<int:programme_id>/pause", programmes.pause, name="programmes.pause"),
    path("programmes/<int:programme_id>/codes", programmes.codes, name="programmes.codes"),
    path("programmes/<int:programme_id>/capture", capturing.capture, name="programmes.capture"),
    path("programmes/<int:programme_id>/placements/new", placements.new, name="placements.new"),
    path("programmes/placements/<int:placement_id>", placements.edit, name="placements.edit"),
    path(
        "programmes/placements/<int:placement_id>/pause", placements.pause, name="placements.pause"
    ),
    path(
        "programmes/placements/<int:placement_id>/resume",
        placements.resume,
        name="placements.resume",
    ),
    path(
        "programmes/placements/<int:placement_id>/qr.<str:picture>",
        placements.qr,
        name="placements.qr",
    ),
]
