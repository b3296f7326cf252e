"""What Prometheus hears of each gateway that this process serves.

The label `gateway` is the gateway's id, so a number or a name of a workspace is never on the page.
Gauges of a gateway go when its runner ends; counters stay.
"""

from collections.abc import Callable
from typing import Final

from textwell.core.metrics import counter, gauge
from textwell.gateways.failures import FailureClass
from textwell.messaging.gate import Reason

_GATEWAY: Final = ["gateway"]
HANDED_OFF = counter("connector_handed_off", "Messages given to the carrier.", _GATEWAY)
SEGMENTS = counter("connector_handed_off_segments", "Segments given to the carrier.", _GATEWAY)
OUTCOMES = counter(
    "connector_outcomes",
    "Messages that got their outcome: accepted, rejected, unknown, skipped, expired, held, canceled;"
    " `reason` is the class of a failure or the rule of the gate.",
    [*_GATEWAY, "outcome", "reason"],
)
THROTTLED = counter(
    "connector_throttled", "Answers of carriers that asked for a pause; tried again.", _GATEWAY
)
BIND_TRIES = counter(
    "connector_bind_tries",
    "Tries to connect, by outcome: bound, refused, unreachable.",
    [*_GATEWAY, "outcome"],
)
BOUND = gauge("connector_bound", "1 while the link to the carrier is up.", _GATEWAY)
RATE = gauge(
    "connector_segments_per_second", "Segments given to the carrier in the last second.", _GATEWAY
)
RATE_LIMIT = gauge(
    "connector_segments_per_second_limit", "The gateway's rate as it is set.", _GATEWAY
)
IN_FLIGHT = gauge("connector_in_flight", "Messages whose answer is not here yet.", _GATEWAY)
WINDOW = gauge("connector_window", "Most messages in flight at once, as it is set.", _GATEWAY)
WAITING = gauge("connector_waiting_again", "Messages marked that wait to be given again.", _GATEWAY)
LEASES = gauge("connector_leases", "Batches that this connector holds.", _GATEWAY)
LEASE_AGE = gauge(
    "connector_lease_age_seconds",
    "Since the lease renewed longest ago was renewed; at 30 another connector may take it.",
    _GATEWAY,
)
_GAUGES: Final = (BOUND, RATE, RATE_LIMIT, IN_FLIGHT, WINDOW, WAITING, LEASES, LEASE_AGE)

# What the gate and the connector give as a reason, beside the classes of failures.
_REASONS: Final = frozenset(map(str, (*FailureClass, *Reason))) | {
    "",
    "answer_lost",
    "connector_left",
    "gateway_refused",
    "late",
    "not_read",
    "paused",
    "stop_heard",
    "stopped",
    "text_failed",
    "wording_missing",
}


class Meters:
    """The metrics of one gateway."""

    def __init__(self, gateway_id: int) -> None:
        self._gateway = str(gateway_id)
        self.handed_off = HANDED_OFF.labels(self._gateway)
        self.segments = SEGMENTS.labels(self._gateway)
        self.throttled = THROTTLED.labels(self._gateway)
        self.bound = BOUND.labels(self._gateway)
        self._rate = RATE.labels(self._gateway)
        self._segments_now = 0

    def watch(
        self,
        *,
        limit: float,
        window: int,
        in_flight: Callable[[], int],
        waiting: Callable[[], int],
        leases: Callable[[], int],
        lease_age_s: Callable[[], float],
    ) -> None:
        """Show what the runner holds; the callables are asked at each scrape, in another thread."""
        RATE_LIMIT.labels(self._gateway).set(limit)
        WINDOW.labels(self._gateway).set(window)
        IN_FLIGHT.labels(self._gateway).set_function(in_flight)
        WAITING.labels(self._gateway).set_function(waiting)
        LEASES.labels(self._gateway).set_function(leases)
        LEASE_AGE.labels(self._gateway).set_function(lease_age_s)
        self.bound.set(0)

    def hand_off(self, *, messages: int, segments: int) -> None:
        self.handed_off.inc(messages)
        self.segments.inc(segments)
        self._segments_now += segments

    def tick(self, elapsed_s: float) -> None:
        """A second or so passed: the rate since the last call."""
        segments, self._segments_now = self._segments_now, 0
        self._rate.set(segments / elapsed_s if elapsed_s > 0 else 0.0)

    def outcome(self, outcome: str, reason: str = "", count: int = 1) -> None:
        known = reason if reason in _REASONS else "other"
        OUTCOMES.labels(self._gateway, outcome, known).inc(count)

    def bind_tried(self, outcome: str) -> None:
        BIND_TRIES.labels(self._gateway, outcome).inc()

    def leave(self) -> None:
        """The runner ends: what it showed of the present is no longer true."""
        for each in _GAUGES:
            each.remove(self._gateway)
