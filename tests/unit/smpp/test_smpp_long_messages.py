from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.smpp.codec import decode, encode
from textwell.smpp.commands import Command
from textwell.smpp.data_coding import DataCoding, base_coding, decode_text, encode_text
from textwell.smpp.errors import EncodeError
from textwell.smpp.long_messages import (
    LongStrategy,
    Part,
    PartParams,
    Reassembler,
    build_parts,
    read_part,
    split_udh,
)
from textwell.smpp.pdu import Pdu

some_parts = st.lists(st.binary(min_size=1, max_size=100), min_size=1, max_size=12)


def as_pdu(part: PartParams) -> Pdu:
    fields = part.fields(data_coding=8)
    return decode(encode(Pdu(Command.deliver_sm, 0, 1, fields, part.tlvs)), strict=False)


@given(some_parts, st.sampled_from(LongStrategy), st.integers(0, 2**20), st.data())
def test_a_message_comes_together_from_parts_in_any_order(
    parts: list[bytes], strategy: LongStrategy, reference: int, data: st.DataObject
) -> None:
    sent = list(build_parts(parts, strategy=strategy, reference=reference))
    reassembler = Reassembler()

    whole = [
        reassembler.add("a", read_part(as_pdu(part)), now=0)
        for part in data.draw(st.permutations(sent))
    ]

    assert whole[-1] == b"".join(parts)
    assert whole[:-1] == [None] * (len(sent) - 1)
    assert len(reassembler) == 0


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        (LongStrategy.UDH_8_BIT, [b"\x05\x00\x03\x34\x02\x01A", b"\x05\x00\x03\x34\x02\x02B"]),
        (
            LongStrategy.UDH_16_BIT,
            [b"\x06\x08\x04\x12\x34\x02\x01A", b"\x06\x08\x04\x12\x34\x02\x02B"],
        ),
        (LongStrategy.SAR_TLVS, [b"A", b"B"]),
        (LongStrategy.MESSAGE_PAYLOAD, [b""]),
    ],
)
def test_each_strategy_writes_its_headers(strategy: LongStrategy, expected: list[bytes]) -> None:
    sent = list(build_parts([b"A", b"B"], strategy=strategy, reference=0x71234))

    assert [part.short_message for part in sent] == expected


def test_sar_tlvs_carry_reference_total_and_number() -> None:
    sent = list(build_parts([b"A", b"B"], strategy=LongStrategy.SAR_TLVS, reference=0x71234))

    assert sent[1].tlv_octets == bytes.fromhex("020c00021234020e000102020f000102")
    assert sent[1].fields(data_coding=0) == {
        "esm_class": 0,
        "data_coding": 0,
        "short_message": b"B",
    }


def test_the_payload_carries_all_parts() -> None:
    (sent,) = build_parts([b"A", b"B"], strategy=LongStrategy.MESSAGE_PAYLOAD, reference=1)

    assert sent == PartParams(b"", tlvs={"message_payload": b"AB"})


@pytest.mark.parametrize("strategy", LongStrategy)
def test_one_part_alone_has_no_header(strategy: LongStrategy) -> None:
    assert list(build_parts([b"A"], strategy=strategy, reference=1)) == [PartParams(b"A")]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([b"a"] * 256, "256 parts, at most 255"),
        ([b"a" * 255], "255 octets"),
        ([b"a" * 249] * 2, "255"),
    ],
)
def test_parts_that_do_not_fit_are_refused(parts: list[bytes], message: str) -> None:
    with pytest.raises(EncodeError, match=message):
        list(build_parts(parts, strategy=LongStrategy.UDH_8_BIT, reference=1))


@pytest.mark.parametrize(
    ("why", "fields", "tlvs"),
    [
        ("no header at all", {"short_message": b"text"}, {}),
        ("flag without header", {"esm_class": 0x40, "short_message": b""}, {}),
        ("header longer than all", {"esm_class": 0x40, "short_message": b"\x09abc"}, {}),
        ("element longer than header", {"esm_class": 0x40, "short_message": b"\x03\0\x09abc"}, {}),
        ("half an element", {"esm_class": 0x40, "short_message": b"\x01\0abc"}, {}),
        ("some sar tlvs", {"short_message": b"x"}, {"sar_msg_ref_num": 1}),
        (
            "sar number of none",
            {"short_message": b"x"},
            {"sar_msg_ref_num": 1, "sar_total_segments": 2, "sar_segment_seqnum": 3},
        ),
        (
            "sar twice",
            {"short_message": b"x"},
            {"sar_msg_ref_num": 1, "sar_total_segments": [2, 2], "sar_segment_seqnum": 1},
        ),
    ],
)
def test_what_contradicts_itself_is_a_whole_message(why: str, fields: dict, tlvs: dict) -> None:
    part = read_part(Pdu(Command.deliver_sm, fields=fields, tlvs=tlvs))

    assert part == Part(0, 1, 1, fields["short_message"])


