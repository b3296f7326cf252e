"""The judge: may this message go to this person, now? Every rule of every pack that may apply.

The strictest of all wins: each pack is judged by itself, a message is allowed where all allow. The
order of the reasons is that of the rules: opted out, consent, registers, content, wording, sender,
caps, hours and holidays; the first that fails is the reason shown, and all stand in the findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from textwell.compliance.clock import HORIZON_DAYS, Clock
from textwell.compliance.consent_rules import (
    Answer,
    judge_confirmation,
    judge_consent,
    judge_register,
    judge_service,
)
from textwell.compliance.disputes import rules_as_read
from textwell.compliance.hours import zone_of
from textwell.compliance.library import Library, shipped_library
from textwell.compliance.places import Places, find_places
from textwell.compliance.schema import (
    CapRule,
    ConsentRule,
    ContentRule,
    HolidaysRule,
    HoursRule,
    IdentityRule,
    LabelRule,
    OptOutRule,
    Pack,
    RegisterRule,
    Rule,
    SenderRule,
    ServiceRule,
)
from textwell.compliance.time_rules import (
    Timing,
    calendars_of,
    is_lifted,
    judge_cap,
    judge_holidays,
    judge_hours,
    weeks_of,
)
from textwell.compliance.types import (
    PROMOTIONAL,
    SERVICE,
    Case,
    Decision,
    Finding,
    Layer,
    MessageClass,
    Reason,
    Verdict,
)
from textwell.compliance.wording_rules import (
    judge_content,
    judge_identity,
    judge_label,
    judge_opt_out,
    judge_sender,
)

# Rules in the order in which they are judged.
_ORDER: Final[tuple[type, ...]] = (
    ServiceRule,
    ConsentRule,
    RegisterRule,
    ContentRule,
    LabelRule,
    IdentityRule,
    OptOutRule,
    SenderRule,
    CapRule,
    HoursRule,
    HolidaysRule,
)
# Of the rules that answer with a reason alone. Any: each function takes the rule of its key.
_PLAIN: Final[dict[type, Callable[[Any, Case], Answer]]] = {
    ServiceRule: judge_service,
    ConsentRule: judge_consent,
    RegisterRule: judge_register,
    ContentRule: judge_content,
    LabelRule: judge_label,
    IdentityRule: judge_identity,
    OptOutRule: judge_opt_out,
    SenderRule: judge_sender,
}
_WORDING: Final[dict[type, str]] = {
    LabelRule: "label",
    IdentityRule: "identity",
    OptOutRule: "opt_out",
}


Rules = Sequence[tuple[Pack, Rule]]


@dataclass(frozen=True, slots=True)
class Ground:
    """What cases that differ in moment, consent, words, sender and earlier texts alone have in common."""

    places: Places
    rules: tuple[tuple[Pack, Rule], ...]


def decide(case: Case, library: Library | None = None) -> Decision:
    """Judge one message.

    Raises:
        ValueError: the case itself is at fault; the text begins with the field's name.
        PackError: a pack that is needed cannot be used.
    """
    return decide_on(ground_of(case, library), case)


def ground_of(case: Case, library: Library | None = None) -> Ground:
    """For every case of one day (UTC) with its recipient, class, layer and choices. Raises as `decide`."""
    day = case.at.astimezone(UTC).date()
    places = find_places(case.recipient, day, library or shipped_library())
    return Ground(places, tuple(rules_of(case, places)))


def decide_on(ground: Ground, case: Case) -> Decision:
    """Judge one of the cases that the ground is for: `decide`, for who asks about many."""
    places, rules = ground.places, ground.rules
    return _conclude(case, places, rules, tuple(_judge_all(case, places, rules)))


def rules_of(case: Case, places: Places) -> list[tuple[Pack, Rule]]:
    """The rules that are judged for a case, in order; of a kind the number's country goes first."""
    exempt = _exemptions(case, places)
    found = [
        (pack, rule)
        for pack in places.packs
        for rule in rules_as_read(pack, case.lenient)
        if _applies(rule, pack, case, places, exempt)
    ]

    def place(pair: tuple[Pack, Rule]) -> tuple[int, bool, str]:
        pack, rule = pair
        return _ORDER.index(type(rule)), pack.country != places.number_country, pack.id

    return sorted(found, key=place)


