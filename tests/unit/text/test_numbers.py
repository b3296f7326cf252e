"""Numbers one at a time: spellings, plans that changed, and what is wrong with the rest."""

import phonenumbers
import phonenumbers.carrier
import phonenumbers.timezone
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.text import (
    NumberError,
    NumberType,
    UnknownRegionError,
    find_carrier,
    list_timezones,
    parse_number,
    split_country_code,
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("120", "70"),
        ("121", "79"),
        ("122", "77"),
        ("123", "83"),
        ("124", "84"),
        ("125", "85"),
        ("126", "76"),
        ("127", "81"),
        ("128", "78"),
        ("129", "82"),
        ("162", "32"),
        ("163", "33"),
        ("164", "34"),
        ("165", "35"),
        ("166", "36"),
        ("167", "37"),
        ("168", "38"),
        ("169", "39"),
        ("186", "56"),
        ("188", "58"),
        ("199", "59"),
    ],
)
def test_vietnamese_numbers_of_before_2018_come_out_in_their_present_form(
    old: str, new: str
) -> None:
    expected = f"+84{new}1234567"

    for spelling in (f"0{old}1234567", f"{old} 123 4567", f"84{old}1234567", f"0084-{old}1234567"):
        assert parse_number(spelling, "VN").e164 == expected
    assert parse_number(f"+84 (0) {old}.123.4567").e164 == expected


@pytest.mark.parametrize(
    ("spelling", "region", "expected"),
    [
        ("+52 1 55 1234 5678", None, "+525512345678"),
        ("044 55 1234 5678", "MX", "+525512345678"),
        ("045 55 1234 5678", "MX", "+525512345678"),
        ("01 55 1234 5678", "MX", "+525512345678"),
        ("5215512345678", "MX", "+525512345678"),
        ("011 15 1234-5678", "AR", "+5491112345678"),
        ("+54 11 15 1234 5678", None, "+5491112345678"),
        ("+54 9 11 15 1234 5678", None, "+5491112345678"),
        ("+54 9 2966 15 412345", None, "+5492966412345"),
        ("9 11 1234 5678", "AR", "+5491112345678"),
        ("+55 11 8765-4321", None, "+5511987654321"),
        ("(11) 6765-4321", "BR", "+5511967654321"),
        ("0 15 11 8765-4321", "BR", "+5511987654321"),
        ("00551187654321", None, "+5511987654321"),
        ("+55 11 3123 4567", None, "+551131234567"),
        ("+55 11 7123-4567", None, "+5511971234567"),
        ("(11) 7812-3456", "BR", "+551178123456"),
        ("+55 21 7012-3456", None, "+552170123456"),
    ],
)
def test_latin_american_numbers_come_out_as_they_are_dialled_now(
    spelling: str, region: str | None, expected: str
) -> None:
    assert parse_number(spelling, region).e164 == expected


@pytest.mark.parametrize(
    ("spelling", "region"),
    [
        ("0912345678", "VN"),
        ("0912.345.678", "vn"),
        ("０９１２３４５６７８", "VN"),
        ("٠٩١٢٣٤٥٦٧٨", "VN"),
        ("+۸۴۹۱۲۳۴۵۶۷۸", None),
        ("＋84 912 345 678", None),
        ("tel:+84-912-345-678;ext=5", None),
        ("tel:0912345678;phone-context=+84", None),
        ("0084 912 345 678", None),
        ("0084 912 345 678 ext. 5", "US"),
        ("\u202a+84 912\u00a0345\u00a0678\u202c", None),
        ("+84 (0) 912 345 678 x12", ""),
    ],
)
def test_any_spelling_gives_the_same_number(spelling: str, region: str | None) -> None:
    assert parse_number(spelling, region).e164 == "+84912345678"


@pytest.mark.parametrize("region", ["US", "AU", "JP", None])
def test_00_stands_for_a_plus_only_where_it_is_wanted(region: str | None) -> None:
    spelling = "00 84 912 345 678"

    assert parse_number(spelling, region).e164 == "+84912345678"
    assert not parse_number(spelling, region, reads_00=False).valid
    assert parse_number(spelling, "FR", reads_00=False).e164 == "+84912345678"


@pytest.mark.parametrize(
    ("spelling", "region", "error"),
    [
        ("", None, NumberError.EMPTY),
        (" \t", "VN", NumberError.EMPTY),
        ("call me", "VN", NumberError.NOT_A_NUMBER),
        ("0912345678", None, NumberError.REGION_MISSING),
        ("+999 123 4567", None, NumberError.UNKNOWN_COUNTRY_CODE),
        ("12", "VN", NumberError.TOO_SHORT),
        ("+84 9", None, NumberError.TOO_SHORT),
        ("234 5678", "US", NumberError.TOO_SHORT),
        ("09123456789012", "VN", NumberError.TOO_LONG),
        ("9" * 300, "VN", NumberError.TOO_LONG),
        ("0912345678/0987654321", "VN", NumberError.TOO_LONG),
        ("+1 555 555 5555", None, NumberError.INVALID),
    ],
)
def test_what_is_wrong_is_said(spelling: str, region: str | None, error: NumberError) -> None:
    found = parse_number(spelling, region)

    assert (found.valid, found.e164, found.error) == (False, None, error)


def test_a_region_that_is_no_country_is_named() -> None:
    with pytest.raises(UnknownRegionError, match="region: 'UK' is not a country"):
        parse_number("07911 123456", "UK")


def test_everything_known_about_a_number_is_given() -> None:
    found = parse_number("0912345678", "VN")

    assert found.valid
    assert (found.region, found.type, found.carrier) == ("VN", NumberType.MOBILE, "Vinaphone")
    assert found.timezones == ("Asia/Ho_Chi_Minh",)


def test_a_number_of_no_country_has_no_region() -> None:
    found = parse_number("+800 1234 5678")

    assert (found.valid, found.region, found.type) == (True, None, NumberType.TOLL_FREE)


def test_an_e164_number_splits_off_its_country_code() -> None:
    assert split_country_code("+84912345678") == 84
    assert split_country_code("+14155552671") == 1
    with pytest.raises(ValueError, match="no known country code"):
        split_country_code("+999123")


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_carrier_zones_and_type_are_those_of_the_library(region: str) -> None:
    for kind in phonenumbers.PhoneNumberType.values():
        example = phonenumbers.example_number_for_type(region, kind)
        if example is None or not phonenumbers.is_valid_number(example):
            continue
        e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        found = parse_number(e164)
        if found.e164 != e164:
            continue  # an example of a form that changed since
        zones = phonenumbers.timezone.time_zones_for_number(example)
        name = phonenumbers.carrier.name_for_number(example, "en")
        assert found.type is not None
        assert found.timezones == tuple(sorted(set(zones) - {"Etc/Unknown"}))
        assert found.carrier == (name or None)
        assert list_timezones(e164, found.type) == found.timezones
        assert find_carrier(e164, found.type) == found.carrier


@given(st.text(max_size=40), st.sampled_from(["VN", "BR", None]))
def test_no_text_breaks_the_reader(text: str, region: str | None) -> None:
    found = parse_number(text, region)

    assert found.valid == (found.error is None) == (found.e164 is not None)


@given(st.from_regex(r"\+?[0-9 .()-]{6,18}", fullmatch=True), st.sampled_from(["VN", "MX", "BR"]))
def test_reading_the_result_again_changes_nothing(text: str, region: str | None) -> None:
    found = parse_number(text, region)
    if found.e164 is not None:
        assert parse_number(found.e164) == found
