"""The column of numbers: read as a whole, what is wrong told in words."""

import re
from typing import Final

from django.utils.translation import gettext as _

from textwell.contacts.imports.cells import Cells, Keep
from textwell.text import NumberColumns, NumberError, read_columns

_FRACTION: Final = re.compile(r"\+?\d{7,15}\.0", re.ASCII)  # a whole number that became a decimal
_SCIENTIFIC: Final = re.compile(r"[+']?\d([.,]\d+)?[eE]\+?\d{1,2}", re.ASCII)


def read_numbers(cells: Cells, region: str | None, keep: Keep) -> NumberColumns:
    """Number, country and carrier of each row; all empty where there is a problem."""
    together = "".join(cells)
    if "'" in together:  # a spreadsheet's mark for text
        cells = [cell.strip().removeprefix("'") for cell in cells]
    if ".0" in together:
        cells = [
            cell.strip().removesuffix(".0") if _FRACTION.fullmatch(cell.strip()) else cell
            for cell in cells
        ]
    if "e" in together or "E" in together:
        mend = _("msisdn: a spreadsheet made %(value)s of it and lost digits; export it as text")
        for place, cell in enumerate(cells):
            if _SCIENTIFIC.fullmatch(cell.strip()):
                keep(place, mend % {"value": cell.strip()})
    numbers = read_columns(cells, region)
    reasons = {error: f"msisdn: {_explain(error)}" for error in set(numbers.errors.values())}
    for place, error in numbers.errors.items():
        keep(place, reasons[error])
    return numbers


def _explain(error: NumberError) -> str:
    match error:
        case NumberError.EMPTY:
            return _("is empty; give a number")
        case NumberError.NOT_A_NUMBER:
            return _("is no telephone number; correct it")
        case NumberError.REGION_MISSING:
            return _("has no country code; write it with +, or choose the country")
        case NumberError.UNKNOWN_COUNTRY_CODE:
            return _("has an unknown country code; correct it")
        case NumberError.TOO_SHORT:
            return _("is too short; a digit or the country code may be missing")
        case NumberError.TOO_LONG:
            return _("is too long; a digit may be doubled, or two numbers in one cell")
        case _other:
            return _("is no number in use; correct it")
