"""Public holidays by year, frozen in files: the same on every machine, whatever is installed there.

`tools/calendars.py` makes the files anew from a library; overrides.toml adds and removes days on top
of them (an election, a day of mourning) without touching what was frozen.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "data" / "calendars"
OVERRIDES: Final = "overrides.toml"
# Dates that follow the moon are estimates until they are announced: the day before and the day
# after may be the true one, so a ban covers all three.
_ESTIMATED: Final = "estimated)"  # also "(observed, estimated)"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days with their names, for the years from `first_year` to `last_year`."""

    name: str
    first_year: int
    last_year: int
    days: dict[date, str]

    def covers(self, day: date) -> bool:
        """Whether the frozen years reach that day; of others nothing is known."""
        return self.first_year <= day.year <= self.last_year


class CalendarError(ValueError):
    """A calendar is not there or cannot be read."""


@lru_cache(maxsize=256)
def find_calendar(name: str, folder: Path = FOLDER) -> Calendar:
    """The calendar of a jurisdiction. Raises CalendarError."""
    path = folder / f"{name}.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        days = {date.fromisoformat(day): str(title) for day, title in content["days"].items()}
        first, last = int(content["first_year"]), int(content["last_year"])
    except FileNotFoundError:
        raise CalendarError(f"there is no calendar {name}") from None
    except (KeyError, ValueError, tomllib.TOMLDecodeError) as error:
        raise CalendarError(f"calendar {name} cannot be read: {error}") from error
    return Calendar(name, first, last, _with_overrides(name, _with_neighbours(days), folder))


def _with_neighbours(days: dict[date, str]) -> dict[date, str]:
    widened = dict(days)
    for day, title in days.items():
        if _ESTIMATED in title:
            for offset in (-1, 1):
                widened.setdefault(day + timedelta(days=offset), title)
    return widened


def _with_overrides(name: str, days: dict[date, str], folder: Path) -> dict[date, str]:
    path = folder / OVERRIDES
    if not path.exists():
        return days
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    changed = dict(days)
    for row in content.get("remove", []):
        if row["calendar"] == name:
            changed.pop(row["day"], None)
    for row in content.get("add", []):
        if row["calendar"] == name:
            changed[row["day"]] = row["name"]
    return changed
