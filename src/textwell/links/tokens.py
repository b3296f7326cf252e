"""Tokens of personal short links: a keyed permutation, so that no link needs a row.

A token is `message id (43 bits) · link number (4 bits)`, enciphered over exactly 47 bits and
written in base 62, always eight characters. Link numbers are 1…15; 0 is the link to the page where a
person stops these texts.

The cipher is FF1 of NIST SP 800-38G (a ten-round Feistel network with AES), radix 2, length 47,
no tweak: halves of 23 and 24 bits that alternate, round function AES-CBC-MAC over P || Q. With
these lengths P and Q are one block each, so the encryption of P is a constant of the key and a
round is one AES block. To whoever lacks the key the token of every message is an independent
random-looking value: nothing joins two messages of one person.

A batch is enciphered in lanes of one long integer: a lane is the 16 octets of one AES block, and
one addition, mask or AES call serves all lanes. That is about five times faster than a loop.
"""

import struct
from collections.abc import Sequence
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from textwell.links.errors import BadToken

KEY_OCTETS = 16
TOKEN_LENGTH = 8
MESSAGE_BITS = 43
LINK_BITS = 4
MAX_MESSAGE_ID = (1 << MESSAGE_BITS) - 1
MAX_LINK_NUMBER = (1 << LINK_BITS) - 1
OPT_OUT_NUMBER = 0

_BITS = MESSAGE_BITS + LINK_BITS
_ROUNDS = 10
_STEP = 1 << 24  # the round's number stands above the 24 bits of a half
_LEFT, _RIGHT = 23, 24  # u = floor(47 / 2), v = 47 - u
_LEFT_MASK, _RIGHT_MASK = (1 << _LEFT) - 1, (1 << _RIGHT) - 1
# P of SP 800-38G: version 1, method 2, addition 1, radix 2, ten rounds, u, n, tweak length 0.
_P = bytes([1, 2, 1, 0, 0, 2, _ROUNDS, _LEFT]) + struct.pack(">II", _BITS, 0)
_LANE_OCTETS = 16
_LANE_BITS = 8 * _LANE_OCTETS
_BATCH = 512  # lanes at once: 8 KiB stays in the first cache

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE = len(_DIGITS)
_PAIRS = [a + b for a in _DIGITS for b in _DIGITS]
_VALUE_OF_PAIR = {pair: value for value, pair in enumerate(_PAIRS)}
_PAIR_BASE = _BASE**2
_HALF_BASE = _BASE**4


