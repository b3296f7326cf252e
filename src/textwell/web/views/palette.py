"""The palette: every page and act that this person may reach, and campaigns and people by name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from textwell.accounts.types import Permission
from textwell.campaigns.selectors import list_campaigns
from textwell.contacts.imports.plain_words import plain_word
from textwell.contacts.selectors import list_contacts
from textwell.core.masks import mask_msisdn
from textwell.web.access import MemberRequest, member_page
from textwell.web.context import PLACES

MOST_FOUND: Final = 5
SHORTEST: Final = 2  # letters of a search over campaigns and people
P = Permission


@dataclass(frozen=True, slots=True)
class Command:
    """A page or an act beyond the navigation."""

    view: str
    label: Any  # a lazy translation
    icon: str
    permission: Permission


COMMANDS: Final = (
    Command("web:desk", gettext_lazy("Desk"), "house", P.VIEW_INBOX),
    Command("web:campaigns.goals", gettext_lazy("New campaign"), "plus", P.EDIT_CAMPAIGNS),
    Command("web:templates", gettext_lazy("Templates"), "file-text", P.VIEW_CAMPAIGNS),
    Command("web:imports.upload", gettext_lazy("Import people"), "upload", P.IMPORT_CONTACTS),
    Command("web:imports", gettext_lazy("Imports"), "history", P.IMPORT_CONTACTS),
    Command("web:gateways.choose", gettext_lazy("Add a gateway"), "plus", P.EDIT_GATEWAYS),
    Command("web:settings.security", gettext_lazy("Your sign-in"), "key-round", P.VIEW_CONTACTS),
    Command("web:workspaces", gettext_lazy("Workspaces"), "arrow-left-right", P.VIEW_CONTACTS),
    Command("web:members", gettext_lazy("Members"), "users", P.MANAGE_MEMBERS),
    Command("web:keys", gettext_lazy("API keys"), "key-round", P.MANAGE_API_KEYS),
    Command("web:webhooks", gettext_lazy("Webhooks"), "webhook", P.MANAGE_WEBHOOKS),
    Command("web:link_domain", gettext_lazy("Link domain"), "link", P.MANAGE_WORKSPACE),
    Command("web:directory", gettext_lazy("Company directory"), "users", P.MANAGE_WORKSPACE),
    Command("web:styleguide", gettext_lazy("Style guide"), "palette", P.MANAGE_WORKSPACE),
    Command("web:audit", gettext_lazy("Audit log"), "history", P.VIEW_AUDIT),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to choose."""

    label: str
    url: str
    icon: str
    hint: str = ""


@require_safe
@member_page(Permission.VIEW_CONTACTS)
def rows(request: MemberRequest) -> HttpResponseBase:
    """What matches `q`; without it every page and act."""
    search = request.GET.get("q", "").strip()[:100]
    found = [
        (_("Pages"), [*_pages(request, search)]),
        (_("Acts"), [*_acts(request, search)]),
    ]
    if len(search) >= SHORTEST:
        found += [
            (_("Campaigns"), [*_campaigns(request, search)]),
            (_("Contacts"), [*_contacts(request, search)]),
        ]
    groups = [(title, those) for title, those in found if those]
    return render(request, "components/_palette_rows.html", {"groups": groups, "search": search})


def _pages(request: MemberRequest, search: str) -> Iterator[Row]:
    for place in PLACES:
        label = plain_word(str(place.label))
        if request.policy.allows(place.permission) and plain_word(search) in label:
            hint = "" if request.workspace.is_small else f"g {place.key}"
            # A small business begins at its desk: its home page is asked for.
            rest = "?all=1" if place.view == "web:home" and request.workspace.is_small else ""
            yield Row(str(place.label), reverse(place.view) + rest, place.icon, hint)


def _acts(request: MemberRequest, search: str) -> Iterator[Row]:
    for command in COMMANDS:
        label = plain_word(str(command.label))
        if request.policy.allows(command.permission) and plain_word(search) in label:
            yield Row(str(command.label), reverse(command.view), command.icon)


def _campaigns(request: MemberRequest, search: str) -> Iterable[Row]:
    if not request.policy.allows(Permission.VIEW_CAMPAIGNS):
        return
    for campaign in list_campaigns(request.workspace.id, search=search, limit=MOST_FOUND):
        url = reverse("web:campaigns.detail", args=[campaign.id])
        name = campaign.name or _("Draft")
        yield Row(name, url, "megaphone", str(campaign.get_state_display()))


def _contacts(request: MemberRequest, search: str) -> Iterable[Row]:
    for person in list_contacts(request.workspace.id, search=search, limit=MOST_FOUND):
        number = mask_msisdn(person.msisdn)
        name = f"{person.first_name} {person.last_name}".strip() or number
        yield Row(name, reverse("web:contacts.person", args=[person.id]), "user", number)
