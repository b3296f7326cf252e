"""Addresses of the doors; each answers for everything below its own beginning."""

from django.urls import URLPattern, path, re_path

from textwell.api.doors.kannel import views as kannel
from textwell.api.doors.segment import views as segment
from textwell.api.doors.twilio import views as twilio

urlpatterns: list[URLPattern] = [
    path("2010-04-01/Accounts/<str:account>.json", twilio.account),
    path("2010-04-01/Accounts/<str:account>/Messages.json", twilio.messages),
    path("2010-04-01/Accounts/<str:account>/Messages/<str:sid>.json", twilio.message),
    re_path("^2010-04-01/", twilio.no_such_path),
    path("cgi-bin/sendsms", kannel.sendsms),
    re_path("^cgi-bin/", kannel.no_such_path),
    path("segment/v1/<str:kind>", segment.take),
    re_path("^segment/", segment.no_such_path),
]
