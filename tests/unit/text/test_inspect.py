"""The forms ``text`` and ``number`` of ``textwell inspect``: the contract to the letter."""

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
        ({"number": "1", "region": "Vietnam"}, "region: 'Vietnam' is not a country"),
    ],
)
def test_a_bad_number_case_names_the_field(case: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        number.inspect(case)
