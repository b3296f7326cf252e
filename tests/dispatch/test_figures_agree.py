"""After a campaign that went wrong in every way, all who count say the same of it."""

import csv
import io
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from builders import make_owner
from crawl import differences, figures
from dispatch.conftest import Stage, in_thread, opened_stage
from textwell.accounts.keys import create_api_key
from textwell.campaigns.models import Campaign
from textwell.core.bus import Bus
from textwell.core.wire import DlrItem, decode
from textwell.gateways.providers.simulator.script import (
    Failure,
    Operator,
    PlannedFault,
    Range,
    Script,
)
from textwell.messaging.models import Message, Outcome
from textwell.reports.selectors import campaign_report
from textwell.runtime.ingest.receipts import append_receipts
from textwell.web.tallies import build_curve

PEOPLE = 300
STUMBLING = Script(
    operators=(
        Operator(
            "network",
            latency=Range(0.05, 0.2),
            receipt_delay=Range(0.5, 2.0),
            failures=(
                Failure(0.08, status=0x0B),  # refused at hand-off
                Failure(0.08, stat="REJECTD", err="503"),
                Failure(0.08, stat="EXPIRED", err="027"),
                Failure(0.08, stat="UNDELIV", err="006"),
            ),
        ),
    ),
    faults=(PlannedFault("lose_answers", seconds=1.0, every_messages=100),),
)


async def _receive(stage: Stage) -> None:
    """Store the receipts that came, as the role `ingest` does."""
    for message in await stage.bus.pull("DLR", "ingest", ["dlr.>"], timeout=0.1):
        await in_thread(_append, decode(message.data, list[DlrItem]))
        await message.ack()


def _append(items: list[DlrItem]) -> None:
    connection.ensure_connection()
    append_receipts(connection.connection, items)


async def _finish(stage: Stage, campaign: Campaign) -> None:
    """Until every receipt is folded; the test's own time limit ends a wait in vain."""
    waiting = 1
    while waiting:
        await _receive(stage)
        await in_thread(stage.fold)
        waiting = (await in_thread(stage.states, campaign)).get("submitted", 0)


def _handed_of(client: Client, path: str) -> set[int]:
    """Numbers of people on a page whose link asks for all who were handed off."""
    page = client.get(path).content.decode()
    asked = [
        shown for shown in figures(page) if shown.of == "people" and "term=handed" in shown.href
    ]
    parts = ("until=", "country=", "operator=", "region=", "place=", "segments=")
    return {shown.number for shown in asked if not any(part in shown.href for part in parts)}


def _csv_handed(client: Client, campaign: Campaign) -> int:
    text = client.get(f"/campaigns/{campaign.id}/report.csv").getvalue().decode("utf-8-sig")
    rows = csv.reader(io.StringIO(text))
    return next(int(row[2]) for row in rows if row[:2] == ["handed off", "people"])


def _api_handed(stage: Stage, campaign: Campaign) -> tuple[int, int]:
    _key, secret = create_api_key(
        workspace=stage.workspace,
        name="t",
        scopes=["reports:read", "campaigns:read"],
        actor="system",
    )
    headers = {"Authorization": f"Bearer {secret}"}
    path = f"/api/v1/campaigns/{campaign.id}"
    report = Client().get(f"{path}/report", headers=headers).json()
    equation = Client().get(f"{path}/equation", headers=headers).json()
    return report["equation"]["handed_count"], equation["handed_count"]


def _check(stage: Stage, campaign: Campaign, log_handed: int, log_unknown: int) -> None:
    campaign.refresh_from_db()
    client = Client()
    client.force_login(make_owner(workspace=stage.workspace))
    report = campaign_report(campaign)
    handed = report.equation.handed_count
    curve = build_curve(campaign.id)
    assert curve is not None

    # What the carrier took by its own log, and those whose answer was lost on the way there.
    assert handed == log_handed + report.equation["unknown"] - log_unknown
    assert handed + report.equation.refused_count == PEOPLE
    assert curve.handed[-1] == handed
    for path in (f"/campaigns/{campaign.id}/report", f"/campaigns/{campaign.id}/live", "/"):
        assert _handed_of(client, path) == {handed}, path
    assert _handed_of(client, "/gateways/") == {handed}
    assert _csv_handed(client, campaign) == handed
    assert _api_handed(stage, campaign) == (handed, handed)
    for path in (f"/campaigns/{campaign.id}/report", f"/campaigns/{campaign.id}/live", "/"):
        assert differences(client, path) == []


@pytest.mark.timeout(120)
async def test_pages_files_api_and_the_carriers_log_count_the_same_hand_offs(
    transactional_db: None, bus: Bus, tmp_path: Path
) -> None:
    async with opened_stage(bus, tmp_path, STUMBLING) as stage:
        campaign = await stage.plan(PEOPLE)
        await stage.connect()
        await stage.until(stage.is_done(campaign), seconds=60)
        await _finish(stage, campaign)
        states = await in_thread(stage.states, campaign)
        summary = await stage.handed()
        lost = Message.objects.filter(campaign_id=campaign.id, state="unknown")
        unknown = set(await in_thread(lambda: list(lost.values_list("msisdn", flat=True))))
        refused = Outcome.objects.filter(outcome="rejected").count
        assert {"delivered", "undelivered", "rejected", "expired", "unknown"} <= states.keys()
        assert 0 < await in_thread(refused) < states["rejected"]
        await in_thread(
            _check,
            stage,
            campaign,
            sum(summary.handed.values()),
            sum(1 for msisdn, _text in summary.handed if msisdn in unknown),
        )
