"""Message ids of the carrier: unique, and scattered as real ones are, not rising."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textwell.gateways.providers.simulator.script import IdFormat

_ODD: Final = 0xD1342543DE82EF95  # any odd factor permutes 64 bits
_MASK: Final = 0xFFFFFFFFFFFFFFFF

FORMATS: Final[dict[IdFormat, Callable[[int], str]]] = {
    "hex": "{:016x}".format,
    "HEX": "{:016X}".format,
    "decimal": str,
    "padded": "{:020d}".format,
}


class Ids:
    """Scattered 64-bit numbers.

    `first` should be the time in microseconds: then a restarted carrier does not repeat itself.
    """

    def __init__(self, first: int) -> None:
        self._count = first

    def next(self) -> int:
        self._count += 1
        scattered = self._count * _ODD & _MASK
        return scattered ^ scattered >> 29
