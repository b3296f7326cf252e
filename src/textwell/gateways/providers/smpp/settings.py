"""What an SMPP gateway is told, as fields for forms and as one checked value for the code."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from textwell.gateways.providers.base import FieldKind, SettingField
from textwell.gateways.providers.smpp import tls
from textwell.smpp.commands import Command
from textwell.smpp.long_messages import LongStrategy
from textwell.smpp.message_ids import IdFormat

BIND_TRANSCEIVER: Final = "trx"
BIND_PAIR: Final = "tx+rx"
INTERFACE_VERSIONS: Final = {"3.3": 0x33, "3.4": 0x34, "5.0": 0x50}
PEM_LENGTH: Final = 65_536
# What means the GSM alphabet (3GPP TS 23.038 section 4): plain, or with a message class.
GSM_CODINGS: Final = frozenset({0, *range(16, 20), *range(240, 244)})

FIELDS: Final[tuple[SettingField, ...]] = (
    SettingField("host", _("Host"), is_required=True, maximum=255),
    SettingField("port", _("Port"), FieldKind.INTEGER, 2775, minimum=1, maximum=65535),
    SettingField("system_id", _("System ID"), is_required=True, maximum=15),
    SettingField("password", _("Password"), FieldKind.SECRET, "", maximum=8),
    SettingField("system_type", _("System type"), default="", maximum=12),
    SettingField(
        "bind",
        _("Bind"),
        FieldKind.CHOICE,
        BIND_TRANSCEIVER,
        choices=(
            (BIND_TRANSCEIVER, _("One transceiver")),
            (BIND_PAIR, _("Transmitter and receiver")),
        ),
    ),
    SettingField("tls", _("TLS"), FieldKind.BOOLEAN, default=False),
    SettingField(
        "tls_verify",
        _("Check the carrier's certificate"),
        FieldKind.BOOLEAN,
        default=True,
        help=_("Without the check anybody on the way can read password and texts. For a certificate"
               " that the carrier signed itself, give its CA instead."),
    ),
    SettingField(
        tls.SERVER_NAME, _("Server name"), default="", maximum=253,
        help=_("The name in the carrier's certificate, where it is not the host."),
    ),
    SettingField(
        tls.CA, _("CA certificate"), FieldKind.PEM, "", maximum=PEM_LENGTH,
        help=_("PEM. Where it is given, it alone is trusted; else what this machine trusts."),
    ),
    SettingField(
        tls.CLIENT_CERTIFICATE, _("Client certificate"), FieldKind.PEM, "", maximum=PEM_LENGTH,
        help=_("PEM, where the carrier asks for one; with its chain, ours first."),
    ),
    SettingField(
        tls.CLIENT_KEY, _("Client key"), FieldKind.SECRET_PEM, "", maximum=PEM_LENGTH,
        goes_with=tls.CLIENT_CERTIFICATE,
        help=_("PEM without passphrase. It is sealed and never shown again."),
    ),
    SettingField(
        "interface_version",
        _("Interface version"),
        FieldKind.CHOICE,
        "3.4",
        choices=tuple((version, f"SMPP {version}") for version in INTERFACE_VERSIONS),
        help=_("What the bind says; 3.3 knows no optional parameters."),
    ),
    SettingField(
        "source_ton", _("Sender TON"), FieldKind.INTEGER, -1, minimum=-1, maximum=6,
        help=_("-1 chooses by the sender: 5 for names, 3 for short codes, 1 for numbers."),
    ),
    SettingField(
        "source_npi", _("Sender NPI"), FieldKind.INTEGER, -1, minimum=-1, maximum=18,
        help=_("-1 chooses by the sender: 0 for names, 1 for numbers."),
    ),
    SettingField("dest_ton", _("Recipient TON"), FieldKind.INTEGER, 1, minimum=0, maximum=6),
    SettingField("dest_npi", _("Recipient NPI"), FieldKind.INTEGER, 1, minimum=0, maximum=18),
    SettingField(
        "data_coding", _("Data coding of plain texts"), FieldKind.INTEGER, 0, minimum=0, maximum=255,
        help=_("For texts in the GSM alphabet; 8 is always used for Unicode."),
    ),
    SettingField(
        "long_messages",
        _("Long messages"),
        FieldKind.CHOICE,
        LongStrategy.UDH_8_BIT.value,
        choices=(
            (LongStrategy.UDH_8_BIT.value, _("User data header, 8 bits")),
            (LongStrategy.UDH_16_BIT.value, _("User data header, 16 bits")),
            (LongStrategy.SAR_TLVS.value, _("SAR parameters")),
            (LongStrategy.MESSAGE_PAYLOAD.value, _("One message_payload")),
        ),
    ),
    SettingField(
        "id_format",
        _("Message ids"),
        FieldKind.CHOICE,
        IdFormat.EXACT.value,
        choices=(
            (IdFormat.EXACT.value, _("Receipts repeat them exactly")),
            (IdFormat.CASELESS.value, _("Upper and lower case are mixed")),
            (IdFormat.DECIMAL.value, _("Decimal, leading zeros differ")),
            (IdFormat.HEX.value, _("Hexadecimal, zeros and case differ")),
            (IdFormat.HEX_RECEIPT.value, _("Decimal at hand-off, hexadecimal in receipts")),
            (IdFormat.HEX_SUBMIT.value, _("Hexadecimal at hand-off, decimal in receipts")),
        ),
    ),
    SettingField(
        "receipt_offset_min", _("Minutes that receipts' times are ahead of UTC"), FieldKind.INTEGER,
        0, minimum=-720, maximum=840,
    ),
    SettingField(
        "query_after_min", _("Minutes without a receipt until the carrier is asked"),
        FieldKind.INTEGER, 0, minimum=0, maximum=4320,
        help=_("Once a message, by query_sm. 0 never asks; not every carrier answers."),
    ),
    SettingField(
        "enquire_link_s", _("Seconds of silence before a check"), FieldKind.INTEGER, 30, minimum=1,
        maximum=3600,
    ),
    SettingField(
        "response_timeout_s", _("Seconds to wait for an answer"), FieldKind.INTEGER, 30, minimum=1,
        maximum=600,
    ),
)  # fmt: skip

DEFAULTS: Final[dict[str, Any]] = {one.name: one.default for one in FIELDS}


@dataclass(frozen=True, slots=True)
class SmppSettings:
    """Settings of one gateway, every field present and of its type."""

    host: str
    port: int
    system_id: str
    password: str
    system_type: str
    bind: str
    tls: bool
    tls_verify: bool
    tls_server_name: str
    tls_ca: str
    tls_client_certificate: str
    tls_client_key: str = field(repr=False)
    interface_version: str
    source_ton: int
    source_npi: int
    dest_ton: int
    dest_npi: int
    data_coding: int
    long_messages: LongStrategy
    id_format: IdFormat
    receipt_offset_min: int
    query_after_min: int
    enquire_link_s: int
    response_timeout_s: int

    @classmethod
    def read(cls, settings: Mapping[str, Any]) -> SmppSettings:
        """From checked settings; what is missing takes its default."""
        values = DEFAULTS | dict(settings)
        values["long_messages"] = LongStrategy(values["long_messages"])
        if values["data_coding"] not in GSM_CODINGS:  # saved before it was refused
            values["data_coding"] = 0
        values["id_format"] = IdFormat(values["id_format"])
        return cls(**{name: values[name] for name in cls.__slots__})

    def binds(self) -> tuple[Command, ...]:
        """The binds to hold; the first one submits, the last one receives."""
        if self.bind == BIND_PAIR:
            return Command.bind_transmitter, Command.bind_receiver
        return (Command.bind_transceiver,)

    @property
    def version_octet(self) -> int:
        """interface_version of the bind (SMPP 3.4 section 5.2.4)."""
        return INTERFACE_VERSIONS[self.interface_version]

    def tls_context(self) -> ssl.SSLContext | None:
        if not self.tls:
            return None
        return tls.build_context({name: getattr(self, name) for name in self.__slots__})
