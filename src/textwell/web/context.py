"""What every page of a member shows: the navigation and the workspace."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from textwell.accounts.policy import Policy
from textwell.accounts.types import Permission


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation. `key` is pressed after g."""

    view: str
    label: Any  # a lazy translation
    icon: str
    key: str
    permission: Permission
    is_on_phone: bool = True


PLACES = (
    Place("web:home", _("Home"), "house", "h", Permission.VIEW_CONTACTS),
    Place("web:campaigns", _("Campaigns"), "megaphone", "c", Permission.VIEW_CAMPAIGNS),
    Place("web:contacts", _("Contacts"), "users", "p", Permission.VIEW_CONTACTS),
    Place("web:inbox", _("Inbox"), "inbox", "i", Permission.VIEW_INBOX),
    Place("web:gateways", _("Gateways"), "radio-tower", "y", Permission.VIEW_GATEWAYS),
    Place(
        "web:settings", _("Settings"), "settings", "s", Permission.VIEW_CONTACTS, is_on_phone=False
    ),
)


def navigation(request: HttpRequest) -> dict[str, Any]:  # Any: a template context
    """`places`, `can` and `workspace`; empty for strangers."""
    rights: Policy | None = getattr(request, "policy", None)
    if rights is None:
        return {}
    path = request.path
    places = []
    for place in PLACES:
        if not rights.allows(place.permission):
            continue
        url = reverse(place.view)
        is_here = path == url if place.view == "web:home" else path.startswith(url)
        places.append({"place": place, "url": url, "is_here": is_here})
    return {
        "places": places,
        "workspace": getattr(request, "workspace", None),
        "can": {permission.value: rights.allows(permission) for permission in Permission},
    }
