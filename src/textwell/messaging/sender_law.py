"""Whether law and carrier rules let a sender be shown to numbers of a country. Pure.

The rule packs say which kinds of sender are barred, and which must be registered first; what is
registered the caller tells. Unlike hours this holds for every purpose: a pack says which kinds it bars
to advertising alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import structlog

from textwell.compliance.library import kept_with_packs, shipped_library
from textwell.compliance.schema import Pack, SenderRule
from textwell.compliance.types import (
    Case,
    Consent,
    ConsentKind,
    Layer,
    MessageClass,
    Recipient,
)
from textwell.compliance.types import Reason as LawReason
from textwell.compliance.types import Sender as Shown
from textwell.compliance.wording_rules import judge_sender
from textwell.gateways.rights import CLASSES
from textwell.messaging.gate import Reason
from textwell.messaging.purposes import ANSWER, ANSWERS, is_marketing

log = structlog.get_logger()

_CLASSES: Final = {one.value: one for one in MessageClass} | {ANSWER: MessageClass.HELP_REPLY}
_REASONS: Final = {
    LawReason.SENDER_NOT_ALLOWED: Reason.SENDER_NOT_ALLOWED.value,
    LawReason.SENDER_NOT_REGISTERED: Reason.SENDER_UNREGISTERED.value,
    LawReason.TEMPLATE_NOT_REGISTERED: Reason.TEMPLATE_UNREGISTERED.value,
}


def class_of(purpose: str) -> str:
    """The class of a registration that covers texts of a purpose: whatever is marketing is one."""
    return MessageClass.MARKETING.value if is_marketing(purpose) else purpose


def classes_of(purpose: str) -> tuple[str, ...]:
    """The classes of which a registration covers texts of a purpose, any one of them.

    An answer comes from the sender that a person wrote to, whatever that is registered for.
    """
    return CLASSES if purpose in ANSWERS else (class_of(purpose),)


def judge_kind(
    country: str,
    kind: str,
    purpose: str,
    *,
    is_registered: bool,
    on: date,
    has_template: bool | None = None,
) -> str:
    """The gate's reason against a sender of this kind for a text there; "" for none. Never raises.

    Rules that cannot be read refuse. `has_template`: whether any text is approved for it there; None: not
    asked. To answers to whoever wrote no template is asked.
    """
    has = None if purpose in ANSWERS else has_template
    try:
        shown = Shown(kind, is_registered=is_registered, is_template_registered=has)
        return _judge(country, shown, purpose, on)
    except (ValueError, OSError) as error:
        log.warning("rules not read", country=country, error=str(error))
        return Reason.FACTS_MISSING.value


def needs_registration(country: str, kind: str, purpose: str, *, on: date) -> bool:
    """Whether such a sender may be shown there once it is registered, and not before."""
    is_barred = judge_kind(country, kind, purpose, is_registered=True, on=on)
    return not is_barred and bool(judge_kind(country, kind, purpose, is_registered=False, on=on))


def needs_template(country: str, kind: str, purpose: str, *, on: date) -> bool:
    """Whether only approved texts of a registered sender of this kind get through there."""
    judged = judge_kind(country, kind, purpose, is_registered=True, has_template=False, on=on)
    return judged == Reason.TEMPLATE_UNREGISTERED


def place_length(country: str, *, on: date) -> int:
    """How many characters a place of a template takes there, 0 where the rules do not say."""
    return _read(country, on, lambda rule: rule.template_value_max)


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """For how many people at once advertising is taken; `most` 0: any number."""

    least: int
    most: int


def batch_limits(
    country: str, kind: str, purpose: str, *, on: date, layer: str = Layer.RECOMMENDED
) -> BatchLimits | None:
    """Of marketing by a registered sender of this kind there, by a layer; None: any number of people."""
    if not is_marketing(purpose) or not needs_registration(country, kind, purpose, on=on):
        return None
    least = _read(country, on, lambda rule: rule.batch_least, layer)
    most = _read(country, on, lambda rule: rule.batch_most, layer)
    return BatchLimits(least, most) if least or most else None


@kept_with_packs(maxsize=16)
def batch_countries(on: date) -> tuple[str, ...]:
    """Countries that take advertising for so many people at once, by law or by what we recommend."""
    names = sorted(name for name in shipped_library().ids if "-" not in name)
    return tuple(
        name
        for name in names
        if _read(name, on, lambda rule: rule.batch_least + rule.batch_most, Layer.RECOMMENDED)
    )


def limited_countries(
    kinds: Mapping[str, str], purpose: str, *, on: date, layer: str
) -> dict[str, BatchLimits]:
    """Countries with such limits; `kinds` as of `refused_countries`."""
    found = {}
    for country in batch_countries(on):
        kind = kinds.get(country, kinds.get("", ""))
        limits = batch_limits(country, kind, purpose, on=on, layer=layer) if kind else None
        if limits:
            found[country] = limits
    return found


def _read(
    country: str, on: date, ask: Callable[[SenderRule], int], layer: str = Layer.LEGAL
) -> int:
    """The first thing that rules of a country say; 0 where they say nothing or cannot be read."""
    try:
        pack = shipped_library().find(country, on)
    except (ValueError, OSError):
        return 0
    return next((told for rule in _rules(pack, layer) if (told := ask(rule))), 0) if pack else 0


@kept_with_packs(maxsize=10_000)
def _judge(country: str, shown: Shown, purpose: str, on: date) -> str:
    pack = shipped_library().find(country, on)
    if pack is None:
        return ""  # the pack's absence is told by the hours
    case = Case(
        at=datetime(on.year, on.month, on.day, tzinfo=UTC),
        recipient=Recipient(country),
        message_class=_CLASSES.get(purpose, MessageClass.MARKETING),
        consent=Consent(ConsentKind.EXPRESS),
        sender=shown,
    )
    reasons = (judge_sender(rule, case)[0] for rule in _rules(pack))
    found = next((reason for reason in reasons if reason is not None), None)
    return _REASONS[found] if found is not None else ""


def _rules(pack: Pack, layer: str = Layer.LEGAL) -> list[SenderRule]:
    rules = [r for r in pack.rule if isinstance(r, SenderRule)]
    return [r for r in rules if layer != Layer.LEGAL or r.layer == "legal"]


@kept_with_packs(maxsize=1_000)
def registry_of(country: str, on: date) -> str:
    """Where a sender is registered there, in the pack's words; "" where it does not say."""
    pack = shipped_library().find(country, on)
    return next((rule.registry for rule in _rules(pack) if rule.registry), "") if pack else ""


def refused_countries(
    kinds: Mapping[str, str],
    purpose: str,
    *,
    is_registered: Callable[[str], bool],
    has_template: Callable[[str], bool | None] = lambda _country: None,
    on: date,
) -> dict[str, str]:
    """Countries whose numbers cannot be shown a sender, with the gate's reason.

    `kinds`: the sender's kind by country, "" for every other; the others are asked by country.
    """
    found = {}
    for country in sorted(name for name in shipped_library().ids if "-" not in name):
        kind = kinds.get(country, kinds.get("", ""))
        reason = kind and judge_kind(
            country, kind, purpose, is_registered=is_registered(country), on=on
        )
        if kind and not reason and needs_template(country, kind, purpose, on=on):
            reason = judge_kind(
                country,
                kind,
                purpose,
                is_registered=True,
                has_template=has_template(country),
                on=on,
            )
        if reason:
            found[country] = reason
    return found
