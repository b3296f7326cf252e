"""Zones by the start of a number: as libphonenumber has them, and never too few."""

from bisect import bisect_right
from itertools import pairwise

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType

from textwell.core.zones import known_zones
from textwell.text import NumberType, list_timezones
from textwell.text.numbers.zone_starts import list_zone_starts

TABLE = list_zone_starts()
STARTS = [row.start for row in TABLE]
# An example of each country's mobile numbers; of Kazakhstan libphonenumber names Russia's zones too.
MOBILE = {
    region: number
    for region in sorted(phonenumbers.SUPPORTED_REGIONS - {"KZ"})
    if (number := phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE))
}


def zones_of(e164: str) -> tuple[str, ...]:
    place = bisect_right(STARTS, e164)
    return TABLE[place - 1].zones if place else ()


@pytest.mark.parametrize(
    ("meaning", "e164", "zones"),
    [("area code of one zone", "+12125550123", ("America/New_York",)),
     ("area code of two zones", "+19075550123", ("America/Adak", "America/Anchorage")),
     ("a town within an area code", "+12082345678", ("America/Denver",)),
     ("Mexico City", "+525512345678", ("America/Mexico_City",)),
     ("Tijuana", "+526641234567", ("America/Tijuana",)),
     ("Manaus", "+5592912345678", ("America/Manaus",)),
     ("one zone by law", "+8613812345678", ("Asia/Shanghai",)),
     ("one zone", "+84901234567", ("Asia/Ho_Chi_Minh",)),
     ("mainland or islands", "+34612345678", ("Atlantic/Canary", "Europe/Madrid")),
     ("Kazakhstan, not Russia", "+77011234567", ("Asia/Almaty", "Asia/Aqtobe")),
     ("no country", "+99912345678", ())],
)  # fmt: skip
def test_zones_of_numbers(meaning: str, e164: str, zones: tuple[str, ...]) -> None:
    assert zones_of(e164) == zones, meaning


@pytest.mark.parametrize(
    ("e164", "ends"),
    [("+61412345678", ("Australia/Perth", "Australia/Sydney")),
     ("+79161234567", ("Asia/Kamchatka", "Europe/Moscow")),
     ("+18005550123", ("America/New_York", "Pacific/Honolulu")),
     ("+15005550123", ("America/New_York", "Pacific/Honolulu"))],
)  # fmt: skip
def test_a_number_that_tells_no_place_may_be_anywhere_in_its_country(
    e164: str, ends: tuple[str, ...]
) -> None:
    assert set(ends) <= set(zones_of(e164))
    assert len(zones_of(e164)) >= 8


@pytest.mark.parametrize("region", MOBILE)
def test_no_zone_that_libphonenumber_names_of_a_mobile_number_is_missing(region: str) -> None:
    number = MOBILE[region]
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    kind = NumberType[PhoneNumberType.to_string(phonenumbers.number_type(number))]
    told = set(list_timezones(e164, kind))
    if number.country_code == 1:  # of islands it names every zone of the code
        told &= set(zones_of(e164))
        assert told

    assert told <= set(zones_of(e164))


def test_rows_are_sorted_and_every_zone_exists() -> None:
    assert sorted(set(STARTS)) == STARTS
    assert {zone for row in TABLE for zone in row.zones} <= known_zones()
    assert all(first.zones != then.zones for first, then in pairwise(TABLE))
