"""What an SMPP gateway reads in a deliver_sm: receipts in every form, and texts of people."""

from __future__ import annotations

import pytest

from textwell.gateways.providers.base import Mo
from textwell.gateways.providers.smpp import PROVIDER
from textwell.gateways.providers.smpp.incoming import Reader, build_mo
from textwell.gateways.providers.smpp.settings import SmppSettings
from textwell.smpp.codec import decode, encode, read_header
from textwell.smpp.commands import Command
from textwell.smpp.long_messages import read_part
from textwell.smpp.pdu import Pdu
from textwell.smpp.plain_receipts import STATES, PlainReceipt
from textwell.smpp.reading import read_frame

DATES = "submit date:2611240801 done date:2611240802"


def receipt(text: str, **tlvs: object) -> Pdu:
    fields = {"esm_class": 4, "short_message": text.encode()}
    return Pdu(5, 0, 1, fields, dict(tlvs))


READER = Reader(SmppSettings.read({"host": "x", "system_id": "x"}), PROVIDER.classify)


@pytest.mark.parametrize(
    ("pdu", "expected"),
    [
        (
            receipt("id:a1 sub:001 dlvrd:001 " + DATES + " stat:DELIVRD err:000 text:"),
            ("a1", "delivered", "", "DELIVRD:000", 1795507320.0),
        ),
        (
            receipt(
                "id:a1 sub:001 dlvrd:000 " + DATES + " stat:UNDELIV err:211 text:Hi",
                receipted_message_id="b2",
                message_state=5,
            ),
            ("b2", "undelivered", "memory_full", "UNDELIV:211", 1795507320.0),
        ),
        (
            receipt("id:a1 stat:ENROUTE err:000", message_state=3),
            ("a1", "expired", "expired", "EXPIRED:000", None),
        ),
        (
            receipt("", receipted_message_id="b2", message_state=2),
            ("b2", "delivered", "", "DELIVRD:000", None),
        ),
        (
            receipt("id:a1 stat:UNDELIV err:000", network_error_code=b"\x03\x00\x1b"),
            ("a1", "undelivered", "handset_off", "UNDELIV:027", None),
        ),
        (receipt("gibberish"), ("", "unknown", "unknown", "UNKNOWN:000", None)),
    ],
)  # fmt: skip
def test_receipts_are_read_in_every_form(pdu: Pdu, expected: tuple[object, ...]) -> None:
    found = READER.read_receipt(pdu, 9.0)
    assert (
        found.provider_message_id,
        found.state,
        found.reason,
        found.code,
        found.done_at,
    ) == expected


def test_a_receipts_local_time_is_brought_to_utc() -> None:
    settings = SmppSettings.read({"host": "x", "system_id": "x", "receipt_offset_min": 420})
    pdu = receipt(
        "id:a sub:1 dlvrd:1 submit date:2611241501 done date:2611241502 stat:DELIVRD err:000 text:"
    )
    assert Reader(settings, PROVIDER.classify).read_receipt(pdu, 9.0).done_at == 1795507320.0


def text_of_a_person(source: str, text: bytes) -> Pdu:
    fields = {
        "source_addr": source,
        "destination_addr": "8085",
        "esm_class": 0,
        "data_coding": 0,
        "short_message": text,
    }
    return Pdu(5, 0, 1, fields, {})


def mo_of(pdu: Pdu, received_at: float) -> Mo:
    fields = pdu.fields
    address = (fields["source_addr"], fields["destination_addr"], fields["data_coding"])
    return build_mo(address, read_part(pdu).data, received_at)


def test_the_same_words_said_again_have_the_same_key() -> None:
    first = mo_of(text_of_a_person("84901234567", b"STOP"), 1_000_000.0)
    again = mo_of(text_of_a_person("+84901234567", b"STOP"), 1_000_010.0)
    other = mo_of(text_of_a_person("84901234568", b"STOP"), 1_000_010.0)
    assert (first.msisdn, first.recipient, first.text) == ("+84901234567", "8085", "STOP")
    assert first.source_key == again.source_key != other.source_key


@pytest.mark.parametrize("stat", STATES)
@pytest.mark.parametrize("err", ["000", "027"])
def test_a_receipt_known_at_one_look_is_what_the_complete_reader_reads(stat: str, err: str) -> None:
    text = f"id:a1 sub:001 dlvrd:000 {DATES} stat:{stat} err:{err} text:Hi"
    fields = {"source_addr": "84901234567", "esm_class": 4, "short_message": text.encode()}
    frame = encode(Pdu(Command.deliver_sm, 0, 1, fields))

    plain = read_frame(read_header(frame), frame, strict=True)

    assert type(plain) is PlainReceipt
    assert READER.read_receipt(plain, 9.0) == READER.read_receipt(decode(frame), 9.0)


def test_of_a_tlv_that_was_repeated_the_first_counts() -> None:
    text = b"id:00 sub:001 dlvrd:001 submit date:2611261717 done date:2611261718 stat:DELIVRD err:000 text:"
    tlvs = {
        "receipted_message_id": ["7A", "7B"],
        "message_state": [2, 5],
        "message_payload": [text, b"else"],
    }
    receipt = READER.read_receipt(delivering(esm_class=4, tlvs=tlvs), 9.0)
    mo = mo_of(delivering(tlvs={"message_payload": [b"STOP", b"else"]}), 9.0)

    assert (receipt.provider_message_id, receipt.state, receipt.code) == (
        "7A", "delivered", "DELIVRD:000",
    )  # fmt: skip
    assert mo.text == "STOP"


def delivering(*, tlvs: dict[str, object], esm_class: int = 0) -> Pdu:
    """What the carrier delivers, as it stands on the line."""
    fields = {"source_addr": "84901234567", "destination_addr": "8000", "esm_class": esm_class}
    return decode(encode(Pdu(Command.deliver_sm, 0, 1, fields, tlvs)))


@pytest.mark.parametrize("encoding", ["utf-16-be", "latin-1"])
def test_a_receipt_labelled_ucs2_is_read_as_it_is_written(encoding: str) -> None:
    text = f"id:a1 sub:001 dlvrd:000 {DATES} stat:UNDELIV err:211 text:"
    pdu = receipt("")
    pdu.fields |= {"data_coding": 8, "short_message": text.encode(encoding)}
    found = READER.read_receipt(pdu, 9.0)
    assert (found.provider_message_id, found.code) == ("a1", "UNDELIV:211")


def test_the_words_of_a_receipt_without_its_mark_are_a_text_of_a_person() -> None:
    pdu = text_of_a_person(
        "84901234567", f"id:a1 sub:001 dlvrd:001 {DATES} stat:DELIVRD err:000".encode()
    )
    assert not READER.is_receipt(pdu)
