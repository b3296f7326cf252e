"""The states of a message and the moves between them: one table, in one place. Pure.

Late, doubled and disordered receipts change nothing: a final state does not move, but for
`unknown`, which a late receipt (or a late answer of the carrier) settles, or a person by hand. What
a person says is `not_sent` stays so until a person sends it again, or the carrier's word proves
them wrong.
"""

from enum import StrEnum


class State(StrEnum):
    PLANNED = "planned"  # row made by the plan, batch not yet published
    QUEUED = "queued"  # in a published or leased batch
    HANDING = "handing"  # its window is marked, the outcome is not known yet
    HELD = "held"  # marked, then held back before a byte left (stop, connector left); woken later
    SUBMITTED = "submitted"  # the carrier accepted it, no final receipt yet
    DELIVERED = "delivered"  # final receipt: on the handset
    UNDELIVERED = "undelivered"  # final receipt: the network could not deliver it
    EXPIRED = "expired"  # its time ran out, here before hand-off or at the carrier
    REJECTED = "rejected"  # refused by the carrier, at hand-off or by receipt
    UNKNOWN = "unknown"  # handed over, the answer was lost; never sent again on a guess
    NOT_SENT = "not_sent"  # was unknown; a person found that it never reached the carrier
    SKIPPED = "skipped"  # left out on purpose; reason says why
    CANCELED = "canceled"  # withdrawn before hand-off


WAITING = frozenset({State.PLANNED, State.QUEUED, State.HANDING, State.HELD})
FINAL = frozenset(
    {
        State.DELIVERED,
        State.UNDELIVERED,
        State.EXPIRED,
        State.REJECTED,
        State.SKIPPED,
        State.CANCELED,
    }
)
_BY_RECEIPT = frozenset({State.DELIVERED, State.UNDELIVERED, State.EXPIRED, State.REJECTED})

MOVES: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset(
        {State.QUEUED, State.HANDING, State.HELD, State.SUBMITTED, State.REJECTED, State.EXPIRED}
        | {State.UNKNOWN, State.SKIPPED, State.CANCELED}
        | _BY_RECEIPT  # a receipt may be folded before the outcome that names its message
    ),
    State.QUEUED: frozenset(
        {State.PLANNED, State.HANDING, State.HELD, State.SUBMITTED, State.UNKNOWN, State.SKIPPED}
        | {State.CANCELED}
        | _BY_RECEIPT
    ),
    State.HANDING: frozenset(
        {State.SUBMITTED, State.UNKNOWN, State.SKIPPED, State.HELD, State.QUEUED, State.CANCELED}
        | _BY_RECEIPT
    ),
    State.HELD: frozenset(
        {State.PLANNED, State.QUEUED, State.SKIPPED, State.EXPIRED, State.CANCELED}
    ),
    State.SUBMITTED: _BY_RECEIPT,
    State.UNKNOWN: _BY_RECEIPT | {State.SUBMITTED, State.NOT_SENT},
    State.NOT_SENT: _BY_RECEIPT | {State.SUBMITTED, State.PLANNED},  # planned: sent again by hand
    State.DELIVERED: frozenset(),
    State.UNDELIVERED: frozenset(),
    State.EXPIRED: frozenset(),
    State.REJECTED: frozenset(),
    State.SKIPPED: frozenset(),
    State.CANCELED: frozenset(),
}


def may_move(*, current: State, to: State) -> bool:
    """True if a message in `current` changes to `to`; False means: keep it as it is."""
    return to in MOVES[current]


_TERMS = {State.SUBMITTED: "accepted", State.NOT_SENT: "canceled"}


def equation_term(state: State) -> str:
    """The term of the send equation that a state counts in.

    audience = delivered + undelivered + rejected + expired + accepted + skipped + canceled
    + unknown + waiting; `accepted` are submitted ones without a final receipt, `canceled` are also
    those that a person found not sent.
    """
    if state in WAITING:
        return "waiting"
    return _TERMS.get(state, state.value)


EQUATION_TERMS = (
    "delivered",
    "undelivered",
    "rejected",
    "expired",
    "accepted",
    "skipped",
    "canceled",
    "unknown",
    "waiting",
)