class TokenMaker:
    """Makes and reads the tokens of one workspace key (16 octets).

    Nothing in it changes, so threads may share it: whole blocks in ECB leave no state behind, and
    the interpreter's lock is held during a call.
    """

    __slots__ = ("_encrypt", "_mac_head", "_mac_tail")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_OCTETS:
            raise ValueError(f"a link key has {KEY_OCTETS} octets, this one has {len(key)}")
        # ECB over single blocks is the raw block cipher that FF1 is built on, not a mode of use.
        self._encrypt = Cipher(algorithms.AES(bytes(key)), modes.ECB()).encryptor().update  # noqa: S305
        mac = self._encrypt(_P)
        self._mac_head, self._mac_tail = mac[:12], int.from_bytes(mac[12:])

    def make(self, message_id: int, link_number: int) -> str:
        """The token of one link of one message. Raises ValueError out of range."""
        return self.make_many([message_id], link_number)[0]

    def make_many(self, message_ids: Sequence[int], link_number: int) -> list[str]:
        """Tokens of the same link for many messages, in their order."""
        if not OPT_OUT_NUMBER <= link_number <= MAX_LINK_NUMBER:
            raise ValueError(f"a link number is 0 to {MAX_LINK_NUMBER}, not {link_number}")
        if message_ids and not (min(message_ids) > 0 and max(message_ids) <= MAX_MESSAGE_ID):
            raise ValueError(f"a message id is 1 to {MAX_MESSAGE_ID}")
        tokens: list[str] = []
        for start in range(0, len(message_ids), _BATCH):
            part = message_ids[start : start + _BATCH]
            tokens += self._encipher([m << LINK_BITS | link_number for m in part])
        return tokens

    def read(self, token: str) -> tuple[int, int]:
        """(message id, link number) of a token. Raises BadToken if it cannot be one of ours."""
        value = _decode(token)
        left, right = value >> _RIGHT, value & _RIGHT_MASK
        head, encrypt = self._mac_head, self._encrypt
        tail, from_bytes = self._mac_tail, int.from_bytes
        # Two rounds a turn, the last first. Of the 64 bits that FF1 takes the low 32 are enough.
        for number in range((_ROUNDS - 1) << 24, -1, -2 << 24):
            y = from_bytes(encrypt(head + (tail ^ (number | left)).to_bytes(4))[4:8])
            left, right = (right - y) & _RIGHT_MASK, left
            y = from_bytes(encrypt(head + (tail ^ (number - _STEP | left)).to_bytes(4))[4:8])
            left, right = (right - y) & _LEFT_MASK, left
        found = _split(left << _RIGHT | right)
        if found is None:
            raise BadToken("the token belongs to no message")
        return found

    def read_many(self, tokens: Sequence[str]) -> list[tuple[int, int] | None]:
        """`read` for many tokens, in their order; None for those that cannot be ours."""
        values = [_value_of(token) for token in tokens]
        plains: list[int] = []
        for start in range(0, len(values), _BATCH):
            part = values[start : start + _BATCH]
            plains += self._decipher([value or 0 for value in part])
        return [
            None if value is None else _split(plain)
            for value, plain in zip(values, plains, strict=True)
        ]

    def _decipher(self, values: list[int]) -> list[int]:
        count = len(values)
        ones = _ones(count)
        octets = count * _LANE_OCTETS
        packed = struct.pack(f">{2 * count}Q", *(n for v in values for n in (0, v)))
        lanes = int.from_bytes(packed)
        left = (lanes >> _RIGHT) & (ones * _LEFT_MASK)
        right = lanes & (ones * _RIGHT_MASK)
        mac = int.from_bytes(self._mac_head + self._mac_tail.to_bytes(4)) * ones
        # Every lane of `borrow` stands above both halves, so no lane takes from its neighbour.
        masks, borrow = (ones * _LEFT_MASK, ones * _RIGHT_MASK), ones * _STEP
        encrypt = self._encrypt
        for number in range(_ROUNDS - 1, -1, -1):
            mask = masks[number % 2]
            blocks = mac ^ (left | ones * (number << 24))
            y = (int.from_bytes(encrypt(blocks.to_bytes(octets))) >> 64) & mask
            left, right = ((right | borrow) - y) & mask, left
        plains = (left << _RIGHT | right).to_bytes(octets)
        return list(struct.unpack(f">{2 * count}Q", plains)[1::2])

    def _encipher(self, plains: list[int]) -> list[str]:
        count = len(plains)
        ones = _ones(count)
        octets = count * _LANE_OCTETS
        packed = struct.pack(f">{2 * count}Q", *(n for p in plains for n in (0, p)))
        lanes = int.from_bytes(packed)
        left = (lanes >> _RIGHT) & (ones * _LEFT_MASK)
        right = lanes & (ones * _RIGHT_MASK)
        mac = int.from_bytes(self._mac_head + self._mac_tail.to_bytes(4)) * ones
        masks = (ones * _LEFT_MASK, ones * _RIGHT_MASK)
        encrypt = self._encrypt
        for number in range(_ROUNDS):
            mask = masks[number % 2]
            blocks = mac ^ (right | ones * (number << 24))
            y = (int.from_bytes(encrypt(blocks.to_bytes(octets))) >> 64) & mask
            left, right = right, (left + y) & mask
        values = (left << _RIGHT | right).to_bytes(octets)
        return [_encode(v) for v in struct.unpack(f">{2 * count}Q", values)[1::2]]


@lru_cache(maxsize=64)
def _ones(count: int) -> int:
    """A one at the foot of each of `count` lanes: times x, it puts x into every lane."""
    return sum(1 << (_LANE_BITS * lane) for lane in range(count))


def _encode(value: int) -> str:
    high, low = divmod(value, _HALF_BASE)
    pairs, base = _PAIRS, _PAIR_BASE
    return pairs[high // base] + pairs[high % base] + pairs[low // base] + pairs[low % base]


def _split(plain: int) -> tuple[int, int] | None:
    """Message id and link number; the first is never 0."""
    message_id, link_number = plain >> LINK_BITS, plain & MAX_LINK_NUMBER
    return (message_id, link_number) if message_id else None


def _value_of(token: str) -> int | None:
    try:
        return _decode(token)
    except BadToken:
        return None


def _decode(token: str) -> int:
    if len(token) != TOKEN_LENGTH:
        raise BadToken(f"a token has {TOKEN_LENGTH} characters")
    value = 0
    try:
        for at in range(0, TOKEN_LENGTH, 2):
            value = value * _PAIR_BASE + _VALUE_OF_PAIR[token[at : at + 2]]
    except KeyError:
        raise BadToken("a token holds letters a-z, A-Z and digits only") from None
    if value >> _BITS:
        raise BadToken("the token is out of range")
    return value


@lru_cache(maxsize=256)
def token_maker(key: bytes) -> TokenMaker:
    """The maker of a key, kept; raises ValueError if the key has not 16 octets."""
    return TokenMaker(key)


def make_token(key: bytes, message_id: int, link_number: int) -> str:
    """The eight characters of a link. Same input, same token."""
    return token_maker(bytes(key)).make(message_id, link_number)


def make_tokens(key: bytes, message_ids: Sequence[int], link_number: int) -> list[str]:
    """`make_token` for many messages of one link at once, in their order."""
    return token_maker(bytes(key)).make_many(message_ids, link_number)


def read_token(key: bytes, token: str) -> tuple[int, int]:
    """(message id, link number), or BadToken: nothing else is ever raised for any text."""
    return token_maker(bytes(key)).read(token)
