"""`textwell inspect pdu`: one PDU in hex, every parameter by its published name out."""

from __future__ import annotations

from typing import Any, Final

from textwell.smpp import DecodeError, Pdu, decode, read_header

_ANY_LENGTH: Final = 0xFFFFFFFF  # a socket has its limit; a PDU already here needs none

# Counts and lengths that the specification lists as parameters, before what they count.
_COUNTS: Final = {
    "short_message": "sm_length",
    "dest_address": "number_of_dests",
    "unsuccess_sme": "no_unsuccess",
}


def inspect(case: dict[str, object]) -> dict[str, object]:
    """`{"hex"}` to `{"command", "status", "sequence", "fields", "tlvs", "error"}`.

    What is no PDU by the book, or no hex text, gives `error`, beside the header where that was
    readable. Raises ValueError naming `hex` if there is no text at all.
    """
    text = case.get("hex")
    if not isinstance(text, str):
        raise ValueError("hex: the PDU as hex digits is missing")  # noqa: TRY004 - named field
    try:
        data = bytes.fromhex(text)
    except ValueError:
        return _refused(b"", "hex: pairs of hex digits expected")
    try:
        pdu = decode(data, max_pdu=_ANY_LENGTH)
    except DecodeError as error:
        return _refused(data, str(error))
    return {
        "command": pdu.command,
        "status": pdu.status,
        "sequence": pdu.sequence,
        "fields": _fields(pdu),
        "tlvs": {name: _shown(value) for name, value in pdu.tlvs.items()},
        "error": None,
    }


def _refused(data: bytes, fact: str) -> dict[str, object]:
    answer: dict[str, object] = {
        "command": None,
        "status": None,
        "sequence": None,
        "fields": {},
        "tlvs": {},
        "error": fact,
    }
    try:
        header = read_header(data)
    except DecodeError:
        return answer
    command = Pdu(header.command_id).command
    return {**answer, "command": command, "status": header.status, "sequence": header.sequence}


def _fields(pdu: Pdu) -> dict[str, object]:
    shown: dict[str, object] = {}
    for name, value in pdu.fields.items():
        if name in _COUNTS:
            shown[_COUNTS[name]] = len(value)
        shown[name] = _shown(value)
    return shown


def _shown(value: Any) -> object:  # Any: whatever a parameter or TLV may hold
    if isinstance(value, bytes):
        return value.hex()
    return [_shown(one) for one in value] if isinstance(value, list) else value
