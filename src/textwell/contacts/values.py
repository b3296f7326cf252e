"""Typed values of free fields: what may stand in `Contact.fields` and how text becomes it.

Pure. Stored forms: text as string, number as int or float, date as "YYYY-MM-DD", boolean as
true/false.
"""

import math
import re
from datetime import date, datetime

from django.utils.translation import gettext as _

from textwell.core.errors import FieldError
from textwell.core.zones import known_zones
from textwell.text import UnknownRegionError, check_region

FieldValue = str | int | float | bool

MAX_TEXT = 500
_YES = frozenset(
    {
        "1",
        "true",
        "t",
        "yes",
        "y",
        "x",
        "có",
        "co",
        "là",
        "是",
        "对",
        "對",
        "sí",
        "si",
        "oui",
        "vrai",
    }
    | {"ja", "sim", "on", "verdadero", "đúng", "dung"}
)
_NO = frozenset(
    {"0", "false", "f", "no", "n", "không", "khong", "sai", "否", "不", "non", "faux", "nein"}
    | {"não", "nao", "off", "falso", "-"}
)
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_DAY_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y")


_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)  # BCP 47, by its form


def check_known(name: str, value: str) -> None:
    """A time zone that exists, a language in the form of BCP 47; empty is not known.

    Raises:
        FieldError: on `zone` or `language`; other names are not judged.
    """
    if name == "zone" and value and value not in known_zones():
        mend = _("Write an IANA name, such as Asia/Ho_Chi_Minh.")
        raise FieldError("zone", _("is no time zone"), mend)
    if name == "language" and value and not _LANGUAGE.fullmatch(value):
        raise FieldError("language", _("is no language"), _("Write its code, such as vi or pt-BR."))


def read_region(region: str | None) -> str | None:
    """The country of numbers without a country code, in capitals; None for none.

    Raises:
        FieldError: on `region`: no ISO 3166-1 code that has telephone numbers.
    """
    try:
        return check_region(region)
    except UnknownRegionError as error:
        problem = _("%(region)s is no country.") % {"region": error.region}
        raise FieldError("region", problem, _("Use a two-letter code such as VN.")) from None


def no_number(value: str) -> FieldError:
    """What is said of a number that cannot be called, on `msisdn`."""
    return FieldError(
        "msisdn",
        _("%(value)s is not a valid telephone number.") % {"value": value or '""'},
        _("Write it with + and the country code, or give the country."),
    )


def read_value(kind: str, value: object) -> FieldValue:
    """The stored form of `value` for a field of `kind` (text, number, date, boolean).

    Takes the typed value or its text. A day written with slashes is day first.

    Raises:
        ValueError: it has no such form; the message says what would.
    """
    return _READERS[kind](value)


def _read_text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(_("text is expected"))  # noqa: TRY004 - one kind of error for all kinds
    text = str(value).strip()
    if len(text) > MAX_TEXT:
        raise ValueError(_("at most %(count)d characters fit") % {"count": MAX_TEXT})
    if "\x00" in text:
        raise ValueError(_("a null character cannot be stored; remove it"))
    return text


def _read_number(value: object) -> int | float:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    raise ValueError(_("a number is expected, such as 12 or 12.5"))


def _read_date(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = value.strip() if isinstance(value, str) else ""
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day only
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        raise ValueError(_("a day is expected, such as 2026-11-24")) from None


def _read_boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(_("yes or no is expected"))


_READERS = {
    "text": _read_text,
    "number": _read_number,
    "date": _read_date,
    "boolean": _read_boolean,
}
