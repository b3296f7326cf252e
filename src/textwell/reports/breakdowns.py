"""A campaign by country, operator, region and segments."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from textwell.messaging.states import EQUATION_TERMS, State, equation_term
from textwell.reports import sql
from textwell.reports.figures import Figure
from textwell.reports.scope import AREA_CODE, Row, Scope
from textwell.reports.types import Group, SegmentShare


@dataclass(slots=True)
class _Sums:
    terms: dict[str, int] = field(default_factory=lambda: dict.fromkeys(EQUATION_TERMS, 0))
    segment_count: int = 0
    cost_micros: int = 0

    def add(self, state: str, people: int, segments: int, cost: int) -> None:
        self.terms[equation_term(State(state))] += people
        self.segment_count += segments
        self.cost_micros += cost


def read_facts(scope: Scope) -> Sequence[Row]:
    """(country, state, segments, reason, code, people, cost): one pass over the campaign."""
    return scope.rows(sql.BY_FACTS)


def _groups(
    sums: Mapping[str, _Sums], clicked: Mapping[str, int], figure: Callable[[str], Figure]
) -> tuple[Group, ...]:
    groups = (
        Group(
            value=value,
            people_count=sum(each.terms.values()),
            terms=each.terms,
            segment_count=each.segment_count,
            cost_micros=each.cost_micros,
            clicked_count=clicked.get(value, 0),
            figure=figure(value),
        )
        for value, each in sums.items()
    )
    return tuple(sorted(groups, key=lambda group: (-group.people_count, group.value)))


def by_country(facts: Iterable[Row], clicked: Mapping[str, int]) -> tuple[Group, ...]:
    sums: dict[str, _Sums] = defaultdict(_Sums)
    for country, state, segments, _reason, _code, count, cost in facts:
        sums[country].add(state, count, segments * count, cost)
    return _groups(sums, clicked, lambda value: Figure(country=value))


def by_segments(facts: Iterable[Row]) -> tuple[SegmentShare, ...]:
    """Messages by their number of segments; those not handed over have none and are left out."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for _country, _state, segments, _reason, _code, count, cost in facts:
        if segments:
            counts[segments][0] += count
            counts[segments][1] += cost
    return tuple(
        SegmentShare(segments, count, cost, Figure(segments=segments))
        for segments, (count, cost) in sorted(counts.items())
    )


@dataclass(frozen=True, slots=True)
class Places:
    """`clicked_by_country`: people with a click of their own."""

    operators: tuple[Group, ...]
    regions: tuple[Group, ...]
    clicked_by_country: Mapping[str, int]


def read_places(scope: Scope, facts: Iterable[Row]) -> Places:
    """A campaign by operator and region."""
    by_field = scope.region_source != AREA_CODE
    operators, regions = _by_field(scope) if by_field else _by_area_code(scope, facts)
    clicked: tuple[dict[str, int], ...] = (defaultdict(int), defaultdict(int), defaultdict(int))
    for *places, count in scope.rows(sql.CLICKED_BY_PLACE):
        for kept, value in zip(clicked, places, strict=True):
            kept[value] += count
    return Places(
        _groups(operators, clicked[1], lambda value: Figure(operator=value)),
        _groups(regions, clicked[2], lambda value: Figure(region=value)),
        clicked[0],
    )


_ByValue = dict[str, _Sums]


def _by_field(scope: Scope) -> tuple[_ByValue, _ByValue]:
    operators: _ByValue = defaultdict(_Sums)
    regions: _ByValue = defaultdict(_Sums)
    for operator, region, *sums in scope.rows(sql.BY_OPERATOR_AND_FIELD):
        operators[operator or ""].add(*sums)
        regions[region or ""].add(*sums)
    return operators, regions


def _by_area_code(scope: Scope, facts: Iterable[Row]) -> tuple[_ByValue, _ByValue]:
    """Only numbers with +1 are looked at for their place; all others are the rest."""
    operators: _ByValue = defaultdict(_Sums)
    regions: _ByValue = defaultdict(_Sums)
    for operator, *sums in scope.rows(sql.BY_OPERATOR):
        operators[operator or ""].add(*sums)
    rest = _Sums()
    for _country, state, segments, _reason, _code, count, cost in facts:
        rest.add(state, count, segments * count, cost)
    for area_code, state, count, segments, cost in scope.rows(sql.BY_AREA_CODE):
        regions[area_code].add(state, count, segments, cost)
        rest.add(state, -count, -segments, -cost)
    if sum(rest.terms.values()):
        regions[""] = rest
    return operators, regions
