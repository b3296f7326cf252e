"""Codes of the simulator beyond the book's: the err of its receipts and its vendor statuses."""

from __future__ import annotations

from typing import Final

from textwell.gateways.failures import FailureClass as F
from textwell.gateways.providers.smpp.codes import classify_smpp

SIMULATOR_STATUSES: Final[dict[str, F]] = {
    "0x00000400": F.NO_CREDIT,
    "0x00000401": F.BLOCKED_BY_CARRIER,
    "0x00000402": F.BLOCKED_BY_PERSON,
    "0x00000403": F.SENDER_NOT_REGISTERED,
    "0x00000404": F.TEMPLATE_NOT_REGISTERED,
    "0x00000405": F.OPTED_OUT_AT_CARRIER,
    "0x00000406": F.SPAM_FILTERED,
    "0x00000407": F.DUPLICATE,
    "0x00000408": F.TIME_NOT_ALLOWED,
}
SIMULATOR_ERRORS: Final[dict[str, F]] = {
    "500": F.INVALID_NUMBER,
    "501": F.BLOCKED_BY_PERSON,
    "502": F.BLOCKED_BY_CARRIER,
    "503": F.SPAM_FILTERED,
    "504": F.SENDER_NOT_ALLOWED,
    "505": F.SENDER_NOT_REGISTERED,
    "506": F.TEMPLATE_NOT_REGISTERED,
    "507": F.TEXT_NOT_ALLOWED,
    "508": F.OPTED_OUT_AT_CARRIER,
    "509": F.TIME_NOT_ALLOWED,
    "510": F.NO_CREDIT,
    "511": F.ROUTE_DOWN,
    "512": F.TOO_LONG,
    "513": F.PORTING,
    "514": F.ROAMING,
}


def classify_simulator(code: str) -> F:
    """The class of a code as stored: the simulator's own first, then the book's."""
    if code in SIMULATOR_STATUSES:
        return SIMULATOR_STATUSES[code]
    return SIMULATOR_ERRORS.get(code.partition(":")[2]) or classify_smpp(code)
