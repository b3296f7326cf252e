"""What the types of a script do not tell: shares, spans, prefixes, faults that would never begin."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING, Final

from textwell.smpp.commands import Status

if TYPE_CHECKING:
    from textwell.gateways.providers.simulator.script import (
        Failure,
        Operator,
        People,
        PlannedFault,
        Range,
        Script,
    )

STATS: Final = frozenset({"UNDELIV", "EXPIRED", "REJECTD", "DELETED", "UNKNOWN", "ACCEPTD"})
_MOST_DIGITS: Final = 15  # of a number in E.164
_LONGEST_WAIT_S: Final = 30 * 86_400.0
_LONGEST_FAULT_S: Final = 3600.0
_SHARES: Final = ("late_share", "lost_share", "doubled_share", "early_share")
_PEOPLE: Final = ("click_share", "preview_share", "question_share", "thanks_share", "stop_share")
_REPLIES: Final = ("question_share", "thanks_share", "stop_share")


def find_mistakes(script: Script) -> Iterator[str]:
    """Each thing that is wrong: its field, what is wrong, and the mend."""
    for number, operator in enumerate(script.operators):
        yield from _operator(operator, f"operators[{number}]")
    yield from _prefixes(script)
    if script.people is not None:
        yield from _people(script.people)
    for number, fault in enumerate(script.faults):
        yield from _fault(fault, f"faults[{number}]")
    if not 1 <= script.receipt_window <= 100_000:  # noqa: PLR2004
        yield f"receipt_window: {script.receipt_window} is outside of 1 to 100000"


def _operator(operator: Operator, where: str) -> Iterator[str]:
    for name in _SHARES:
        yield from _share(getattr(operator, name), f"{where}.{name}")
    for name in ("latency", "receipt_delay", "late_delay"):
        yield from _range(getattr(operator, name), f"{where}.{name}")
    for number, failure in enumerate(operator.failures):
        yield from _failure(failure, f"{where}.failures[{number}]")
    if operator.limit < 0:
        yield f"{where}.limit: {operator.limit} is below 0; 0 is no limit"
    if not operator.prefixes:
        yield f'{where}.prefixes: is empty; give digits, or "" for all other numbers'
    total = sum(failure.share for failure in operator.failures) + operator.lost_share
    if total > 1:
        yield (
            f"{where}: failures and lost_share of {operator.name} add up to {total:g}; "
            "they must stay within 1"
        )


def _failure(failure: Failure, where: str) -> Iterator[str]:
    yield from _share(failure.share, f"{where}.share")
    if failure.status == Status.ESME_RTHROTTLED or not 0 <= failure.status <= 0xFFFFFFFF:  # noqa: PLR2004
        yield (
            f"{where}.status: {failure.status} cannot be used; give an SMPP status, 0 for a failure "
            "after acceptance, and `limit` or the fault throttle for ESME_RTHROTTLED"
        )
    if failure.stat not in STATS:
        yield f"{where}.stat: {failure.stat!r} is none of {', '.join(sorted(STATS))}"
    if not (failure.err.isascii() and failure.err.isalnum() and len(failure.err) <= 3):  # noqa: PLR2004
        yield f"{where}.err: {failure.err!r} is no code; give one to three letters or digits"


def _prefixes(script: Script) -> Iterator[str]:
    seen: dict[str, str] = {}
    for number, operator in enumerate(script.operators):
        for prefix in operator.prefixes:
            where = f"operators[{number}].prefixes"
            if prefix and not (prefix.isascii() and prefix.isdecimal()):
                yield f"{where}: {prefix!r} is no digits; write the country code without +"
            elif len(prefix) > _MOST_DIGITS:
                yield f"{where}: {prefix!r} is longer than {_MOST_DIGITS} digits; shorten it"
            elif prefix in seen:
                yield f"{where}: {prefix!r} belongs to {seen[prefix]} already; take one away"
            seen[prefix] = operator.name
    if "" not in seen:
        yield 'operators: one needs the prefix "" for all other numbers'


def _people(people: People) -> Iterator[str]:
    for name in _PEOPLE:
        yield from _share(getattr(people, name), f"people.{name}")
    for name in ("click_delay", "reply_delay"):
        yield from _range(getattr(people, name), f"people.{name}")
    for number in people.always:
        if not (number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS):
            yield f"people.always: {number!r} is no number; write its digits with country code, no +"
    if (total := sum(getattr(people, name) for name in _REPLIES)) > 1:
        yield f"people: {', '.join(_REPLIES)} add up to {total:g}; they must stay within 1"


def _fault(fault: PlannedFault, where: str) -> Iterator[str]:
    if fault.at_s is None and fault.every_messages is None:
        yield f"{where}: would never begin; give at_s or every_messages"
    if fault.at_s is not None and fault.every_messages is not None:
        yield f"{where}: has at_s and every_messages; write two faults"
    if fault.at_s is not None and not 0 <= fault.at_s <= _LONGEST_WAIT_S:
        yield f"{where}.at_s: {fault.at_s:g} is outside of 0 to {_LONGEST_WAIT_S:g} seconds"
    if fault.every_messages is not None and fault.every_messages < 1:
        yield f"{where}.every_messages: {fault.every_messages} is below 1; give 1 or more"
    if not 0 <= fault.seconds <= _LONGEST_FAULT_S:
        yield f"{where}.seconds: {fault.seconds:g} is outside of 0 to {_LONGEST_FAULT_S:g}"


def _share(value: float, where: str) -> Iterator[str]:
    if not (isfinite(value) and 0 <= value <= 1):
        yield f"{where}: {value:g} is no share; give 0 to 1"


def _range(span: Range, where: str) -> Iterator[str]:
    if not (0 <= span.low <= span.high <= _LONGEST_WAIT_S):
        yield (
            f"{where}: {span.low:g} to {span.high:g} is no span; give seconds from 0 to "
            f"{_LONGEST_WAIT_S:g}, low not above high"
        )
