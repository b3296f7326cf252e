import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.core.masks import mask_msisdn, mask_text, mask_value


@pytest.mark.parametrize(
    ("what", "text", "expected"),
    [
        ("alone", "+84901234567", "+8490•••567"),
        ("without a plus sign", "to 84901234567.", "to 8490•••567."),
        ("in a sentence", "sent to +84901234567.", "sent to +8490•••567."),
        ("two of them", "+33612345678 +33612345679", "+3361•••679"),
        ("two with a comma", "+33612345678, +33612345679", "+3361•••678, +3361•••679"),
        ("blanks", "+84 901 234 567 is away", "+8490•••567 is away"),
        ("dashes and brackets", "+1 (202) 555-0143", "+1202•••143"),
        ("in an address", "?to=%2B84901234567&a=1", "?to=+8490•••567&a=1"),
        ("in an address with blanks", "?to=%2B84%20901+234%20567", "?to=+8490•••567"),
        ("amid letters", "tel84901234567x", "tel8490•••567x"),
        ("nine digits", "901234567", "90•••567"),
        ("too short", "+1234567, 12345678", "+1234567, 12345678"),
        ("a date", "2026-11-25", "2026-11-25"),
        (
            "a time",
            "at 2026-11-25 18:00:27.123456+00 again",
            "at 2026-11-25 18:00:27.123456+00 again",
        ),
        ("an address of a machine", "192.168.100.200:4222", "192.168.100.200:4222"),
        ("a login", "postgresql://me:pw@db/x", "postgresql://me:•••@db/x"),
    ],
)
def test_numbers_in_texts_are_masked(what: str, text: str, expected: str) -> None:
    assert mask_text(text) == expected, what


def test_a_short_number_is_hidden_whole() -> None:
    assert mask_msisdn("12345") == "•••"


@given(st.text("0123456789+", min_size=8, max_size=16))
def test_at_least_four_characters_are_hidden(msisdn: str) -> None:
    assert len(mask_msisdn(msisdn).replace("•••", "")) <= len(msisdn) - 4


digits = st.text("0123456789", min_size=9, max_size=15)
gaps = st.sampled_from(
    ["", " ", "-", ".", " - ", "\u00a0", "\u2011", ") ", " (", "/", "+", "%20", "%2D", "\t"]
)
signs = st.sampled_from(["", "+", "%2B", "%2b", "00", "tel:", "+ "])
around = st.sampled_from(["", "to ", "(", "'", "=", "/", "a", "é", ": ", "\n"])


@st.composite
def written_numbers(draw: st.DrawFn) -> str:
    """A number as a person, a program or an address may write it."""
    number = draw(digits)
    written = draw(signs) + number[0]
    for digit in number[1:]:
        written += draw(gaps) + digit if draw(st.integers(0, 3)) == 0 else digit
    return draw(around) + written + draw(around.filter(lambda text: text != "\n"))


def digits_of(text: str) -> str:
    return re.sub(r"\D", "", re.sub("%2[0bd]", "", text, flags=re.IGNORECASE))


def is_plain(text: str) -> bool:
    """A date or an IPv4 address, which stay readable by intent."""
    return bool(re.search(r"(19|20)\d\d-\d\d-\d\d|(\d{1,3}\.){3}\d", text))


@given(written_numbers().filter(lambda text: not is_plain(text)))
def test_a_number_is_masked_however_it_is_written(written: str) -> None:
    shown = digits_of(mask_text(written))

    assert len(shown) <= len(digits_of(written)) - 4


holders = st.recursive(
    st.builds(lambda number: f"see {number}", digits)
    | digits
    | digits.map(lambda number: f"+{number}".encode())
    | st.integers(10**8, 10**15 - 1)
    | digits.map(ValueError),
    lambda inner: (
        st.lists(inner, min_size=1)
        | st.dictionaries(digits, inner, min_size=1)
        | st.tuples(inner)
        | inner.map(lambda each: {"error": each})
    ),
)


@given(st.sampled_from(["error", "msisdn", "x", "to"]), holders)
def test_no_holder_lets_a_number_through(name: str, value: object) -> None:
    assert not re.search(r"\d{9}", repr(mask_value(name, value)))


def test_under_the_name_of_a_number_short_ones_are_masked_too() -> None:
    assert mask_value("sender", "81234567") == "8•••567"
    assert mask_value("sender", "8049") == "8049"
    assert mask_value("sender", "Highlands") == "Highlands"


def test_ids_stay_as_they_are() -> None:
    assert mask_value("message_id", 123456789012) == 123456789012
    assert mask_value("batch", [123456789012]) == [123456789012]
    assert mask_value("message_id", "+84901234567") == "+8490•••567"
    assert mask_value("key", UUID(int=12345678901234567890)) == str(UUID(int=12345678901234567890))


def test_an_object_whose_repr_fails_costs_no_line() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError

    assert mask_value("x", Broken()) == "<Broken: its repr raises RuntimeError>"
