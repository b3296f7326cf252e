"""Answering a person: the one text that goes out of a thread, once, by whoever was first.

The thread's row is locked for the whole transaction, and an answer names the last entry that its
writer had seen. So of two who answer at once one is first, and the other is told, sends nothing and
keeps their words. The text itself goes the way of every single message: the ledger, the work stream,
and the gate once more at hand-off.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.gateways.selectors import is_simulated_kind
from textwell.inbox import sql
from textwell.inbox.models import EntryKind, Thread, ThreadEntry
from textwell.inbox.places import shorten
from textwell.inbox.seen import check_seen
from textwell.inbox.threads import append_entry, hold_agent, lock_thread, store_thread
from textwell.inbox.types import AnswerRoute, Refusal
from textwell.messaging.actions import SingleMessage, send_single
from textwell.messaging.gate import Facts, Verdict, decide
from textwell.messaging.purposes import ANSWER, binding_suppression
from textwell.messaging.reasons import GATE_REASONS
from textwell.messaging.showing import judge_senders
from textwell.text import count_segments

PURPOSE, LANE = ANSWER, "urgent"
MAX_SEGMENTS = 10  # longer texts are cut or dropped by carriers
_PLACE = re.compile(r"\{[{%](?:[^{}]*[%}]\})?")


@dataclass(frozen=True, slots=True)
class Reached:
    """What the ledger knows of the person and the way to them."""

    msisdn: str
    country: str
    route: AnswerRoute | None
    refusal: Refusal | None  # None: they may be answered


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that is recorded and on its way."""

    thread: Thread
    entry: ThreadEntry
    is_repeat: bool = False  # the same answer was taken before: nothing was sent now


def look_up(thread: Thread) -> Reached:
    """Whether and how the person of a thread can be answered, as the gate will judge at hand-off."""
    return reach(thread.workspace_id, thread.contact_id, purpose=PURPOSE)


