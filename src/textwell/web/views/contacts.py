"""People: the list, and everything about one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.disclosure import note_disclosure
from textwell.accounts.types import Permission
from textwell.campaigns.models import Campaign
from textwell.campaigns.selectors import access_campaign, list_launched
from textwell.consent.models import ConsentEvent
from textwell.consent.pausing import USUAL_DAYS, find_pause
from textwell.consent.preferring import CHOICES, list_preference_events
from textwell.consent.sample import count_sample
from textwell.consent.selectors import list_consent_states, list_suppression_reasons
from textwell.consent.types import OPTED_OUT
from textwell.contacts.choosing import PeopleFilter
from textwell.contacts.models import Contact, ContactList, FieldDefinition, ListMember
from textwell.contacts.saved import list_filters, wanted_of
from textwell.contacts.selectors import access_contact
from textwell.contacts.tracked.selectors import list_events
from textwell.contacts.zones import find_zones
from textwell.core.errors import FieldError
from textwell.inbox.listing import find_thread
from textwell.inbox.models import Reply
from textwell.links.models import Click
from textwell.messaging.models import Message
from textwell.reports.explanations import explain
from textwell.segments.figures import tags_in_use
from textwell.web.access import MemberRequest, member_page
from textwell.web.actors import actor_words
from textwell.web.forms.suppressions import WhyForm
from textwell.web.pages import whole_number
from textwell.web.people_table import people_table
from textwell.web.refusals import ask_again
from textwell.web.views.filters import address_of

MOST_ENTRIES = 100
MOST_CAMPAIGNS = 50  # to ask about; an older one is asked about from its list of people


@require_safe
@member_page(Permission.VIEW_CONTACTS)
def list_page(request: MemberRequest) -> HttpResponseBase:
    workspace_id = request.workspace.id
    wanted = PeopleFilter(
        search=request.GET.get("q", "").strip(),
        list_id=whole_number(request.GET.get("list")),
        tag=request.GET.get("tag") or None,
    )
    context = people_table(request, wanted) | _saved(workspace_id, wanted)
    if request.htmx.target == "rows":
        return render(request, "contacts/_found.html", context)
    context |= {"tags": tags_in_use(workspace_id), "sample_count": count_sample(workspace_id)}
    return render(request, "contacts/list.html", context)


def _saved(workspace_id: int, wanted: PeopleFilter) -> dict[str, Any]:
    """The context of contacts/_saved.html; `present` is the saved filter that is looked at."""
    filters = list_filters(workspace_id)
    present = next((each for each in filters if wanted_of(each) == wanted), None)
    rows = [
        (each, address_of(each.search, each.list_id, each.tag), each == present) for each in filters
    ]
    return {"saved": rows, "present": present}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened between us and a person."""

    at: datetime
    kind: str  # message | reply | click | consent | event
    row: Any  # the model's row: its template knows which


def _timeline(contact: Contact) -> list[Entry]:
    """Newest first."""
    workspace_id = contact.workspace_id
    sent = Message.objects.filter(workspace_id=workspace_id, contact_id=contact.id)
    texts = list(sent.order_by("-id")[:MOST_ENTRIES])
    clicks = Click.objects.filter(
        workspace_id=workspace_id, message_id__in=[message.id for message in texts]
    )
    replies = Reply.objects.filter(workspace_id=workspace_id, contact_id=contact.id)
    consents = ConsentEvent.objects.filter(workspace_id=workspace_id, contact_id=contact.id)
    entries = [
        *(Entry(m.handed_at or m.planned_at, "message", m) for m in texts),
        *(Entry(c.at, "click", c) for c in clicks.order_by("-at")[:MOST_ENTRIES]),
        *(Entry(r.received_at, "reply", r) for r in replies.order_by("-id")[:MOST_ENTRIES]),
        *(Entry(e.given_at, "consent", e) for e in consents.order_by("-id")[:MOST_ENTRIES]),
        *(
            Entry(e.at, "event", e)
            for e in list_events(workspace_id, contact.id, limit=MOST_ENTRIES)
        ),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:MOST_ENTRIES]


