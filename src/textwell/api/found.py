"""What the ledger has about one message that a program asks for, and what the gate makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from django.db.models import Max

from textwell.api import sql
from textwell.api.schemas.messages import NewMessage, Purpose
from textwell.compliance.types import Layer
from textwell.compliance.wording import Speaker
from textwell.consent.models import ConsentState
from textwell.core.clock import now
from textwell.gateways.selectors import is_simulated_kind
from textwell.messaging.adding import Single, Terms
from textwell.messaging.caps import Caps, count_recent, load_named, load_steps
from textwell.messaging.gate import Facts
from textwell.messaging.law import Law, Place, capped_places, judge_law, place_of, subject_places
from textwell.messaging.plan_law import law_layer, terms_of
from textwell.messaging.promised import find_unpromised, list_unpromised
from textwell.messaging.purposes import is_marketing, needs_consent
from textwell.messaging.sender_law import class_of, judge_kind
from textwell.text import Number


@dataclass(frozen=True, slots=True)
class Found:
    """What the ledger knows about a number and the route to it."""

    contact_id: int | None
    country: str
    suppression: str
    is_granted: bool | None
    has_record: bool
    gateway_id: int | None
    sender: str
    cap_count: int  # the workspace's, where it holds; 0: none
    recent_count: int
    is_sample: bool
    is_simulated: bool  # the gateway reaches no phone
    is_answered: bool  # the Idempotency-Key was used before; False where none is asked about
    law_layer: str  # the workspace's, see messaging.plan_law
    place: Place
    paused_until: datetime | None = None
    sender_kind: str = ""  # "" where no sender fits
    is_registered: bool = False  # that sender, in the number's country, for the purpose's class
    is_per_sender: bool = False  # the topic is agreed to from one sender at a time
    register_reason: str = ""  # what a register of the country has against the number
    consent_reason: str = ""  # why their yes does not count
    words: Single | None = None  # what law may have a text say; None where it asks nothing
    handed: tuple[datetime, ...] = ()  # of texts before, or planned, where a cap of law counts them
    has_promise: bool = False  # whether there is a public one, for marketing: see `with_promise`
    promise_reason: str = ""  # what it does not name
    invitation_reason: str = ""  # why they may not be invited


def asked_facts(workspace_id: int, new: NewMessage, number: Number) -> dict[str, Any]:
    """One row of what `sql.MESSAGE_FACTS` is asked."""
    return {
        "workspace_id": workspace_id,
        "msisdn": number.e164,
        "country": number.region or "",
        "purpose": new.purpose.value,
        "topic": new.topic,
        "brand": new.brand,
        "is_marketing": is_marketing(new.purpose.value),
        "gateway_id": new.gateway_id,
        "sender": new.sender,
        # A text for later is counted among those that are to go before it.
        "cap_at": new.send_at if new.send_at is not None and new.send_at > now() else None,
    }


def facts_params() -> dict[str, Any]:
    """What `sql.MESSAGE_FACTS` binds beside its rows."""
    day = now().date()
    return {
        **terms_of(Layer.LEGAL),
        "capped": list(capped_places(day)),
        "by_subject": list(subject_places(day)),
    }


def read_found(row: Sequence[Any], number: Number) -> Found:
    """One row that `sql.MESSAGE_FACTS` answers."""
    (contact_id, known, suppression, is_granted, has_record, gateway_id, sender, cap, recent,
     is_sample, provider, is_answered, layer, zone, paused_until, is_sandbox,
     kind, is_registered, is_per_sender, register_reason, speaker, language, words_kind,
     handed, consent_reason, has_promise, invitation_reason) = row  # fmt: skip
    country = known or number.region or ""
    asks_law = not is_sandbox and not is_simulated_kind(provider)
    return Found(
        contact_id,
        country,
        suppression or "",
        is_granted,
        has_record,
        gateway_id,
        sender or "",
        cap,
        recent,
        is_sample,
        is_simulated_kind(provider),
        is_answered,
        layer,
        place_of(country, number.e164 or "", zone),
        paused_until,
        "" if is_sandbox else kind or "",
        is_registered,
        is_per_sender,
        "" if is_simulated_kind(provider) else register_reason,
        _binding(consent_reason, asks_law=asks_law),
        _words(speaker, sender or "", words_kind, layer, language)
        if asks_law and words_kind
        else None,
        tuple(handed or ()),
        has_promise,
        invitation_reason=invitation_reason,
    )


def _binding(reason: str, *, asks_law: bool) -> str:
    """What the person chose holds everywhere, what law asks where there is a phone."""
    return reason if asks_law or reason == "email_only" else ""


def _words(speaker: list[str], sender: str, kind: str, layer: str, language: str) -> Single:
    """Of marketing to phones, as `adding.read_terms` finds it."""
    asked = law_layer(purpose=Purpose.MARKETING.value, is_simulated=False, layer=layer)
    terms = Terms(Speaker(*speaker), sender, kind, asked, now().date())
    return Single(terms, language, terms)


def read_facts(
    workspace_id: int, new: NewMessage, number: Number, *, cap_at: datetime | None = None
) -> Found:
    """`cap_at`: when it would go, for the caps; None: when it shall."""
    facts = asked_facts(workspace_id, new, number)
    if cap_at is not None:
        facts["cap_at"] = cap_at
    asked = orjson.dumps([facts]).decode()
    with connection.cursor() as cursor:
        cursor.execute(sql.MESSAGE_FACTS, {"asked": asked, **facts_params()})
        return read_found(cursor.fetchone(), number)


def with_promise(workspace_id: int, new: NewMessage, found: Found, *, at: datetime) -> Found:
    """What was promised in public: its cap in place of the workspace's, where that is reached at `at`.

    Of somebody with several consents the latest counts, which promises most: nobody is refused here
    whom the hand-off would let through.
    """
    if not found.has_promise:
        return found
    unpromised = list_unpromised(load_named(workspace_id), found.sender, new.topic)
    found = replace(found, promise_reason=find_unpromised(unpromised, found.country))
    caps = Caps(promise=load_steps(workspace_id))
    if found.contact_id is None or not caps.is_any:
        return found
    agreed = ConsentState.objects.filter(contact_id=found.contact_id, is_granted=True)
    since = agreed.filter(channel="sms", purpose=new.purpose.value).aggregate(at=Max("since"))["at"]
    had, most = caps.judge_workspace(count_recent(found.contact_id, caps=caps, at=at), since)
    return replace(found, recent_count=had, cap_count=most) if most else found


def law_of(new: NewMessage, found: Found) -> Law:
    """What law says of the hour at which it is to go, after the texts before it."""
    layer = law_layer(
        purpose=new.purpose.value, is_simulated=found.is_simulated, layer=found.law_layer
    )
    moment = now()
    return judge_law(found.place, max(new.send_at or moment, moment), layer, found.handed)


def gate_facts(new: NewMessage, found: Found, law: Law) -> Facts:
    """What the gate is asked before a message is taken."""
    paused_until = found.paused_until
    if new.send_at is not None and paused_until is not None and paused_until <= new.send_at:
        paused_until = None  # over by then
    return Facts(
        at=now(),
        is_sample=found.is_sample,
        is_simulated=found.is_simulated,
        is_known=True,  # a new number becomes known if the rest allows
        suppression=found.suppression,
        needs_consent=needs_consent(new.purpose.value),
        is_granted=found.is_granted,
        has_consent_record=found.has_record,
        is_sender_allowed=found.gateway_id is not None,
        recent_count=0,
        cap_count=0,
        workspace_recent_count=found.recent_count,
        workspace_cap_count=found.cap_count,
        expires_at=new.expires_at,
        law_reason=law.reason,
        lawful_at=law.lawful_at,
        paused_until=paused_until,
        sender_reason=_sender_reason(new, found),
        register_reason=found.register_reason,
        consent_reason=found.consent_reason,
        promise_reason=found.promise_reason,
        invitation_reason=found.invitation_reason,
    )


def _sender_reason(new: NewMessage, found: Found) -> str:
    """Why law lets nobody be shown this sender there."""
    if found.is_simulated or not found.sender_kind:
        return ""
    return judge_kind(
        found.country,
        found.sender_kind,
        class_of(new.purpose.value),
        is_registered=found.is_registered,
        on=now().date(),
    )
