"""The place of an address by a file: country and region, nothing guessed, nothing that breaks."""

import time
from pathlib import Path
from typing import Any

import pytest

from mmdb import write_mmdb
from textwell.links.geo import NOWHERE, GeoFile, Place, find_place, read_place

TEXAS = {"country": {"iso_code": "US"}, "subdivisions": [{"names": {"en": "Texas"}}]}


class Clock:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.mark.parametrize(
    ("meaning", "record", "place"),
    [("city file", TEXAS, Place("US", "Texas")),
     ("country file", {"country": {"iso_code": "VN"}}, Place("VN", "")),
     ("region without a name", {"country": {"iso_code": "US"}, "subdivisions": [{"iso_code": "TX"}]},
      Place("US", "TX")),
     ("flat, with code", {"country": "Germany", "country_code": "DE", "region": "Berlin"},
      Place("DE", "Berlin")),
     ("flat, old", {"country": "de"}, Place("DE", "")),
     ("flat, a name alone", {"country": "Germany"}, NOWHERE),
     ("a network without country", {"registered_country": {"iso_code": "US"}}, NOWHERE),
     ("numbers", {"country": 7}, NOWHERE),
     ("nothing", None, NOWHERE),
     ("long region", {"country": "US", "region": "x" * 200}, Place("US", "x" * 80))],
)  # fmt: skip
def test_records_of_several_makers_are_read(meaning: str, record: Any, place: Place) -> None:
    assert read_place(record) == place, meaning


def test_addresses_are_found_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "geo.mmdb"
    vietnam = {"country": {"iso_code": "VN"}}
    write_mmdb(path, {"203.0.113.0/25": TEXAS, "198.51.100.0/24": vietnam}, built_at=1)

    found = [
        find_place(str(path), ip)
        for ip in ("203.0.113.7", "198.51.100.9", "203.0.113.200", "2001:db8::1", None)
    ]

    assert found == [Place("US", "Texas"), Place("VN", ""), NOWHERE, NOWHERE, NOWHERE]
    assert find_place("", "203.0.113.7") == NOWHERE


def test_a_newer_file_is_opened_within_a_minute(tmp_path: Path) -> None:
    path, clock = tmp_path / "geo.mmdb", Clock()
    write_mmdb(path, {"203.0.113.0/24": {"country": {"iso_code": "VN"}}}, built_at=1)
    geo = GeoFile(path, clock=clock)
    assert geo.find("203.0.113.7").country == "VN"

    write_mmdb(tmp_path / "new", {"203.0.113.0/24": TEXAS}, built_at=2).rename(path)
    clock.at += 59
    assert geo.find("203.0.113.7").country == "VN"
    clock.at += 1
    assert geo.find("203.0.113.7").country == "US"


@pytest.mark.parametrize("content", [None, b"", b"no such thing" * 50])
def test_a_file_that_is_missing_or_broken_answers_nothing_until_it_is_mended(
    tmp_path: Path, content: bytes | None
) -> None:
    path, clock = tmp_path / "geo.mmdb", Clock()
    if content is not None:
        path.write_bytes(content)
    geo = GeoFile(path, clock=clock)
    assert geo.find("203.0.113.7") == NOWHERE

    write_mmdb(tmp_path / "new", {"203.0.113.0/24": TEXAS}, built_at=int(time.time())).rename(path)
    clock.at += 60
    assert geo.find("203.0.113.7") == Place("US", "Texas")


def test_a_file_that_is_taken_away_and_put_back_is_opened_again(tmp_path: Path) -> None:
    path, clock = tmp_path / "geo.mmdb", Clock()
    write_mmdb(path, {"203.0.113.0/24": TEXAS}, built_at=1)
    geo = GeoFile(path, clock=clock)
    assert geo.find("203.0.113.7").country == "US"

    path.rename(tmp_path / "away")
    clock.at += 60
    assert geo.find("203.0.113.7") == NOWHERE
    (tmp_path / "away").rename(path)
    clock.at += 60
    assert geo.find("203.0.113.7").country == "US"
