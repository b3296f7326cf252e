"""Session states and which PDU may travel in which of them, as one table (3.4 section 2.2, 2.3).

OPEN: connected, not bound. OUTBOUND: the SMSC has sent outbind (5.0's name). BOUND_TX, BOUND_RX,
BOUND_TRX: bound as transmitter, receiver or transceiver. UNBOUND: unbind was sent or answered,
nothing more is to be said. CLOSED: no connection.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from textwell.smpp.commands import RESPONSE_BIT, Command


class State(Enum):
    OPEN = "open"
    OUTBOUND = "outbound"
    BOUND_TX = "bound_tx"
    BOUND_RX = "bound_rx"
    BOUND_TRX = "bound_trx"
    UNBOUND = "unbound"
    CLOSED = "closed"

    @property
    def is_bound(self) -> bool:
        return self in BOUND


class Side(Enum):
    """Which end of the session one is: the ESME (client) or the SMSC (server)."""

    ESME = "esme"
    SMSC = "smsc"


BOUND: Final = frozenset({State.BOUND_TX, State.BOUND_RX, State.BOUND_TRX})
_NONE: Final[frozenset[State]] = frozenset()
_UNBOUND_YET: Final = frozenset({State.OPEN, State.OUTBOUND})
_SENDING: Final = frozenset({State.BOUND_TX, State.BOUND_TRX})
_RECEIVING: Final = frozenset({State.BOUND_RX, State.BOUND_TRX})
_ANY: Final = _UNBOUND_YET | BOUND

# Request → states in which the ESME may send it, states in which the SMSC may send it.
# enquire_link is allowed before the bind as well: 5.0 has it so, and 3.4 peers send it.
REQUESTS: Final[dict[int, tuple[frozenset[State], frozenset[State]]]] = {
    Command.bind_transmitter: (_UNBOUND_YET, _NONE),
    Command.bind_receiver: (_UNBOUND_YET, _NONE),
    Command.bind_transceiver: (_UNBOUND_YET, _NONE),
    Command.outbind: (_NONE, frozenset({State.OPEN})),
    Command.unbind: (BOUND, BOUND),
    Command.enquire_link: (_ANY, _ANY),
    Command.submit_sm: (_SENDING, _NONE),
    Command.submit_multi: (_SENDING, _NONE),
    Command.query_sm: (_SENDING, _NONE),
    Command.cancel_sm: (_SENDING, _NONE),
    Command.replace_sm: (_SENDING, _NONE),
    Command.data_sm: (_SENDING, _RECEIVING),
    Command.deliver_sm: (_NONE, _RECEIVING),
    Command.alert_notification: (_NONE, _RECEIVING),
}

# What a session becomes once its bind is answered with ESME_ROK.
AFTER_BIND: Final[dict[int, State]] = {
    Command.bind_transmitter: State.BOUND_TX,
    Command.bind_receiver: State.BOUND_RX,
    Command.bind_transceiver: State.BOUND_TRX,
}


def may_send(side: Side, state: State, command_id: int) -> bool:
    """Whether `side` may send this request in this state; responses are ruled by their request."""
    if command_id >= RESPONSE_BIT:
        return state is not State.CLOSED
    by_esme, by_smsc = REQUESTS.get(command_id, (_NONE, _NONE))
    return state in (by_esme if side is Side.ESME else by_smsc)
