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
