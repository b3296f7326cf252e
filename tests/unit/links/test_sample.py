"""How often verdicts on user agents are right, over a fixed random sample.

The rules were written with the lists at hand from which it is drawn: it shows that they fit, and
that a change makes nothing worse, not how they do on agents to come.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from textwell.links import agent_rules
from textwell.links.agents import AgentVerdict, judge_agent

SHORT = {
    "{M}": "Mozilla/5.0",
    "{W}": "AppleWebKit/537.36 (KHTML, like Gecko)",
    "{A}": "AppleWebKit/605.1.15 (KHTML, like Gecko)",
}

Row = tuple[str, str, AgentVerdict]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Class and device by label, and our verdict."""
    found = []
    for line in (Path(__file__).parent / "sample.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        label, _, agent = line.partition(" | ")
        for short, long in SHORT.items():
            agent = agent.replace(short, long)
        kind, device = label.split()
        found.append((kind, device, judge_agent(agent)))
    return found


def test_the_sample_has_a_thousand_people_and_five_hundred_machines(rows: list[Row]) -> None:
    assert Counter(kind for kind, _, _ in rows) == {"human": 1000, "machine": 500}


def test_the_device_is_right_for_95_of_100_people(rows: list[Row]) -> None:
    people = [(device, verdict.device) for kind, device, verdict in rows if kind == "human"]

    assert sum(device == found for device, found in people) >= 950


@pytest.mark.parametrize("kind", ["human", "machine"])
def test_precision_and_recall_of_both_classes_are_95_of_100(kind: str, rows: list[Row]) -> None:
    right = sum(label == verdict.kind == kind for label, _, verdict in rows)
    labelled = sum(label == kind for label, _, _ in rows)
    judged = sum(verdict.kind == kind for _, _, verdict in rows)

    assert right / labelled >= 0.95
    assert right / judged >= 0.95


def test_rules_are_written_for_lower_case() -> None:
    """A capital letter outside of an escape would never match."""
    rules = [rule for rule in vars(agent_rules).values() if isinstance(rule, re.Pattern)]

    assert agent_rules.MACHINE in rules
    assert [rule for rule in rules if re.search(r"(?<!\\)[A-Z]", rule.pattern)] == []
