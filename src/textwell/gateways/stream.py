"""What providers heard, as it travels on the streams: one form for binds and webhooks alike."""

from textwell.core.wire import DlrItem, MoItem
from textwell.gateways.providers.base import Mo, Receipt


def dlr_item(gateway_id: int, receipt: Receipt, *, message_id: int | None = None) -> DlrItem:
    """A receipt for the DLR stream. `message_id`: known from elsewhere, if the carrier echoes none."""
    known_id = receipt.message_id or message_id
    return DlrItem(
        gateway_id=gateway_id,
        provider_message_id=receipt.provider_message_id,
        provider_key=receipt.provider_key,
        state=receipt.state,
        reason=receipt.reason,
        code=receipt.code,
        done_at=receipt.done_at,
        received_at=receipt.received_at,
        message_id=known_id,
        msisdn="" if known_id else receipt.msisdn,
        submitted_at=None if known_id else receipt.submitted_at,
    )


def mo_item(gateway_id: int, mo: Mo) -> MoItem:
    """A text from a person for the MO stream."""
    return MoItem(
        gateway_id=gateway_id,
        source_key=mo.source_key,
        msisdn=mo.msisdn,
        recipient=mo.recipient,
        text=mo.text,
        received_at=mo.received_at,
    )
