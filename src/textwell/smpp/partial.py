"""The PDU that a read has begun and not finished: its octets so far, and since when."""

from __future__ import annotations


class Partial:
    """What the next read goes on with. Of a whole number of PDUs nothing is left over."""

    def __init__(self) -> None:
        self.octets = b""
        self.since: float | None = None

    def join(self, data: bytes) -> bytes:
        """What was left over, and what came now."""
        return self.octets + data if self.octets else data

    def keep(self, buffer: bytes, position: int, now: float) -> None:
        """Keep what stands behind `position`. It waits since now, unless it is the same PDU still."""
        self.octets = buffer[position:] if position else buffer
        if not self.octets:
            self.since = None
        elif position or self.since is None:
            self.since = now

    def clear(self) -> None:
        self.octets = b""
        self.since = None
