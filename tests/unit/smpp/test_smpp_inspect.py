from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.cli.inspect.pdu import inspect
from textwell.smpp import Command, Pdu, encode
from unit.smpp.strategies import pdus


def test_a_submit_multi_is_shown_by_the_names_of_the_book() -> None:
    pdu = Pdu(
        Command.submit_multi,
        0,
        9,
        {
            "source_addr": "ACME",
            "source_addr_ton": 5,
            "dest_address": [
                {"dest_addr_ton": 1, "dest_addr_npi": 1, "destination_addr": "84901234567"},
                {"dl_name": "all"},
            ],
            "short_message": b"hi",
        },
        {"sar_msg_ref_num": 7, "0x14ab": b"\xab", "additional_status_info_text": "x"},
    )

    assert inspect({"hex": encode(pdu).hex().upper()}) == {
        "command": "submit_multi",
        "status": 0,
        "sequence": 9,
        "fields": {
            "service_type": "",
            "source_addr_ton": 5,
            "source_addr_npi": 0,
            "source_addr": "ACME",
            "number_of_dests": 2,
            "dest_address": [
                {
                    "dest_flag": 1,
                    "dest_addr_ton": 1,
                    "dest_addr_npi": 1,
                    "destination_addr": "84901234567",
                },
                {"dest_flag": 2, "dl_name": "all"},
            ],
            "esm_class": 0,
            "protocol_id": 0,
            "priority_flag": 0,
            "schedule_delivery_time": "",
            "validity_period": "",
            "registered_delivery": 0,
            "replace_if_present_flag": 0,
            "data_coding": 0,
            "sm_default_msg_id": 0,
            "sm_length": 2,
            "short_message": "6869",
        },
        "tlvs": {"sar_msg_ref_num": 7, "0x14AB": "ab", "additional_status_info_text": "x"},
        "error": None,
    }


def test_failed_destinations_are_shown_with_their_codes() -> None:
    failed = {
        "dest_addr_ton": 1,
        "dest_addr_npi": 1,
        "destination_addr": "849",
        "error_status_code": 11,
    }
    pdu = Pdu(Command.submit_multi_resp, 0, 9, {"message_id": "7", "unsuccess_sme": [failed]})

    assert inspect({"hex": encode(pdu).hex()})["fields"] == {
        "message_id": "7",
        "no_unsuccess": 1,
        "unsuccess_sme": [failed],
    }


def test_a_broadcast_of_smpp_5_is_shown_by_its_names() -> None:
    pdu = Pdu(
        Command.broadcast_sm,
        0,
        3,
        {"source_addr": "8888", "message_id": "7", "data_coding": 8},
        {"broadcast_rep_num": 2, "broadcast_content_type": b"\0\0\x10", "message_payload": b"hi"},
    )

    found = inspect({"hex": encode(pdu).hex()})

    assert found["command"] == "broadcast_sm"
    assert found["fields"] == {
        "service_type": "",
        "source_addr_ton": 0,
        "source_addr_npi": 0,
        "source_addr": "8888",
        "message_id": "7",
        "priority_flag": 0,
        "schedule_delivery_time": "",
        "validity_period": "",
        "replace_if_present_flag": 0,
        "data_coding": 8,
        "sm_default_msg_id": 0,
    }
    assert found["tlvs"] == {
        "broadcast_rep_num": 2,
        "broadcast_content_type": "000010",
        "message_payload": "6869",
    }


def test_a_payload_of_the_greatest_length_is_one_pdu() -> None:
    pdu = Pdu(Command.data_sm, 0, 3, {}, {"message_payload": b"\xff" * 65535})

    found = inspect({"hex": encode(pdu).hex()})

    assert (found["error"], found["tlvs"]) == (None, {"message_payload": "ff" * 65535})


@pytest.mark.parametrize(
    ("tlv", "shown"),
    [
        ("14ab0002c0de", {"0x14AB": "c0de"}),
        ("14ab0001c0 14ab0001de", {"0x14AB": ["c0", "de"]}),
        ("130c0000", {"alert_on_message_delivery": ""}),
        ("130c000103", {"alert_on_message_delivery": 3}),
        ("1204000105", {"ms_validity": 5}),
        ("1204000400010002", {"ms_validity": 65538}),
        ("12040002 0001", {}),
        ("0423 0003 030008", {"network_error_code": "030008"}),
        ("001e 0003 613100", {"receipted_message_id": "a1"}),
        ("001e 0002 6131", {}),
    ],
)
def test_a_tlv_is_shown_by_its_form(tlv: str, shown: dict[str, object]) -> None:
    body = b"a\0" + bytes.fromhex(tlv)
    head = (16 + len(body)).to_bytes(4, "big") + bytes.fromhex("80000004 00000000 00000007")

    found = inspect({"hex": (head + body).hex()})

    assert (found["tlvs"], found["error"] is None) == (shown, bool(shown))


@pytest.mark.parametrize(
    ("why", "text", "header", "error"),
    [
        ("nothing", "", (None, None, None), "command_length: a header has 16 octets, got 0"),
        ("half a header", "00000010", (None, None, None), "command_length: a header has 16 octets"),
        (
            "a lying length",
            "00000011 00000015 00000000 00000007",
            ("enquire_link", 0, 7),
            "command_length: says 17 octets, got 16",
        ),
        (
            "an unknown command",
            "00000010 00000016 00000008 00000007",
            (None, 8, 7),
            "command_id: 0x00000016 is unknown",
        ),
        (
            "two PDUs",
            "00000010 00000015 00000000 00000007" * 2,
            ("enquire_link", 0, 7),
            "command_length: says 16 octets, got 32",
        ),
    ],
)
def test_what_is_no_pdu_gives_an_error_beside_its_header(
    why: str, text: str, header: tuple[str | None, int | None, int | None], error: str
) -> None:
    found = inspect({"hex": text})

    assert (found["command"], found["status"], found["sequence"]) == header
    assert str(found["error"]).startswith(error)
    assert (found["fields"], found["tlvs"]) == ({}, {})


def test_a_negative_answer_without_a_body_is_no_error() -> None:
    found = inspect({"hex": "00000010800000040000005800000007"})

    assert found == {
        "command": "submit_sm_resp",
        "status": 0x58,
        "sequence": 7,
        "fields": {},
        "tlvs": {},
        "error": None,
    }


@given(st.one_of(pdus().map(encode), st.binary(max_size=80)))
def test_every_answer_is_json(data: bytes) -> None:
    found = inspect({"hex": data.hex()})

    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize("case", [{}, {"hex": 5}, {"hex": None}])
def test_a_case_without_hex_is_refused_by_name(case: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="hex: "):
        inspect(case)


@pytest.mark.parametrize("text", ["0", "xy", "0x00000010", "00000010 8000000é"])
def test_what_is_no_hex_gives_an_error_in_the_form_of_an_answer(text: str) -> None:
    assert inspect({"hex": text}) == {
        "command": None,
        "status": None,
        "sequence": None,
        "fields": {},
        "tlvs": {},
        "error": "hex: pairs of hex digits expected",
    }
