"""Regular expressions from libphonenumber's metadata, for numbers whose last digits are open.

The first digits of a number settle nearly everything about it, so they are judged once for all
numbers that begin so. An open digit is written ``OPEN``. A pattern is built in two ways: as
`surely`, where an open digit matches only what any digit matches, and as `maybe`, where it matches
whatever some digit may match. What is asked for is built surely and what is ruled out is built
maybe; so an expression that matches with open digits matches with every digit in their place.
Without open digits both ways are the pattern itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from phonenumbers import PhoneMetadata, PhoneNumberDesc

OPEN: Final = "x"
Build = Callable[[str], str]
_NEVER: Final = r"(?!)"
# What the metadata is made of: any digit, a class, a repetition, a digit, everything else.
_PARTS: Final = re.compile(r"\\d|\[[^\]\\^]+\]|\{[\d,]+\}|\d|.", re.DOTALL)
_SPECIAL: Final = (
    "premium_rate",
    "toll_free",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)


def surely(pattern: str) -> str:
    """Matches open digits only where every digit would match."""
    return pattern.replace(r"\d", rf"[\d{OPEN}]")


def maybe(pattern: str) -> str:
    """Matches open digits where some digit would match."""
    return "".join(map(_open_part, _PARTS.findall(pattern)))


def _open_part(part: str) -> str:
    if part == r"\d" or part.isdigit():
        return f"[{part}{OPEN}]"
    return f"{part[:-1]}{OPEN}]" if part.startswith("[") else part


def compile_home(metadata: PhoneMetadata, earlier: Sequence[PhoneMetadata]) -> re.Pattern[str]:
    """A number as written at home or with its country code; `earlier` claim numbers before us.

    The group ``mobile`` is a national number of the mobile ranges, ``fixed`` of the fixed ones
    only; neither could be claimed by another reading.
    """
    return _compile(rf"(?:{_forms(metadata)}){_national(metadata, earlier)}")


def compile_abroad(metadata: PhoneMetadata, earlier: Sequence[PhoneMetadata]) -> re.Pattern[str]:
    """The same, only with a plus and the country code."""
    return _compile(rf"\+{metadata.country_code}{_national(metadata, earlier)}")


def compile_kind(desc: PhoneNumberDesc | None, build: Build) -> re.Pattern[str]:
    """National numbers of one kind of line."""
    return _compile(_ranges(desc, build))


def compile_prefix(prefix: str) -> re.Pattern[str]:
    """What may be taken off the front of a national number."""
    return _compile(maybe(_plain(prefix)))


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def _plain(pattern: str | None) -> str:
    """A pattern of the metadata without capturing groups of its own."""
    return _NEVER if pattern is None else re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)


def _ranges(desc: PhoneNumberDesc | None, build: Build) -> str:
    """The pattern of one kind of line, whole and held to its possible lengths."""
    if desc is None or desc.national_number_pattern is None:
        return _NEVER
    lengths = "|".join(rf"[\d{OPEN}]{{{length}}}" for length in desc.possible_length)
    held = rf"(?=(?:{lengths})\Z)" if lengths else ""
    return rf"{held}(?:{build(_plain(desc.national_number_pattern))})\Z"


def _claim(metadata: PhoneMetadata) -> str:
    """What may make libphonenumber give a number to this region among those of one code."""
    if metadata.leading_digits is not None:
        return maybe(_plain(metadata.leading_digits))
    kinds = [getattr(metadata, kind) for kind in (*_SPECIAL, "fixed_line", "mobile")]
    ranges = "|".join(_ranges(kind, maybe) for kind in kinds)
    return rf"(?={_ranges(metadata.general_desc, maybe)})(?:{ranges})"


def _national(metadata: PhoneMetadata, earlier: Sequence[PhoneMetadata]) -> str:
    """A national number of the fixed or mobile ranges that no earlier region claims."""
    special = "|".join(_ranges(getattr(metadata, kind), maybe) for kind in _SPECIAL)
    guards = [rf"(?={_ranges(metadata.general_desc, surely)})", rf"(?!{special})"]
    guards += [rf"(?!{_claim(other)})" for other in earlier]
    if metadata.leading_digits is not None:
        guards.append(rf"(?={surely(_plain(metadata.leading_digits))})")
    mobile, fixed = _ranges(metadata.mobile, surely), _ranges(metadata.fixed_line, surely)
    not_mobile = rf"(?!{_ranges(metadata.mobile, maybe)})"
    return rf"{''.join(guards)}(?:(?P<mobile>{mobile})|{not_mobile}(?P<fixed>{fixed}))"


def _forms(metadata: PhoneMetadata) -> str:
    """What may stand before the national number of somebody at home."""
    code = str(metadata.country_code)
    idd = maybe(_plain(metadata.international_prefix))
    general = _ranges(metadata.general_desc, maybe)
    # A bare number that is whole is never taken for a country code and the rest.
    forms = [rf"\+{code}", rf"(?!{idd})(?!{general}){code}", rf"(?!{idd})"]
    if metadata.international_prefix == "00":
        forms.append(f"00{code}")
    trunk = metadata.national_prefix
    if trunk is not None and (trunk == code or not code.startswith(trunk)):
        # Only if the trunk prefix is all that would be taken off: the group holds the whole
        # of it, as an atomic group would.
        taken = maybe(_plain(metadata.national_prefix_for_parsing))
        forms.append(rf"(?!{idd})(?=(?P<taken>{taken}))(?P=taken)(?<=^{re.escape(trunk)})")
    return "|".join(forms)
