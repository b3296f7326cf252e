"""Delivery receipts: from their text in every common spelling, and from TLVs; pure.

The text is defined by example only (3.4 appendix B: "SMSC vendor specific"), so vendors differ in
case, order, separators, what they leave out and how they date. TLVs, where present, win.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from typing import Any, Final

from textwell.smpp.commands import MessageState
from textwell.smpp.pdu import Pdu, find_tlv


class ReceiptState(Enum):
    """What a receipt says about its message, in the words of all gateways."""

    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    EXPIRED = "expired"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivery receipt; None for what it does not tell.

    `stat` is in upper case. `sub`, `dlvrd`, `err` are as written. Dates carry no zone in receipts
    and are taken as UTC. `network_error_code` is (network type, error) from its TLV.
    """

    id: str | None = None
    sub: str | None = None
    dlvrd: str | None = None
    submit_date: datetime | None = None
    done_date: datetime | None = None
    stat: str | None = None
    err: str | None = None
    text: str | None = None
    state: ReceiptState = ReceiptState.UNKNOWN
    network_error_code: tuple[int, int] | None = None


# By the meanings of 5.0 section 4.7.15: SCHEDULED, ENROUTE and ACCEPTED are on the way. DELETED
# (cancelled or deleted after acceptance) and SKIPPED (accepted, not transmitted) were not refused
# and will not arrive: undelivered. Only REJECTED was refused.
STATE_OF: Final[dict[MessageState, ReceiptState]] = {
    MessageState.SCHEDULED: ReceiptState.ACCEPTED,
    MessageState.ENROUTE: ReceiptState.ACCEPTED,
    MessageState.DELIVERED: ReceiptState.DELIVERED,
    MessageState.EXPIRED: ReceiptState.EXPIRED,
    MessageState.DELETED: ReceiptState.UNDELIVERED,
    MessageState.UNDELIVERABLE: ReceiptState.UNDELIVERED,
    MessageState.ACCEPTED: ReceiptState.ACCEPTED,
    MessageState.UNKNOWN: ReceiptState.UNKNOWN,
    MessageState.REJECTED: ReceiptState.REJECTED,
    MessageState.SKIPPED: ReceiptState.UNDELIVERED,
}

_SPELLINGS: Final[dict[MessageState, tuple[str, ...]]] = {
    MessageState.SCHEDULED: ("SCHEDULED", "SCHEDULD", "SCHEDLD", "QUEUED"),
    MessageState.ENROUTE: ("ENROUTE", "EN_ROUTE", "BUFFERED", "BUFFRED", "BUFFERD", "SENT"),
    MessageState.DELIVERED: (
        "DELIVRD",
        "DELIVERED",
        "DELIVERD",
        "DELIVERE",
        "DELIVRED",
        "DELIV",
        "DELIVER",
        "DLVRD",
    ),
    MessageState.EXPIRED: ("EXPIRED", "EXPIRD", "EXPIRE"),
    MessageState.DELETED: ("DELETED", "DELETD", "CANCELED", "CANCELLED"),
    MessageState.UNDELIVERABLE: (
        "UNDELIV",
        "UNDELIVERABLE",
        "UNDELIVERED",
        "UNDELIVRD",
        "UNDELIVERD",
        "UNDELIVE",
        "UNDELIVB",
        "UNDELIVERBL",
        "UNDELI",
        "UNDLVRD",
        "UNDLIV",
        "FAILED",
        "FAIL",
    ),
    MessageState.ACCEPTED: ("ACCEPTD", "ACCEPTED", "ACCEPTE", "ACCEPT", "ACCPTD", "ACKED"),
    MessageState.UNKNOWN: ("UNKNOWN", "UNKNOWM", "UNKNOW", "UNKNWN", "UNKN"),
    MessageState.REJECTED: ("REJECTD", "REJECTED", "REJECTE", "REJECT", "REJCTD", "REJD"),
    MessageState.SKIPPED: ("SKIPPED", "SKIPPD"),
}
_BY_SPELLING: Final[dict[str, MessageState]] = {
    spelling: state for state, spellings in _SPELLINGS.items() for spelling in spellings
}

