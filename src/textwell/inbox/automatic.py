"""Texts that answer by themselves: one confirmation of a stop or a pause, HELP, WHY from the ledger.

Each goes by the way of an answer of the desk, in the transaction that records what was said. To who
cannot be reached nothing goes, and what was said holds all the same.
"""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from textwell.accounts.models import Workspace
from textwell.accounts.workspaces import spoken_name
from textwell.compliance.library import shipped_library
from textwell.consent.models import ConsentEvent
from textwell.consent.pausing import find_pause, pause_person
from textwell.consent.selectors import consent_state, find_suppression
from textwell.contacts.models import Contact
from textwell.contacts.zones import find_zones
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import FieldError
from textwell.inbox.answering import reach, text_to
from textwell.inbox.keywords import find_way_out
from textwell.inbox.models import Reply
from textwell.inbox.wordings import (
    choose_language,
    write_confirmed,
    write_help,
    write_narrowed,
    write_paused,
    write_why,
)
from textwell.messaging.actions import send_single
from textwell.messaging.purposes import ANSWER, CONFIRMATION, HELP
from textwell.messaging.selectors import was_sent_single

ACTOR: Final = "mo"
# Two machines that ask each other would never end.
WHY_EVERY: Final = timedelta(hours=1)
HELP_EVERY: Final = timedelta(hours=1)
CONFIRM_WITHIN: Final = timedelta(hours=24)


def confirm_opt_out(
    contact: Contact, *, spoken: str | None, said_at: datetime, what: str = ""
) -> int | None:
    """One neutral text that the opt-out is recorded, where the country's pack allows it outright.

    `what` ended, and how to end the rest, where that was not all. The caller asks that the person was
    not opted out before. None: nothing was sent.
    """
    pack = shipped_library().find(contact.country, now().date()) if contact.country else None
    rule = pack.confirmation if pack else None
    if rule is None or not (rule.allowed or rule.required):
        return None  # where law is silent, a person who said stop hears nothing more
    workspace = Workspace.objects.get(id=contact.workspace_id)
    language = choose_language(contact.language or spoken, contact.country, workspace.language)
    brand, at = _brand_of(workspace), _clock_of(contact, workspace, said_at)
    if what:
        word = find_way_out(contact.country, language)
        body = write_narrowed(language, brand=brand, what=what, at=at, word=word)
    else:
        body = write_confirmed(language, brand=brand, at=at)
    return _send(contact, body, CONFIRMATION)


def pause_as_asked(
    contact: Contact, *, days: int, spoken: str | None, said_at: datetime, source: str
) -> bool:
    """Carry out a pause and say until when; False: it would be over, or too long by now.

    A pause that ends later holds: words for a shorter one may be about something else.
    """
    until = said_at + timedelta(days=days)
    found = find_pause(contact.workspace_id, contact.id)
    if found and found.until >= until:
        return True
    try:
        pause_person(
            workspace_id=contact.workspace_id,
            contact_id=contact.id,
            until=until,
            source=source,
            actor=ACTOR,
        )
    except FieldError:
        return False
    workspace = Workspace.objects.get(id=contact.workspace_id)
    language = choose_language(contact.language or spoken, contact.country, workspace.language)
    word = find_way_out(contact.country, language)
    at = _clock_of(contact, workspace, until)
    _send(contact, write_paused(language, brand=_brand_of(workspace), at=at, word=word), ANSWER)
    return True


def answer_why(contact: Contact, *, spoken: str | None) -> int | None:
    """When, where and to what the person agreed, and how to stop; in their language, from the ledger.

    None, and a person should look: no consent holds, or the same was answered within the hour.
    """
    asked = Reply.objects.filter(
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        intent="question",
        handled_at__gt=now() - WHY_EVERY,
    )
    state = consent_state(contact.workspace_id, contact.id)
    if state is None or not state.is_granted or asked.exists():
        return None
    event = ConsentEvent.objects.get(id=state.event_id)
    workspace = Workspace.objects.get(id=contact.workspace_id)
    language = choose_language(spoken or contact.language, contact.country, workspace.language)
    body = write_why(
        language,
        brand=_brand_of(workspace),
        at=_clock_of(contact, workspace, event.given_at)[:10],
        source=event.source,
        wording=event.wording,
        word=find_way_out(contact.country, language),
    )
    return _send(contact, body, ANSWER)


def answer_help(contact: Contact, *, spoken: str | None) -> int | None:
    """Who sends, where to ask and how to stop, in the person's language.

    None, and a person should look: no pack of the country allows it, the person cannot be reached, or
    the same was answered within the hour; `hold_askers` lets no two at once find that it was not.
    """
    pack = shipped_library().find(contact.country, now().date()) if contact.country else None
    if pack is None or (pack.help_reply and pack.help_reply.allowed is False):
        return None
    if was_sent_single(contact.workspace_id, contact.id, HELP, since=now() - HELP_EVERY):
        return None
    workspace = Workspace.objects.get(id=contact.workspace_id)
    language = choose_language(contact.language or spoken, contact.country, workspace.language)
    body = write_help(
        language,
        brand=_sender_of(workspace),
        contact=workspace.public_contact,
        word=find_way_out(contact.country, language),
    )
    return _send(contact, body, HELP)


def hold_askers(contacts: list[Contact]) -> None:
    """Others who would answer these people by themselves wait until we are done."""
    _hold("answer", contacts)


def are_opted_out(workspace_id: int, contacts: list[Contact]) -> set[int]:
    """Who of these was opted out before; others who record an opt-out of theirs wait until we are done."""
    _hold("opt_out", contacts)
    return {each.id for each in contacts if find_suppression(workspace_id, each.msisdn)}


def _hold(name: str, contacts: list[Contact]) -> None:
    with cursor() as raw:
        for contact_id in sorted({contact.id for contact in contacts}):
            key = f"{name}:{contact_id}"
            raw.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _send(contact: Contact, body: str, purpose: str) -> int | None:
    reached = reach(contact.workspace_id, contact.id, purpose=purpose)
    if reached.refusal is not None:
        return None
    message = text_to(
        reached,
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        body=body,
        purpose=purpose,
        lane="urgent",
        expires_at=now() + CONFIRM_WITHIN,
    )
    return send_single(message, actor=ACTOR)


def _brand_of(workspace: Workspace) -> str:
    return spoken_name(workspace.brand, workspace.name)


def _sender_of(workspace: Workspace) -> str:
    """As people know it, and as the law does where that is told and another: Lotus (Lotus SARL)."""
    brand, legal_name = _brand_of(workspace), workspace.legal_name
    return f"{brand} ({legal_name})" if legal_name not in ("", brand) else brand


def _clock_of(contact: Contact, workspace: Workspace, at: datetime) -> str:
    """What the person's clock shows where that is known, else the workspace's: 2026-11-28 14:05."""
    names = find_zones(contact).names
    name = names[0] if len(names) == 1 else workspace.zone
    return at.astimezone(ZoneInfo(name)).strftime("%Y-%m-%d %H:%M")
