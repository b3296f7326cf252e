from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.smpp.codec import HEADER, decode, encode
from textwell.smpp.commands import Command, Status, status_name
from textwell.smpp.errors import DecodeError, EncodeError
from textwell.smpp.layouts import LAYOUTS
from textwell.smpp.pdu import Pdu
from textwell.smpp.tlvs import TLVS, Tlv
from unit.smpp.strategies import pdus, tlv_value

# submit_sm of 3.4, laid out by hand.
SUBMIT_SM = bytes.fromhex(
    "0000003d"  # command_length
    "00000004"  # command_id
    "00000000"  # command_status
    "00000005"  # sequence_number
    "434d5400"  # service_type "CMT"
    "0500" + b"ACME".hex() + "00"  # source_addr_ton, _npi, source_addr
    "0101" + b"84901234567".hex() + "00"  # dest_addr_ton, _npi, destination_addr
    "400001"  # esm_class, protocol_id, priority_flag
    "0000"  # schedule_delivery_time, validity_period
    "01000800"  # registered_delivery, replace_if_present_flag, data_coding, sm_default_msg_id
    "04" + "00480069"  # sm_length, short_message
    "020400021234"  # user_message_reference
)


def frame(
    command_id: int, body: bytes = b"", *, status: int = 0, length: int | None = None
) -> bytes:
    size = 16 + len(body) if length is None else length
    return HEADER.pack(size, command_id, status, 1) + body


def refusal(data: bytes) -> DecodeError:
    with pytest.raises(DecodeError) as caught:
        decode(data)
    return caught.value


def status_of(data: bytes, *, strict: bool) -> int:
    """Status with which the octets are refused, ESME_ROK if they are read."""
    try:
        decode(data, strict=strict)
    except DecodeError as error:
        return error.status
    return Status.ESME_ROK


def test_a_submit_sm_written_by_hand_is_read() -> None:
    assert decode(SUBMIT_SM) == Pdu(
        Command.submit_sm,
        0,
        5,
        {
            "service_type": "CMT",
            "source_addr_ton": 5,
            "source_addr_npi": 0,
            "source_addr": "ACME",
            "dest_addr_ton": 1,
            "dest_addr_npi": 1,
            "destination_addr": "84901234567",
            "esm_class": 0x40,
            "protocol_id": 0,
            "priority_flag": 1,
            "schedule_delivery_time": "",
            "validity_period": "",
            "registered_delivery": 1,
            "replace_if_present_flag": 0,
            "data_coding": 8,
            "sm_default_msg_id": 0,
            "short_message": b"\0H\0i",
        },
        {"user_message_reference": 0x1234},
    )


def test_a_submit_sm_is_written_as_by_hand() -> None:
    assert encode(decode(SUBMIT_SM)) == SUBMIT_SM


@given(pdus())
def test_what_is_written_is_read_back(pdu: Pdu) -> None:
    assert decode(encode(pdu)) == pdu


@pytest.mark.parametrize("command_id", sorted(LAYOUTS))
@given(data=st.data())
def test_every_command_survives_the_round_trip(command_id: int, data: st.DataObject) -> None:
    pdu = data.draw(pdus(command_id))

    assert decode(encode(pdu)) == pdu


@pytest.mark.parametrize("tlv", TLVS, ids=lambda tlv: tlv.name)
@given(data=st.data())
def test_every_tlv_survives_the_round_trip(tlv: Tlv, data: st.DataObject) -> None:
    pdu = Pdu(Command.data_sm_resp, 0, 1, {"message_id": ""}, {tlv.name: data.draw(tlv_value(tlv))})

    assert decode(encode(pdu)) == pdu


@given(st.binary(max_size=200))
def test_arbitrary_octets_are_read_or_refused(data: bytes) -> None:
    try:
        pdu = decode(data)
    except DecodeError:
        return
    assert len(encode(pdu)) == len(data)


