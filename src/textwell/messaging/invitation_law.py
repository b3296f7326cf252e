"""Where rule packs let one text go to somebody who never agreed: to ask for a yes, once for ever.

The packs' own rules say it (`stranger_request`); where none does, nobody is invited.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

import orjson

from textwell.compliance.consent_rules import judge_consent
from textwell.compliance.library import kept_with_packs, shipped_library
from textwell.compliance.schema import ConsentRule, Pack, RegisterRule
from textwell.compliance.types import Case, Consent, ConsentKind, MessageClass, Recipient
from textwell.messaging.register_law import key_of

# No yes stands behind an invitation. Where law says nothing of how old a list may be, older than this is
# not asked: nobody there is invited.
OLDEST_LIST_DAYS: Final = 30


@kept_with_packs(maxsize=4)
def list_invitable(on: date) -> dict[str, tuple[str, ...]]:
    """Countries whose packs allow it, those of their parts too; the do-not-contact registers of each.

    Never raises: what cannot be read invites nobody.
    """
    packs = list(shipped_library().packs_on(on))
    barred = {pack.country for pack in packs if not _allows(pack)}
    found: dict[str, set[str]] = {}
    for pack in packs:
        if pack.country not in barred:
            found.setdefault(pack.country, set()).update(_registers(pack))
    return {country: tuple(sorted(keys)) for country, keys in sorted(found.items())}


@kept_with_packs(maxsize=8)
def invitation_terms(on: date, *, asks_registers: bool) -> str:
    """`list_invitable` as statements bind it, see `messaging.sql.invitations`."""
    countries = {
        country: {"registers": keys if asks_registers else ()}
        for country, keys in list_invitable(on).items()
    }
    return orjson.dumps(countries | {"days": OLDEST_LIST_DAYS}).decode()


def _allows(pack: Pack) -> bool:
    """Whether every rule about consent in it lets a stranger be asked; a part may say nothing of it."""
    rules = [rule for rule in pack.rule if isinstance(rule, ConsentRule)]
    at = datetime(2026, 1, 1, tzinfo=UTC)
    stranger = Consent(ConsentKind.NONE)
    case = Case(at, Recipient(pack.country), MessageClass.CONSENT_REQUEST, stranger)
    is_said = bool(rules) or bool(pack.subdivision)
    return is_said and all(judge_consent(rule, case)[0] is None for rule in rules)


def _registers(pack: Pack) -> set[str]:
    """Of numbers that refuse advertising. One where consents stand names nobody who refused."""
    rules = [r for r in pack.rule if isinstance(r, RegisterRule) and r.records == "refusal"]
    return {
        key_of(name) for rule in rules for each in rule.name.split(";") if (name := each.strip())
    }
