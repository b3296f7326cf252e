"""One answer for a message of several parts.

Accepted by its last part's id once every part is accepted. A part refused for good refuses the
message: it can never be whole. Throttled parts are sent again by themselves where others are with
the carrier already; else the whole message is Throttled. Anything lost makes the message Unknown.
"""

from __future__ import annotations

from textwell.smpp.commands import THROTTLING
from textwell.smpp.events import NOT_SENT, UNKNOWN

_MOST_REPEATS = 20
_WAITING = -3  # no status of SMPP, nor of smpp.events


class LongMessage:
    """What is known of each part. `bodies` are kept to send throttled ones again."""

    __slots__ = ("_ids", "_repeats", "_statuses", "bodies", "message_id")

    def __init__(self, message_id: int, bodies: list[bytes]) -> None:
        self.message_id = message_id
        self.bodies = bodies
        self._statuses = [_WAITING] * len(bodies)
        self._ids = [""] * len(bodies)
        self._repeats = 0

    def settle(self, place: int, status: int, message_id: str) -> bool:
        """Note a part's answer; True once every part has one."""
        self._statuses[place] = status
        self._ids[place] = message_id
        return _WAITING not in self._statuses

    @property
    def is_begun(self) -> bool:
        """Whether a part of it is with the carrier, or may be."""
        return 0 in self._statuses or UNKNOWN in self._statuses

    def places_to_repeat(self) -> list[int]:
        """Throttled parts of a message that is partly with the carrier; they wait again then."""
        statuses = self._statuses
        is_wanted = any(status in THROTTLING for status in statuses)
        is_begun = 0 in statuses and all(not s or s in THROTTLING for s in statuses)
        if not (is_wanted and is_begun) or self._repeats >= _MOST_REPEATS:
            return []
        self._repeats += 1
        places = [place for place, status in enumerate(statuses) if status in THROTTLING]
        for place in places:
            statuses[place] = _WAITING
        return places

    def verdict(self) -> tuple[int, str]:
        """Status of the message as a whole, and its id if that is 0."""
        statuses = self._statuses
        if not any(statuses):
            return 0, self._ids[-1]
        refusals = [s for s in statuses if s > 0 and s not in THROTTLING]
        if refusals:
            return refusals[0], ""
        if UNKNOWN in statuses or 0 in statuses:
            return UNKNOWN, ""
        return (NOT_SENT if NOT_SENT in statuses else statuses[0]), ""
