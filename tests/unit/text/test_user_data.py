"""Whole user data: headers of long messages and of national tables."""

import pytest

from textwell.text.packing import unpack_septets
from textwell.text.segments import segment_text
from textwell.text.user_data import (
    TooManySegmentsError,
    build_header,
    build_user_data,
    build_user_data_packed,
)


def test_a_single_plain_segment_has_no_header() -> None:
    message = segment_text("hello")

    assert build_header(message, place=0, reference=7) == b""
    assert build_user_data(message, place=0) == b"hello"
    assert build_user_data_packed(message, place=0).hex() == "e8329bfd06"


def test_the_8_bit_reference_takes_six_octets_and_one_fill_bit() -> None:
    message = segment_text("a" * 200)

    header = build_header(message, place=1, reference=0x1FE)
    packed = build_user_data_packed(message, place=0, reference=0x1FE)

    assert header.hex() == "050003fe0202"
    assert len(packed) == 140
    assert unpack_septets(packed[6:], count=153, fill_bits=1) == b"a" * 153


def test_the_16_bit_reference_takes_seven_octets_and_no_fill_bits() -> None:
    message = segment_text("a" * 200, reference_bits=16)

    packed = build_user_data_packed(message, place=0, reference=0x1234)

    assert packed[:7].hex() == "06080412340201"
    assert unpack_septets(packed[7:], count=152) == b"a" * 152


def test_national_tables_are_announced_in_a_single_segment_too() -> None:
    message = segment_text("ã ş", languages=("pt", "tr"))

    assert build_header(message, place=0, reference=1).hex() == "06240101250103"


def test_a_long_message_numbers_and_announces() -> None:
    message = segment_text("ı" * 200, languages=("tr",))

    assert build_header(message, place=0, reference=5).hex() == "080003050201250101"
    assert [segment.unit_count for segment in message.segments] == [149, 51]


def test_ucs2_goes_out_as_it_is() -> None:
    message = segment_text("ă" * 71)

    data = build_user_data(message, place=1, reference=9)

    assert data.hex() == "050003090202" + "0103" * 4
    assert data == build_user_data_packed(message, place=1, reference=9)


def test_more_than_255_segments_cannot_be_numbered() -> None:
    message = segment_text("a" * 153 * 256)

    with pytest.raises(TooManySegmentsError, match="256 segments"):
        build_header(message, place=0, reference=1)
