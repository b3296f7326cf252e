"""From a message to submit_sm bodies.

A receipt is asked for the last part of a long message only, so that one id and one receipt stand
for the message.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from textwell.gateways.providers.base import Handoff, ShownPart
from textwell.gateways.providers.smpp.settings import SmppSettings
from textwell.smpp.fast import SubmitTemplate
from textwell.smpp.long_messages import LongStrategy, PartParams, build_parts
from textwell.text.alphabets import ESCAPE
from textwell.text.gsm7 import PLAIN
from textwell.text.segments import Encoding, SegmentedText, segment_text

_UCS2: Final = 8
_SEPTETS: Final = 160
_OCTETS: Final = 140
_TLV_HEADER: Final = 4  # octets: tag and length
_SHORT_CODE_DIGITS: Final = 6
_ALPHANUMERIC, _NATIONAL, _INTERNATIONAL = 5, 3, 1
_MOST_VALIDITY_MIN: Final = 63 * 24 * 60  # what TP-VP can say
# ASCII whose GSM code is its own: texts of these alone need no translation.
_SAME: Final = bytes(
    code for code in range(128) if code != ESCAPE and PLAIN.encode(chr(code)) == bytes((code,))
)


class Bodies:
    """Makes bodies for one gateway; remembers the templates of its senders."""

    def __init__(self, settings: SmppSettings) -> None:
        self._settings = settings
        self._reference = 0
        self._template = lru_cache(maxsize=4096)(self._build_template)

    def build(self, message: Handoff) -> list[bytes]:
        """The bodies of a message, part by part.

        Raises EncodeError, whose field tells what is wrong with sender, number or text.
        """
        msisdn = message.msisdn.lstrip("+").encode("ascii", "replace")
        octets, coding = self._encode_short(message.text)
        validity = message.validity_s
        minutes = None if validity is None else min(max(1, validity // 60), _MOST_VALIDITY_MIN)
        if octets is not None:
            template = self._template(message.sender, coding, minutes, True)
            return [template.body(msisdn, octets)]
        return self._build_long(message, msisdn, minutes)

    def _encode_short(self, text: str) -> tuple[bytes | None, int]:
        """Octets and data_coding of a text that fits one segment; None for octets if it does not."""
        if text.isascii():
            octets: bytes | None = text.encode()
            assert octets is not None
            if octets.translate(None, _SAME):
                octets = PLAIN.encode(text)
        else:
            octets = PLAIN.encode(text)
        if octets is not None:
            return (octets, self._settings.data_coding) if len(octets) <= _SEPTETS else (None, 0)
        octets = text.encode("utf-16-be", "surrogatepass")
        return (octets, _UCS2) if len(octets) <= _OCTETS else (None, 0)

    def _build_long(self, message: Handoff, msisdn: bytes, minutes: int | None) -> list[bytes]:
        settings = self._settings
        wide = settings.long_messages is LongStrategy.UDH_16_BIT
        # Counting, not random: two long messages to one person within 255 never share a reference.
        self._reference = self._reference % (0xFFFF if wide else 0xFF) + 1
        found, parts = cut_text(message.text, settings.long_messages, reference=self._reference)
        coding = _UCS2 if found.encoding is Encoding.UCS2 else settings.data_coding
        return [
            self._template(message.sender, coding, minutes, number == len(parts)).body(
                msisdn, part.short_message, udh=part.has_udh, tlvs=part.tlv_octets
            )
            for number, part in enumerate(parts, 1)
        ]

    def _build_template(
        self, sender: str, coding: int, minutes: int | None, wants_receipt: bool
    ) -> SubmitTemplate:
        settings = self._settings
        ton, npi, address = source_of(sender, settings)
        return SubmitTemplate(
            source_addr_ton=ton,
            source_addr_npi=npi,
            source_addr=address,
            dest_addr_ton=settings.dest_ton,
            dest_addr_npi=settings.dest_npi,
            validity_period="" if minutes is None else _relative_time(minutes),
            registered_delivery=1 if wants_receipt else 0,
            data_coding=coding,
        )


def cut_text(
    text: str, strategy: LongStrategy, *, reference: int
) -> tuple[SegmentedText, list[PartParams]]:
    """A text as its segments, and what each of its PDUs carries of it. Raises EncodeError."""
    found = segment_text(text, reference_bits=16 if strategy is LongStrategy.UDH_16_BIT else 8)
    octets = [segment.octets_unpacked for segment in found.segments]
    return found, list(build_parts(octets, strategy=strategy, reference=reference))


def show_parts(text: str, strategy: LongStrategy) -> list[ShownPart]:
    """What `Bodies` would submit of a text, with the reference 0 in place of the one of that day."""
    found, parts = cut_text(text, strategy, reference=0)
    if strategy is LongStrategy.MESSAGE_PAYLOAD and len(parts) == 1 and parts[0].tlvs:
        octets = parts[0].tlv_octets
        return [ShownPart(text, octets[:_TLV_HEADER], octets[_TLV_HEADER:])]
    shown = []
    for segment, part in zip(found.segments, parts, strict=True):
        octets = part.short_message
        length = octets[0] + 1 if part.has_udh else 0
        shown.append(ShownPart(segment.text, octets[:length] or part.tlv_octets, octets[length:]))
    return shown


def source_of(sender: str, settings: SmppSettings) -> tuple[int, int, str]:
    """TON, NPI and address of a sender."""
    digits = sender.lstrip("+")
    is_number = digits.isascii() and digits.isdigit()
    if not is_number:
        ton, npi = _ALPHANUMERIC, 0
    else:
        ton = _NATIONAL if len(digits) <= _SHORT_CODE_DIGITS else _INTERNATIONAL
        npi = 1
    return (
        ton if settings.source_ton < 0 else settings.source_ton,
        npi if settings.source_npi < 0 else settings.source_npi,
        digits if is_number else sender,
    )


def _relative_time(minutes: int) -> str:
    """SMPP 3.4 section 7.1.1.2: YYMMDDhhmmss000R with the parts as a duration."""
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    months, day = divmod(days, 30)
    return f"00{months:02d}{day:02d}{hour:02d}{minute:02d}00000R"
