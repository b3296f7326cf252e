"""`textwell inspect pdu` against a reader written apart from it."""

from __future__ import annotations

import struct
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from textwell.cli.inspect.pdu import inspect
from textwell.smpp import encode
from textwell.smpp.commands import COMMAND_NAMES
from textwell.smpp.tlvs import BY_TAG
from unit.smpp import reference
from unit.smpp.strategies import pdus

# Tags that the reference has not in its table are no test of ours.
FOREIGN = set(BY_TAG) - set(reference.TLVS)
tags = st.one_of(
    st.sampled_from(sorted(reference.TLVS)),
    st.integers(0, 0xFFFF).filter(lambda tag: tag not in FOREIGN),
)
tlvs = st.builds(
    lambda tag, value, lie: struct.pack(">HH", tag, max(0, len(value) + lie)) + value,
    tags,
    st.one_of(st.binary(max_size=6), st.binary(max_size=30).map(lambda text: text + b"\0")),
    st.sampled_from([0, 0, 0, 0, 0, 1, -1]),
)
bodies = pdus().map(
    lambda pdu: (pdu.command_id, pdu.status, encode(type(pdu)(pdu.command_id, 0, 0, pdu.fields)))
)


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """PDUs of every command, most of them right, others bent in one or two places."""
    command_id, status, whole = draw(bodies)
    body = bytearray(whole[16:] + b"".join(draw(st.lists(tlvs, max_size=3))))
    if body and draw(st.booleans()):
        at = draw(st.integers(0, len(body) - 1))
        body[at] = draw(st.sampled_from([0, 1, 2, 3, 16, 17, 65, 254, 255]))
    if draw(st.integers(0, 4)) == 0:
        body = body[: draw(st.integers(0, len(body)))]
    if draw(st.integers(0, 4)) == 0:
        body += draw(st.binary(min_size=1, max_size=5))
    lie = draw(st.sampled_from([0] * 12 + [1, -1, 16, -16, 0x10000]))
    length = max(0, 16 + len(body) + lie)
    return struct.pack(">4I", length, command_id, status, draw(st.integers(0, 2**32 - 1))) + body


def told(data: bytes) -> dict[str, Any]:
    found = inspect({"hex": data.hex()})
    return found | {"error": found["error"] and True}


def test_both_readers_know_the_same_commands() -> None:
    assert {command_id: name for command_id, (name, *_) in reference.COMMANDS.items()} == (
        COMMAND_NAMES
    )


def test_both_readers_give_the_same_names_to_tags() -> None:
    assert {tag: name for tag, (name, *_) in reference.TLVS.items()} == {
        tag: BY_TAG[tag].name for tag in reference.TLVS
    }


@given(frames())
@example(struct.pack(">4I", 16, 0x80000004, 8, 0))
@example(struct.pack(">4I", 16, 0x80000004, 0, 0xFFFFFFFF))
@example(struct.pack(">4I", 16, 0x00000004, 8, 1))
def test_two_readers_find_the_same_in_any_frame(data: bytes) -> None:
    assert told(data) == reference.read(data)


@given(st.binary(max_size=120), st.sampled_from(sorted(reference.COMMANDS)))
def test_two_readers_find_the_same_in_noise(noise: bytes, command_id: int) -> None:
    for status in (0, 8):
        data = struct.pack(">4I", 16 + len(noise), command_id, status, 7) + noise
        if not any(struct.pack(">H", tag) in data for tag in FOREIGN):
            assert told(data) == reference.read(data)
