"""What was on record of a person on a day, and the signed proof of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from textwell.accounts.types import Permission
from textwell.consent.chain.form import write_line
from textwell.consent.chain.roots import prove_state
from textwell.consent.models import ConsentEvent
from textwell.consent.past import PastState, states_at
from textwell.consent.topics import list_brands, list_topics
from textwell.consent.types import ConsentScope
from textwell.contacts.selectors import access_contact
from textwell.core.clock import is_meant, now
from textwell.core.errors import Conflict, NotFound
from textwell.web.access import MemberRequest, member_page
from textwell.web.actors import actor_words
from textwell.web.pages import tell, whole_number

PAGE_SIZE = 50
_TO_THE_SECOND = "%Y-%m-%dT%H:%M:%S"


class MomentForm(forms.Form):
    """A moment in the reader's zone; links give one with its own offset."""

    at = forms.DateTimeField(
        label=_("As of"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": "1"}, format=_TO_THE_SECOND
        ),
        help_text=_("In your time zone."),
    )

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if not is_meant(at):
            raise forms.ValidationError(_("Give a time that can be."))
        return min(at, now())


@require_safe
@member_page(Permission.VIEW_CONTACTS)
def page(request: MemberRequest, contact_id: int) -> HttpResponseBase:
    """Without a moment in the address: as of now."""
    workspace_id = request.workspace.id
    contact = access_contact(workspace_id, contact_id)
    asked = MomentForm(request.GET) if request.GET.get("at") else None
    has_fault = asked is not None and not asked.is_valid()
    at = asked.cleaned_data["at"] if asked and not has_fault else now()
    states = [] if has_fault else states_at(workspace_id, contact_id, at)
    history, older_id = _history(request, contact_id)
    names = actor_words({each.actor for each in history} | {each.event.actor for each in states})
    context = {
        "contact": contact,
        "form": asked if has_fault else MomentForm(initial={"at": at.replace(microsecond=0)}),
        "has_fault": has_fault,
        "at": at,
        "at_text": _in_address(at),
        "states": [(each, names[each.event.actor]) for each in states],
        "history": [
            (each, names[each.actor], _in_address(_second_after(each.recorded_at)))
            for each in history
        ],
        "older_id": older_id,
        **_scope_names(workspace_id, states, history),
    }
    return render(request, "contacts/consent.html", context, status=422 if has_fault else 200)


def _history(request: MemberRequest, contact_id: int) -> tuple[list[ConsentEvent], int | None]:
    """Events of the person, the last recorded first; and where older ones follow."""
    found = ConsentEvent.objects.filter(workspace_id=request.workspace.id, contact_id=contact_id)
    before = whole_number(request.GET.get("before"))
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found.order_by("-id")[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    return shown, shown[-1].id if len(rows) > PAGE_SIZE else None


def _scope_names(
    workspace_id: int, states: list[PastState], history: list[ConsentEvent]
) -> dict[str, Any]:
    """How topics and brands are called, also those that are closed; read where one is named."""
    scopes: list[ConsentScope | ConsentEvent] = [*(each.scope for each in states), *history]
    has_topic = any(each.topic for each in scopes)
    has_brand = any(each.brand for each in scopes)
    return {
        "topics": {t.key: t.name for t in list_topics(workspace_id)} if has_topic else {},
        "brands": {b.key: b.name for b in list_brands(workspace_id)} if has_brand else {},
    }


def _second_after(at: datetime) -> datetime:
    """The address says whole seconds, and what was recorded within one is to be seen."""
    return at.replace(microsecond=0) + timedelta(seconds=1)


def _in_address(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


@require_safe
@member_page(Permission.EXPORT_REPORTS)
def export_proof(request: MemberRequest, contact_id: int) -> HttpResponseBase:
    """The signed proof of one scope at a moment, as `textwell consent check` reads it."""
    contact = access_contact(request.workspace.id, contact_id)
    asked = MomentForm(request.GET)
    at = asked.cleaned_data["at"] if asked.is_valid() else now()
    wanted = {
        name: request.GET.get(name, "")
        for name in ("channel", "purpose", "topic", "brand", "sender")
    }
    try:
        made = prove_state(
            request.workspace.id,
            contact.id,
            at,
            channel=wanted["channel"] or "sms",
            purpose=wanted["purpose"] or "marketing",
            scope=ConsentScope(wanted["topic"], wanted["brand"], wanted["sender"]),
            is_awaited=True,
        )
    except Conflict as error:
        tell(request, error)
        return redirect("web:contacts.consent", contact.id)
    if made is None:
        raise NotFound("consent on record", contact.id)
    response = HttpResponse(write_line(made) + b"\n", content_type="application/x-ndjson")
    response["Content-Disposition"] = f'attachment; filename="consent-{contact.id}.jsonl"'
    return response