def _exemptions(case: Case, places: Places) -> frozenset[str]:
    """What the message's class is exempt from: only what every jurisdiction exempts."""
    if case.message_class in PROMOTIONAL:
        return frozenset()
    every = frozenset(("window", "frequency"))
    if case.message_class not in SERVICE:
        return every
    exempt = every
    for pack in places.packs:
        for rule in pack.rule:
            if isinstance(rule, ServiceRule):
                exempt &= _exempted(rule)
    return exempt


def _exempted(rule: ServiceRule) -> frozenset[str]:
    named = {"window": rule.window_exempt, "frequency": rule.frequency_exempt}
    return frozenset(name for name, is_exempt in named.items() if is_exempt)


def _applies(rule: Rule, pack: Pack, case: Case, places: Places, exempt: frozenset[str]) -> bool:
    if rule.layer == "recommended" and case.layer is Layer.LEGAL:
        return False
    match rule:
        case ServiceRule():
            return case.message_class in SERVICE
        case ConsentRule() | RegisterRule():
            return case.message_class in PROMOTIONAL
        case LabelRule() | IdentityRule() | OptOutRule():
            return case.message_class.value in rule.classes
        case SenderRule():
            return pack.country == places.number_country
        case CapRule():
            return "frequency" not in exempt
        case HoursRule() | HolidaysRule():
            return "window" not in exempt
        case ContentRule():  # codes and answers hold numbers, and contacts, by their nature
            return case.message_class in PROMOTIONAL | SERVICE


def _judge_all(case: Case, places: Places, rules: Rules) -> Iterator[Finding]:
    if case.message_class in PROMOTIONAL:
        for country in places.missing:
            yield _found("pack", country, Reason.NO_PACK, {}, effect="skip")
    if case.message_class is MessageClass.OPT_OUT_CONFIRMATION:
        reason, inputs = judge_confirmation(case)
        yield _found("confirmation", "textwell", reason, inputs, effect="skip")
    for pack, rule in rules:
        yield _judge(rule, pack, case, places)
    firsts = [
        (pack.id, set(rule.texts))
        for pack, rule in rules
        if isinstance(rule, LabelRule) and rule.position == "message_start"
    ]
    if firsts and not set.intersection(*(texts for _, texts in firsts)):
        names = "+".join(name for name, _ in firsts)
        yield _found("label", names, Reason.LABEL_CONFLICT, {}, effect="skip")


def _judge(rule: Rule, pack: Pack, case: Case, places: Places) -> Finding:
    if isinstance(rule, CapRule | HoursRule | HolidaysRule):
        reason, inputs, free_at = _time(rule, pack, case, places)
        effect = "skip" if reason is Reason.CALENDAR_MISSING else "hold"
        return _found(rule.id, pack.id, reason, inputs, effect=effect, free_at=free_at)
    reason, inputs = _PLAIN[type(rule)](rule, case)
    wording = _WORDING.get(type(rule), "")
    if reason is None or not wording or _cannot_be_added(rule):
        return _found(rule.id, pack.id, reason, inputs, effect="skip")
    adds = _wording_of(rule, inputs, pack)
    return _found(rule.id, pack.id, reason, inputs, effect="add", adds=adds)


def _cannot_be_added(rule: Rule) -> bool:
    """Wording that is part of a registered name or template: nobody can add it on the way."""
    if isinstance(rule, OptOutRule):
        return not rule.texts
    return (
        isinstance(rule, LabelRule)
        and rule.position.startswith("sender_id")
        and rule.added_by == "sender"
    )


def _wording_of(rule: Rule, inputs: dict[str, object], pack: Pack) -> str:
    match rule:
        case LabelRule():
            return rule.texts[0]
        case OptOutRule():
            language = pack.languages[0]
            text = rule.texts.get(language) or rule.texts.get(language.partition("-")[0])
            return text or next(iter(rule.texts.values()))
        case _:
            missing = inputs["missing"]
            return ", ".join(missing) if isinstance(missing, list) else ""