@given(pdus(), st.data())
def test_a_pdu_with_one_octet_changed_is_read_or_refused(pdu: Pdu, data: st.DataObject) -> None:
    octets = bytearray(encode(pdu))
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= data.draw(st.integers(1, 255))

    for strict in (True, False):
        status = status_of(bytes(octets), strict=strict)
        assert status_name(status).startswith("ESME_R")


@given(pdus(), st.data())
def test_a_pdu_cut_short_is_refused(pdu: Pdu, data: st.DataObject) -> None:
    octets = encode(pdu)
    cut = octets[: data.draw(st.integers(0, len(octets) - 1))]

    assert refusal(cut).status == Status.ESME_RINVCMDLEN


@given(pdus(Command.deliver_sm), st.data())
def test_a_body_cut_short_behind_a_true_length_is_refused(pdu: Pdu, data: st.DataObject) -> None:
    pdu.tlvs = {}
    body = encode(pdu)[16:]
    cut = body[: data.draw(st.integers(0, len(body) - 1))]

    assert refusal(frame(Command.deliver_sm, cut)).status in {
        Status.ESME_RINVMSGLEN,
        Status.ESME_RINVSRCADR,
        Status.ESME_RINVDSTADR,
        Status.ESME_RINVSERTYP,
    }


@pytest.mark.parametrize(
    ("why", "data", "field", "status"),
    [
        ("no header", b"\0" * 15, "command_length", Status.ESME_RINVCMDLEN),
        ("length below 16", frame(0x15, length=15), "command_length", Status.ESME_RINVCMDLEN),
        (
            "length of 4 GiB",
            frame(0x15, length=0xFFFFFFFF),
            "command_length",
            Status.ESME_RINVCMDLEN,
        ),
        (
            "length too small",
            frame(0x15, b"\0", length=16),
            "command_length",
            Status.ESME_RINVCMDLEN,
        ),
        ("length too great", frame(0x15, length=17), "command_length", Status.ESME_RINVCMDLEN),
        ("unknown command", frame(0x16), "command_id", Status.ESME_RINVCMDID),
        ("unknown response", frame(0x80000102), "command_id", Status.ESME_RINVCMDID),
        ("body of enquire_link", frame(0x15, b"\0"), "command_length", Status.ESME_RINVCMDLEN),
        ("tlv of unbind", frame(6, b"\x04\x28\0\x01\0"), "command_length", Status.ESME_RINVCMDLEN),
        ("no body of a good answer", frame(0x80000004), "message_id", Status.ESME_RINVMSGLEN),
        ("no terminator", frame(0x80000004, b"abc"), "message_id", Status.ESME_RINVMSGLEN),
        (
            "id of 65 letters",
            frame(0x80000004, b"a" * 65 + b"\0"),
            "message_id",
            Status.ESME_RINVMSGID,
        ),
        ("octets after the id", frame(0x80000004, b"a\0\0"), "tlvs", Status.ESME_RINVOPTPARSTREAM),
        (
            "tlv too long",
            frame(0x80000004, b"a\0\x14\0\0\x02\0"),
            "0x1400",
            Status.ESME_RINVOPTPARSTREAM,
        ),
        (
            "tlv of wrong size",
            frame(0x80000004, b"a\0\x04\x27\0\x02\0\0"),
            "message_state",
            Status.ESME_RINVPARLEN,
        ),
        (
            "tlv text unended",
            frame(0x80000004, b"a\0\0\x1e\0\x01a"),
            "receipted_message_id",
            Status.ESME_RINVPARLEN,
        ),
        (
            "tlv text with NUL",
            frame(0x80000004, b"a\0\0\x1e\0\x03\0a\0"),
            "receipted_message_id",
            Status.ESME_RINVPARLEN,
        ),
        (
            "empty tlv text",
            frame(0x80000004, b"a\0\0\x1e\0\0"),
            "receipted_message_id",
            Status.ESME_RINVPARLEN,
        ),
        (
            "system_id of 16 letters",
            frame(0x80000009, b"a" * 16 + b"\0"),
            "system_id",
            Status.ESME_RINVSYSID,
        ),
        (
            "tlv after a bind",
            frame(0xB, b"\0\0\x04\x28\0\x01\0"),
            "command_length",
            Status.ESME_RINVCMDLEN,
        ),
        (
            "foreign tlv",
            frame(0x80000008, b"\x04\x27\0\x01\0"),
            "tlvs",
            Status.ESME_ROPTPARNOTALLWD,
        ),
        (
            "final_date of 3",
            frame(0x80000003, b"a\0ab\0\0\0"),
            "final_date",
            Status.ESME_RINVMSGLEN,
        ),
        (
            "no_unsuccess lies",
            frame(0x80000021, b"a\0\x01\x01\x01\0\0\0"),
            "error_status_code",
            Status.ESME_RINVMSGLEN,
        ),
        (
            "no destinations",
            frame(0x21, b"\0\0\0\0\0"),
            "number_of_dests",
            Status.ESME_RINVNUMDESTS,
        ),
        (
            "255 destinations",
            frame(0x21, b"\0\0\0\0\xff"),
            "number_of_dests",
            Status.ESME_RINVNUMDESTS,
        ),
        ("dest_flag 3", frame(0x21, b"\0\0\0\0\x01\x03"), "dest_flag", Status.ESME_RINVDESTFLAG),
        (
            "dl_name too long",
            frame(0x21, b"\0\0\0\0\x01\x02" + b"a" * 22),
            "dl_name",
            Status.ESME_RINVDLNAME,
        ),
    ],
)
def test_what_is_not_by_the_book_is_refused(why: str, data: bytes, field: str, status: int) -> None:
    error = refusal(data)

    assert (error.field, error.status) == (field, status)


