"""One row per person: the plan of a campaign, chunk by chunk, in set-based SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from textwell.consent.types import GENERAL, ConsentScope
from textwell.core.clock import now
from textwell.messaging import sql
from textwell.messaging.caps import promise_params
from textwell.messaging.law import NO_LAW
from textwell.messaging.plan_law import (
    NO_LAWS,
    judge_places,
    law_params,
    write_cap_terms,
    write_capped,
    write_laws,
)
from textwell.messaging.promised import Step
from textwell.messaging.purposes import INVITATION, is_marketing
from textwell.messaging.sender_law import BatchLimits

BATCH_SIZE = 2_000
LEAF_SIZE = 1 << 24  # ids of a partition; a campaign's block never crosses one


@dataclass(frozen=True, slots=True)
class Plan:
    """What every message of a campaign has in common, and the terms of its gate."""

    workspace_id: int
    campaign_id: int
    gateway_id: int
    sender: str
    sender_countries: tuple[
        str, ...
    ]  # "" stands for every country; empty: the sender may go nowhere
    lane: str
    purpose: str
    needs_consent: bool
    cap_count: int
    cap_hours: int
    due_at: datetime
    expires_at: datetime | None
    audience_where: str  # over alias c of contacts_contact
    audience_params: dict[str, Any]  # what the audience's SQL binds
    first_message_id: int
    last_message_id: int
    workspace_cap_count: int = 0
    workspace_cap_hours: int = 168
    promise: tuple[Step, ...] = ()
    holdout_percent: int = 0  # of those who would get it, left out to compare with
    is_simulated: bool = False  # the gateway reaches no phone: sample people may be texted
    law_layer: str = NO_LAW  # which rules about hours hold, see plan_law
    # Why the sender may not be shown to numbers of a country, see sender_law; the others may.
    sender_reasons: Mapping[str, str] = field(default_factory=dict)
    scope: ConsentScope = GENERAL  # the consent that it needs
    unpromised: Mapping[str, str] = field(default_factory=dict)  # of `promised.list_unpromised`
    # Countries where advertising is taken for so many people at once, see sender_law.
    batches: Mapping[str, BatchLimits] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlannedChunk:
    """What one chunk made; `last_contact_id` None: the audience is through."""

    people_count: int
    sendable_count: int
    last_contact_id: int | None


def reserve_block(count: int) -> tuple[int, int]:
    """A block of `count` contiguous message ids: (first, last). Unused ids are never used again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT messaging_reserve_block(%s)", [count])
        first = int(cursor.fetchone()[0])
    return first, first + count - 1


def scope_params(scope: ConsentScope) -> dict[str, Any]:
    """What `sql.OF_SCOPE` binds."""
    return {"topic": scope.topic, "brand": scope.brand, "scope_sender": scope.sender}


def _params(plan: Plan) -> dict[str, Any]:
    countries = [country for country in plan.sender_countries if country]
    return {
        **plan.audience_params,
        "workspace_id": plan.workspace_id,
        "campaign_id": plan.campaign_id,
        "gateway_id": plan.gateway_id,
        "sender": plan.sender,
        "is_simulated": plan.is_simulated,
        "holdout_percent": plan.holdout_percent,
        "any_country": "" in plan.sender_countries,
        "countries": countries,
        "lane": plan.lane,
        "is_counted": is_marketing(plan.purpose),
        "purpose": plan.purpose,
        **scope_params(plan.scope),
        "needs_consent": plan.needs_consent,
        "cap_count": plan.cap_count,
        "cap_hours": plan.cap_hours,
        "workspace_cap_count": plan.workspace_cap_count,
        "workspace_cap_hours": plan.workspace_cap_hours,
        **promise_params(plan.promise),
        "cap_at": max(plan.due_at, now()),
        "due_at": plan.due_at,
        **law_params(plan.law_layer),
        "sender_reasons": orjson.dumps(plan.sender_reasons).decode(),
        "unpromised": orjson.dumps(plan.unpromised).decode(),
        "expires_at": plan.expires_at,
        "now": now(),
    }


