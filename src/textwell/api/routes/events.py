"""Events in: taken when JetStream has stored them, worked into the ledger by the ingest role."""

import hashlib
from collections.abc import Iterator

from django.utils.translation import gettext as _
from ninja import Router, Status

from textwell.accounts.types import KeyHolder, Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.schemas.events import EventBatch, EventsTaken, NewEvent
from textwell.contacts.actions import read_msisdn
from textwell.core.bus import publish_sync
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.core.wire import EventItem, encode

router = Router(tags=["Events"])

FUTURE_S = 300  # clocks of senders are allowed to be this far ahead
MESSAGE_OCTETS = 512_000  # half of what NATS takes in one message


def _read_event(place: int, event: NewEvent, holder: KeyHolder, at: float) -> EventItem:
    given = [event.contact_id is not None, event.msisdn is not None, event.external_id is not None]
    if sum(given) != 1:
        mend = _("Give exactly one of contact_id, msisdn and external_id.")
        raise FieldError(f"events.{place}", _("does not say who"), mend)
    when = event.at.timestamp() if event.at else at
    if when > at + FUTURE_S:
        mend = _("Give the time at which it happened.")
        raise FieldError(f"events.{place}.at", _("lies in the future"), mend)
    msisdn = read_msisdn(event.msisdn).e164 if event.msisdn else None
    return EventItem(
        workspace_id=holder.workspace_id,
        name=event.name,
        at=when,
        source_key=event.id,
        contact_id=event.contact_id,
        msisdn=msisdn or "",
        external_id=event.external_id or "",
        properties=dict(event.properties),
    )


def _cut(items: list[EventItem]) -> Iterator[bytes]:
    """Payloads that fit into one message of the stream, in order."""
    payload = encode(items)
    if len(payload) <= MESSAGE_OCTETS or len(items) == 1:
        yield payload
        return
    half = len(items) // 2
    yield from _cut(items[:half])
    yield from _cut(items[half:])


@router.post("", auth=ApiKey(Scope.EVENTS_WRITE), response={202: EventsTaken})
def take_events(request: KeyRequest, batch: EventBatch) -> Status[dict[str, int]]:
    """Tell what people did: up to 500 events at once.

    202 means that all of them are stored on disk. After a 503 send the same again: an event is
    known by its `id` and counts once.
    """
    holder, at = request.auth, now().timestamp()
    items = [_read_event(place, event, holder, at) for place, event in enumerate(batch.events)]
    for payload in _cut(items):
        digest = hashlib.sha256(payload).hexdigest()[:32]
        publish_sync(f"event.{holder.workspace_id}", payload, msg_id=digest)
    return Status(202, {"count": len(items)})
