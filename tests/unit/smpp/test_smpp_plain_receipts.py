"""The quick look at a receipt says what the complete readers say, or leaves it to them."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.smpp.codec import HEADER, Header, decode, encode
from textwell.smpp.commands import Command, MessageState
from textwell.smpp.errors import DecodeError
from textwell.smpp.pdu import Pdu
from textwell.smpp.plain_receipts import STATES, PlainReceipt, find_plain_receipt
from textwell.smpp.reading import read_frame
from textwell.smpp.receipts import parse_date, parse_receipt

ids = st.text("0123456789abcdefABCDEF-", min_size=1, max_size=40)
errors = st.sampled_from(["000", "027", "00", "0", "1234", "DND"])
dates = st.sampled_from(["2611261755", "261126175530", "000000000000", "20261126175530"])
rests = st.sampled_from(["", "text", "stat:UNDELIV err:001", "id:another "])


def receipt(
    message_id: str = "3f2a",
    stat: str = "DELIVRD",
    err: str = "000",
    done: str = "261126175530",
    rest: str = "",
    **tlvs: Any,
) -> bytes:
    """The whole frame of a receipt."""
    text = (
        f"id:{message_id} sub:001 dlvrd:001 submit date:2611261750 done date:{done}"
        f" stat:{stat} err:{err} text:{rest}"
    )
    fields = {
        "source_addr_ton": 1,
        "source_addr_npi": 1,
        "source_addr": "84912345678",
        "dest_addr_ton": 5,
        "destination_addr": "LOTUS",
        "esm_class": 4,
        "short_message": text.encode(),
    }
    return encode(Pdu(Command.deliver_sm, 0, 7, fields, tlvs))


said = st.fixed_dictionaries(
    {
        "message_id": ids,
        "stat": st.sampled_from(sorted(STATES)),
        "err": errors,
        "done": dates,
        "rest": rests,
    }
)
added = st.fixed_dictionaries(
    {},
    optional={
        "receipted_message_id": st.one_of(ids, st.just("3f2a")),
        "message_state": st.sampled_from([int(state) for state in MessageState]),
        "network_error_code": st.just(b"\3\0\x1b"),
        "user_message_reference": st.just(9),
    },
)


@given(said, added, st.booleans())
def test_what_is_taken_is_what_the_complete_readers_read(
    words: dict[str, str], tlvs: dict[str, Any], is_echoed: bool
) -> None:
    message_id, stat, err = words["message_id"], words["stat"], words["err"]
    if is_echoed:
        tlvs = tlvs | {"receipted_message_id": message_id, "message_state": int(STATES[stat])}
    frame = receipt(**words, **tlvs)

    found = find_plain_receipt(0, 7, frame)

    agrees = (
        tlvs.get("receipted_message_id", message_id) == message_id
        and tlvs.get("message_state", STATES[stat]) == STATES[stat]
        and ("network_error_code" not in tlvs or err.strip("0") != "")
    )
    assert (found is not None) == agrees
    if found is not None:
        whole = decode(frame)
        parsed = parse_receipt(str(whole.message, "latin-1"), whole.tlvs)
        address, said_id, submit_date, done_date, said_stat, said_err = found.said
        assert found == whole
        assert address == whole.fields["source_addr"]
        assert (said_id, said_stat, said_err) == (parsed.id, parsed.stat, parsed.err)
        assert parse_date(done_date) == parsed.done_date
        assert parse_date(submit_date) == parsed.submit_date


@given(st.data())
def test_a_bent_receipt_is_no_receipt_that_the_codec_refuses(data: st.DataObject) -> None:
    octets = bytearray(receipt(receipted_message_id="3f2a", message_state=2))
    for _ in range(data.draw(st.integers(1, 3))):
        octets[data.draw(st.integers(16, len(octets) - 1))] = data.draw(st.integers(0, 255))
    size = data.draw(st.integers(16, len(octets)))
    frame = HEADER.pack(size, Command.deliver_sm, 0, 7) + bytes(octets[16:size])

    found = find_plain_receipt(0, 7, frame)

    if found is not None:
        try:
            whole = decode(frame)
        except DecodeError:
            pytest.fail("the codec refuses it")
        assert found == whole


@pytest.mark.parametrize(
    "frame",
    [
        receipt(stat="ENROUTE"),
        receipt(message_id="a" * 65),
        receipt().replace(b" stat:", b" Stat:"),
        receipt().replace(b"LOTUS\0\4", b"LOTUS\0\0"),  # esm_class of a text
        receipt() + struct.pack(">HH", 0x1E, 9),  # a TLV that is cut off
        receipt(receipted_message_id="3f2b"),
        receipt(message_state=5),
    ],
)
def test_what_differs_is_left_to_the_complete_readers(frame: bytes) -> None:
    assert find_plain_receipt(0, 7, frame) is None


def test_the_message_ends_where_its_length_says() -> None:
    frame = bytearray(receipt())
    start = frame.index(b"id:")
    frame[start - 1] -= 10  # the length: what follows would be TLVs
    assert find_plain_receipt(0, 7, bytes(frame)) is None


def test_a_frame_with_a_receipt_is_read_as_one() -> None:
    frame = receipt()
    header = Header(len(frame), Command.deliver_sm, 0, 7)

    pdu = read_frame(header, frame, strict=True)

    assert type(pdu) is PlainReceipt
    assert (pdu.command, pdu.sequence, pdu.fields["destination_addr"], pdu.tlvs) == (
        "deliver_sm",
        7,
        "LOTUS",
        {},
    )