# The form of appendix B to the letter, read in one go.
_BY_THE_BOOK: Final = re.compile(
    r"id:([0-9A-Za-z_.-]+) sub:(\d+) dlvrd:(\d+) submit date:(\d+) done date:(\d+) "
    r"stat:([A-Z]+) err:([0-9A-Za-z]+) [Tt]ext: ?(.*)",
    re.DOTALL,
)
_LABEL: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"(?P<submit_date>submit(?:ted)?[ _-]{0,2}(?:date|time)|sub[ _-]date)"
    r"|(?P<done_date>done?[ _-]{0,2}(?:date|time))"
    r"|(?P<id>(?:(?:message|msg|sms)[ _-]?)?id)"
    r"|(?P<sub>sub(?:mitted)?)"
    r"|(?P<dlvrd>dlvrd|dlvd|delivered)"
    r"|(?P<stat>stat(?:us)?|state)"
    r"|(?P<err>err(?:or)?(?:[ _-]?code)?)"
    r"|(?P<text>text)"
    r")\s*[:=]",
    re.IGNORECASE,
)
_PADDING: Final = " \t\r\n\0"
_UNQUOTED: Final = " \t\r\n\0,;|&"
_QUOTES: Final = "\"'"
_SEPARATORS: Final = _UNQUOTED + _QUOTES
_SMPP_TIME: Final = re.compile(r"(\d{12})\d(\d\d)([+\-])")
_ZONE: Final = r"(?: ?(?:Z|UTC|GMT|(?P<zone>[+-]\d\d(?::?\d\d)?)))?"
_DIGITS_TIME: Final = re.compile(r"(?P<digits>\d{10}|\d{12}|\d{14})(?!\d)" + _ZONE)
_ISO_TIME: Final = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?" + _ZONE
)
_QUARTER_MINUTES: Final = 15
_TEN, _TWELVE, _FOURTEEN = 10, 12, 14  # digits of a date


def parse_receipt(text: str, tlvs: Mapping[str, Any] | None = None) -> Receipt:
    """The receipt in a text and its TLVs, which win over the text.

    TLVs read: receipted_message_id, message_state, network_error_code, by published name and as
    `decode` gives them. Never raises: what cannot be read is None, and the state UNKNOWN.
    """
    match = _BY_THE_BOOK.fullmatch(text)
    if match is not None and (stat := _BY_SPELLING.get(match[6])) is not None and not tlvs:
        return Receipt(
            match[1],
            match[2],
            match[3],
            parse_date(match[4]),
            parse_date(match[5]),
            match[6],
            match[7],
            match[8],
            STATE_OF[stat],
        )
    return _from_values(split_fields(text), tlvs or {})


def _from_values(values: Mapping[str, str], tlvs: Mapping[str, Any]) -> Receipt:
    stat = _token(values.get("stat"))
    stat = stat.upper() if stat else None
    state = _BY_SPELLING.get(stat or "")
    told = _message_state(find_tlv(tlvs, "message_state"))
    if told is not None and told is not state:
        state, stat = told, _SPELLINGS[told][0]
    message_id = str(find_tlv(tlvs, "receipted_message_id") or "").strip(_PADDING)
    return Receipt(
        id=message_id or _token(values.get("id")),
        sub=_token(values.get("sub")),
        dlvrd=_token(values.get("dlvrd")),
        submit_date=parse_date(values.get("submit_date", "")),
        done_date=parse_date(values.get("done_date", "")),
        stat=stat,
        err=_token(values.get("err")),
        text=_unquoted_text(values),
        state=STATE_OF[state] if state is not None else ReceiptState.UNKNOWN,
        network_error_code=_network_error(find_tlv(tlvs, "network_error_code")),
    )


def split_fields(text: str) -> dict[str, str]:
    """Raw values by field name (`submit_date` and `done_date` with an underscore).

    `text` is all that follows its label, colons included; only where no stat came before it and
    proper fields with a stat end the receipt does it stop before them.
    """
    values: dict[str, str] = {}
    name, start = "", 0
    for label in _LABEL.finditer(text):
        if name and name not in values:
            values[name] = text[start : label.start()]
        name, start = label.lastgroup or "", label.end()
        if name == "text":
            body, tail = _cut_tail(text[start:], values)
            values["text"] = body.removeprefix(" ")
            return values | tail
    if name and name not in values:
        values[name] = text[start:]
    return values


