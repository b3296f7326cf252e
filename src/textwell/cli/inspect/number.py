"""``textwell inspect number``: a telephone number in its present E.164 form."""

from __future__ import annotations

from textwell.text import Number, NumberError, UnknownRegionError, parse_number

_MEANINGS = {
    NumberError.EMPTY: "the number is empty",
    NumberError.NOT_A_NUMBER: "this is not a telephone number",
    NumberError.REGION_MISSING: "write it with + and the country code, or give region",
    NumberError.UNKNOWN_COUNTRY_CODE: "no country has this country code",
    NumberError.TOO_SHORT: "digits are missing; is the area code there?",
    NumberError.TOO_LONG: "there are too many digits",
    NumberError.INVALID: "no such number is in use in its country",
}


def inspect(case: dict[str, object]) -> dict[str, object]:
    """Judge ``{"number", "region"?}``. Raises ValueError that names the field at fault.

    ``error`` is a stable code, a colon and the reason in words. A region that is no country
    matters only to a number without a country code, as in libphonenumber.
    """
    value = case.get("number")
    if not isinstance(value, str):
        raise ValueError("number: must be a string")  # noqa: TRY004 (one error for bad cases)
    region = case.get("region")
    if region is not None and not isinstance(region, str):
        raise ValueError("region: must be an ISO 3166-1 code such as VN")
    try:
        return _describe(parse_number(value, region, reads_00=False))
    except UnknownRegionError as error:
        answer = _describe(parse_number(value, reads_00=False))
        is_bare = str(answer["error"]).startswith(NumberError.REGION_MISSING)
        return answer | ({"error": f"unknown_region: {error}"} if is_bare else {})


def _describe(number: Number) -> dict[str, object]:
    error = number.error
    return {
        "valid": number.valid,
        "e164": number.e164,
        "region": number.region,
        "type": None if number.type is None else number.type.value,
        "carrier": number.carrier,
        "timezones": list(number.timezones),
        "error": None if error is None else f"{error.value}: {_MEANINGS[error]}",
    }