@pytest.mark.parametrize(
    "header", [b"\x05\0\x03\x07\x02\x03", b"\x05\0\x03\x07\0\0", b"\x04\x05\x02ab"]
)
def test_a_header_that_tells_no_part_is_taken_off(header: bytes) -> None:
    pdu = Pdu(5, fields={"esm_class": 0x40, "short_message": header + b"text"})

    assert read_part(pdu) == Part(0, 1, 1, b"text")


@given(st.binary(max_size=20))
def test_splitting_a_header_loses_nothing(data: bytes) -> None:
    elements, rest = split_udh(data)

    assert data.endswith(rest)
    assert len(rest) + sum(2 + len(value) for _, value in elements) in {len(data), len(data) - 1}


def test_a_part_that_comes_twice_changes_nothing() -> None:
    reassembler = Reassembler()

    assert reassembler.add("a", Part(1, 2, 1, b"A"), now=0) is None
    assert reassembler.add("a", Part(1, 2, 1, b"other"), now=0) is None
    assert reassembler.add("a", Part(1, 2, 2, b"B"), now=0) == b"AB"


def test_parts_of_others_are_kept_apart() -> None:
    reassembler = Reassembler()

    reassembler.add("a", Part(1, 2, 1, b"A"), now=0)

    assert reassembler.add("b", Part(1, 2, 2, b"B"), now=0) is None
    assert reassembler.add("a", Part(2, 2, 2, b"B"), now=0) is None


def test_a_message_whose_time_is_over_is_given_back_in_parts() -> None:
    reassembler = Reassembler(timeout_s=10)
    reassembler.add("a", Part(1, 3, 2, b"B"), now=0)

    assert reassembler.expire(now=9.9) == []
    assert reassembler.expire(now=10) == [(("a", 1, 3), {2: b"B"})]
    assert len(reassembler) == 0


def test_a_reference_used_again_later_starts_afresh() -> None:
    reassembler = Reassembler(timeout_s=10)
    reassembler.add("a", Part(1, 2, 1, b"old"), now=0)

    assert reassembler.add("a", Part(1, 2, 2, b"new"), now=11) is None


def test_the_oldest_message_gives_way() -> None:
    reassembler = Reassembler(max_groups=1)
    reassembler.add("a", Part(1, 2, 1, b"A"), now=0)
    reassembler.add("b", Part(1, 2, 1, b"A"), now=0)

    assert reassembler.add("b", Part(1, 2, 2, b"B"), now=0) == b"AB"
    assert reassembler.add("a", Part(1, 2, 2, b"B"), now=0) is None


@pytest.mark.parametrize(
    ("data_coding", "octets", "text"),
    [
        (0, b"abc", "default:abc"),
        (1, b"abc", "abc"),
        (3, b"\xe9", "é"),
        (6, b"\xb0", "А"),
        (8, b"\x1e\xa1", "ạ"),
        (8, b"\x1e", "\ufffd"),
        (2, b"abc", None),
        (0xF1, b"abc", "default:abc"),
        (0xF5, b"abc", None),
        (0xC8, b"abc", "default:abc"),
        (0xE0, b"\0a", "a"),
        (0x55, b"abc", None),
    ],
)
def test_the_alphabet_follows_data_coding(
    data_coding: int, octets: bytes, text: str | None
) -> None:
    decoded = decode_text(octets, data_coding, default_alphabet=lambda o: f"default:{o.decode()}")

    assert decoded == text


def test_a_text_is_written_in_its_alphabet() -> None:
    assert encode_text("ạ", DataCoding.UCS2) == b"\x1e\xa1"
    assert base_coding(0xF0) == DataCoding.DEFAULT
    with pytest.raises(ValueError, match="data_coding: 0 names no alphabet"):
        encode_text("a", 0)
