"""Leg `plan-law`: the same plan under the hours and holidays of twelve countries, and without them."""

import time
from itertools import count as count_up
from typing import Any

from django.db import connection

from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.pairs import run_pairs
from textwell.cli.bench.people import Crowd, analyze, passing_crowd, plan_campaign_id
from textwell.cli.bench.plan import plan_in_bulk
from textwell.messaging.law import NO_LAW

# Of one zone, of many, with and without holidays and recommended hours of their own.
COUNTRIES = ("VN", "CN", "FR", "ES", "US", "BR", "CO", "ZA", "IN", "GB", "DE", "MX")
MOST_S = 10  # beyond the plan without law, for a million people

# One person of three has a zone of their own.
_SPREAD = """
UPDATE contacts_contact SET country = (%(countries)s::text[])[1 + id %% 12],
    zone = CASE WHEN id %% 3 = 0 THEN 'Europe/Paris' ELSE '' END
WHERE workspace_id = %(workspace_id)s
"""


def _measure(crowd: Crowd, rounds: int) -> LegResult:
    numbers, faults = count_up(), list[str]()

    def rate(layer: str) -> float:
        campaign_id = plan_campaign_id(crowd.workspace_id, next(numbers))
        started = time.perf_counter()
        planned = plan_in_bulk(crowd, campaign_id, layer)
        passed = time.perf_counter() - started
        if planned != crowd.count:
            faults.append(f"{planned:,} rows planned of {crowd.count:,}")
        return planned / passed

    pairs = run_pairs(lambda: rate("recommended"), lambda: rate(NO_LAW), rounds)
    beyond = tuple(
        1_000_000 / ours - 1_000_000 / twin
        for ours, twin in zip(pairs.ours, pairs.twin, strict=True)
    )
    if max(beyond) > MOST_S:
        faults.append(
            f"law took {max(beyond):.1f} s of a million people, at most {MOST_S} are asked"
        )
    return LegResult(
        leg="plan-law",
        what="a row per person at the first lawful moment of each of twelve countries' places",
        twin="the same plan without law",
        unit="rows/s",
        pairs=pairs,
        entry="people and consent in PostgreSQL, a third with a zone of their own",
        durability="committed, synchronous_commit as the stores are set",
        count=crowd.count,
        more={"seconds beyond the twin, for 1,000,000": beyond},
        void="; ".join(faults),
    )


def run_plan_law(people: int, rounds: int) -> LegResult:
    """Needs running stores. Takes its rows out again, whatever happens."""
    with passing_crowd(people) as crowd:
        values: dict[str, Any] = {
            "workspace_id": crowd.workspace_id,
            "countries": list(COUNTRIES),
        }
        with connection.cursor() as cursor:
            cursor.execute(_SPREAD, values)
        analyze()
        return _measure(crowd, rounds)
