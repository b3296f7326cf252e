"""A campaign by country, operator, region, place and segments."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from textwell.messaging.states import EQUATION_TERMS, State, equation_term
from textwell.reports import sql
from textwell.reports.figures import Figure, Term
from textwell.reports.scope import Row, Scope
from textwell.reports.types import Group, SegmentShare


@dataclass(slots=True)
class _Sums:
    terms: dict[str, int] = field(default_factory=lambda: dict.fromkeys(EQUATION_TERMS, 0))
    segment_count: int = 0
    cost_micros: int = 0
    handed_count: int = 0
    local_value: str = ""
    country: str = ""

    def add(self, country: str, state: str, *counts: int) -> None:
        """`counts`: people, segments, cost and handed off, as a statement gives them."""
        people, segments, cost, handed = counts
        self.country = self.country or country
        self.terms[equation_term(State(state))] += people
        self.segment_count += segments if handed else 0
        self.cost_micros += cost
        self.handed_count += handed


def read_facts(scope: Scope) -> Sequence[Row]:
    """(country, state, segments, reason, code, people, cost, handed): one pass over the campaign.

    Those handed off and those not are rows apart: `handed` is all people of a row or none.
    """
    return scope.rows(sql.BY_FACTS)


def _groups(
    sums: Mapping[str, _Sums], clicked: Mapping[str, int], figure: Callable[[str], Figure]
) -> tuple[Group, ...]:
    groups = (
        Group(
            value=value,
            local_value=each.local_value or value,
            country=each.country,
            people_count=sum(each.terms.values()),
            terms=each.terms,
            handed_count=each.handed_count,
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
    for country, state, segments, _reason, _code, count, cost, handed in facts:
        sums[country].add(country, state, count, segments * count, cost, handed)
    return _groups(sums, clicked, lambda value: Figure(country=value))


def by_segments(facts: Iterable[Row]) -> tuple[SegmentShare, ...]:
    """Messages that were handed off by their number of segments: what the carrier charges for."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for _country, _state, segments, _reason, _code, count, cost, handed in facts:
        if handed:
            counts[segments][0] += count
            counts[segments][1] += cost
    return tuple(
        SegmentShare(segments, count, cost, Figure(term=Term.HANDED, segments=segments))
        for segments, (count, cost) in sorted(counts.items())
    )


@dataclass(frozen=True, slots=True)
class Places:
    """`places` is empty where no field says where people are; `clicked_by_country`: people."""

    operators: tuple[Group, ...]
    regions: tuple[Group, ...]
    places: tuple[Group, ...]
    clicked_by_country: Mapping[str, int]


def read_places(scope: Scope) -> Places:
    """A campaign by operator, by region of the number and by the people's own place field."""
    operators: dict[str, _Sums] = defaultdict(_Sums)
    regions: dict[str, _Sums] = defaultdict(_Sums)
    places: dict[str, _Sums] = defaultdict(_Sums)
    for operator, region, local_region, place, *sums in scope.rows(sql.BY_PLACES):
        operators[operator or ""].add(*sums)
        regions[region or ""].add(*sums)
        regions[region or ""].local_value = local_region or ""
        places[place].add(*sums)
    clicked: tuple[dict[str, int], ...] = tuple(defaultdict(int) for _ in range(4))
    for *values, count in scope.rows(sql.CLICKED_BY_PLACE):
        for kept, value in zip(clicked, values, strict=True):
            kept[value] += count
    return Places(
        _groups(operators, clicked[1], lambda value: Figure(operator=value)),
        _groups(regions, clicked[2], lambda value: Figure(region=value)),
        _groups(places if scope.place_field else {}, clicked[3], lambda value: Figure(place=value)),
        clicked[0],
    )
