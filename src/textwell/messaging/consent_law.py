"""What rule packs say of a consent on file: which kind they ask for, and how long one counts.

The packs' own rules judge each kind of consent; what statements add is which kind a person gave, and when.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

import orjson

from textwell.compliance.consent_rules import judge_consent, months_of
from textwell.compliance.library import kept_with_packs, shipped_library
from textwell.compliance.places import codes_under
from textwell.compliance.schema import ConsentRule
from textwell.compliance.types import Case, Consent, ConsentKind, MessageClass, Recipient

NO_TERMS: Final = "{}"  # no pack is asked
TOO_WEAK: Final = "weak"
# Where nobody said how a yes was given it counts as what its proof bears: each has the words that the person
# agreed to, where and when, so it is express; that it was in writing nothing shows.
UNSAID: Final = ConsentKind.EXPRESS
_KINDS: Final = {
    "": UNSAID,
    "implied": ConsentKind.IMPLIED,
    "soft": ConsentKind.SOFT,
    "express": ConsentKind.EXPRESS,
    "express_written": ConsentKind.EXPRESS_WRITTEN,
}


@kept_with_packs(maxsize=4)
def list_terms(on: date) -> dict[str, dict[str, str]]:
    """By country and kind of consent: TOO_WEAK, or for how many months it counts. No entry: for ever.

    Of a country and its parts the strictest holds: what is not told of a number is not in its favour.
    Never raises: what cannot be read sends nothing anyway.
    """
    found: dict[str, dict[str, str]] = {}
    for country, rule in _rules(on):
        for basis, term in _terms(rule):
            known = found.setdefault(country, {})
            known[basis] = min(known.get(basis, term), term, key=_strictness)
    return found


@kept_with_packs(maxsize=4)
def consent_terms(on: date) -> str:
    """`list_terms` as statements bind them, see `messaging.sql.consents`."""
    return orjson.dumps(list_terms(on)).decode()


def _strictness(term: str) -> int:
    return 0 if term == TOO_WEAK else int(term)


def _rules(on: date) -> Iterator[tuple[str, ConsentRule]]:
    """By the code of each place in which it holds: what the United States ask holds in Puerto Rico too."""
    for pack in shipped_library().packs_on(on):
        codes = [pack.country] if pack.subdivision else codes_under(pack.country)
        for rule in pack.rule:
            if isinstance(rule, ConsentRule):
                yield from ((code, rule) for code in codes)


def _terms(rule: ConsentRule) -> Iterator[tuple[str, str]]:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for basis, kind in _KINDS.items():
        case = Case(at, Recipient(""), MessageClass.MARKETING, Consent(kind, given_at=at))
        reason, _inputs = judge_consent(rule, case)
        months = months_of(rule, kind)
        if reason is not None:
            yield basis, TOO_WEAK
        elif months is not None:
            yield basis, str(months)
