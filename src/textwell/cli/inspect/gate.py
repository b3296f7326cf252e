"""``textwell inspect gate``: may this message go to this person, now, by law and carrier rule?"""

from __future__ import annotations

from textwell.compliance import engine
from textwell.compliance.cases import read_case
from textwell.compliance.types import Decision, Finding
from textwell.messaging import gate
from textwell.messaging.law import law_of


def inspect(case: dict[str, object]) -> dict[str, object]:
    """Judge one case as a text is judged at its hand-off: by law first, and then by the gate.

    Raises:
        ValueError: it names the field at fault.
    """
    told = read_case(case)
    by_law = engine.decide(told)
    law = law_of(by_law)
    said = gate.decide(gate.facts_of_law(told.at, law.reason, law.lawful_at))
    return _describe(said, by_law)


def _describe(said: gate.Decision, by_law: Decision) -> dict[str, object]:
    answer: dict[str, object] = {
        "decision": said.verdict.value,
        "reason": by_law.reason.value,  # in the words of the law's own list
    }
    if said.until is not None:
        answer["until"] = said.until.isoformat()
    answer["rules"] = [_rule(finding) for finding in by_law.findings]
    return answer | ({"adds": by_law.adds} if by_law.adds else {})


def _rule(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "pack": finding.pack,
        "passed": finding.is_passed,
        "inputs": finding.inputs,
    }
