"""smpplib, a library of other authors, as the second opinion on octets and as a peer."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
import smpplib.client
import smpplib.consts
import smpplib.smpp

from textwell.smpp import Command, Pdu, Server, ServerConfig, ServerSession, SubmitTemplate, decode
from textwell.smpp.codec import encode
from textwell.smpp.server import Answer

SUBMIT = {
    "service_type": "CMT",
    "source_addr_ton": 5,
    "source_addr_npi": 0,
    "source_addr": "ACME",
    "dest_addr_ton": 1,
    "dest_addr_npi": 1,
    "destination_addr": "84901234567",
    "esm_class": 0,
    "protocol_id": 0,
    "priority_flag": 1,
    "schedule_delivery_time": "020610233429000R",
    "validity_period": "",
    "registered_delivery": 1,
    "replace_if_present_flag": 0,
    "data_coding": 3,
    "sm_default_msg_id": 0,
    "short_message": b"Hello",
}

# smpplib asks its client for a sequence number even to read a PDU.
NUMBERS = smpplib.client.SimpleSequenceGenerator()


def as_octets(value: object) -> object:
    return value.encode() if isinstance(value, str) else value


@pytest.mark.parametrize("command", ["submit_sm", "deliver_sm"])
def test_smpplib_writes_what_we_read_and_write(command: str) -> None:
    theirs = smpplib.smpp.make_pdu(command, client=NUMBERS, user_message_reference=258, **SUBMIT)
    theirs.sequence = 77

    octets = theirs.generate()

    ours = Pdu(Command[command], 0, 77, SUBMIT, {"user_message_reference": 258})
    assert decode(octets) == ours
    assert encode(ours) == octets


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("bind_transceiver", {"system_id": "me", "password": "pw", "interface_version": 0x34}),
        ("query_sm", {"message_id": "7", "source_addr": "ACME", "source_addr_ton": 5}),
        ("enquire_link", {}),
        ("unbind", {}),
    ],
)
def test_smpplib_reads_what_we_write(command: str, fields: dict[str, Any]) -> None:
    theirs = smpplib.smpp.parse_pdu(encode(Pdu(Command[command], 0, 5, fields)), client=NUMBERS)

    assert (theirs.command, theirs.sequence) == (command, 5)
    found = {name: getattr(theirs, name) for name in fields}
    assert found == {name: as_octets(value) for name, value in fields.items()}


def talk(port: int, count: int) -> tuple[list[str], list[bytes]]:
    """A whole session of smpplib's blocking client; ids it was given and texts it received."""
    ids: list[str] = []
    texts: list[bytes] = []
    client = smpplib.client.Client("127.0.0.1", port, allow_unknown_opt_params=True, timeout=10)
    client.logger.setLevel(logging.CRITICAL)
    client.set_message_sent_handler(lambda pdu, **_: ids.append(pdu.message_id.decode()))
    client.set_message_received_handler(lambda pdu, **_: texts.append(pdu.short_message))
    client.connect()
    try:
        client.bind_transceiver(system_id="me", password="pw")
        for n in range(count):
            client.send_message(
                source_addr="ACME",
                source_addr_ton=smpplib.consts.SMPP_TON_ALNUM,
                destination_addr=f"849{n}",
                short_message=b"hello",
                registered_delivery=True,
            )
        while len(ids) < count or len(texts) < count:
            client.read_once()
        client.unbind()
    finally:
        client.disconnect()
    return ids, texts


async def test_smpplib_sends_to_our_server_and_receives_from_it() -> None:
    receipt = SubmitTemplate(esm_class=4, source_addr="849")

    def take(session: ServerSession, pdus: list[Pdu]) -> list[Answer]:
        session.deliver_batch([(p.sequence, receipt.body(b"ACME", p.message)) for p in pdus])
        return [(pdu.sequence, 0, pdu.fields["destination_addr"]) for pdu in pdus]

    acknowledged: list[int] = []
    server = Server(
        ServerConfig(),
        authenticate=lambda _: 0,
        on_requests=take,
        on_outcomes=lambda _, some: acknowledged.extend(status for _, status, _ in some),
    )
    await server.start()

    ids, texts = await asyncio.to_thread(talk, server.port, 50)
    await server.stop()

    assert ids == [f"849{n}" for n in range(50)]
    assert texts == [b"hello"] * 50
    assert acknowledged == [0] * 50
