"""Where a person may be: every place that is plausible counts, whatever tells of it."""

import pytest

from textwell.cli.inspect.gate import inspect
from textwell.compliance.hours import pinned_zones, zone_of

WRITTEN = {"kind": "express_written"}


def decide(at: str, recipient: dict[str, object]) -> object:
    case = {"at": at, "recipient": recipient, "class": "marketing", "consent": WRITTEN}
    return inspect({**case, "layer": "legal"})["decision"]


@pytest.mark.parametrize(
    ("label", "at", "recipient"),
    [
        ("05:00 in Cayenne", "2026-11-06T09:00:00+01:00", {"country": "FR", "number": "+594694201234"}),
        ("00:30 in Reunion", "2026-11-06T21:30:00+01:00", {"country": "FR", "number": "+262692123456"}),
        ("21:30 in Puerto Rico", "2026-11-06T20:30:00-05:00",
         {"country": "US", "subdivision": "US-NY", "number": "+17872345678"}),
        ("05:30 in Guam", "2026-11-06T14:30:00-05:00", {"country": "US", "number": "+16713001234"}),
        ("05:30 in Paris", "2026-11-06T08:30:00+04:00", {"country": "RE", "number": "+33612345678"}),
        ("the Canaries may be meant", "2026-11-06T08:30:00+01:00",
         {"country": "FR", "number": "+34612345678"}),
    ],
)  # fmt: skip
def test_night_at_any_plausible_place_holds(
    label: str, at: str, recipient: dict[str, object]
) -> None:
    assert decide(at, recipient) == "hold", label


@pytest.mark.parametrize(
    ("label", "at", "recipient"),
    [
        ("a number of Sao Paulo", "2026-11-06T09:30:00-03:00", {"country": "BR", "number": "+5511961234567"}),
        ("Mexico City", "2026-11-06T08:30:00-06:00", {"country": "MX", "subdivision": "MX-CMX"}),
        ("Santiago", "2026-11-06T09:30:00-03:00", {"country": "CL", "subdivision": "CL-RM"}),
        ("Cayenne itself", "2026-11-06T09:00:00-03:00", {"country": "GF", "number": "+594694201234"}),
    ],
)  # fmt: skip
def test_what_is_known_of_the_place_narrows_it(
    label: str, at: str, recipient: dict[str, object]
) -> None:
    assert decide(at, recipient) == "allow", label


def test_a_region_that_holds_alsace_keeps_its_holidays() -> None:
    assert decide("2027-03-26T12:00:00+01:00", {"country": "FR", "subdivision": "FR-GES"}) == "hold"


@pytest.mark.parametrize(
    ("recipient", "field"),
    [
        (
            {"country": "DE", "subdivision": "US-FL"},
            "recipient.subdivision: US-FL is no part of DE",
        ),
        ({"country": "US", "number": "+352***"}, "recipient.number: "),
        ({"country": "FR", "number": "+abc"}, "recipient.number: "),
        ({"country": "FR", "zones": ["localtime"]}, "recipient.zones.0: "),
    ],
)
def test_what_cannot_be_a_place_is_refused(recipient: dict[str, object], field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field}"):
        decide("2026-11-06T12:00:00+01:00", recipient)


def test_zones_are_those_of_the_pinned_edition() -> None:
    """Whatever the machine has, and by their names alone."""
    assert "Europe/Paris" in pinned_zones()
    assert zone_of("America/Vancouver").key == "America/Vancouver"
    with pytest.raises(ValueError, match="no time zone"):
        zone_of("../../etc/passwd")