def _found(
    rule: str,
    pack: str,
    reason: Reason | None,
    inputs: dict[str, object],
    *,
    effect: str,
    adds: str = "",
    free_at: datetime | None = None,
) -> Finding:
    if reason is None:
        return Finding(rule, pack, is_passed=True, inputs=inputs)
    inputs = inputs | {"reason": reason.value}
    return Finding(rule, pack, False, inputs, reason, effect, adds, free_at)


def _time(
    rule: CapRule | HoursRule | HolidaysRule, pack: Pack, case: Case, places: Places
) -> Timing:
    match rule:
        case CapRule():
            return judge_cap(rule, case, places.zones)
        case HoursRule():
            return Timing(*judge_hours(rule, case, places.zones, _free_days(rule, pack, case)))
        case HolidaysRule():
            return Timing(*judge_holidays(rule, case, places.zones, places.subdivisions))


def _conclude(case: Case, places: Places, rules: Rules, findings: tuple[Finding, ...]) -> Decision:
    failed = [finding for finding in findings if not finding.is_passed]
    for finding in failed:
        if finding.effect == "skip":
            return Decision(Verdict.SKIP, finding.reason or Reason.NO_LAWFUL_TIME, findings)
    adds = _added(failed)
    held = [finding for finding in failed if finding.effect == "hold"]
    if not held:
        return Decision(Verdict.ALLOW, Reason.ALLOWED, findings, adds=adds)
    until = _first_lawful(case, places, rules, held)
    if until is None:
        return Decision(Verdict.SKIP, Reason.NO_LAWFUL_TIME, findings)
    return Decision(Verdict.HOLD, held[0].reason or Reason.QUIET_HOURS, findings, until, adds)


def _added(failed: Iterable[Finding]) -> dict[str, str]:
    """The wording to add, by kind; of several packs each text once, in their order."""
    texts: dict[str, list[str]] = {}
    for finding in failed:
        if finding.effect == "add" and finding.adds not in texts.setdefault(finding.rule, []):
            texts[finding.rule].append(finding.adds)
    return {name: " ".join(parts) for name, parts in texts.items()}


def _first_lawful(case: Case, places: Places, rules: Rules, held: list[Finding]) -> datetime | None:
    """The first minute from which everything about time allows; None within the horizon.

    Caps only become free, as nothing else is sent meanwhile; then the clock of hours and holidays is
    asked.
    """
    frees = [finding.free_at for finding in held if finding.reason is Reason.CAP_REACHED]
    known = [free for free in frees if free is not None]
    if len(known) < len(frees):
        return None
    opened = _clock(case, places, rules).next_open(max([case.at, *known]))
    is_near = opened is not None and opened <= case.at + timedelta(days=HORIZON_DAYS)
    return opened if is_near else None


def clock_of(case: Case, places: Places) -> Clock:
    """The hours and holidays that hold for a case, whatever its moment."""
    return _clock(case, places, rules_of(case, places))


def _free_days(rule: HoursRule, pack: Pack, case: Case) -> frozenset[date]:
    """Named days without these hours: of what we recommend alone, law has no such days."""
    if rule.layer != "recommended":
        return frozenset()
    return frozenset(day for country, day in case.free_days if country == pack.country)


def _clock(case: Case, places: Places, rules: Rules) -> Clock:
    hours = [(p, r) for p, r in rules if isinstance(r, HoursRule) and not is_lifted(r, case)]
    bans = [r for _, r in rules if isinstance(r, HolidaysRule) and not is_lifted(r, case)]
    return Clock(
        zones=tuple(zone_of(name) for name in places.zones),
        rules=tuple(tuple(weeks_of(rule, case)) for _pack, rule in hours),
        calendars=tuple(
            calendar for rule in bans for calendar in calendars_of(rule, places.subdivisions)
        ),
        free_days=tuple(_free_days(rule, pack, case) for pack, rule in hours),
    )
