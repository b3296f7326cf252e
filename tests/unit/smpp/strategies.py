"""Hypothesis strategies for PDUs that are right by the book."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from textwell.smpp.commands import RESPONSE_BIT
from textwell.smpp.layouts import LAYOUTS, Field, Kind, TlvRule
from textwell.smpp.pdu import Pdu
from textwell.smpp.tlvs import TLVS, Form, Tlv

octets = st.integers(0, 255)
words = st.integers(0, 0xFFFFFFFF)


def c_string(size: int) -> st.SearchStrategy[str]:
    letters = st.characters(min_codepoint=1, max_codepoint=255)
    return st.text(letters, max_size=size - 1)


times = st.one_of(st.just(""), st.just("020610233429000R"), st.just("261124075959004+"))
addresses = st.fixed_dictionaries(
    {"dest_addr_ton": octets, "dest_addr_npi": octets, "destination_addr": c_string(21)}
)
destinations = st.one_of(
    addresses.map(lambda address: {"dest_flag": 1, **address}),
    c_string(21).map(lambda name: {"dest_flag": 2, "dl_name": name}),
)
failures = st.builds(lambda address, code: {**address, "error_status_code": code}, addresses, words)


def value_of(field: Field) -> st.SearchStrategy[Any]:
    by_kind: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.INT: octets,
        Kind.TEXT: c_string(field.size),
        Kind.TIME: times,
        Kind.MESSAGE: st.binary(max_size=254),
        Kind.DESTINATIONS: st.lists(destinations, min_size=1, max_size=5),
        Kind.UNSUCCESS: st.lists(failures, max_size=5),
    }
    return by_kind[field.kind]


def tlv_value(tlv: Tlv) -> st.SearchStrategy[Any]:
    if tlv.form is Form.INTEGER:
        return st.integers(0, 256**tlv.most - 1)
    if tlv.form is Form.C_STRING:
        letters = st.characters(min_codepoint=1, max_codepoint=255)
        return st.text(letters, min_size=tlv.least - 1, max_size=min(tlv.most - 1, 80))
    if tlv.form is Form.FLAG:
        return st.one_of(st.just(b""), octets)
    return st.binary(min_size=tlv.least, max_size=min(tlv.most, 40))


known_tlvs = st.lists(
    st.sampled_from(TLVS).flatmap(lambda tlv: st.tuples(st.just(tlv.name), tlv_value(tlv))),
    max_size=4,
).map(dict)
own_tlvs = st.dictionaries(
    st.integers(0x1400, 0x3FFF).map(lambda tag: f"0x{tag:04X}"), st.binary(max_size=20), max_size=2
)


@st.composite
def pdus(draw: st.DrawFn, command_id: int | None = None) -> Pdu:
    if command_id is None:
        command_id = draw(st.sampled_from(sorted(LAYOUTS)))
    layout = LAYOUTS[command_id]
    tlvs: dict[str, Any] = {}
    if layout.tlvs is TlvRule.ANY:
        tlvs = {**draw(known_tlvs), **draw(own_tlvs)}
    fields = {field.name: draw(value_of(field)) for field in layout.fields}
    status = draw(words) if command_id >= RESPONSE_BIT else 0
    return Pdu(command_id, status, draw(st.integers(1, 0x7FFFFFFF)), fields, tlvs)