@pytest.mark.parametrize(
    ("at", "value", "field"),
    [
        (-11, 5, "sm_length"),  # four octets follow, then a TLV of six: eats into the TLV
        (-11, 12, "sm_length"),
        (-11, 255, "sm_length"),
    ],
)
def test_a_wrong_sm_length_is_refused(at: int, value: int, field: str) -> None:
    octets = bytearray(SUBMIT_SM)
    octets[at] = value

    with pytest.raises(DecodeError):
        decode(bytes(octets))


def test_a_negative_answer_needs_no_body() -> None:
    assert decode(frame(0x80000004, status=0x58)) == Pdu(Command.submit_sm_resp, 0x58, 1)


def test_a_negative_answer_may_have_a_body() -> None:
    pdu = decode(frame(0x80000004, b"x\0", status=0x45))

    assert pdu.fields == {"message_id": "x"}


def test_every_answer_may_tell_of_congestion() -> None:
    assert decode(frame(0x80000015, b"\x04\x28\0\x01\x50")).tlvs == {"congestion_state": 80}


def test_a_repeated_tlv_becomes_a_list_and_back() -> None:
    data = frame(0x80000103, b"\0" + b"\x03\x02\0\x01\x01" + b"\x03\x02\0\x01\x02")

    assert decode(data).tlvs == {"callback_num_pres_ind": [1, 2]}
    assert encode(decode(data)) == data


@pytest.mark.parametrize(
    ("what", "data", "fields", "tlvs"),
    [
        (
            "an id without terminator",
            frame(0x80000103, b"\0\0\x1e\0\x02ab"),
            {"message_id": ""},
            {"receipted_message_id": "ab"},
        ),
        (
            "an odd tlv",
            frame(0x80000103, b"\0\x04\x27\0\x02\0\x02"),
            {"message_id": ""},
            {"0x0427": b"\0\x02"},
        ),
        ("an answer without body", frame(0x80000005), {}, {}),
        (
            "a short date",
            frame(0x80000003, b"a\0ab\0\0\0"),
            {"message_id": "a", "final_date": "ab", "message_state": 0, "error_code": 0},
            {},
        ),
        (
            "a tlv where none belongs",
            frame(0xB, b"\0\0\x14\0\0\0"),
            {"system_id": "", "password": ""},
            {"0x1400": b""},
        ),
    ],
)
def test_carriers_quirks_are_forgiven_when_not_strict(
    what: str, data: bytes, fields: dict[str, object], tlvs: dict[str, object]
) -> None:
    pdu = decode(data, strict=False)

    assert (pdu.fields, pdu.tlvs) == (fields, tlvs)


