"""A CSV file of invented people as marketers have it: five countries, four spellings, 9 % of no use.

The same for the same count. Numbers are scattered: the n-th is n times a constant modulo a prime.
Only spellings that libphonenumber reads too, so that a plain twin must come to the same people.
"""

import csv
from pathlib import Path
from typing import Final

HEADER: Final = (
    "Phone", "First name", "Last name", "Email", "Language", "Tags", "Consent source", "Consent at",
    "Consent wording",
)  # fmt: skip
HOME: Final = "VN"
_NAMES: Final = ("An", "Emma", "Hugo", "Carmen", "Minh", "Liam", "Zoé", "Nguyễn", "王")
_WORDING: Final = "Yes, text me offers up to 4 times a month. Reply STOP to end."
_BAD: Final = ("", "n/a", "0912345", "+99912345678", "123456789012345678", "Call me", "+84 12")
_CYCLE: Final = 100  # the mix repeats after so many rows
_BAD_ROWS: Final = 9


def _home(n: int) -> str:
    start = ("90", "91", "98", "97", "86", "35", "70", "79", "83", "56")[n % 10]
    digits = f"{start}{n * 618_033 % 9_999_991:07d}"
    spaced = f"0{digits[:2]} {digits[2:5]} {digits[5:]}"
    return (f"0{digits}", f"+84{digits}", spaced, f"84{digits}")[n // 10 % 4]


def _abroad(n: int) -> str:
    low = f"{n * 618_033 % 999_983:06d}"
    match n % 4:
        case 0:
            return f"+33 6 {10 + n // 4 % 20} {low[:2]} {low[2:4]} {low[4:]}"
        case 1:
            area = ("212", "415", "305", "646", "312")[n // 4 % 5]
            exchange = f"{2 + n // 20 % 7}{low[:2].replace('11', '12')}"  # no code ends in 11
            return f"+1 ({area}) {exchange}-{low[2:]}"
        case 2:
            return f"+447400{low}"
        case _:
            return f"+346{10 + n // 4 % 80}{low}"


def _number(n: int) -> str:
    place = n * 37 % _CYCLE  # the unusable ones lie scattered as well
    if place < _BAD_ROWS:
        return _BAD[n % len(_BAD)]
    return _home(n) if place % 2 else _abroad(n)


def write_people_file(path: Path, count: int) -> None:
    """`count` rows under a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        for n in range(count):
            rows.writerow((
                _number(n), _NAMES[n % 9], "Martin", f"p{n}@example.com" if n % 3 else "",
                ("en", "vi", "fr")[n % 3], "vip,spring" if n % 4 == 0 else "",
                "Web form" if n % 5 else "", f"2026-0{1 + n % 9}-11T09:30:00+07:00", _WORDING,
            ))  # fmt: skip
