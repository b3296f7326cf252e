"""Events in: taken when JetStream has stored them, worked into the ledger by the ingest role."""

from django.utils.translation import gettext as _
from ninja import Router, Status

from textwell.accounts.types import KeyHolder, Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.openapi import NEEDS_THE_STREAM
from textwell.api.schemas.events import EventBatch, EventsTaken, NewEvent
from textwell.api.tracking import publish_events
from textwell.contacts.actions import read_msisdn
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.core.wire import EventItem

router = Router(tags=["Events"])

FUTURE_S = 300  # clocks of senders are allowed to be this far ahead


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


@router.post(
    "",
    auth=ApiKey(Scope.EVENTS_WRITE),
    response={202: EventsTaken},
    openapi_extra=NEEDS_THE_STREAM,
)
def take_events(request: KeyRequest, batch: EventBatch) -> Status[dict[str, int]]:
    """Tell what people did: up to 500 events at once.

    202 means that all of them are stored on disk. After a 503 send the same again: an event is
    known by its `id` and counts once.
    """
    holder, at = request.auth, now().timestamp()
    items = [_read_event(place, event, holder, at) for place, event in enumerate(batch.events)]
    publish_events(holder.workspace_id, items)
    return Status(202, {"count": len(items)})
