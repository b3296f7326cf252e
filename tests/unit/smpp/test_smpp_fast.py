from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.smpp.codec import Header, decode_body, encode, encode_body
from textwell.smpp.commands import Command
from textwell.smpp.errors import DecodeError, EncodeError
from textwell.smpp.fast import SubmitTemplate, decode_message_id, decode_sm
from textwell.smpp.pdu import Pdu
from textwell.smpp.tlvs import encode_tlvs
from unit.smpp.strategies import pdus

sms = st.one_of(pdus(Command.submit_sm), pdus(Command.deliver_sm))
digits = st.text("0123456789", min_size=1, max_size=20)


def long_way(data: bytes) -> Pdu | None:
    header = Header(len(data), Command.deliver_sm, 0, 1)
    try:
        return decode_body(header, data)
    except DecodeError:
        return None


@given(sms)
def test_the_fast_reader_gives_what_the_codec_gives(pdu: Pdu) -> None:
    assert decode_sm(pdu.command_id, 0, pdu.sequence, encode(pdu)) == pdu


@given(st.one_of(st.binary(max_size=120), sms.map(lambda pdu: encode(pdu)[16:])), st.data())
def test_the_fast_reader_takes_nothing_that_the_codec_refuses(
    body: bytes, data: st.DataObject
) -> None:
    octets = bytearray(b"\0" * 16 + body)
    if body:
        octets[data.draw(st.integers(16, len(octets) - 1))] = data.draw(st.integers(0, 255))
    frame = bytes(octets)

    try:
        fast = decode_sm(Command.deliver_sm, 0, 1, frame)
    except DecodeError:
        assert long_way(frame) is None
        return
    if fast is not None:
        assert fast == long_way(frame)


@given(pdus(Command.submit_sm), digits, st.binary(max_size=254))
def test_a_template_writes_what_the_codec_writes(pdu: Pdu, address: str, text: bytes) -> None:
    own = {"destination_addr", "short_message"}
    shared = {name: value for name, value in pdu.fields.items() if name not in own}
    template = SubmitTemplate(tlvs=pdu.tlvs, **shared)
    fields = {**shared, "destination_addr": address, "short_message": text}

    assert template.body(address.encode(), text) == encode_body(Pdu(4, 0, 1, fields, pdu.tlvs))


def test_a_template_marks_a_user_data_header() -> None:
    template = SubmitTemplate(source_addr="ACME", esm_class=3)
    fields = {
        "source_addr": "ACME",
        "esm_class": 0x43,
        "destination_addr": "1",
        "short_message": b"x",
    }

    assert template.body(b"1", b"x", udh=True) == encode_body(Pdu(4, fields=fields))


def test_a_template_takes_tlvs_of_one_message() -> None:
    template = SubmitTemplate(tlvs={"user_message_reference": 1})

    body = template.body(b"1", b"", tlvs=encode_tlvs({"sar_msg_ref_num": 2}))

    assert body.endswith(b"\x02\x0c\0\x02\0\x02" + b"\x02\x04\0\x02\0\x01")


@pytest.mark.parametrize(
    ("address", "text", "message"),
    [
        (b"1" * 21, b"", "destination_addr: at most 20 octets"),
        (b"1\0", b"", "destination_addr: at most 20 octets without NUL"),
        (b"1", b"x" * 255, "short_message: at most 254 octets"),
    ],
)
def test_a_template_refuses_what_does_not_fit(address: bytes, text: bytes, message: str) -> None:
    with pytest.raises(EncodeError, match=message):
        SubmitTemplate().body(address, text)


@pytest.mark.parametrize("name", ["destination_addr", "short_message"])
def test_a_template_holds_nothing_that_each_message_has(name: str) -> None:
    with pytest.raises(EncodeError, match=f"{name}: is given with each message"):
        SubmitTemplate(**{name: "1"})


@pytest.mark.parametrize(
    ("body", "message_id"),
    [
        (b"abc\0", "abc"),
        (b"\0", ""),
        (b"a" * 64 + b"\0", "a" * 64),
        (b"a" * 65 + b"\0", None),
        (b"", None),
        (b"abc", None),
        (b"a\0b\0", None),
        (b"abc\0\0", None),
    ],
)
def test_only_a_plain_message_id_is_read_fast(body: bytes, message_id: str | None) -> None:
    data = b"\xff" * 16 + body + b"\0"

    assert decode_message_id(data, 16, 16 + len(body)) == message_id