def _cut_tail(rest: str, seen: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The message's text, and the fields after it where a receipt does not put its text last.

    From the end backwards, as far as there are labels with one word each, none twice; only if a
    known stat is among them.
    """
    if "stat" in seen:
        return rest, {}
    tail: dict[str, str] = {}
    cut = end = len(rest)
    for label in reversed(list(_LABEL.finditer(rest))):
        name, value = label.lastgroup or "", rest[label.end() : end]
        if name == "text" or name in tail or name in seen or len(value.split()) != 1:
            break
        tail[name] = value
        cut = end = label.start()
    if (_token(tail.get("stat")) or "").upper() not in _BY_SPELLING:
        return rest, {}
    return rest[:cut].rstrip(), tail


def _token(value: str | None) -> str | None:
    """First word of a raw value, without separators and quotes; None if nothing is left."""
    if value is None:
        return None
    words = value.strip(_SEPARATORS).split(None, 1)
    return words[0].strip(_SEPARATORS) or None if words else None


def _unquoted_text(values: Mapping[str, str]) -> str | None:
    """The message's text. Quotes around it are the person's own, unless the carrier quotes the rest too."""
    text = values.get("text")
    bare = (text or "").strip(_PADDING)
    if text is None or not _is_quoted(bare):
        return text
    others = (value.strip(_UNQUOTED) for name, value in values.items() if name != "text")
    return bare[1:-1] if any(_is_quoted(other) for other in others) else text


def _is_quoted(value: str) -> bool:
    return len(value) > 1 and value[0] == value[-1] and value[0] in _QUOTES


def _message_state(value: object) -> MessageState | None:
    """message_state as number, digits or name; None where it says nothing we know."""
    if isinstance(value, str):
        named = _BY_SPELLING.get(value.strip().upper())
        if named is not None:
            return named
        if not value.strip().isdecimal():
            return None
        value = int(value)
    if not isinstance(value, int):
        return None
    try:
        return MessageState(value)
    except ValueError:
        return None


def _network_error(value: object) -> tuple[int, int] | None:
    if not isinstance(value, bytes) or len(value) != 3:  # noqa: PLR2004 - 3.4 section 5.3.2.31
        return None
    return value[0], int.from_bytes(value[1:], "big")


def parse_date(value: str) -> datetime | None:
    """A receipt's date: YYMMDDhhmm[ss], YYYYMMDDhhmm[ss], SMPP's absolute time, or ISO 8601.

    UTC unless it says otherwise; None for all zeros and whatever is no date. Words after it are
    not read: vendors put fields of their own between those of the book.
    """
    value = value.strip(_SEPARATORS)
    if value.isascii() and value.isdigit():
        return _from_digits(value)
    if match := _SMPP_TIME.match(value):
        quarters = int(match[2]) * (1 if match[3] == "+" else -1)
        return _with_offset(_from_digits(match[1]), _QUARTER_MINUTES * quarters)
    if match := _DIGITS_TIME.match(value):
        return _with_offset(_from_digits(match["digits"]), _zone_minutes(match["zone"]))
    if match := _ISO_TIME.match(value):
        digits = "".join(part or "00" for part in match.groups()[:6])
        return _with_offset(_from_digits(digits), _zone_minutes(match["zone"]))
    return None


def _zone_minutes(zone: str | None) -> int:
    """Minutes east of UTC of `+07`, `+0700` or `+07:00`."""
    if zone is None:
        return 0
    minutes = 60 * int(zone[1:3]) + int(zone[3:].lstrip(":") or 0)
    return -minutes if zone[0] == "-" else minutes


def _with_offset(moment: datetime | None, minutes: int) -> datetime | None:
    offset = timedelta(minutes=minutes)
    if moment is None or abs(offset) >= timedelta(days=1):
        return None
    return moment.replace(tzinfo=timezone(offset) if minutes else UTC)


def _from_digits(value: str) -> datetime | None:
    size = len(value)
    if size == _FOURTEEN:
        return _from_parts(value)
    if size == _TWELVE:
        # Seconds by the book; where that is no date, a vendor wrote the whole year.
        return _from_parts("20" + value) or _from_parts(value + "00")
    return _from_parts(f"20{value}00") if size == _TEN else None


def _from_parts(value: str) -> datetime | None:
    """From YYYYMMDDhhmmss."""
    try:
        return datetime(
            int(value[:4]),
            int(value[4:6]),
            int(value[6:8]),
            int(value[8:10]),
            int(value[10:12]),
            int(value[12:14]),
            tzinfo=UTC,
        )
    except ValueError:
        return None


_MESSAGE_TYPE: Final = 0x3C  # bits of esm_class that tell what a deliver_sm carries
_RECEIPT: Final = 0x04
_INTERMEDIATE: Final = 0x20
_UCS2: Final = 8


def is_receipt(pdu: Pdu) -> bool:
    """Whether a deliver_sm or data_sm is a delivery receipt or intermediate notification.

    By esm_class or a receipted_message_id; some SMSCs set neither, and then the text must look
    like one to the letter.
    """
    kind = pdu.fields.get("esm_class", 0) & _MESSAGE_TYPE
    if kind in {_RECEIPT, _INTERMEDIATE} or "receipted_message_id" in pdu.tlvs:
        return True
    text = pdu.fields.get("short_message", b"")
    return text.startswith(b"id:") and _BY_THE_BOOK.fullmatch(text.decode("latin-1")) is not None


def receipt_of(pdu: Pdu) -> Receipt | None:
    """The receipt that a deliver_sm or data_sm carries, None if it carries a message."""
    if not is_receipt(pdu):
        return None
    return read_receipt(pdu)


def read_receipt(pdu: Pdu) -> Receipt:
    """What a deliver_sm or data_sm says that is known to be a receipt, in Latin-1 or UCS-2."""
    octets = pdu.message
    is_wide = pdu.fields.get("data_coding") == _UCS2 and not octets.startswith(b"id:")
    text = octets.decode("utf-16-be", "replace") if is_wide else octets.decode("latin-1")
    return parse_receipt(text, pdu.tlvs)
