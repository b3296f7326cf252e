"""Leg `plan`: one row per person, by the bulk plan and by an ORM's bulk_create."""

import time
from datetime import timedelta
from itertools import count as count_up

from django.db import transaction

from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.pairs import run_pairs
from textwell.cli.bench.people import Crowd, passing_crowd, plan_campaign_id
from textwell.consent.models import ConsentState, Suppression
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.messaging.law import NO_LAW
from textwell.messaging.models import Message
from textwell.messaging.plan import Plan, plan_chunk, reserve_block

CHUNK_PEOPLE = 50_000  # as a campaign's planning job
TWIN_SHARE = 10  # the twin plans one person of so many: it is slow, and its rate is what counts
TWIN_BATCH = 5_000


def _plan_of(crowd: Crowd, campaign_id: int, layer: str) -> Plan:
    first_id, last_id = reserve_block(crowd.count)
    return Plan(
        workspace_id=crowd.workspace_id,
        campaign_id=campaign_id,
        gateway_id=0,
        sender="BENCH",
        sender_countries=("",),
        lane="bulk",
        purpose="marketing",
        needs_consent=True,
        cap_count=0,
        cap_hours=0,
        due_at=now() + timedelta(days=365),
        expires_at=None,
        audience_where="true",
        audience_params={},
        first_message_id=first_id,
        last_message_id=last_id,
        law_layer=layer,
    )


def plan_in_bulk(crowd: Crowd, campaign_id: int, layer: str = NO_LAW) -> int:
    """Plan everybody in chunks, each its own transaction; how many were planned."""
    plan = _plan_of(crowd, campaign_id, layer)
    planned, cursor_id = 0, 0
    while True:
        with transaction.atomic():
            chunk = plan_chunk(
                plan,
                first_id=plan.first_message_id + planned,
                after_contact_id=cursor_id,
                until_contact_id=crowd.last_id,
                limit=CHUNK_PEOPLE,
            )
        planned += chunk.people_count
        if chunk.last_contact_id is None or planned >= crowd.count:
            return planned
        cursor_id = chunk.last_contact_id


def plan_by_rows(crowd: Crowd, campaign_id: int) -> int:
    """The twin: read people, consent and suppressions, make objects, bulk_create them."""
    wanted = crowd.count // TWIN_SHARE
    people = Contact.objects.filter(workspace_id=crowd.workspace_id).order_by("id")
    first_id, _ = reserve_block(wanted)
    planned, cursor_id = 0, 0
    while planned < wanted:
        size = min(TWIN_BATCH, wanted - planned)
        chunk = list(people.filter(id__gt=cursor_id)[:size])
        _create_rows(crowd, campaign_id, chunk, first_id + planned)
        planned += len(chunk)
        cursor_id = chunk[-1].id
    return planned


def _create_rows(crowd: Crowd, campaign_id: int, chunk: list[Contact], first_id: int) -> None:
    at = now()
    consents = ConsentState.objects.filter(
        contact_id__in=[contact.id for contact in chunk],
        channel="sms",
        purpose="marketing",
        is_granted=True,
    )
    allowed = set(consents.values_list("contact_id", flat=True))
    suppressions = Suppression.objects.filter(
        workspace_id=crowd.workspace_id, msisdn__in=[contact.msisdn for contact in chunk]
    )
    refused = set(suppressions.values_list("msisdn", flat=True))
    rows = [
        Message(
            id=number,
            workspace_id=crowd.workspace_id,
            campaign_id=campaign_id,
            contact_id=contact.id,
            msisdn=contact.msisdn,
            country=contact.country,
            state="planned" if may_go else "skipped",
            reason="" if may_go else "no_consent",
            gateway_id=0,
            sender="BENCH",
            due_at=at + timedelta(days=365),
            planned_at=at,
        )
        for number, contact in enumerate(chunk, start=first_id)
        for may_go in [contact.id in allowed and contact.msisdn not in refused]
    ]
    with transaction.atomic():
        Message.objects.bulk_create(rows, batch_size=TWIN_BATCH)


def _measure_all(crowd: Crowd, rounds: int) -> LegResult:
    numbers = count_up()

    def rate(is_bulk: bool) -> float:
        campaign_id = plan_campaign_id(crowd.workspace_id, next(numbers))
        started = time.perf_counter()
        planned = (plan_in_bulk if is_bulk else plan_by_rows)(crowd, campaign_id)
        passed = time.perf_counter() - started
        wanted = crowd.count if is_bulk else crowd.count // TWIN_SHARE
        if planned != wanted:
            faults.append(f"{planned:,} rows planned of {wanted:,}")
        return planned / passed

    faults: list[str] = []
    pairs = run_pairs(lambda: rate(True), lambda: rate(False), rounds)
    return LegResult(
        leg="plan",
        what="a row per person with consent, suppression and sender judged, and the batches",
        twin=f"Django bulk_create by {TWIN_BATCH:,} on one person of {TWIN_SHARE}, no batches",
        unit="rows/s",
        pairs=pairs,
        entry="people and consent in PostgreSQL, numbers scattered",
        durability="committed, synchronous_commit as the stores are set",
        count=crowd.count,
        least=100_000,
        aim=200_000,
        void="; ".join(faults),
    )


def run_plan(people: int, rounds: int) -> LegResult:
    """Needs running stores. Takes its rows out again, whatever happens."""
    with passing_crowd(people) as crowd:
        return _measure_all(crowd, rounds)
