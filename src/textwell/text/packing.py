"""Septets to octets and back: 3GPP TS 23.038 section 6.1.2.1."""

from __future__ import annotations


def pack_septets(septets: bytes, *, fill_bits: int = 0) -> bytes:
    """Pack septets (one an octet in) seven bits each, the first into the lowest bits.

    ``fill_bits`` zero bits go before the first septet; a user data header needs them so that
    the septets after it begin on a septet boundary counted from the start of the header.
    """
    if not septets:
        return b""
    bits = "".join([f"{septet:07b}" for septet in reversed(septets)])
    value = int(bits, 2) << fill_bits
    return value.to_bytes((len(bits) + fill_bits + 7) // 8, "little")


def unpack_septets(octets: bytes, *, count: int, fill_bits: int = 0) -> bytes:
    """The first ``count`` septets of packed octets; the reverse of :func:`pack_septets`."""
    value = int.from_bytes(octets, "little") >> fill_bits
    return bytes([(value >> (7 * place)) & 0x7F for place in range(count)])


def compute_fill_bits(header_octets: int) -> int:
    """Zero bits between a user data header of so many octets and the first septet."""
    return -header_octets * 8 % 7
