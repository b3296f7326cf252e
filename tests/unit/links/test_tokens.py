import random
import statistics

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from textwell.links.errors import BadToken
from textwell.links.tokens import (
    MAX_LINK_NUMBER,
    MAX_MESSAGE_ID,
    TokenMaker,
    make_token,
    make_tokens,
    read_token,
)

KEY = bytes(range(16))
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

keys = st.binary(min_size=16, max_size=16)
message_ids = st.integers(1, MAX_MESSAGE_ID)
link_numbers = st.integers(1, MAX_LINK_NUMBER)


def ff1(key: bytes, radix: int, numerals: list[int]) -> list[int]:
    """FF1 of NIST SP 800-38G with an empty tweak, straight from the text of the standard."""

    def number(digits: list[int]) -> int:
        value = 0
        for digit in digits:
            value = value * radix + digit
        return value

    aes = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    n = len(numerals)
    u = n // 2
    v = n - u
    b = ((radix**v - 1).bit_length() + 7) // 8
    d = 4 * ((b + 3) // 4) + 4
    p = bytes([1, 2, 1, *radix.to_bytes(3, "big"), 10, u % 256]) + n.to_bytes(4, "big") + bytes(4)
    left, right = numerals[:u], numerals[u:]
    for i in range(10):
        q = bytes((-b - 1) % 16) + bytes([i]) + number(right).to_bytes(b, "big")
        block = bytes(16)
        for at in range(0, len(p + q), 16):
            chunk = (p + q)[at : at + 16]
            block = aes.update(bytes(x ^ y for x, y in zip(block, chunk, strict=True)))
        stream = block
        for j in range(1, (d + 15) // 16):
            stream += aes.update(
                bytes(x ^ y for x, y in zip(block, j.to_bytes(16, "big"), strict=True))
            )
        m = u if i % 2 == 0 else v
        c = (number(left) + int.from_bytes(stream[:d], "big")) % radix**m
        digits = []
        for _ in range(m):
            c, digit = divmod(c, radix)
            digits.append(digit)
        left, right = right, digits[::-1]
    return left + right


def test_the_reference_cipher_reproduces_the_sample_of_the_standard() -> None:
    key = bytes.fromhex("2B7E151628AED2A6ABF7158809CF4F3C")  # sample 1 of FF1, no tweak

    assert ff1(key, 10, list(range(10))) == [2, 4, 3, 3, 4, 7, 7, 4, 8, 4]


@given(keys, message_ids, link_numbers)
def test_a_token_is_the_standards_cipher_of_message_and_link(
    key: bytes, message_id: int, link_number: int
) -> None:
    bits = [int(bit) for bit in f"{message_id:043b}{link_number:04b}"]
    value = int("".join(map(str, ff1(key, 2, bits))), 2)
    expected = ""
    for _ in range(8):
        value, digit = divmod(value, 62)
        expected = DIGITS[digit] + expected

    assert make_token(key, message_id, link_number) == expected


@given(keys, message_ids, link_numbers)
def test_reading_a_token_gives_back_what_it_was_made_of(
    key: bytes, message_id: int, link_number: int
) -> None:
    assert read_token(key, make_token(key, message_id, link_number)) == (message_id, link_number)


@given(keys, st.lists(message_ids, max_size=40), link_numbers)
def test_a_batch_gives_the_same_tokens_as_one_by_one(
    key: bytes, ids: list[int], link_number: int
) -> None:
    assert make_tokens(key, ids, link_number) == [make_token(key, i, link_number) for i in ids]


@given(keys, st.text(max_size=12))
def test_any_text_is_a_token_or_refused(key: bytes, text: str) -> None:
    try:
        message_id, link_number = read_token(key, text)
    except BadToken:
        return
    assert make_token(key, message_id, link_number) == text


@pytest.mark.parametrize(
    "token",
    [
        "",
        "abc",
        "abcdefghi",
        "abc defg",
        "abc-defg",
        "abcdefgé",
        "zzzzzzzz",
        "ａbcdefgh",
        "abcdefg\n",
    ],
)
def test_what_has_not_eight_letters_or_digits_in_range_is_refused(token: str) -> None:
    with pytest.raises(BadToken):
        read_token(KEY, token)


def test_two_hundred_thousand_tokens_differ() -> None:
    maker = TokenMaker(KEY)
    tokens = maker.make_many(range(1, 100_001), 1) + maker.make_many(range(1, 100_001), 2)

    assert len(set(tokens)) == 200_000
    assert {len(token) for token in tokens} == {8}


def test_a_hundred_thousand_guesses_hit_none_of_a_million_messages() -> None:
    maker, guess = TokenMaker(KEY), random.Random(7)
    hits = 0
    for _ in range(100_000):
        try:
            message_id, link_number = maker.read("".join(guess.choices(DIGITS, k=8)))
        except BadToken:
            continue
        hits += message_id <= 1_000_000 and link_number <= 3

    assert hits == 0


@pytest.mark.parametrize("key_of_other", [KEY[::-1], bytes(16)])
def test_another_workspaces_key_reads_nothing_of_ours(key_of_other: bytes) -> None:
    other = TokenMaker(key_of_other)
    readable = 0
    for token in make_tokens(KEY, range(1, 2001), 1):
        try:
            readable += other.read(token)[0] <= 1_000_000
        except BadToken:
            continue

    assert readable == 0


def distances(pairs: list[tuple[str, str]]) -> list[int]:
    values = [
        tuple(sum(DIGITS.index(c) * 62**i for i, c in enumerate(reversed(t))) for t in p)
        for p in pairs
    ]
    return [(x ^ y).bit_count() for x, y in values]


def test_tokens_of_one_person_are_as_far_apart_as_those_of_strangers() -> None:
    """The best-known join, nearness, tells no better than a coin: AUC 0.50 ± 0.01."""
    chance, maker = random.Random(3), TokenMaker(KEY)
    count = 20_000
    # The same person in the next campaign: the message id moves by the size of a campaign.
    first = maker.make_many(range(1, count + 1), 1)
    later = maker.make_many(range(1_000_001, 1_000_001 + count), 1)
    strangers = chance.sample(later, count)
    same = distances(list(zip(first, later, strict=True)))
    other = distances(list(zip(first, strangers, strict=True)))
    ranked = sorted([(d, 1) for d in same] + [(d, 0) for d in other])
    ranks: dict[int, list[int]] = {}
    for rank, (distance, _) in enumerate(ranked, 1):
        ranks.setdefault(distance, []).append(rank)
    rank_sum = sum(statistics.fmean(ranks[d]) for d in same)
    auc = (rank_sum - count * (count + 1) / 2) / count**2

    assert abs(auc - 0.5) < 0.01


def test_every_bit_of_a_token_depends_on_every_bit_of_the_message() -> None:
    chance = random.Random(11)
    flips = []
    for _ in range(2000):
        message_id = chance.randrange(1, MAX_MESSAGE_ID)
        other = message_id ^ (1 << chance.randrange(43)) or 1
        pair = (make_token(KEY, message_id, 1), make_token(KEY, other, 1))
        flips.append(distances([pair])[0])

    assert abs(statistics.fmean(flips) - 23.5) < 0.5


@pytest.mark.parametrize(
    ("message_id", "link_number"), [(0, 1), (-1, 1), (1, -1), (1, 16), (1 << 43, 1)]
)
def test_numbers_out_of_range_are_no_token(message_id: int, link_number: int) -> None:
    with pytest.raises(ValueError, match=r"is [01] to"):
        make_token(KEY, message_id, link_number)


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 octets"):
        TokenMaker(b"short")


@given(keys, st.lists(st.one_of(st.text(max_size=9), st.text(DIGITS, min_size=8, max_size=8))))
def test_many_tokens_are_read_as_each_alone(key: bytes, texts: list[str]) -> None:
    def read(text: str) -> tuple[int, int] | None:
        try:
            return read_token(key, text)
        except BadToken:
            return None

    assert TokenMaker(key).read_many(texts) == [read(text) for text in texts]


def test_more_tokens_than_one_round_of_the_cipher_come_back_in_their_order() -> None:
    ids = random.Random(5).sample(range(1, MAX_MESSAGE_ID), 1300)

    maker = TokenMaker(KEY)
    assert maker.read_many(maker.make_many(ids, 15)) == [(number, 15) for number in ids]
