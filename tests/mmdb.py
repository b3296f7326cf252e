"""A writer of small MMDB files (format 2.0, IPv4), for tests: nothing but what they need."""

import struct
from ipaddress import ip_network
from pathlib import Path
from typing import Any

# Types of the format that fit into the first octet, and those of the second.
_TEXT, _UINT16, _UINT32, _MAP = 2, 5, 6, 7
_UINT64, _ARRAY = 9, 11
_MARKER = b"\xab\xcd\xefMaxMind.com"
_SEPARATOR = bytes(16)
_SHORT = 29  # lengths up to here stand in the first octet


def _control(kind: int, length: int) -> bytes:
    assert length < _SHORT + 256
    size, more = (length, b"") if length < _SHORT else (_SHORT, bytes([length - _SHORT]))
    if kind <= _MAP:
        return bytes([kind << 5 | size]) + more
    return bytes([size, kind - 7]) + more


def _encode(value: Any) -> bytes:
    match value:
        case str():
            octets = value.encode()
            return _control(_TEXT, len(octets)) + octets
        case (int() as kind, int() as number):  # readers insist on the kind in metadata
            octets = number.to_bytes(8, "big").lstrip(b"\0")
            return _control(kind, len(octets)) + octets
        case int():
            return _encode((_UINT32, value))
        case dict():
            pairs = b"".join(_encode(key) + _encode(each) for key, each in value.items())
            return _control(_MAP, len(value)) + pairs
        case list():
            return _control(_ARRAY, len(value)) + b"".join(map(_encode, value))
    raise TypeError(value)


def write_mmdb(path: Path, networks: dict[str, Any], *, built_at: int) -> Path:
    """The file, with a record for each network; `built_at` in seconds since the epoch."""
    nodes: list[list[int | None]] = [[None, None]]
    data, offsets = b"", {}
    for text, record in networks.items():
        network = ip_network(text)
        offsets[text] = len(data)
        data += _encode(record)
        bits = f"{int(network.network_address):032b}"[: network.prefixlen]
        at = 0
        for bit in bits[:-1]:
            place = nodes[at][int(bit)]
            if place is None:
                nodes.append([None, None])
                place = nodes[at][int(bit)] = len(nodes) - 1
            at = place
        nodes[at][int(bits[-1])] = -1 - offsets[text]
    count = len(nodes)
    tree = b"".join(_record(each, count) for node in nodes for each in node)
    metadata = {
        "binary_format_major_version": (_UINT16, 2), "binary_format_minor_version": (_UINT16, 0),
        "build_epoch": (_UINT64, built_at), "database_type": "Test-City",
        "description": {"en": "for tests"}, "ip_version": (_UINT16, 4), "languages": ["en"],
        "node_count": (_UINT32, count), "record_size": (_UINT16, 32),
    }  # fmt: skip
    path.write_bytes(tree + _SEPARATOR + data + _MARKER + _encode(metadata))
    return path


def _record(place: int | None, count: int) -> bytes:
    """A node's number; the count of nodes: nothing known; beyond it: where the data stand."""
    if place is None:
        return struct.pack(">I", count)
    return struct.pack(">I", place if place >= 0 else count + len(_SEPARATOR) - 1 - place)
