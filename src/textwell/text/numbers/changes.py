"""Numbering plans that changed: numbers written the old way, as they are dialled now.

Each rule takes the national significant number and gives the present one, or None where it
does not apply. They are looked up by country calling code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

# Viet Nam, 15 September 2018 (Decision 798/QD-BTTTT): mobile numbers of 11 digits to 10.
_VIETNAM_2018: Final[dict[str, str]] = {
    "120": "70",
    "121": "79",
    "122": "77",
    "126": "76",
    "128": "78",
    "123": "83",
    "124": "84",
    "125": "85",
    "127": "81",
    "129": "82",
    "162": "32",
    "163": "33",
    "164": "34",
    "165": "35",
    "166": "36",
    "167": "37",
    "168": "38",
    "169": "39",
    "186": "56",
    "188": "58",
    "199": "59",
}
_VIETNAM_OLD_LENGTH: Final = 10

# Mexico, 3 August 2019: no 1 after +52, and none of the prefixes 01, 044 and 045 before ten
# digits.
_MEXICO_OLD: Final = re.compile(r"(?:1|01|044|045)([2-9]\d{9})")

# Argentina: a mobile number is +54 9 area number abroad and 0 area 15 number at home; some
# write both. An area code and a number have ten digits together.
_ARGENTINA_BOTH: Final = re.compile(r"9(?=\d{12}$)(11|[23]\d{2,3}?)15(\d{6,8})")

# Brazil, 2012-2016 (Anatel resolution 553): a 9 before the eight digits of a mobile number, but
# not of the trunked radio of Nextel (70, 77, 78, 79), which was no mobile service by law.
_BRAZIL_OLD: Final = re.compile(
    r"([14689][1-9]|2[12478]|3[1-578]|5[13-5]|7[13-579])((?!7[0789])[6-9]\d{7})"
)


def _vietnam(national: str) -> str | None:
    if len(national) != _VIETNAM_OLD_LENGTH:
        return None
    prefix = _VIETNAM_2018.get(national[:3])
    return None if prefix is None else prefix + national[3:]


def _mexico(national: str) -> str | None:
    match = _MEXICO_OLD.fullmatch(national)
    return match and match[1]


def _argentina(national: str) -> str | None:
    match = _ARGENTINA_BOTH.fullmatch(national)
    return match and f"9{match[1]}{match[2]}"


def _brazil(national: str) -> str | None:
    match = _BRAZIL_OLD.fullmatch(national)
    return match and f"{match[1]}9{match[2]}"


_RULES: Final[dict[int, Callable[[str], str | None]]] = {
    52: _mexico,
    54: _argentina,
    55: _brazil,
    84: _vietnam,
}
_DECIDING: Final[dict[int, int]] = {
    52: 4,  # 044 and the first of the area code
    54: 7,  # 9, an area code of four, 15
    55: 4,  # the area code and the first two after it
    84: 3,
}


def find_present_form(country_code: int, national: str) -> str | None:
    """The national significant number as dialled now, or None where it already is."""
    rule = _RULES.get(country_code)
    return None if rule is None else rule(national)


def count_deciding_digits(country_code: int) -> int:
    """How many first digits of a national number, with its length, tell whether a rule applies."""
    return _DECIDING.get(country_code, 0)