def _ask_law(cursor: CursorWrapper, plan: Plan, params: dict[str, Any]) -> dict[str, str]:
    """What law says of the next people, at the time their texts are due: of hours, and of its caps."""
    cursor.execute(sql.CHUNK_PLACES.replace("__AUDIENCE__", plan.audience_where), params)
    keys = [key for (key,) in cursor.fetchall()]
    at = max(plan.due_at, now())
    laws = judge_places(keys, at=at, layer=plan.law_layer)
    asked = {"law": write_laws(laws), "cap_terms": write_cap_terms(keys)}
    if asked["cap_terms"] == NO_LAWS:
        return asked
    cursor.execute(sql.CHUNK_CAPPED.replace("__AUDIENCE__", plan.audience_where), params | asked)
    capped = write_capped(cursor.fetchall(), laws, at=at, layer=plan.law_layer)
    return asked | {"law_capped": capped, "cap_terms": _unless(capped, asked["cap_terms"])}


def _unless(capped: str, terms: str) -> str:
    """Nobody's moments are read again where nobody is at a cap."""
    return NO_LAWS if capped == NO_LAWS else terms


def _make_batches(cursor: CursorWrapper, plan: Plan, params: dict[str, Any]) -> None:
    """Over the planned ids; where a country takes advertising in batches alone, of a size that it takes."""
    if not plan.batches:
        is_one_time = params["law"] == params["law_capped"] == NO_LAWS
        batches = sql.MAKE_BATCHES if is_one_time else sql.MAKE_TIMED_BATCHES
        cursor.execute(batches, params | {"size": BATCH_SIZE})
        return
    size = min([BATCH_SIZE, *(limits.most for limits in plan.batches.values() if limits.most)])
    cursor.execute(sql.MAKE_EVEN_BATCHES, params | {"size": size})


def plan_chunk(
    plan: Plan,
    *,
    first_id: int,
    after_contact_id: int,
    until_contact_id: int,
    limit: int,
) -> PlannedChunk:
    """Write the rows and batches of the next `limit` people. Must run in the caller's transaction.

    The caller saves `last_contact_id` and the next first id in the same transaction, so that a
    chunk is made once whatever happens. Two plans of one workspace wait for each other: a cap is
    counted against what is planned already.
    """
    room = plan.last_message_id - first_id + 1
    params = _params(plan) | {
        "first_id": first_id,
        "after_id": after_contact_id,
        "until_id": until_contact_id,
        "limit": min(limit, room),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [sql.PLAN_LOCK, plan.workspace_id])
        if plan.law_layer != NO_LAW:
            params |= _ask_law(cursor, plan, params)
        cursor.execute(sql.PLAN_CHUNK.replace("__AUDIENCE__", plan.audience_where), params)
        people, last_contact, sendable = cursor.fetchone()
        if sendable:
            ends = {"first_id": first_id, "last_id": first_id + sendable - 1}
            _make_batches(cursor, plan, params | ends)
            if plan.purpose == INVITATION and not plan.batches:
                cursor.execute(sql.CLAIM_RANGE, params | ends)
    return PlannedChunk(int(people), int(sendable), last_contact)


def finish_plan(plan: Plan) -> None:
    """When all people have their rows: leave out countries with too few, and let go what waited for it.

    Must run in the caller's transaction, with what says that the plan is through.
    """
    least = {country: limits.least for country, limits in plan.batches.items()}
    told = {
        "batch_countries": list(least),
        "batch_least": orjson.dumps(least).decode(),
        "first_id": plan.first_message_id,
        "last_id": plan.last_message_id,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        if least:
            params = _params(plan) | told
            cursor.execute(sql.DROP_SMALL, params)
            if plan.purpose == INVITATION:
                cursor.execute(sql.CLAIM_RANGE, params)
        # Also where the plan went on without limits that it began with.
        cursor.execute(sql.RESUME_BATCHES, {"campaign_id": plan.campaign_id})
