"""``textwell inspect gate``: may this message go to this person, now, by law and carrier rule?"""

from __future__ import annotations

from textwell.compliance.cases import read_case
from textwell.compliance.engine import decide
from textwell.compliance.types import Decision, Finding


def inspect(case: dict[str, object]) -> dict[str, object]:
    """Judge one case. Raises ValueError that names the field at fault."""
    return _describe(decide(read_case(case)))


def _describe(decision: Decision) -> dict[str, object]:
    answer: dict[str, object] = {
        "decision": decision.verdict.value,
        "reason": decision.reason.value,
    }
    if decision.until is not None:
        answer["until"] = decision.until.isoformat()
    answer["rules"] = [_rule(finding) for finding in decision.findings]
    return answer | ({"adds": decision.adds} if decision.adds else {})


def _rule(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "pack": finding.pack,
        "passed": finding.is_passed,
        "inputs": finding.inputs,
    }
