"""What an SMSC delivered by one read, and its acknowledgement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textwell.smpp.commands import Status
from textwell.smpp.connection import Connection
from textwell.smpp.pdu import Pdu


@dataclass(frozen=True, slots=True)
class DeliverBatch:
    """deliver_sm, data_sm and alert_notification from one read, on the connection they came by.

    Acknowledge only what is stored for good: the SMSC sends again what is not acknowledged.
    An acknowledgement after that connection is gone is passed over (and the SMSC sends again).
    """

    pdus: list[Pdu]
    _connection: Connection

    def ack(self, sequences: Iterable[int] | None = None) -> int:
        """Acknowledge these, or all of the batch, in one write; how many were open."""
        return self.reject(Status.ESME_ROK, sequences)

    def reject(self, status: int, sequences: Iterable[int] | None = None) -> int:
        """Answer these, or all of the batch, with a status; how many were open."""
        if sequences is None:
            sequences = [pdu.sequence for pdu in self.pdus]
        return self._connection.answer((sequence, status, "") for sequence in sequences)