def reach(workspace_id: int, contact_id: int, *, purpose: str) -> Reached:
    """Whether and how a person can be sent one text for a purpose that needs no consent."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.ANSWER_FACTS,
            {"workspace_id": workspace_id, "contact_id": contact_id},
        )
        rows = cursor.fetchall()
    if not rows:
        return Reached("", "", None, _refusal("contact_erased"))
    row, sender_reason = _choose_way(workspace_id, rows, purpose)
    msisdn, country, is_sample, is_stopped, suppression, *way = row
    gateway_id, sender, provider, price_micros, currency, _kind, _is_sandbox = way
    route = AnswerRoute(gateway_id, sender, price_micros, currency) if gateway_id else None
    facts = Facts(
        at=now(),
        is_known=True,
        is_sample=is_sample,
        is_simulated=is_simulated_kind(provider) if route else is_sample,
        suppression=binding_suppression(purpose, suppression or ""),
        needs_consent=False,
        is_granted=None,
        has_consent_record=False,
        is_sender_allowed=route is not None,
        recent_count=0,
        cap_count=0,
        workspace_recent_count=0,
        workspace_cap_count=0,
        expires_at=None,
        law_reason="",  # an answer to whoever wrote is no marketing
        lawful_at=None,
        sender_reason=sender_reason,
    )
    decision = decide(facts)
    refusal = None
    if decision.verdict is Verdict.SKIP:
        refusal = _refusal(decision.reason)
    elif is_stopped:
        refusal = _refusal("stopped")
    return Reached(msisdn, country, route, refusal)


def _choose_way(
    workspace_id: int, rows: list[tuple[Any, ...]], purpose: str
) -> tuple[tuple[Any, ...], str]:
    """The first whose sender may be shown there, else the first, and why it may not be shown."""
    judge = judge_senders(workspace_id, rows[0][1], purpose)
    reasons = []
    for row in rows:
        gateway_id, sender, provider, _price, _currency, kind, is_sandbox = row[5:]
        is_free = gateway_id is None or is_sandbox or is_simulated_kind(provider)
        reasons.append("" if is_free else judge(sender, kind))
        if not reasons[-1]:
            return row, ""
    return rows[0], reasons[0]


def _refusal(reason: str) -> Refusal:
    mends = {
        "contact_erased": _("Close the thread."),
        "opted_out": _("Respect it; only a new consent of the person changes this."),
        "suppressed": _("See on the person’s page why, before lifting it."),
        "sender_not_allowed": _("Connect a gateway with an active sender for this country."),
        "sample_person": _("Answer by a simulated gateway."),
        "stopped": _("Let sending go on first."),
    }
    problem = str(GATE_REASONS[reason])
    if reason == "sender_not_allowed":
        problem = _("No active gateway has a sender for this person")
    return Refusal(reason, problem, mends.get(reason, ""))


def answer_thread(*, thread: Thread, text: str, seen: int, actor: str) -> Answered:
    """Send one text to the person, if nothing happened after the entry `seen`.

    The thread is open and answered then, and belongs to whoever answered if it was nobody's. The
    same answer by the same actor with the same `seen` is taken once, however often it comes.

    Raises:
        ThreadMoved: somebody answered, noted or wrote meanwhile; nothing is sent.
        FieldError: on `text`, on `seen` where there is no such entry, or on `thread` where the person
            cannot be answered; nothing is sent.
    """
    text = read_text(text)
    with transaction.atomic():
        held = lock_thread(thread)
        if held.last_entry != seen:
            repeated = _find_repeated(held, text, seen, actor)
            if repeated is not None:
                return Answered(held, repeated, is_repeat=True)
            check_seen(held, seen, _("Nothing of yours was sent."))
        reached = look_up(held)
        if reached.refusal is not None:
            raise FieldError("thread", reached.refusal.problem, reached.refusal.mend)
        entry = _send(held, reached, text, actor)
    return Answered(held, entry)


def read_text(text: str) -> str:
    """An answer as it is sent.

    Raises:
        FieldError: on `text`: it is empty, too long, or holds a place that nothing fills in.
    """
    text = text.strip()
    if not text:
        raise FieldError("text", _("is empty"), _("Write what the person shall read."))
    found = _PLACE.search(text)
    if found is not None:
        problem = _("holds “%(place)s”, which nothing fills in") % {"place": found.group()[:60]}
        raise FieldError("text", problem, _("Write the value itself, or put in a canned answer."))
    _encoding, segment_count = count_segments(text)
    if segment_count > MAX_SEGMENTS:
        problem = _("takes %(count)d segments") % {"count": segment_count}
        raise FieldError("text", problem, _("Shorten it to %(most)d.") % {"most": MAX_SEGMENTS})
    return text


def _find_repeated(held: Thread, text: str, seen: int, actor: str) -> ThreadEntry | None:
    """The same answer, if it was the first thing after `seen`: a form that was sent twice."""
    return held.entries.filter(
        number=seen + 1, kind=EntryKind.ANSWER, actor=actor, text=text
    ).first()


def text_to(
    reached: Reached,
    *,
    workspace_id: int,
    contact_id: int,
    body: str,
    purpose: str,
    lane: str,
    expires_at: datetime | None = None,
) -> SingleMessage:
    """One text by the way that was found; whoever calls has refused where there is none."""
    assert reached.route is not None, "the gate asks for it"
    return SingleMessage(
        workspace_id=workspace_id,
        contact_id=contact_id,
        msisdn=reached.msisdn,
        country=reached.country,
        body=body,
        purpose=purpose,
        lane=lane,
        gateway_id=reached.route.gateway_id,
        sender=reached.route.sender,
        expires_at=expires_at,
    )


def _send(held: Thread, reached: Reached, text: str, actor: str) -> ThreadEntry:
    message = text_to(
        reached,
        workspace_id=held.workspace_id,
        contact_id=held.contact_id,
        body=text,
        purpose=PURPOSE,
        lane=LANE,
    )
    message_id = send_single(message, actor=actor)
    entry = append_entry(held, EntryKind.ANSWER, actor, text=text, message_id=message_id)
    kind, _colon, number = actor.partition(":")
    if held.assignee_id is None and kind == "user" and hold_agent(held.workspace_id, int(number)):
        held.assignee_id = int(number)
    held.is_open, held.is_unread, held.waiting_since = True, False, None
    held.last_at, held.last_text, held.is_last_ours = entry.at, shorten(text), True
    held.last_message_id = message_id
    store_thread(held)
    audit_row(held, "thread", actor, "inbox.answered", after={"message_id": message_id})
    return entry
