"""What every page of a member shows: the navigation and the workspace."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from textwell.accounts.models import Workspace
from textwell.accounts.policy import Policy
from textwell.accounts.selectors import name_actors
from textwell.accounts.types import Permission
from textwell.campaigns.selectors import present_stop
from textwell.inbox.listing import MOST_UNREAD, count_unread
from textwell.web.docs import help_url


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
    Place(
        "web:programmes",
        pgettext_lazy("place of programmes", "Sign-up"),
        "user-plus",
        "u",
        Permission.VIEW_CAMPAIGNS,
        is_on_phone=False,
    ),
    Place("web:inbox", _("Inbox"), "inbox", "i", Permission.VIEW_INBOX),
    Place("web:gateways", _("Gateways"), "radio-tower", "y", Permission.VIEW_GATEWAYS),
    Place(
        "web:settings", _("Settings"), "settings", "s", Permission.VIEW_CONTACTS, is_on_phone=False
    ),
)


# A small business has one screen, what it had of people, and the way to everything else.
SMALL_PLACES = (
    Place("web:desk", _("Desk"), "house", "h", Permission.VIEW_INBOX),
    Place("web:inbox", _("Inbox"), "inbox", "i", Permission.VIEW_INBOX),
    Place("web:settings", _("Settings"), "settings", "s", Permission.VIEW_CONTACTS),
)


def shown_stop(workspace_id: int) -> dict[str, Any] | None:
    """Who pressed the red button, when and why; None without a record of it."""
    stop = present_stop(workspace_id)
    if stop is None:
        return None
    who = name_actors({stop.stopped_by}).get(stop.stopped_by, stop.stopped_by)
    return {"who": who, "at": stop.stopped_at, "reason": stop.reason}


def navigation(request: HttpRequest) -> dict[str, Any]:  # Any: a template context
    """`places`, `can`, `workspace` and the stop that holds; empty for strangers."""
    rights: Policy | None = getattr(request, "policy", None)
    if rights is None:
        return {}
    workspace: Workspace | None = getattr(request, "workspace", None)
    path = request.path
    places, phone_places = [], []
    for place in SMALL_PLACES if workspace and workspace.is_small else PLACES:
        if not rights.allows(place.permission):
            continue
        url = reverse(place.view)
        is_here = path == url if place.view == "web:home" else path.startswith(url)
        entry = {"place": place, "url": url, "is_here": is_here}
        places.append(entry)
        if place.is_on_phone:
            phone_places.append(entry)
    return {
        "help_url": help_url(path),
        "places": places,
        "phone_places": phone_places,
        # Asked only where a page shows the navigation, and then once.
        "count_unread": cache(lambda: count_unread(workspace.id) if workspace else 0),
        "most_unread": MOST_UNREAD,
        "workspace": workspace,
        "stop": shown_stop(workspace.id) if workspace and workspace.is_stopped else None,
        "can": {permission.value: rights.allows(permission) for permission in Permission},
    }
