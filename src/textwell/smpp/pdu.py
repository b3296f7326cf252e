"""One SMPP PDU as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from textwell.smpp.commands import COMMAND_NAMES, RESPONSE_BIT, status_name


@dataclass(slots=True)
class Pdu:
    """A PDU with its header, mandatory parameters and TLVs by published name.

    `fields`: integers as int, C-octet strings as str (Latin-1), `short_message` as bytes,
    `dest_address` and `unsuccess_sme` as lists of dicts. Counts and lengths (`sm_length`,
    `number_of_dests`, `no_unsuccess`) follow from the values and are not kept. `tlvs`: int, str or
    bytes by form, a list of them where the TLV was repeated. Any: a parameter's type depends on
    its name, which `layouts` and `tlvs` tell.

    Not frozen only because building a frozen one costs three times as much; treat it as a value.
    """

    command_id: int
    status: int = 0
    sequence: int = 0
    fields: dict[str, Any] = field(default_factory=dict)
    tlvs: dict[str, Any] = field(default_factory=dict)

    @property
    def command(self) -> str | None:
        """Published name, None for an id that neither SMPP 3.4 nor 5.0 knows."""
        return COMMAND_NAMES.get(self.command_id)

    @property
    def is_response(self) -> bool:
        return self.command_id >= RESPONSE_BIT

    @property
    def status_name(self) -> str:
        return status_name(self.status)

    @property
    def message(self) -> bytes:
        """User data: message_payload where present, else short_message, else nothing."""
        payload: bytes = find_tlv(self.tlvs, "message_payload")
        return payload or self.fields.get("short_message", b"")


def find_tlv(tlvs: Mapping[str, Any], name: str) -> Any:
    """The value of a TLV that may be there once: of one that was repeated the first; else None."""
    value = tlvs.get(name)
    return value[0] if isinstance(value, list) else value
