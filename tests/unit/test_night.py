"""Whether it may be night for somebody: the strictest of their zones says."""

from datetime import UTC, datetime

import pytest

from textwell.core.zones import may_be_night

NEW_YORK, HONOLULU = "America/New_York", "Pacific/Honolulu"


@pytest.mark.parametrize(
    ("meaning", "zones", "at", "is_night"),
    [("8:00 in winter", [NEW_YORK], datetime(2026, 1, 15, 13, 0, tzinfo=UTC), False),
     ("7:59 in winter", [NEW_YORK], datetime(2026, 1, 15, 12, 59, tzinfo=UTC), True),
     ("7:59 in summer", [NEW_YORK], datetime(2026, 7, 15, 11, 59, tzinfo=UTC), True),
     ("20:59", [NEW_YORK], datetime(2026, 1, 16, 1, 59, tzinfo=UTC), False),
     ("21:00", [NEW_YORK], datetime(2026, 1, 16, 2, 0, tzinfo=UTC), True),
     ("day in one of two", [NEW_YORK, HONOLULU], datetime(2026, 1, 15, 15, tzinfo=UTC), True),
     ("day in both", [NEW_YORK, HONOLULU], datetime(2026, 1, 15, 20, tzinfo=UTC), False),
     ("nothing known", [], datetime(2026, 1, 15, 12, tzinfo=UTC), True),
     ("no such zone", ["Europe/Atlantis"], datetime(2026, 1, 15, 12, tzinfo=UTC), True),
     ("a path", ["../../etc/passwd"], datetime(2026, 1, 15, 12, tzinfo=UTC), True)],
)  # fmt: skip
def test_night(meaning: str, zones: list[str], at: datetime, *, is_night: bool) -> None:
    assert may_be_night(zones, at) is is_night, meaning
