"""SMPP 3.4 for Python, client and server, on asyncio and the standard library alone.

    import asyncio
    from textwell.smpp import Client, ClientConfig, SubmitTemplate, outcome_kind

    async def main() -> None:
        client = Client(
            ClientConfig("127.0.0.1", 2775, "me", "secret"),
            on_outcomes=lambda outcomes: print(
                [(token, outcome_kind(status), id) for token, status, id in outcomes]
            ),
            on_deliver=lambda batch: batch.ack(),  # once it is stored
        )
        await client.connect()
        hello = SubmitTemplate(source_addr="ACME", source_addr_ton=5, dest_addr_ton=1)
        await client.submit_all([(1, hello.body(b"84901234567", b"Hello"))])
        await client.close()

The parts: `codec` (octets to PDUs and back), `session` (the protocol without sockets), `client`
and `server` (asyncio), `long_messages` (parts by UDH, SAR or message_payload, and back),
`receipts`, `message_ids`, `data_coding`. Public is what `__all__` lists.
"""

from textwell.smpp.backoff import Backoff, BackoffConfig
from textwell.smpp.client import Client, ClientConfig, DeliverBatch
from textwell.smpp.codec import Header, decode, encode, encode_body, read_header
from textwell.smpp.commands import THROTTLING, Command, MessageState, Status, status_name
from textwell.smpp.data_coding import DataCoding, base_coding, decode_text, encode_text
from textwell.smpp.errors import (
    BindRefused,
    ConnectionFailed,
    DecodeError,
    EncodeError,
    NotBound,
    SmppError,
)
from textwell.smpp.events import NOT_SENT, UNKNOWN, Outcome, OutcomeKind, outcome_kind
from textwell.smpp.fast import SubmitTemplate
from textwell.smpp.long_messages import (
    LongStrategy,
    Part,
    PartParams,
    Reassembler,
    build_parts,
    concat_header,
    read_part,
    split_udh,
)
from textwell.smpp.message_ids import (
    IdFormat,
    IdSource,
    candidate_keys,
    canonical_id,
    guess_id_format,
    id_key,
    is_same_id,
)
from textwell.smpp.outbind import OutbindListener
from textwell.smpp.pdu import Pdu
from textwell.smpp.receipts import Receipt, ReceiptState, is_receipt, parse_receipt, receipt_of
from textwell.smpp.server import Answer, Server, ServerConfig, ServerSession
from textwell.smpp.session import Session
from textwell.smpp.session_config import SessionConfig
from textwell.smpp.states import Side, State
from textwell.smpp.tlvs import encode_tlvs

__all__ = [
    "NOT_SENT",
    "THROTTLING",
    "UNKNOWN",
    "Answer",
    "Backoff",
    "BackoffConfig",
    "BindRefused",
    "Client",
    "ClientConfig",
    "Command",
    "ConnectionFailed",
    "DataCoding",
    "DecodeError",
    "DeliverBatch",
    "EncodeError",
    "Header",
    "IdFormat",
    "IdSource",
    "LongStrategy",
    "MessageState",
    "NotBound",
    "OutbindListener",
    "Outcome",
    "OutcomeKind",
    "Part",
    "PartParams",
    "Pdu",
    "Reassembler",
    "Receipt",
    "ReceiptState",
    "Server",
    "ServerConfig",
    "ServerSession",
    "Session",
    "SessionConfig",
    "Side",
    "SmppError",
    "State",
    "Status",
    "SubmitTemplate",
    "base_coding",
    "build_parts",
    "candidate_keys",
    "canonical_id",
    "concat_header",
    "decode",
    "decode_text",
    "encode",
    "encode_body",
    "encode_text",
    "encode_tlvs",
    "guess_id_format",
    "id_key",
    "is_receipt",
    "is_same_id",
    "outcome_kind",
    "parse_receipt",
    "read_header",
    "read_part",
    "receipt_of",
    "split_udh",
    "status_name",
]
