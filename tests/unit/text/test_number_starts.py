"""What the first digits of numbers settle holds for every number that begins so."""

import random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import SUPPORTED_REGIONS

from textwell.text import NumberType, find_carrier, parse_number, read_columns
from textwell.text.numbers import bulk
from textwell.text.numbers.changes import count_deciding_digits, find_present_form
from textwell.text.numbers.parsing import normalise
from wide import examples

KINDS = [
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.TOLL_FREE,
]


def list_starts(region: str) -> list[str]:
    """Beginnings in four spellings, near the examples of a region and away from them."""
    rng = random.Random(region)
    found = []
    for kind in KINDS:
        example = phonenumbers.example_number_for_type(region, kind)
        if example is None:
            continue
        national = phonenumbers.national_significant_number(example)
        for _ in range(examples(5)):
            digits = national[: rng.randrange(5)]
            digits += "".join(rng.choice("0123456789") for _ in national[len(digits) :])
            heads = ("", "0", str(example.country_code), f"+{example.country_code}")
            found += [head + digits for head in heads]
    return found


@pytest.mark.parametrize("region", sorted(SUPPORTED_REGIONS))
def test_a_settled_beginning_gives_what_libphonenumber_gives(region: str) -> None:
    rng = random.Random(region)
    for number in list_starts(region):
        for open_count in (6, 4):
            start = bulk._judge(number[:-open_count], open_count, region)
            if start is None or start.type is None:
                continue
            for tail in ("0" * open_count, "9" * open_count, f"{rng.randrange(10**open_count)}"):
                whole = number[:-open_count] + tail.zfill(open_count)
                slow = normalise(whole, region)
                assert (slow.e164, slow.region, slow.type) == (
                    start.e164 + tail.zfill(open_count),
                    start.region,
                    start.type,
                )
                assert (find_carrier(str(slow.e164), start.type) or "") == start.carrier


@given(st.sampled_from([52, 54, 55, 84]), st.data())
def test_the_deciding_digits_tell_whether_a_plan_changed_a_number(
    code: int, data: st.DataObject
) -> None:
    starts = ["1", "044", "01", "911", "9223", "911515", "9223415", "118", "7178", "120", "169"]
    length = data.draw(st.integers(7, 14))
    first = data.draw(st.sampled_from(starts)) + data.draw(st.text("0123456789", max_size=7))
    known = first[: count_deciding_digits(code)]
    tails = st.text("0123456789", min_size=length - len(known), max_size=length - len(known))

    one, other = (find_present_form(code, known + data.draw(tails)) for _ in range(2))

    if len(known) == count_deciding_digits(code):
        assert (one is None) == (other is None)


@pytest.mark.parametrize(
    ("region", "number"),
    [
        ("VN", "0912345678"),
        ("VN", "84912345678"),
        ("CN", "13800138000"),
        ("ES", "612345678"),
        ("FR", "0612345678"),
        ("US", "2015550123"),
        ("GB", "07400123456"),
        ("DE", "015123456789"),
        ("BR", "11961234567"),
    ],
)
def test_ordinary_beginnings_are_settled(region: str, number: str) -> None:
    found = [bulk._judge(number[:-count], count, region) for count in (6, 4)]

    assert any(found)


def test_a_beginning_whose_next_digits_tell_is_not_settled() -> None:
    answers = {normalise(f"+3496906{tail}", "ES").type for tail in ("0912", "1912", "9912")}

    assert len(answers) > 1
    assert bulk._judge("+3496906", 4, "ES") is None


def test_columns_give_number_country_carrier_and_error() -> None:
    values = ["0912 345 678", "", "+33 6 12 34 56 78", "n/a", "024 3825 5555", "+800 1234 5678"]

    found = read_columns(values, "VN")

    slow = [parse_number(value, "VN") for value in values]
    assert found.e164 == [number.e164 or "" for number in slow]
    assert found.regions == [number.region or "" for number in slow]
    assert found.carriers == [number.carrier or "" for number in slow]
    assert found.errors == {n: number.error for n, number in enumerate(slow) if number.error}
    assert list(found.errors) == [1, 3]


def test_a_line_end_within_a_number_parts_nothing() -> None:
    found = read_columns(["0912\n345678", "0912345679"], "VN")

    assert found.e164[1] == "+84912345679"
    assert len(found.e164) == 2


def test_beginnings_are_forgotten_before_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_MOST_KEPT", 3)
    starts = bulk._Starts("VN", 6)

    kinds = [starts[f"091{n}"] for n in range(8)]

    assert len(starts) <= 3
    assert [start and start.type for start in kinds] == [NumberType.MOBILE] * 8
