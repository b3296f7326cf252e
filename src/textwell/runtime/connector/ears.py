"""What a carrier says by itself, receipts and replies: on the stream before it is acknowledged.

A STOP is heard here first: from the moment that it is acknowledged nothing may be handed off to its
number, and whoever records it may be busy, or down.
"""

from collections.abc import Callable

from textwell.core.bus import Bus
from textwell.core.wire import DlrItem, MoItem, encode
from textwell.gateways.providers.base import Mo, Receipt
from textwell.gateways.stream import dlr_item, mo_item
from textwell.inbox.words import understand
from textwell.runtime.connector.forward import Forwarder
from textwell.smpp.recent import Recent
from textwell.text import parse_number


class Ears:
    """One door for DLRs and one for MOs of a gateway; each returns once the stream has stored them.

    `recent`: message id by the carrier's key, to save a look-up. A key that is not there is looked up
    in the ledger by whoever records the receipt.
    """

    def __init__(
        self,
        *,
        gateway_id: int,
        bus: Bus,
        recent: Recent[int, int],
        on_stop: Callable[[list[str]], None],
    ) -> None:
        self._gateway_id = gateway_id
        self._bus = bus
        self._recent = recent
        self._on_stop = on_stop
        self._receipts: Forwarder[DlrItem] = Forwarder(self._publish_receipts)
        self._mos: Forwarder[MoItem] = Forwarder(self._publish_mos)

    async def hear_receipts(self, receipts: list[Receipt]) -> None:
        gateway, find = self._gateway_id, self._recent.get
        await self._receipts.store(
            [dlr_item(gateway, r, message_id=find(r.provider_key)) for r in receipts]
        )

    async def hear_mos(self, mos: list[Mo]) -> None:
        stops = [mo.msisdn for mo in mos if _is_stop(mo)]
        if stops:
            self._on_stop(stops)
        await self._mos.store([mo_item(self._gateway_id, mo) for mo in mos])

    async def drain(self) -> None:
        """Send what is gathered and wait for it."""
        await self._receipts.drain()
        await self._mos.drain()

    async def _publish_receipts(self, items: list[DlrItem]) -> None:
        await self._bus.publish(f"dlr.{self._gateway_id}", encode(items))

    async def _publish_mos(self, items: list[MoItem]) -> None:
        await self._bus.publish(f"mo.{self._gateway_id}", encode(items))


def _is_stop(mo: Mo) -> bool:
    """By the words of the number's country.

    The person's language may say more, but is not known here: then it waits for its recording.
    """
    return understand(mo.text, parse_number(mo.msisdn, None).region).intent == "opt_out"
