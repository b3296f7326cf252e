"""Messages longer than one PDU: written by UDH, SAR TLVs or message_payload, and put together.

Pure. Where a text is to be cut is not decided here: parts come in as octets, ready to be sent.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from textwell.smpp.errors import EncodeError
from textwell.smpp.layouts import MAX_SHORT_MESSAGE
from textwell.smpp.pdu import Pdu
from textwell.smpp.tlvs import encode_tlvs

UDH_INDICATOR: Final = 0x40
_MAX_PARTS: Final = 255
_IE_8_BIT, _IE_16_BIT = 0x00, 0x08  # information elements of 3GPP TS 23.040 section 9.2.3.24


class LongStrategy(Enum):
    """How a carrier wants long messages."""

    UDH_8_BIT = "udh8"
    UDH_16_BIT = "udh16"
    SAR_TLVS = "sar"
    MESSAGE_PAYLOAD = "payload"


@dataclass(frozen=True, slots=True)
class PartParams:
    """What differs from part to part; `tlvs` as octets for SubmitTemplate.body as well."""

    short_message: bytes
    has_udh: bool = False
    tlvs: dict[str, Any] = field(default_factory=dict)

    @property
    def tlv_octets(self) -> bytes:
        return encode_tlvs(self.tlvs)

    def fields(self, data_coding: int, esm_class: int = 0) -> dict[str, Any]:
        """The mandatory parameters that this part sets, by published name."""
        return {
            "esm_class": esm_class | UDH_INDICATOR if self.has_udh else esm_class,
            "data_coding": data_coding,
            "short_message": self.short_message,
        }


def build_parts(
    parts: Sequence[bytes], *, strategy: LongStrategy, reference: int
) -> Iterator[PartParams]:
    """PDU parameters for the parts of one message, in order.

    `reference` tells the messages to one number apart; its low 8 or 16 bits are used. One part
    alone goes without any header. With MESSAGE_PAYLOAD all parts travel in one PDU. Raises
    EncodeError for more than 255 parts, or a part that is too long with its header.
    """
    if len(parts) > _MAX_PARTS:
        raise EncodeError("parts", f"{len(parts)} parts, at most {_MAX_PARTS} fit")
    if strategy is LongStrategy.MESSAGE_PAYLOAD and (
        len(parts) > 1 or any(len(part) > MAX_SHORT_MESSAGE for part in parts)
    ):
        yield PartParams(b"", tlvs={"message_payload": b"".join(parts)})
    elif len(parts) == 1:
        yield _checked(PartParams(parts[0]))
    else:
        for number, part in enumerate(parts, 1):
            yield _checked(_part(part, strategy, reference, len(parts), number))


def _part(
    part: bytes, strategy: LongStrategy, reference: int, total: int, number: int
) -> PartParams:
    if strategy is LongStrategy.SAR_TLVS:
        return PartParams(
            part,
            tlvs={
                "sar_msg_ref_num": reference & 0xFFFF,
                "sar_total_segments": total,
                "sar_segment_seqnum": number,
            },
        )
    header = concat_header(reference, total, number, is_wide=strategy is LongStrategy.UDH_16_BIT)
    return PartParams(header + part, has_udh=True)


def concat_header(reference: int, total: int, number: int, *, is_wide: bool = False) -> bytes:
    """User data header of one part: 6 octets, or 7 with a 16-bit reference."""
    if is_wide:
        wide = (reference & 0xFFFF).to_bytes(2, "big")
        return bytes((6, _IE_16_BIT, 4)) + wide + bytes((total, number))
    return bytes((5, _IE_8_BIT, 3, reference & 0xFF, total, number))


def _checked(part: PartParams) -> PartParams:
    if len(part.short_message) > MAX_SHORT_MESSAGE:
        raise EncodeError(
            "short_message",
            f"a part of {len(part.short_message)} octets, at most {MAX_SHORT_MESSAGE} fit",
        )
    return part


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a message as it arrived; a whole message is part 1 of 1. `data` has no header."""

    reference: int
    total: int
    number: int
    data: bytes


