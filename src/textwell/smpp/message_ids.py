"""Which submit_sm_resp a receipt's id belongs to, where a carrier writes it in two ways.

Carriers answer submit_sm with `0000A1F3` and send the receipt for `41459`, or with `a1f3`, padded,
or in other letters. What counts as equal is a setting of the gateway, never a guess at matching
time: two ids of one carrier that differ only in leading zeros may well be two messages. So the
default is EXACT, and each other format merges only what its meaning makes one:

- EXACT: nothing.
- CASELESS: letters of other case. Zeros count.
- DECIMAL: leading zeros of a number in decimal digits.
- HEX: leading zeros, `0x` and case of a number in hex digits.
- HEX_RECEIPT: submit_sm_resp in decimal, receipt in hex digits of the same number.
- HEX_SUBMIT: submit_sm_resp in hex, receipt in decimal digits of the same number.

An id that is no number of the format is compared exactly, and never equals a number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from enum import Enum
from hashlib import blake2b
from typing import Final


class IdFormat(Enum):
    """How a gateway writes its message ids; see the module."""

    EXACT = "exact"
    CASELESS = "caseless"
    DECIMAL = "decimal"
    HEX = "hex"
    HEX_RECEIPT = "hex_receipt"
    HEX_SUBMIT = "hex_submit"


class IdSource(Enum):
    """Where an id was read."""

    SUBMIT = "submit"
    RECEIPT = "receipt"


_DECIMAL: Final = re.compile(r"[0-9]{1,64}")
_HEX: Final = re.compile(r"(?:0[xX])?([0-9A-Fa-f]{1,64})")
_BASES: Final[dict[tuple[IdFormat, IdSource], int]] = {
    (IdFormat.DECIMAL, IdSource.SUBMIT): 10,
    (IdFormat.DECIMAL, IdSource.RECEIPT): 10,
    (IdFormat.HEX, IdSource.SUBMIT): 16,
    (IdFormat.HEX, IdSource.RECEIPT): 16,
    (IdFormat.HEX_RECEIPT, IdSource.SUBMIT): 10,
    (IdFormat.HEX_RECEIPT, IdSource.RECEIPT): 16,
    (IdFormat.HEX_SUBMIT, IdSource.SUBMIT): 16,
    (IdFormat.HEX_SUBMIT, IdSource.RECEIPT): 10,
}
_HEX_BASE: Final = 16


def canonical_id(message_id: str, *, id_format: IdFormat, source: IdSource) -> str:
    """One spelling for all spellings of an id: `number:…`, `letters:…` or `exact:…`."""
    if id_format is IdFormat.CASELESS:
        return f"letters:{message_id.casefold()}"
    base = _BASES.get((id_format, source))
    number = _number(message_id, base) if base else None
    return f"exact:{message_id}" if number is None else f"number:{number}"


def _number(message_id: str, base: int) -> int | None:
    if base == _HEX_BASE:
        match = _HEX.fullmatch(message_id)
        return int(match[1], 16) if match else None
    return int(message_id) if _DECIMAL.fullmatch(message_id) else None


def is_same_id(submitted: str, receipted: str, *, id_format: IdFormat) -> bool:
    """Whether a receipt's id is that of a submit_sm_resp."""
    return canonical_id(submitted, id_format=id_format, source=IdSource.SUBMIT) == canonical_id(
        receipted, id_format=id_format, source=IdSource.RECEIPT
    )


def id_key(
    message_id: str,
    *,
    id_format: IdFormat = IdFormat.EXACT,
    source: IdSource = IdSource.SUBMIT,
) -> int:
    """64-bit signed hash of the canonical id, the same in every process and release.

    Two of a hundred million ids collide with a chance of 0.03 %; where that matters, compare
    `canonical_id` as well.
    """
    text = (
        f"exact:{message_id}"
        if id_format is IdFormat.EXACT
        else canonical_id(message_id, id_format=id_format, source=source)
    )
    digest = blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def candidate_keys(message_id: str, *, source: IdSource = IdSource.RECEIPT) -> tuple[str, ...]:
    """Canonical ids under every format, most literal first, each once.

    For looking at a gateway whose format is not known yet; never for settling messages.
    """
    keys = (canonical_id(message_id, id_format=form, source=source) for form in IdFormat)
    return tuple(dict.fromkeys(keys))


def guess_id_format(submitted: Iterable[str], receipted: Iterable[str]) -> IdFormat | None:
    """The format under which most receipts find their message, the most literal if several do.

    None if no receipt finds one. For the set-up of a gateway, after some test messages.
    """
    submitted, receipted = set(submitted), set(receipted)
    found: Counter[IdFormat] = Counter()
    for form in IdFormat:
        known = {canonical_id(one, id_format=form, source=IdSource.SUBMIT) for one in submitted}
        found[form] = sum(
            canonical_id(one, id_format=form, source=IdSource.RECEIPT) in known for one in receipted
        )
    best, count = found.most_common(1)[0]
    return best if count else None
