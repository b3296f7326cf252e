"""Which start of a mobile number says where it was handed out, country code by country code."""

from typing import Final

# Start of an E.164 number -> how many characters of it, sign included, name its place. Source: the
# national numbering plans, as libphonenumber records mobile numbers that are geographical.
KEY_LENGTHS: Final[dict[str, int]] = {
    "+1": 5,  # area code
    "+52": 6,  # area code of two or three digits
    "+549": 8,  # area code of two to four digits behind the 9 of mobile numbers
    "+55": 5,  # area code
    "+86": 10,  # seven digits
}


def find_place_key(msisdn: str) -> str | None:
    """The part of a number that names its place; None where the plan names none."""
    for start, length in KEY_LENGTHS.items():
        if msisdn.startswith(start) and len(msisdn) > length:
            return msisdn[:length]
    return None
