"""What time asks of a session: which of its limits is past. It decides, the session acts."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from textwell.smpp.states import State

if TYPE_CHECKING:
    from textwell.smpp.session_config import SessionConfig


class Due(Enum):
    """The limit that is past."""

    BIND = "nobody bound"
    FRAME = "a PDU was begun and not finished"
    UNBIND = "nothing but enquire_link for long"
    ENQUIRE = "the peer is silent"


class Timers:
    """When the connection opened, when the peer spoke, when either side had business."""

    def __init__(self, config: SessionConfig, *, now: float) -> None:
        self._config = config
        self._opened_at = self.received_at = self.business_at = now

    def find_due(
        self, now: float, *, state: State, partial_since: float | None, is_leaving: bool
    ) -> Due | None:
        """The first limit that is past, or None. `partial_since`: of a PDU that is not whole yet."""
        config = self._config
        if state in {State.OPEN, State.OUTBOUND} and _is_past(
            now, self._opened_at, config.bind_timeout_s
        ):
            return Due.BIND
        if partial_since is not None and _is_past(now, partial_since, config.frame_timeout_s):
            return Due.FRAME
        if not state.is_bound or is_leaving:
            return None
        if _is_past(now, self.business_at, config.inactivity_s):
            return Due.UNBIND
        if _is_past(now, self.received_at, config.enquire_link_s):
            return Due.ENQUIRE
        return None

    def has_heard_since(self, deadline: float) -> bool:
        """Whether the peer spoke after the request whose answer was due at `deadline`."""
        return self.received_at >= deadline - (self._config.response_timeout_s or 0)


def _is_past(now: float, since: float, limit_s: float | None) -> bool:
    return limit_s is not None and now - since >= limit_s
