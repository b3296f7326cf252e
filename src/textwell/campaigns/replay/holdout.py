"""Who is held out, as the plan's SQL has it: PostgreSQL's `hashint8extended`, written out. Pure."""

from __future__ import annotations

from typing import Final

_MASK: Final = 0xFFFFFFFF
_START: Final = (0x9E3779B9 + 4 + 3923095) & _MASK  # four octets are hashed
_MIX: Final = (4, 6, 8, 16, 19, 4)
_END: Final = (14, 11, 25, 16, 4, 14, 24)


def is_held_out(contact_id: int, campaign_id: int, percent: int) -> bool:
    """As `messaging.sql.plan` decides it: the same people however often it is asked."""
    hashed = hash_extended(contact_id, campaign_id)
    signed = hashed - (1 << 64) if hashed >> 63 else hashed
    return abs(signed) % 100 < percent  # of a negative one SQL's remainder is negative


def hash_extended(value: int, seed: int) -> int:
    """`hashint8extended` of a whole number of 64 bits, as one without a sign (Bob Jenkins' lookup3)."""
    low, high = value & _MASK, (value >> 32) & _MASK
    low ^= high if value >= 0 else ~high & _MASK
    a = b = c = _START
    if seed:
        a, b = (a + ((seed >> 32) & _MASK)) & _MASK, (b + (seed & _MASK)) & _MASK
        a, b, c = _mix(a, b, c)
    _a, b, c = _final((a + low) & _MASK, b, c)
    return (b << 32) | c


def _turn(value: int, by: int) -> int:
    return ((value << by) | (value >> (32 - by))) & _MASK


def _mix(a: int, b: int, c: int) -> tuple[int, int, int]:
    for by in _MIX:
        a = ((a - c) & _MASK) ^ _turn(c, by)
        c = (c + b) & _MASK
        a, b, c = b, c, a
    return a, b, c


def _final(a: int, b: int, c: int) -> tuple[int, int, int]:
    for by in _END:
        c = ((c ^ b) - _turn(b, by)) & _MASK
        a, b, c = b, c, a
    # Seven turns leave the three one place on.
    return c, a, b