@require_safe
@member_page(Permission.VIEW_CONTACTS)
def person(request: MemberRequest, contact_id: int) -> HttpResponseBase:
    """With `campaign` in the address: also why the person did or did not get that one."""
    contact = access_contact(request.workspace.id, contact_id)
    if request.htmx.target == "why":
        request.policy.require(Permission.VIEW_REPORTS)
        context = {"contact": contact, **_explanation(request, contact)}
        return render(request, "contacts/_why.html", context)
    return _person(request, contact)


def _explanation(request: MemberRequest, contact: Contact) -> dict[str, Any]:
    """The context of contacts/_why.html; empty for who may see no reports."""
    if not request.policy.allows(Permission.VIEW_REPORTS):
        return {}
    campaigns = list_launched(request.workspace.id, limit=MOST_CAMPAIGNS)
    asked = _find_asked(request, campaigns)
    if asked is None:
        return {"campaigns": campaigns}
    return {
        "campaigns": campaigns if asked in campaigns else [asked, *campaigns],
        "asked": asked,
        "explanation": explain(asked, contact),
    }


def _find_asked(request: MemberRequest, campaigns: list[Campaign]) -> Campaign | None:
    """Raises NotFound for a campaign of another workspace."""
    asked_id = whole_number(request.GET.get("campaign"))
    if asked_id is None:
        return None
    known = next((each for each in campaigns if each.id == asked_id), None)
    return known or access_campaign(request.workspace.id, asked_id)


@never_cache
@require_POST
@member_page(Permission.REVEAL_NUMBERS)
def reveal(request: MemberRequest, contact_id: int) -> HttpResponseBase:
    """The same page with the full number, once, for a reason that the audit log keeps."""
    contact = access_contact(request.workspace.id, contact_id)
    try:
        note_disclosure(
            workspace_id=request.workspace.id,
            actor=request.actor,
            action="contacts.number_revealed",
            subject=f"contact:{contact.id}",
            reason=request.POST.get("reason", ""),
        )
    except FieldError as error:
        back = reverse("web:contacts.person", args=[contact.id])
        return ask_again(request, error, back=back, labels={"reason": _("What for?")})
    return _person(request, contact, shows_number=True)


def _person(
    request: MemberRequest, contact: Contact, *, shows_number: bool = False
) -> HttpResponseBase:
    workspace_id = request.workspace.id
    definitions = FieldDefinition.objects.filter(workspace_id=workspace_id).order_by("name")
    member_of = ListMember.objects.filter(contact_id=contact.id).values("list_id")
    suppressions = list_suppression_reasons(workspace_id, contact.msisdn)
    pause = find_pause(workspace_id, contact.id)
    may_read = request.policy.allows(Permission.VIEW_INBOX)
    context = {
        "contact": contact,
        "zones": find_zones(contact),
        "fields": [(d.label, contact.fields.get(d.name)) for d in definitions],
        "lists": ContactList.objects.filter(workspace_id=workspace_id, id__in=member_of),
        "states": list_consent_states(workspace_id, contact.id),
        "channels": next(iter(list_preference_events(workspace_id, contact.id)), None),
        "channel_choices": CHOICES,
        "suppressions": suppressions,
        "pause": pause,
        "pause_by": actor_words([pause.actor])[pause.actor] if pause else "",
        "pause_days": USUAL_DAYS,
        "suppress_form": WhyForm(),
        "is_opted_out": any(row.reason == OPTED_OUT for row in suppressions),
        "entries": _timeline(contact),
        "thread": find_thread(workspace_id, contact.id) if may_read else None,
        "shows_number": shows_number,
        **_explanation(request, contact),
    }
    return render(request, "contacts/person.html", context)
