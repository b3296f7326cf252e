"""The vectors of packs: run each, and say which rule does not do what its pack says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from textwell.compliance.cases import Json, read_case
from textwell.compliance.disputes import find_lenient, rule_name
from textwell.compliance.engine import decide
from textwell.compliance.library import Library, WithVersion
from textwell.compliance.schema import Pack, Rule, ServiceRule, Vector
from textwell.compliance.types import Decision, Verdict

# What a vector does not say.
BASE: Final[Json] = {
    "at": "2026-11-04T12:00:00+00:00",
    "class": "marketing",
    "consent": {"kind": "express_written"},
    "layer": "legal",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A vector that came out otherwise, or could not be judged."""

    pack: str
    rule: str
    why: str
    problem: str


def vector_case(pack: Pack, vector: Vector) -> dict[str, object]:
    """The whole case of a vector. Raises ValueError where it is no JSON object."""
    own = json.loads(vector.case)
    if not isinstance(own, Mapping):
        raise ValueError("case: must be a JSON object")  # noqa: TRY004 (one error for bad cases)
    recipient: dict[str, object] = {"country": pack.country}
    if pack.subdivision:
        recipient["subdivision"] = pack.subdivision
    return {"recipient": recipient, **BASE, **own}


def check_pack(pack: Pack, library: Library) -> Iterator[Failure]:
    """Every vector of a pack that does not come out as it says."""
    pinned = WithVersion(library, pack)
    for rule in pack.rule:
        for vector in rule.vector:
            problem = _problem(pack, rule, vector, pinned)
            if problem:
                yield Failure(pack.version, rule.id, vector.why, problem)
    for disputed in filter(find_lenient, pack.rule):
        yield from _check_choice(pack, disputed, pinned)


def _check_choice(pack: Pack, disputed: Rule, library: Library) -> Iterator[Failure]:
    """With the other reading chosen the vectors that say so come out otherwise, and no others."""
    name = rule_name(pack, disputed)
    for rule in pack.rule:
        for vector in rule.vector:
            told = vector.lenient if rule is disputed else None
            wanted = vector.passes if told is None else told
            problem = _problem(pack, rule, vector, library, lenient=name, wanted=wanted)
            if problem:
                why = f"{vector.why}, with the other reading of {disputed.id}"
                yield Failure(pack.version, rule.id, why, problem)


def _problem(
    pack: Pack,
    rule: Rule,
    vector: Vector,
    library: Library,
    *,
    lenient: str = "",
    wanted: bool | None = None,
) -> str:
    """`lenient`: a rule that is read so; `wanted` None: as the vector says."""
    try:
        case = read_case(vector_case(pack, vector))
        case = replace(case, lenient=frozenset((lenient,))) if lenient else case
        decision = decide(case, library)
    except ValueError as error:
        return str(error)
    passed = _has_passed(decision, pack, rule)
    if passed is None:  # one that is dropped lets everything pass
        passed = True if lenient == rule_name(pack, rule) else None
    if passed is None:
        return "the rule is not judged in this case"
    if passed is not (vector.passes if wanted is None else wanted):
        return f"the rule {'passes' if passed else 'does not pass'}"
    return ""


def _has_passed(decision: Decision, pack: Pack, rule: Rule) -> bool | None:
    """Whether the rule passed; of an exemption, whether the message is allowed."""
    if isinstance(rule, ServiceRule):
        return decision.verdict is Verdict.ALLOW
    found = [
        finding
        for finding in decision.findings
        if finding.pack == pack.id and finding.rule == rule.id
    ]
    return found[0].is_passed if found else None
