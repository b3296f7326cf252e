"""Single messages: one text to one person, judged by the gate before it is taken."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Status

from textwell.accounts.types import KeyHolder, Scope
from textwell.api import sql
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.errors import RefusedByGate
from textwell.api.paging import PagingQuery, make_page
from textwell.api.schemas.base import Page
from textwell.api.schemas.messages import (
    Accepted,
    Lane,
    MessageDetail,
    MessageOut,
    NewMessage,
    Purpose,
)
from textwell.consent.actions import record_opt_in
from textwell.contacts.actions import read_msisdn, upsert_contact
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.gateways.models import Gateway
from textwell.links.targets import prepare_target
from textwell.messaging.actions import SingleMessage, link_names, measured_text, send_single
from textwell.messaging.gate import Facts, Verdict, decide
from textwell.messaging.models import Message
from textwell.messaging.purposes import check_lane, is_marketing
from textwell.messaging.selectors import access_message, list_messages, message_timeline
from textwell.messaging.types import MessageRow
from textwell.text import Number, count_segments

router = Router(tags=["Messages"])

MAX_SEGMENTS = 10  # longer texts are cut or dropped by carriers
_LANES = {Purpose.MARKETING: Lane.BULK, Purpose.OTP: Lane.URGENT}


@dataclass(frozen=True, slots=True)
class _Found:
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


def _read_facts(workspace_id: int, new: NewMessage, msisdn: str, country: str) -> _Found:
    params: dict[str, Any] = {
        "workspace_id": workspace_id,
        "msisdn": msisdn,
        "country": country,
        "purpose": new.purpose.value,
        "gateway_id": new.gateway_id,
        "sender": new.sender,
        "is_marketing": is_marketing(new.purpose.value),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.MESSAGE_FACTS, params)
        row = cursor.fetchone()
    contact_id, known, suppression, is_granted, has_record, gateway_id, sender, cap, recent = row
    return _Found(
        contact_id,
        known or country,
        suppression or "",
        is_granted,
        has_record,
        gateway_id,
        sender or "",
        cap,
        recent,
    )


def _read_number(new: NewMessage) -> Number:
    try:
        return read_msisdn(new.to, new.region)
    except FieldError as error:
        field = "to" if error.field == "msisdn" else error.field
        raise FieldError(field, error.problem, error.mend) from None


def _lane(new: NewMessage) -> Lane:
    lane = new.lane or _LANES.get(new.purpose, Lane.CARE)
    check_lane(purpose=new.purpose.value, lane=lane.value)
    return lane


def _refuse_without_route(workspace_id: int, new: NewMessage, found: _Found) -> None:
    """A clear word where no sender fits, before the gate says so in general."""
    if found.gateway_id is not None:
        return
    gateways = Gateway.objects.filter(workspace_id=workspace_id)
    if new.gateway_id is not None and not gateways.filter(id=new.gateway_id).exists():
        mend = _("GET /v1/gateways lists yours.")
        raise FieldError("gateway_id", _("is no gateway of yours"), mend)
    problem = _("has no active sender for %(country)s") % {"country": found.country or "?"}
    field = "gateway_id" if new.sender is None else "sender"
    raise FieldError(field, problem, _("Add the sender to an active gateway, or choose another."))


def _mend(reason: str) -> str:
    mends = {
        "no_consent": _("Ask the person first; give `consent` if they agreed elsewhere."),
        "opted_out": _("The person said stop. Respect it; only a new consent changes this."),
        "suppressed": _("The number is on the suppression list: see why before lifting it."),
        "frequency_cap": _(
            "The person had enough marketing texts. Wait, or change the cap in the settings."
        ),
        "expired": _("Give an `expires_at` in the future, or none."),
    }
    return mends.get(reason, "")


def _judge(new: NewMessage, found: _Found) -> None:
    """Ask the gate as hand-off will.

    Raises:
        RefusedByGate: it would skip the message now.
    """
    decision = decide(
        Facts(
            at=now(),
            is_known=True,  # a new number becomes known if the rest allows
            suppression=found.suppression,
            needs_consent=is_marketing(new.purpose.value),
            is_granted=found.is_granted,
            has_consent_record=found.has_record,
            is_sender_allowed=found.gateway_id is not None,
            recent_count=0,
            cap_count=0,
            workspace_recent_count=found.recent_count,
            workspace_cap_count=found.cap_count,
            expires_at=new.expires_at,
        )
    )
    if decision.verdict is Verdict.SKIP:
        message = _("The gate refuses it: %(reason)s.") % {"reason": decision.reason}
        raise RefusedByGate(decision, message, _mend(decision.reason))


def _record_consent(workspace_id: int, new: NewMessage, msisdn: str, actor: str) -> None:
    if new.consent is None:
        return
    contact = upsert_contact(workspace_id=workspace_id, msisdn=msisdn, actor=actor)
    record_opt_in(
        workspace_id=workspace_id,
        contact_id=contact.id,
        source=new.consent.source,
        wording=new.consent.wording,
        given_at=new.consent.given_at,
        purpose=new.purpose.value,
        evidence=dict(new.consent.evidence),
        actor=actor,
    )


@router.post("", auth=ApiKey(Scope.MESSAGES_SEND), response={202: Accepted})
def send_message(
    request: KeyRequest, new: NewMessage, response: HttpResponse
) -> Status[dict[str, object]]:
    """Send one text to one person.

    The gate judges at once (consent, suppression, sender, the workspace's cap, expiry) and again at
    hand-off; what it refuses is answered with 422 and its reason, and nothing is recorded. Use an
    Idempotency-Key: a repeated request then gives the same answer and sends nothing twice.
    """
    number, lane = _read_number(new), _lane(new)
    _check_links(new)
    encoding, segment_count = count_segments(measured_text(new.body, len(new.links)))
    if segment_count > MAX_SEGMENTS:
        problem = _("takes %(count)d segments") % {"count": segment_count}
        raise FieldError("body", problem, _("Shorten it to %(most)d.") % {"most": MAX_SEGMENTS})
    # With evidence the gate judges what that adds, and a refusal takes it back: one transaction.
    with transaction.atomic() if new.consent else nullcontext():
        message = _prepare(request.auth, new, number, lane)
        message_id = send_single(message, actor=request.auth.actor)
    response["Location"] = f"{request.path.rstrip('/')}/{message_id}"
    answer = {
        "id": message_id,
        "contact_id": message.contact_id,
        "to": message.msisdn,
        "gateway_id": message.gateway_id,
        "sender": message.sender,
        "lane": message.lane,
        "encoding": encoding.value,
        "segment_count": segment_count,
    }
    return Status(202, answer)


def _prepare(holder: KeyHolder, new: NewMessage, number: Number, lane: Lane) -> SingleMessage:
    """The message as it goes out, once the gate has allowed it; its person exists."""
    assert number.e164 is not None
    _record_consent(holder.workspace_id, new, number.e164, holder.actor)
    found = _read_facts(holder.workspace_id, new, number.e164, number.region or "")
    _refuse_without_route(holder.workspace_id, new, found)
    _judge(new, found)
    assert found.gateway_id is not None
    return SingleMessage(
        workspace_id=holder.workspace_id,
        contact_id=found.contact_id or _make_contact(holder, number.e164),
        msisdn=number.e164,
        country=found.country,
        body=new.body,
        purpose=new.purpose.value,
        lane=lane.value,
        gateway_id=found.gateway_id,
        sender=found.sender,
        expires_at=new.expires_at,
        link_targets=tuple(new.links),
    )


def _check_links(new: NewMessage) -> None:
    for number, (name, target) in enumerate(
        zip(link_names(len(new.links)), new.links, strict=True)
    ):
        prepare_target(target, field=f"links.{number}")
        if name not in new.body:
            problem = _("has no place in the body")
            raise FieldError(
                f"links.{number}", problem, _("Write %(name)s there.") % {"name": name}
            )


def _make_contact(holder: KeyHolder, msisdn: str) -> int:
    made = upsert_contact(workspace_id=holder.workspace_id, msisdn=msisdn, actor=holder.actor)
    return made.id


def _show_row(row: MessageRow) -> dict[str, object]:
    return {
        "id": row.id,
        "contact_id": row.contact_id,
        "to": row.msisdn,
        "country": row.country,
        "state": row.state,
        "reason": row.reason,
        "code": row.code,
        "campaign_id": row.campaign_id,
        "segment_count": row.segment_count,
        "cost_micros": row.cost_micros,
        "handed_at": row.handed_at,
        "done_at": row.done_at,
    }


def show_message(message: Message) -> dict[str, object]:
    names = (
        "id", "contact_id", "country", "state", "reason", "code", "campaign_id", "gateway_id",
        "sender", "lane", "segment_count", "cost_micros", "planned_at", "handed_at", "done_at",
    )  # fmt: skip
    return {"to": message.msisdn, **{name: getattr(message, name) for name in names}}


@router.get("", auth=ApiKey(Scope.MESSAGES_READ), response=Page[MessageOut])
def list_all(
    request: KeyRequest,
    paging: PagingQuery,
    campaign_id: int | None = None,
    contact_id: int | None = None,
    state: str | None = None,
) -> dict[str, object]:
    """Messages by rising id, of a campaign, a person or in a state."""
    rows = list_messages(
        request.auth.workspace_id,
        campaign_id=campaign_id,
        contact_id=contact_id,
        states=None if state is None else [state],
        after_id=paging.after_id(),
        limit=paging.limit + 1,
    )
    return make_page(rows, limit=paging.limit, shown=_show_row, cursor=lambda row: row.id)


@router.get("/{int:message_id}", auth=ApiKey(Scope.MESSAGES_READ), response=MessageDetail)
def get_message(request: KeyRequest, message_id: int) -> dict[str, object]:
    """One message with its timeline: planned, handed over, answers, receipts."""
    workspace_id = request.auth.workspace_id
    message = access_message(workspace_id, message_id)
    timeline = message_timeline(workspace_id, message_id)
    return {
        **show_message(message),
        "timeline": [
            {"at": e.at, "kind": e.kind, "detail": e.detail, "code": e.code, "data": e.data}
            for e in timeline
        ],
    }
