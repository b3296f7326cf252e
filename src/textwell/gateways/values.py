"""What the values of a gateway and of its senders must be to be stored, beyond their types. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from textwell.core.errors import FieldError

SENDER_KINDS: Final = ("alphanumeric", "long_code", "short_code", "toll_free", "modem")
MOST_WINDOW: Final = 10_000
MOST_RATE: Final = 1_000_000
_NAME: Final = 80
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_ALPHANUMERIC: Final = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 !#$%&'()*+,./:;<=>?@_-]{3,11}")
_SHORT_CODE: Final = re.compile(r"[0-9]{3,8}")
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")


def check_name(name: str) -> str:
    """As it is stored, without white space around it. Raises FieldError on `name`."""
    name = name.strip()
    if not 1 <= len(name) <= _NAME:
        raise FieldError("name", _("is empty or too long."), _("Use 1 to 80 characters."))
    return name


def check_rate(rate: float) -> float:
    """Segments a second. Raises FieldError on `segments_per_second`."""
    if not 0 < rate <= MOST_RATE:
        mend = _("Give the segments a second that the contract allows.")
        raise FieldError("segments_per_second", _("is not above zero, or far too high."), mend)
    return float(rate)


def check_window(window: int) -> int:
    """Messages in flight at once. Raises FieldError on `window`."""
    if not 1 <= window <= MOST_WINDOW:
        raise FieldError("window", _("is out of range."), _("Use 1 to 10,000."))
    return window


def check_price(field: str, micros: Any) -> int:  # Any: comes from JSON
    """Millionths of the currency for one segment. Raises FieldError on `field`."""
    if not isinstance(micros, int) or isinstance(micros, bool) or micros < 0:
        mend = _("Give millionths of the currency, as a whole number from 0.")
        raise FieldError(field, _("is no price."), mend)
    return micros


def check_prices(prices: Mapping[str, int]) -> dict[str, int]:
    """Prices by country. Raises FieldError on `prices`."""
    return {
        check_country(country, field="prices"): check_price("prices", micros)
        for country, micros in prices.items()
    }


def check_currency(currency: str) -> str:
    """By ISO 4217. Raises FieldError on `currency`."""
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise FieldError("currency", _("is no currency code."), _("Use three capitals, as EUR."))
    return currency


def check_country(country: str, *, field: str = "country") -> str:
    """By ISO 3166; as `country` also "", every country. Raises FieldError on `field`."""
    if country == "" and field == "country":
        return country
    if not _COUNTRY.fullmatch(country):
        raise FieldError(field, _("is no country code."), _("Use two capitals, as VN."))
    return country


def check_sender(value: str, kind: str) -> str:
    """As a telephone can show it. Raises FieldError on `value` or `kind`."""
    patterns: Sequence[tuple[str, re.Pattern[str], str]] = (
        ("alphanumeric", _ALPHANUMERIC, _("Use 3 to 11 letters and digits, a letter among them.")),
        ("short_code", _SHORT_CODE, _("Use 3 to 8 digits.")),
        ("long_code", _NUMBER, _("Use the international form, as +84901234567.")),
        ("toll_free", _NUMBER, _("Use the international form, as +18005550100.")),
        ("modem", _NUMBER, _("Use the international form, as +84901234567.")),
    )
    for name, pattern, mend in patterns:
        if name == kind:
            if not pattern.fullmatch(value):
                raise FieldError("value", _("cannot be shown as this kind of sender."), mend)
            return value
    mend = _("Use one of: %(kinds)s.") % {"kinds": ", ".join(SENDER_KINDS)}
    raise FieldError("kind", _("is no kind of sender."), mend)
