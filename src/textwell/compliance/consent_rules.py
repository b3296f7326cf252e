"""May this person be written to at all: consent, exemptions of service messages, registers."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import MAXYEAR, datetime, timedelta
from functools import lru_cache
from typing import Final

from textwell.compliance.schema import ConsentRule, RegisterRule, ServiceRule
from textwell.compliance.types import (
    Case,
    Consent,
    ConsentKind,
    MessageClass,
    Reason,
)

_STRENGTH: Final = {
    ConsentKind.REVOKED: -1,
    ConsentKind.NONE: 0,
    ConsentKind.IMPLIED: 1,
    ConsentKind.SOFT: 1,
    ConsentKind.EXPRESS: 2,
    ConsentKind.EXPRESS_WRITTEN: 3,
}
_NEEDED: Final = {"opt_out": 0, "express_or_implied": 1, "express": 2, "express_written": 3}

Answer = tuple[Reason | None, dict[str, object]]


def standing_kind(consent: Consent, at: datetime) -> ConsentKind:
    """The consent as it stands at a moment: not before it was given, not after it was taken back."""
    if consent.kind is ConsentKind.REVOKED:
        return ConsentKind.REVOKED
    revoked_at = consent.revoked_at
    if revoked_at is not None and revoked_at <= at:
        is_given_anew = consent.given_at is not None and consent.given_at > revoked_at
        if not is_given_anew:
            return ConsentKind.REVOKED
    is_future = consent.given_at is not None and consent.given_at > at
    return ConsentKind.NONE if is_future else consent.kind


def is_express(kind: ConsentKind) -> bool:
    """Whether the person said yes in so many words."""
    return _STRENGTH[kind] >= _STRENGTH[ConsentKind.EXPRESS]


def judge_consent(rule: ConsentRule, case: Case) -> Answer:
    """Consent to advertising, or to being asked for it."""
    kind = standing_kind(case.consent, case.at)
    inputs: dict[str, object] = {"kind": kind.value, "needs": rule.needs}
    if kind is ConsentKind.REVOKED:
        return Reason.OPTED_OUT, inputs
    if case.message_class is MessageClass.CONSENT_REQUEST:
        return _request_reason(rule, case, kind), inputs
    if not _suffices(rule, kind):
        is_none = kind is ConsentKind.NONE
        return (Reason.NO_CONSENT if is_none else Reason.CONSENT_TOO_WEAK), inputs
    expires_at = _expiry(rule, case.consent, kind)
    if expires_at is not None:
        inputs["expires_at"] = expires_at.isoformat()
        if case.at >= expires_at:
            return Reason.CONSENT_EXPIRED, inputs
    return None, inputs


def _request_reason(rule: ConsentRule, case: Case, kind: ConsentKind) -> Reason | None:
    """One request, ever: to whom acted first, or to a stranger where the pack allows it."""
    asked = any(
        recent.message_class is MessageClass.CONSENT_REQUEST and recent.at <= case.at
        for recent in case.recent
    )
    if asked:
        return Reason.ALREADY_ASKED
    is_stranger = kind is ConsentKind.NONE and not rule.stranger_request
    return Reason.NO_CONSENT if is_stranger else None


def _suffices(rule: ConsentRule, kind: ConsentKind) -> bool:
    if kind is ConsentKind.SOFT and rule.needs != "opt_out":
        return rule.soft_allowed is True
    return _STRENGTH[kind] >= _NEEDED[rule.needs]


def _expiry(rule: ConsentRule, consent: Consent, kind: ConsentKind) -> datetime | None:
    if consent.given_at is None:
        return None
    months = months_of(rule, kind)
    return None if months is None else add_months(consent.given_at, months)


def months_of(rule: ConsentRule, kind: ConsentKind) -> int | None:
    """For how many months a consent of this kind counts after it was given; None: for ever."""
    is_weak = kind in {ConsentKind.SOFT, ConsentKind.IMPLIED}
    months = [rule.lifetime_months, rule.soft_expiry_months if is_weak else None]
    return min((count for count in months if count), default=None)


def add_months(moment: datetime, count: int) -> datetime:
    """The same day of a later month, or the last one that this month has."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + count, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=min(year, MAXYEAR), month=month + 1, day=day)


def judge_service(rule: ServiceRule, case: Case) -> Answer:
    """Consent of a message about an order, a delivery or an account."""
    kind = standing_kind(case.consent, case.at)
    inputs: dict[str, object] = {"kind": kind.value, "needs": rule.consent_needed}
    if kind is ConsentKind.REVOKED and rule.opt_out_must_be_honoured is not False:
        return Reason.OPTED_OUT, inputs
    if rule.consent_needed == "express" and not is_express(kind):
        is_none = kind is ConsentKind.NONE
        return (Reason.NO_CONSENT if is_none else Reason.CONSENT_TOO_WEAK), inputs
    return None, inputs


def judge_confirmation(case: Case) -> Answer:
    """One confirmation of an opt-out, and no second."""
    since = case.consent.revoked_at
    sent = [
        recent
        for recent in case.recent
        if recent.message_class is MessageClass.OPT_OUT_CONFIRMATION
        and recent.at <= case.at
        and (since is None or recent.at >= since)
    ]
    return (Reason.ALREADY_CONFIRMED if sent else None), {"sent": len(sent)}


def judge_register(rule: RegisterRule, case: Case) -> Answer:
    """What a register says, if it was asked."""
    names = register_names(rule.name)
    entries = [entry for name, entry in case.registers.items() if name.casefold() in names]
    if not entries:
        return None, {"register": rule.name, "listed": None}
    entry = next((each for each in entries if each.is_listed), entries[0])
    inputs: dict[str, object] = {"register": rule.name, "listed": entry.is_listed}
    is_overridden = rule.consent_overrides is True and is_express(
        standing_kind(case.consent, case.at)
    )
    if is_overridden:
        return None, inputs | {"overridden_by_consent": True}
    if rule.records == "refusal" and entry.is_listed:
        return Reason.REGISTER_LISTED, inputs
    if rule.records == "consent" and not entry.is_listed:
        return Reason.REGISTER_MISSING, inputs
    if _is_stale(rule, entry.checked_at, case.at):
        return Reason.REGISTER_STALE, inputs | {"max_age_days": rule.max_age_days}
    return None, inputs


@lru_cache(maxsize=256)
def register_names(name: str) -> frozenset[str]:
    """How a register may be called: as the pack calls it, or short; of several each by itself."""
    names = {name, *re.split(r"\s*;\s*", name)}
    short = {re.sub(r"\s*\([^)]*\)", "", each).strip() for each in names}
    return frozenset(each.casefold() for each in names | short)


def _is_stale(rule: RegisterRule, checked_at: datetime | None, at: datetime) -> bool:
    if rule.max_age_days is None or checked_at is None:
        return False
    return at - checked_at > timedelta(days=rule.max_age_days)
