"""Numbers, money and durations as people read them, in the language of the page."""

from datetime import datetime, timedelta

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_timedelta
from babel.languages import get_official_languages
from babel.numbers import format_compact_decimal, format_currency, format_decimal, format_percent
from django.utils import timezone, translation

MICROS = 1_000_000
_BABEL_NAMES = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}


def present_locale() -> Locale:
    """Babel's locale of the page's language; English if it knows none."""
    code = translation.get_language() or "en"
    try:
        return Locale.parse(_BABEL_NAMES.get(code, code.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def format_count(value: float) -> str:
    return format_decimal(value, format="#,##0.##", locale=present_locale())


def format_at_most(value: int, most: int) -> str:
    """A count that stopped above `most`: then it says that there are more."""
    if value <= most:
        return format_count(value)
    return translation.gettext("%(count)s+") % {"count": format_count(most)}


def format_decimals(value: float, digits: int) -> str:
    return format_decimal(value, format="#,##0." + "#" * digits, locale=present_locale())


def format_short_count(value: float) -> str:
    return format_compact_decimal(value, locale=present_locale(), fraction_digits=1)


def format_money(micros: int, currency: str) -> str:
    """Millionths of a currency. Small prices keep their digits: a segment costs 0.0045 EUR."""
    amount = micros / MICROS
    if not currency:
        return format_decimal(amount, locale=present_locale())
    if micros and abs(micros) < MICROS:
        return format_currency(
            amount,
            currency,
            format="¤#,##0.00####",
            locale=present_locale(),
            currency_digits=False,
        )
    return format_currency(amount, currency, locale=present_locale())


def format_share(part: float, whole: float, *, digits: int = 1) -> str:
    if not whole:
        return "–"
    pattern = "#,##0." + "0" * digits + "%" if digits else "#,##0%"
    return format_percent(part / whole, format=pattern, locale=present_locale())


def format_points(share: float) -> str:
    """A difference of two shares in percentage points, with its sign."""
    return format_decimal(share * 100, format="+#,##0.0;-#,##0.0", locale=present_locale())


def format_duration(seconds: float) -> str:
    """The one unit that matters: 45 seconds, 12 minutes, 3 hours."""
    return format_timedelta(
        timedelta(seconds=max(seconds, 1)), threshold=1.5, locale=present_locale()
    )


def format_ago(moment: datetime) -> str:
    passed = moment - timezone.now()
    return format_timedelta(passed, add_direction=True, threshold=1.2, locale=present_locale())


def local_name(name: str, local: str, country: str) -> str:
    """The name that a country gives to a place of its own, if the page speaks its language."""
    own = get_official_languages(country, de_facto=True) if country else ()
    return local if local and present_locale().language in own else name


def language_name(tag: str) -> str:
    """The name of a language by its BCP 47 code; the code itself where there is none."""
    names = present_locale().languages
    parts = tag.replace("-", "_").split("_")
    # The second part is a script (Hans) or a country (BR).
    second = [p.title() if len(p) > len("BR") else p.upper() for p in parts[1:]]
    exact = "_".join([parts[0].lower(), *second])
    return names.get(exact) or names.get(parts[0].lower()) or tag


def country_name(code: str) -> str:
    """The name of an ISO 3166-1 country; the code itself where there is none."""
    return present_locale().territories.get(code, code) if code else ""
