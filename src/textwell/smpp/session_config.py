"""The limits of one session as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textwell.smpp.codec import DEFAULT_MAX_PDU, HEADER_SIZE

MAX_WINDOW: Final = 10_000


@dataclass(frozen=True, slots=True)
class SessionConfig:
    """Limits of one session. All `_s` are seconds; None turns that timer off.

    `window`: our requests in flight, 1 to 10,000. `max_pdu`: octets. `response_timeout_s`: after it
    a request is UNKNOWN. `enquire_link_s`: silence of the peer before we ask. `bind_timeout_s`:
    from connection to bound (session_init_timer). `inactivity_s`: without messages before we
    unbind. `frame_timeout_s`: to finish a PDU once begun. `strict`: see `codec.decode`; off
    towards carriers, on where a peer is to be judged.
    """

    window: int = 100
    max_pdu: int = DEFAULT_MAX_PDU
    response_timeout_s: float | None = 30.0
    enquire_link_s: float | None = 30.0
    bind_timeout_s: float | None = 10.0
    inactivity_s: float | None = None
    frame_timeout_s: float | None = 30.0
    strict: bool = False
    first_sequence: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.window <= MAX_WINDOW:
            raise ValueError(f"window: {self.window} is outside of 1 to {MAX_WINDOW}")
        if self.max_pdu < HEADER_SIZE:
            raise ValueError(f"max_pdu: {self.max_pdu} is below a header's {HEADER_SIZE} octets")

    def shortest_timer_s(self) -> float:
        """The shortest timer that is on; how often `on_time` is worth a call follows from it."""
        timers = (
            self.response_timeout_s,
            self.enquire_link_s,
            self.bind_timeout_s,
            self.inactivity_s,
            self.frame_timeout_s,
        )
        return min((timer for timer in timers if timer is not None), default=60.0)
