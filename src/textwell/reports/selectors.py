"""The report of a campaign, put together from a handful of set-based reads."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from textwell.campaigns.models import Campaign
from textwell.campaigns.selectors import campaign_equation
from textwell.core.clock import now
from textwell.gateways.models import Gateway
from textwell.gateways.taxonomy import describe_failure
from textwell.messaging.selectors import tally_by_reason
from textwell.reports import sql
from textwell.reports.breakdowns import by_country, by_segments, read_facts, read_places
from textwell.reports.figures import FAILED_TERMS, Figure, Reaction
from textwell.reports.measuring import measure
from textwell.reports.scope import Row, Scope, read_one_snapshot, scope_of
from textwell.reports.types import (
    Clicks,
    ClickShare,
    Failure,
    LeftOut,
    LinkClicks,
    ProgressPoint,
    ReplyShare,
    Report,
)

PROGRESS_POINTS = 240  # a curve needs no more
_STEPS_S = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400)


def campaign_report(campaign: Campaign) -> Report:
    """All figures of a campaign as of now; they agree with each other: one snapshot is read.

    Calling it again while messages move gives later figures.
    """
    scope = scope_of(campaign)
    made_at = now()  # before the snapshot: nothing that is missing in it happened before
    with transaction.atomic():
        read_one_snapshot()
        facts = read_facts(scope)
        places = read_places(scope)
        skipped = left_out(campaign.id)
        held_out_count = sum(each.people_count for each in skipped if each.reason == "holdout")
        progress, step_s = _progress(scope)
        return Report(
            campaign_id=campaign.id,
            name=campaign.name,
            state=campaign.state,
            currency=_currency(campaign),
            made_at=made_at,
            launched_at=campaign.launched_at,
            first_handoff_at=campaign.first_handoff_at,
            finished_at=campaign.finished_at,
            equation=campaign_equation(campaign),
            progress=progress,
            progress_step_s=step_s,
            failures=_failures(facts),
            left_out=skipped,
            segments=by_segments(facts),
            clicks=count_clicks(scope),
            replies=_replies(scope),
            replied_people=scope.rows(sql.REPLIED_PEOPLE)[0][0],
            opted_out_people=scope.rows(sql.OPTED_OUT_PEOPLE)[0][0],
            countries=by_country(facts, places.clicked_by_country),
            operators=places.operators,
            regions=places.regions,
            places=places.places,
            place_source=scope.place_field,
            measure=measure(campaign, scope, held_out_count=held_out_count),
        )


def _currency(campaign: Campaign) -> str:
    gateway = Gateway.objects.filter(id=campaign.gateway_id or 0).first()
    return gateway.currency if gateway else ""


def _progress(scope: Scope) -> tuple[tuple[ProgressPoint, ...], int]:
    first, last = scope.rows(sql.PROGRESS_SPAN)[0]
    step_s = _step(first, last)
    points: dict[datetime, dict[str, int]] = {}
    handed: dict[datetime, int] = defaultdict(int)
    for at, state, count, handed_count in scope.rows(sql.PROGRESS, step_s=step_s):
        handed[at] += handed_count
        points.setdefault(at, {})
        if count:
            points[at][state] = count
    return tuple(ProgressPoint(at, counts, handed[at]) for at, counts in points.items()), step_s


def _step(first: datetime | None, last: datetime | None) -> int:
    span_s = (last - first).total_seconds() if first and last else 0
    fitting = (step for step in _STEPS_S if span_s / step <= PROGRESS_POINTS)
    return next(fitting, _STEPS_S[-1])


def _failures(facts: Iterable[Row]) -> tuple[Failure, ...]:
    counts: dict[tuple[str, str, str], int] = {}
    for _country, state, _segments, reason, code, count, _cost, _handed in facts:
        if state in FAILED_TERMS or state == "unknown":
            key = (state, reason, code)
            counts[key] = counts.get(key, 0) + count
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return tuple(_failure(*key, count) for key, count in ordered)


def cause_of(state: str, reason: str) -> str:
    """The failure class by which it is described.

    A message that ran out of time before hand-off has no carrier's word: its state is the cause.
    """
    return "expired" if state == "expired" and not reason else reason


def _failure(state: str, reason: str, code: str, count: int) -> Failure:
    facts = describe_failure(cause_of(state, reason))
    return Failure(
        state=state,
        reason=reason,
        code=code,
        cause=str(facts.cause),
        mend=str(facts.mend),
        who_mends=facts.who_mends.value,
        is_permanent=facts.is_permanent,
        people_count=count,
        figure=Figure(state=state, reason=reason, code=code),
    )


def left_out(campaign_id: int) -> tuple[LeftOut, ...]:
    """People skipped on purpose by reason, most first: from the kept tallies."""
    return tuple(
        LeftOut(reason, count, Figure(state="skipped", reason=reason))
        for state, reason, count in tally_by_reason(campaign_id)
        if state == "skipped"
    )


def count_clicks(scope: Scope) -> Clicks:
    """Human, unsure and machine apart: people by their surest click, requests by each."""
    human, unsure, machine, delivered_too = scope.rows(sql.CLICK_PEOPLE)[0]
    human_requests, unsure_requests, machine_requests = scope.rows(sql.CLICK_REQUESTS)[0]
    delivered = scope.rows(sql.DELIVERED_PEOPLE)[0][0]
    links = tuple(
        LinkClicks(number, people, clicks, Figure(reaction=Reaction.CLICKED, link=number))
        for number, people, clicks in scope.rows(sql.CLICK_LINKS)
    )
    return Clicks(
        human_people=human,
        unsure_people=unsure,
        machine_people=machine,
        human_requests=human_requests,
        unsure_requests=unsure_requests,
        machine_requests=machine_requests,
        delivered_people=delivered,
        clicked_and_delivered=delivered_too,
        links=links,
        devices=tuple(
            ClickShare(device, people, clicks, Figure(reaction=Reaction.CLICKED, device=device))
            for device, people, clicks in scope.rows(sql.CLICK_DEVICES)
        ),
        countries=tuple(
            ClickShare(code, people, clicks, Figure(reaction=Reaction.CLICKED, click_country=code))
            for code, people, clicks in scope.rows(sql.CLICK_COUNTRIES)
        ),
    )


def _replies(scope: Scope) -> tuple[ReplyShare, ...]:
    return tuple(
        ReplyShare(intent, people, count, Figure(reaction=Reaction.REPLIED, intent=intent))
        for intent, people, count in scope.rows(sql.REPLIES)
    )
