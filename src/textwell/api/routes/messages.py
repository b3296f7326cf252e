"""Single messages: one text to one person, judged by the gate before it is taken."""

from collections.abc import Sequence

from django.http import HttpResponse, StreamingHttpResponse
from ninja import Router, Status

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.files import JSON_LINES_ANSWER, json_lines_response
from textwell.api.paging import PagingQuery, make_page
from textwell.api.schemas.base import NUMBERS_SHOWN, Page
from textwell.api.schemas.messages import (
    Accepted,
    MessageDetail,
    MessageOut,
    NewMessage,
    SettleMessageIn,
)
from textwell.api.sending import refuse_places, take_message
from textwell.compliance.wording import Element
from textwell.messaging.actions import cancel_single
from textwell.messaging.models import Message
from textwell.messaging.proving import proofs_between
from textwell.messaging.selectors import access_message, list_messages, message_timeline
from textwell.messaging.settling import Fate, settle_single
from textwell.messaging.types import MessageRow

router = Router(tags=["Messages"])


@router.post("", auth=ApiKey(Scope.MESSAGES_SEND), response={202: Accepted})
def send_message(
    request: KeyRequest, new: NewMessage, response: HttpResponse
) -> Status[dict[str, object]]:
    """Send one text to one person, as it is but for its links.

    The gate judges at once (consent, suppression, sender, the workspace's cap, expiry) and again at
    hand-off; what it refuses is answered with 422 and its reason, and nothing is recorded. Use an
    Idempotency-Key: a repeated request then gives the same answer and sends nothing twice.
    """
    refuse_places(new)
    taken = take_message(request.auth, new)
    message = taken.message
    response["Location"] = f"{request.path.rstrip('/')}/{taken.id}"
    answer = {
        "id": taken.id,
        "contact_id": message.contact_id,
        "to": message.msisdn,
        "gateway_id": message.gateway_id,
        "sender": message.sender,
        "lane": message.lane,
        "encoding": taken.encoding,
        "segment_count": taken.segment_count,
        "due_at": message.due_at,
        "adds": show_adds(taken.adds),
    }
    return Status(202, answer)


def show_adds(adds: Sequence[Element]) -> list[dict[str, object]]:
    """What law has a text say beside what was written."""
    return [
        {
            "kind": each.kind,
            "text": each.text,
            "is_legal": each.is_legal,
            "packs": list(each.packs),
        }
        for each in adds
    ]


def show_message(message: Message | MessageRow) -> dict[str, object]:
    names = (
        "id", "contact_id", "country", "state", "reason", "code", "campaign_id", "gateway_id",
        "sender", "lane", "segment_count", "cost_micros", "planned_at", "due_at", "handed_at", "done_at",
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
    return make_page(rows, limit=paging.limit, shown=show_message, cursor=lambda row: row.id)


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


@router.get(
    "/{int:message_id}/proof",
    auth=ApiKey(Scope.MESSAGES_READ),
    openapi_extra=JSON_LINES_ANSWER,
)
def get_proof(request: KeyRequest, message_id: int) -> StreamingHttpResponse:
    """What the gate decided at hand-off and by which facts, signed: lines of JSON, the latest last.

    A text that was held has several; one whose turn has not come yet, none. `textwell proof verify` and
    the public keys of the workspace check them with no database. The key under which the number is
    hashed is in them with the scope contacts:numbers alone; without it all else can be checked as well.
    """
    message = access_message(request.auth.workspace_id, message_id)
    is_shown = request.auth.allows(Scope.CONTACTS_NUMBERS)
    if is_shown:
        request.META[NUMBERS_SHOWN] = True
    return json_lines_response(
        proofs_between(message.workspace_id, message.id, message.id, with_keys=is_shown),
        f"proof-{message.id}.jsonl",
    )


@router.post("/{int:message_id}/cancel", auth=ApiKey(Scope.MESSAGES_SEND), response=MessageDetail)
def cancel_message(request: KeyRequest, message_id: int) -> dict[str, object]:
    """Withdraw a message that no connector has begun to hand off; canceled twice is once."""
    holder = request.auth
    cancel_single(workspace_id=holder.workspace_id, message_id=message_id, actor=holder.actor)
    return get_message(request, message_id)


@router.post(
    "/{int:message_id}/unknown/settle",
    auth=ApiKey(Scope.MESSAGES_SEND),
    response=MessageDetail,
)
def settle_message(
    request: KeyRequest, message_id: int, found: SettleMessageIn
) -> dict[str, object]:
    """Say that a message outside campaigns whose answer was lost was sent, or was not.

    Nothing is sent by it; twice is once. 409 where its fate is known, and for a campaign's message
    (`POST /campaigns/{id}/unknown/settle`).
    """
    holder = request.auth
    settle_single(
        workspace_id=holder.workspace_id,
        message_id=message_id,
        actor=holder.actor,
        fate=Fate(found.fate),
        reason=found.reason,
    )
    return get_message(request, message_id)
