"""The forms ``text`` and ``number`` of ``textwell inspect``: the contract to the letter."""

import phonenumbers
import phonenumbers.carrier
import phonenumbers.timezone
import pytest

from textwell.cli.inspect import number, text


def test_the_text_form_has_the_keys_of_the_contract() -> None:
    assert text.inspect({"text": "hellohello", "extra": 1}) == {
        "encoding": "gsm7",
        "segments": 1,
        "units": 10,
        "units_left": 150,
        "forced_by": [],
        "parts": [{"text": "hellohello", "hex": "e8329bfd4697d9ec37"}],
    }


def test_an_empty_text_is_one_empty_segment() -> None:
    found = text.inspect({"text": "", "languages": None})

    assert (found["segments"], found["units_left"]) == (1, 160)
    assert found["parts"] == [{"text": "", "hex": ""}]


def test_ucs2_shows_what_forced_it() -> None:
    found = text.inspect({"text": "đi 😀"})

    assert found["encoding"] == "ucs2"
    assert found["forced_by"] == ["đ", "😀"]
    assert found["parts"] == [{"text": "đi 😀", "hex": "011100690020d83dde00"}]


def test_languages_open_their_tables() -> None:
    found = text.inspect({"text": "á", "languages": ["ES"]})

    assert (found["encoding"], found["units"], found["units_left"]) == ("gsm7", 2, 153)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ({}, "text: must be a string"),
        ({"text": 5}, "text: must be a string"),
        ({"text": "a", "languages": "tr"}, "languages: must be a list"),
        ({"text": "a", "languages": [1]}, "languages: must be a list"),
        ({"text": "a", "languages": ["xx"]}, "languages: 'xx' has no national"),
    ],
)
def test_a_bad_text_case_names_the_field(case: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        text.inspect(case)


def test_the_number_form_has_the_keys_of_the_contract() -> None:
    assert number.inspect({"number": "0123 456 7890", "region": "VN"}) == {
        "valid": True,
        "e164": "+84834567890",
        "region": "VN",
        "type": "mobile",
        "carrier": "Vinaphone",
        "timezones": ["Asia/Ho_Chi_Minh"],
        "error": None,
    }


def test_an_invalid_number_has_an_error_and_nothing_else() -> None:
    assert number.inspect({"number": "0912345678"}) == {
        "valid": False,
        "e164": None,
        "region": None,
        "type": None,
        "carrier": None,
        "timezones": [],
        "error": "region_missing: write it with + and the country code, or give region",
    }


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ({}, "number: must be a string"),
        ({"number": 84912345678}, "number: must be a string"),
        ({"number": "1", "region": 5}, "region: must be"),
    ],
)
def test_a_bad_number_case_names_the_field(case: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        number.inspect(case)


def test_a_region_that_is_no_country_matters_only_without_a_country_code() -> None:
    bare = number.inspect({"number": "07400 123456", "region": "UK"})
    whole = number.inspect({"number": "+44 7400 123456", "region": "UK"})

    assert (bare["valid"], bare["e164"]) == (False, None)
    assert str(bare["error"]).startswith("unknown_region: region: 'UK' is not a country")
    assert (whole["valid"], whole["e164"], whole["error"]) == (True, "+447400123456", None)


def test_a_region_may_be_in_small_letters() -> None:
    assert number.inspect({"number": "07400 123456", "region": "gb"})["e164"] == "+447400123456"


def spell(example: phonenumbers.PhoneNumber, region: str) -> list[tuple[str, str | None]]:
    """A number as people of its country, of another country and machines write it."""
    formats = phonenumbers.PhoneNumberFormat
    code = example.country_code
    national = phonenumbers.national_significant_number(example)
    at_home = phonenumbers.format_number(example, formats.NATIONAL)
    abroad = phonenumbers.format_number(example, formats.INTERNATIONAL)
    wide = at_home.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    arabic = at_home.translate({ord("0") + digit: 0x660 + digit for digit in range(10)})
    return [
        *((spelling, region) for spelling in (at_home, abroad, national, f"0{national}", wide)),
        *((f"{prefix}{code}{national}", region) for prefix in ("", "00", "011", "+", "++")),
        (arabic, region),
        (f"{at_home} ext. 12", region),
        (phonenumbers.format_number(example, formats.RFC3966), None),
        (f"tel:{national};phone-context=+{code}", None),
        (f"00{code}{national}", None),
        (f"00{code}{national}", "US"),
        (f"810{code}{national}", "RU"),
        (f"0011 {code} {national}", "AU"),
        (f"+{code} (0) {national}", None),
        (national, None),
        (national[:-1], region),
        (f"{national}1", region),
        (national[-7:], region),
        (f"+{code}{national}/+{code}{national}", None),
        (abroad, "ZZ"),
    ]


def library_answer(value: str, region: str | None) -> dict[str, object]:
    try:
        parsed = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return {"valid": False}
    if not phonenumbers.is_valid_number(parsed):
        return {"valid": False}
    kind = phonenumbers.PhoneNumberType.to_string(phonenumbers.number_type(parsed))
    return {
        "valid": True,
        "e164": phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164),
        "region": phonenumbers.region_code_for_number(parsed),
        "type": kind.lower(),
        "carrier": phonenumbers.carrier.name_for_number(parsed, "en") or None,
        "timezones": list(phonenumbers.timezone.time_zones_for_number(parsed)),
    }


# Their old forms are read, which libphonenumber refuses; see test_numbers.
CHANGED = {"AR", "BR", "MX", "VN"}


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS - CHANGED))
def test_the_number_form_answers_as_libphonenumber_does(region: str) -> None:
    for kind in phonenumbers.PhoneNumberType.values():
        example = phonenumbers.example_number_for_type(region, kind)
        for value, hint in spell(example, region) if example else ():
            found = number.inspect({"number": value, "region": hint})
            wanted = library_answer(value, hint)
            assert {key: found[key] for key in wanted} == wanted, (value, hint)
            assert (found["error"] is None) == wanted["valid"]
