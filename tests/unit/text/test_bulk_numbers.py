"""The bulk path gives the answers of the slow one."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import SUPPORTED_REGIONS, PhoneMetadata

from textwell.text import BulkNumber, NumberError, NumberType, UnknownRegionError, normalise_bulk
from textwell.text.numbers import bulk
from textwell.text.numbers.parsing import normalise
from wide import examples

REGIONS = ["VN", "CN", "ES", "FR", "US", "GB", "MX", "AR", "BR", "DE"]
SIBLINGS = ["CA", "KZ", "IM", "VA", "AG"]
FILLING = ["", "", "", "", " ", "-", ".", ") ", "(", "/", "\u00a0", "\u2013", "x"]


def spell(rng: random.Random, region: str) -> str:
    """A number near the examples of a region, in some spelling, often not quite right."""
    metadata = PhoneMetadata.metadata_for_region(region)
    assert metadata is not None
    code, trunk = str(metadata.country_code), metadata.national_prefix or ""
    kinds = ("mobile", "mobile", "mobile", "fixed_line", "fixed_line", "toll_free", "voip", "uan")
    descs = [getattr(metadata, kind) for kind in kinds]
    examples = [desc.example_number for desc in descs if desc and desc.example_number]
    digits = list(rng.choice(examples))
    for place in range(rng.choice([0, 2, 4, len(digits) - 2, len(digits)]), len(digits)):
        digits[place] = rng.choice("0123456789")
    digits = digits[: len(digits) - (rng.random() < 0.05)] + ["7"] * (rng.random() < 0.05)
    heads = ["", trunk, trunk, f"+{code}", f"00{code}", code, f"+{code}{trunk}", "00", "+", "19"]
    number = rng.choice(heads) + "".join(digits)
    if rng.random() < 0.5:
        number = "".join(digit + rng.choice(FILLING[: rng.choice([4, 11, 13])]) for digit in number)
    return number


@pytest.mark.parametrize("region", REGIONS + SIBLINGS)
def test_bulk_and_slow_answers_are_equal(region: str) -> None:
    rng = random.Random(region)
    numbers = [spell(rng, region) for _ in range(examples(500))]

    found = normalise_bulk(numbers, region)

    assert found == [normalise(number, region) for number in numbers]
    assert sum(number.e164 is not None for number in found) > len(found) // 4


@pytest.mark.parametrize("region", sorted(SUPPORTED_REGIONS))
def test_bulk_and_slow_answers_are_equal_in_every_region(region: str) -> None:
    rng = random.Random(region)
    numbers = [spell(rng, region) for _ in range(examples(16))]

    for home in (region, None, rng.choice(REGIONS)):
        assert normalise_bulk(numbers, home) == [normalise(number, home) for number in numbers]


@given(st.lists(st.text(st.sampled_from("+0123456789 -.()/x٣\n"), max_size=16), max_size=5))
def test_odd_characters_change_nothing(numbers: list[str]) -> None:
    for region in ("VN", "US", None):
        assert normalise_bulk(numbers, region) == [normalise(number, region) for number in numbers]


@pytest.mark.parametrize(
    ("region", "number", "e164"),
    [
        ("VN", "0912 345 678", "+84912345678"),
        ("VN", "841234567", "+84841234567"),
        ("CN", "138 0013 8000", "+8613800138000"),
        ("ES", "612 34 56 78", "+34612345678"),
        ("FR", "06.12.34.56.78", "+33612345678"),
        ("US", "(201) 555-0123", "+12015550123"),
        ("US", "1-201-555-0123", "+12015550123"),
        ("GB", "07400 123456", "+447400123456"),
        ("MX", "55 1234 5678", "+525512345678"),
        ("AR", "+54 9 11 2345 6789", "+5491123456789"),
        ("BR", "(11) 96123-4567", "+5511961234567"),
        ("DE", "01512 3456789", "+4915123456789"),
        ("CA", "506-234-5678", "+15062345678"),
    ],
)
def test_common_spellings_take_the_fast_way(
    monkeypatch: pytest.MonkeyPatch, region: str, number: str, e164: str
) -> None:
    monkeypatch.setattr(bulk, "normalise", None)

    (found,) = normalise_bulk([number], region)

    assert (found.e164, found.region, found.is_mobile) == (e164, region, True)


def test_foreign_numbers_with_a_plus_take_the_fast_way_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "normalise", None)

    found = normalise_bulk(["+33 6 12 34 56 78", "+84 24 3825 5555"], "US")

    assert found[0] == BulkNumber("+33612345678", "FR", NumberType.MOBILE, None)
    assert found[1] == BulkNumber("+842438255555", "VN", NumberType.FIXED_LINE, None)
    assert not found[1].is_mobile


def test_bad_numbers_keep_their_place_and_say_why() -> None:
    found = normalise_bulk(["", "0912345678", "nobody"], "VN")

    assert [number.error for number in found] == [
        NumberError.EMPTY,
        None,
        NumberError.NOT_A_NUMBER,
    ]


def test_a_region_that_is_no_country_is_named() -> None:
    with pytest.raises(UnknownRegionError, match="region: 'Vietnam'"):
        normalise_bulk([], "Vietnam")


def test_ordinary_home_numbers_never_need_the_slow_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "normalise", None)
    rng = random.Random(5)
    numbers = [f"09{rng.randrange(10**7, 9 * 10**7):08}" for _ in range(20_000)]

    assert all(number.e164 for number in normalise_bulk(numbers, "VN"))
