"""Which part of a number names a place."""

import pytest

from textwell.text.numbers.place_keys import find_place_key


@pytest.mark.parametrize(
    ("msisdn", "key"),
    [
        ("+12125550123", "+1212"),
        ("+5215512345678", "+52155"),
        ("+5491123456789", "+5491123"),
        ("+5511912345678", "+5511"),
        ("+8613812345678", "+861381234"),
        ("+84901234567", None),
        ("+541123456789", None),
        ("+1212", None),
    ],
)
def test_only_plans_that_place_mobile_numbers_have_a_key(msisdn: str, key: str | None) -> None:
    assert find_place_key(msisdn) == key
