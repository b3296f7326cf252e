"""Dates that stand in a text as a goal writes them: day and month, in any language of a catalog."""

import re
from datetime import date, timedelta
from functools import cache

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import override

_LEAP_YEAR = 2028  # it has every day that there is


def find_other_date(text: str, day: date) -> tuple[str, str]:
    """A date in the text that is another than `day`, and how `day` is written in its language.

    ("", "") where none stands there, or `day` does too: a text may say from when to when.
    """
    other = ("", "")
    for code, _name in settings.LANGUAGES:
        dates, names, pattern = _dates_of(code)
        for found in pattern.findall(text):
            at = dates[found.lower()]
            if at == (day.month, day.day):
                return "", ""
            other = found, names[day.month, day.day]
    return other


Day = tuple[int, int]  # month and day


@cache
def _dates_of(language: str) -> tuple[dict[str, Day], dict[Day, str], re.Pattern[str]]:
    """Each day of a year by what it is called, the names themselves, and what finds them in a text."""
    days = [date(_LEAP_YEAR, 1, 1) + timedelta(days=n) for n in range(366)]
    with override(language):
        names = {(day.month, day.day): date_format(day, "MONTH_DAY_FORMAT") for day in days}
    longest_first = sorted(names.values(), key=len, reverse=True)
    pattern = "|".join(re.escape(name) for name in longest_first)
    found = re.compile(rf"(?<!\d)(?:{pattern})(?!\d)", re.IGNORECASE)
    return {name.lower(): day for day, name in names.items()}, names, found