def test_a_length_beyond_the_pdu_is_never_forgiven() -> None:
    with pytest.raises(DecodeError, match="0x1400: length 9, but 0 octets are left"):
        decode(frame(0x80000103, b"\0\x14\0\0\x09"), strict=False)


@pytest.mark.parametrize(
    ("pdu", "message"),
    [
        (Pdu(0x16), "command_id: 0x00000016 is unknown"),
        (Pdu(4, fields={"nonsense": 1}), "nonsense: no parameter of this PDU"),
        (Pdu(4, fields={"data_coding": 256}), "data_coding: an integer from 0 to 255"),
        (Pdu(4, fields={"source_addr": "a\0"}), "source_addr: text without NUL expected"),
        (Pdu(4, fields={"source_addr": "a" * 21}), "source_addr: 21 characters, at most 20 fit"),
        (Pdu(4, fields={"source_addr": "€"}), "source_addr: has characters outside of Latin-1"),
        (Pdu(4, fields={"validity_period": "1"}), "validity_period: a time is empty"),
        (Pdu(4, fields={"short_message": "a"}), "short_message: octets expected, got str"),
        (Pdu(4, fields={"short_message": b"a" * 255}), "short_message: 255 octets, at most 254 fit"),
        (Pdu(4, sequence=-1), "sequence: -1 does not fit into 32 bits"),
        (Pdu(0x21), "dest_address: 1 to 254 destinations, got 0"),
        (Pdu(0x21, fields={"dest_address": [{"dest_flag": 3}]}), "dest_flag: 1 .SME. or 2"),
        (Pdu(0x80000021, fields={"unsuccess_sme": [{"error_status_code": -1}]}), "error_status_code: a"),
        (Pdu(6, tlvs={"message_state": 1}), "tlvs: unbind takes: none"),
        (Pdu(4, tlvs={"message_state": "x"}), "message_state: integer expected, got str"),
        (Pdu(4, tlvs={"message_state": 256}), "message_state: 256 does not fit into 1 octets"),
        (Pdu(4, tlvs={"receipted_message_id": b"x"}), "receipted_message_id: text without"),
        (Pdu(4, tlvs={"receipted_message_id": "€"}), "receipted_message_id: has characters outside"),
        (Pdu(4, tlvs={"receipted_message_id": "x" * 65}), "receipted_message_id: 66 octets"),
        (Pdu(4, tlvs={"network_error_code": b"x"}), "network_error_code: 1 octets"),
        (Pdu(4, tlvs={"message_payload": 5}), "message_payload: octets expected, got int"),
        (Pdu(4, tlvs={"0x1400": b"a" * 65536}), "0x1400: 65536 octets"),
        (Pdu(4, tlvs={"0x14": b""}), "0x14: no TLV of this name"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_refused_by_name(pdu: Pdu, message: str) -> None:
    with pytest.raises(EncodeError, match=message):
        encode(pdu)


def test_statuses_have_names_and_vendors_own_have_numbers() -> None:
    assert status_name(0x58) == "ESME_RTHROTTLED"
    assert status_name(0x400) == "0x00000400"
    assert Pdu(0x80000004, status=0x14).status_name == "ESME_RMSGQFUL"


def test_the_message_is_the_payload_where_there_is_one() -> None:
    assert Pdu(5, fields={"short_message": b"a"}).message == b"a"
    assert Pdu(5, fields={"short_message": b""}, tlvs={"message_payload": b"b"}).message == b"b"
    assert Pdu(0x15).message == b""
