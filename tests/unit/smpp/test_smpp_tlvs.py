"""TLVs read the quick way are what they are read the long way."""

import re
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.smpp.errors import DecodeError
from textwell.smpp.tlvs import _decode_value, decode_tlvs


@given(st.sampled_from([0x001E, 0x0427]), st.binary(max_size=70), st.booleans())
def test_the_two_of_every_receipt_are_read_quickly_as_any_other(
    tag: int, octets: bytes, is_strict: bool
) -> None:
    data = struct.pack(">HH", tag, len(octets)) + octets
    try:
        expected = dict([_decode_value(tag, octets, strict=is_strict)])
    except DecodeError as error:
        with pytest.raises(DecodeError, match=re.escape(str(error))):
            decode_tlvs(data, 0, len(data), strict=is_strict)
    else:
        assert decode_tlvs(data, 0, len(data), strict=is_strict) == expected