def read_part(pdu: Pdu) -> Part:
    """The part that a deliver_sm, submit_sm or data_sm carries, by UDH or SAR TLVs.

    Headers that contradict themselves are taken for text: nothing that arrived is thrown away.
    """
    data = pdu.message
    if pdu.fields.get("esm_class", 0) & UDH_INDICATOR:
        elements, data = split_udh(data)
        for kind, value in elements:
            if part := _from_element(kind, value, data):
                return part
    # A TLV that is missing, or came twice and so is a list, makes no part.
    values = [pdu.tlvs.get(name) for name in _SAR_NAMES]
    numbers = [value for value in values if isinstance(value, int)]
    if len(numbers) == len(_SAR_NAMES) and 1 <= numbers[2] <= numbers[1]:
        return Part(numbers[0], numbers[1], numbers[2], data)
    return Part(0, 1, 1, data)


_SAR_NAMES: Final = ("sar_msg_ref_num", "sar_total_segments", "sar_segment_seqnum")


def split_udh(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """Information elements (id, value) of a user data header, and the user data after it.

    No elements and all of `data` where the lengths do not fit.
    """
    if not data or data[0] >= len(data):
        return [], data
    end, position = 1 + data[0], 1
    elements: list[tuple[int, bytes]] = []
    while position < end:
        if position + 2 > end or position + 2 + data[position + 1] > end:
            return [], data
        value = data[position + 2 : position + 2 + data[position + 1]]
        elements.append((data[position], value))
        position += 2 + len(value)
    return elements, data[end:]


def _from_element(kind: int, value: bytes, data: bytes) -> Part | None:
    if (kind, len(value)) not in {(_IE_8_BIT, 3), (_IE_16_BIT, 4)}:
        return None
    reference, total, number = int.from_bytes(value[:-2], "big"), value[-2], value[-1]
    return Part(reference, total, number, data) if 1 <= number <= total else None


@dataclass(slots=True)
class _Group:
    begun_at: float
    parts: dict[int, bytes]


Key = tuple[object, int, int]
"""(whatever tells sender and receiver, reference, total)."""


class Reassembler:
    """Puts parts of long messages together, in memory; the owner keeps what must not be lost.

    `timeout_s` runs from the first part of a message. At most `max_groups` messages are open; the
    oldest gives way.
    """

    def __init__(self, *, timeout_s: float = 3600.0, max_groups: int = 100_000) -> None:
        self.timeout_s = timeout_s
        self.max_groups = max_groups
        self._groups: OrderedDict[Key, _Group] = OrderedDict()  # by begun_at

    def __len__(self) -> int:
        return len(self._groups)

    def add(self, address: object, part: Part, *, now: float) -> bytes | None:
        """Take one part; the whole message once its last part is there, else None.

        `address`: any key that tells sender and receiver. A part that is there already changes
        nothing. `now`: seconds of a steady clock.
        """
        if part.total == 1:
            return part.data
        key = (address, part.reference, part.total)
        group = self._groups.get(key)
        if group is None or now - group.begun_at >= self.timeout_s:
            self._groups.pop(key, None)
            group = self._groups[key] = _Group(now, {})
            self._give_way()
        group.parts.setdefault(part.number, part.data)
        if len(group.parts) < part.total:
            return None
        del self._groups[key]
        return b"".join(group.parts[number] for number in range(1, part.total + 1))

    def _give_way(self) -> None:
        while len(self._groups) > self.max_groups:
            self._groups.popitem(last=False)

    def expire(self, *, now: float) -> list[tuple[Key, dict[int, bytes]]]:
        """Messages whose time is over, with the parts that came; they are forgotten."""
        over = []
        while self._groups:
            key, group = self._groups.popitem(last=False)
            if now - group.begun_at < self.timeout_s:
                self._groups[key] = group
                self._groups.move_to_end(key, last=False)
                break
            over.append((key, group.parts))
        return over
