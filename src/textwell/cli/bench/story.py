"""What `send` does between start and stop: a crowd, campaigns planned ahead, and their times."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import connection

from textwell.accounts.actions import create_workspace
from textwell.accounts.models import Workspace
from textwell.campaigns.actions import create_campaign, launch_campaign
from textwell.campaigns.models import Campaign
from textwell.campaigns.selectors import campaign_equation
from textwell.cli.bench.bare import Rates, exchange_bare
from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.kannel import SHORT, exchange_kannel
from textwell.cli.bench.pairs import run_pairs
from textwell.cli.bench.people import add_crowd, analyze
from textwell.cli.demo.judge import judge
from textwell.cli.demo.story import Story
from textwell.contacts.actions import define_field
from textwell.core.clock import now
from textwell.gateways.actions import add_sender, create_gateway, pause_gateway, resume_gateway
from textwell.gateways.models import Gateway
from textwell.gateways.providers.simulator.log import summarise

if TYPE_CHECKING:
    from textwell.cli.bench.send import Route

ACTOR = "system"
SENDER = "LOTUS"
LOOK_S = 0.05
PATIENCE_S = 600.0
BODY = (
    "Lotus: {{ first_name }}, your {{ points }} points are worth 20% off until Sunday. "
    "Choose yours: {{ link }} Reply STOP to opt out."
)

OPEN_BATCHES = "SELECT count(*) FROM messaging_batch WHERE campaign_id = %s AND state <> 'done'"
OPEN_RECEIPTS = """
SELECT coalesce(sum(message_count), 0) FROM messaging_tally
WHERE campaign_id = %s AND state <> 'delivered' AND state <> 'skipped'
"""
_SINCE_FIRST_MARK = """
SELECT extract(epoch FROM clock_timestamp() - min(marked_at)) FROM messaging_window
WHERE first_message_id BETWEEN %s AND %s
"""


TWINS = {
    "": "the SMPP exchange alone with the same carrier: nothing read, nothing stored",
    "kannel": "Kannel: sendsms by HTTP, window 1,000, its spool (a file a message, no fsync), no"
    f" receipts asked for; a {SHORT}th of the messages; counted in the carrier's log",
}


class BenchStory(Story):
    """Measures campaigns and bare exchanges in turn and hands one LegResult to `keep`."""

    def __init__(
        self, *, rounds: int, route: "Route", keep: Callable[[LegResult], None], **values: Any
    ) -> None:
        super().__init__(**values)
        self._rounds = rounds
        self._route = route
        self._window = route.window
        self._keep = keep
        self._faults: list[str] = []
        self._receipted: dict[str, list[float]] = {"ours": [], "twin": []}

    def tell(self, *, is_headless: bool) -> int:
        del is_headless
        workspace = self._make_workspace()
        gateway = self._make_gateway(workspace)
        add_crowd(workspace.id, self._people)
        pairs = run_pairs(lambda: self._send(workspace, gateway), self._exchange, self._rounds)
        doubles = len(summarise(self._log).doubles)
        if doubles:
            self._faults.append(f"{doubles} messages twice in the carrier's log")
        self._keep(
            LegResult(
                leg=self._route.leg,
                what="planned messages through scheduler, connector and ingest, "
                f"{self._route.words}",
                twin=TWINS[self._route.peer],
                unit="messages/s to the last answer",
                pairs=pairs,
                entry="messages planned in PostgreSQL; from the first mark",
                durability="marked before hand-off, outcomes and receipts committed and folded",
                count=self._people,
                void="; ".join(self._faults),
                least=self._route.least,
                aim=self._route.aim,
                more=self._more(),
            )
        )
        return 1 if self._faults else 0

    def _more(self) -> dict[str, tuple[float, ...]]:
        figures = {
            "… Textwell to the last receipt folded": tuple(self._receipted["ours"]),
            "… twin to the last receipt taken": tuple(self._receipted["twin"]),
        }
        return {name: rates for name, rates in figures.items() if rates}

    def _make_workspace(self) -> Workspace:
        workspace = create_workspace(
            name=f"Bench {now():%Y-%m-%d %H:%M:%S}",
            country="VN",
            zone="Asia/Ho_Chi_Minh",
            currency="EUR",
        )
        define_field(workspace_id=workspace.id, name="points", label="Points", kind="number")
        return workspace

    def _make_gateway(self, workspace: Workspace) -> Gateway:
        gateway = create_gateway(
            workspace_id=workspace.id,
            name="Simulated carrier",
            provider="simulator",
            settings={"port": self._port},
            segments_per_second=self._rate,
            window=self._window,
            price_micros=30_000,
            actor=ACTOR,
        )
        add_sender(
            workspace_id=workspace.id, gateway_id=gateway.id, value=SENDER, kind="alphanumeric",
            actor=ACTOR,
        )  # fmt: skip
        return gateway

    def _exchange(self) -> float:
        if self._route.peer:
            rate, fault = exchange_kannel(self._port, self._people // SHORT, log=self._log)
            self._faults += [fault] if fault else []
            return rate
        rates: Rates = exchange_bare(self._port, self._people, window=self._window)
        if rates.fault:
            self._faults.append(rates.fault)
        self._receipted["twin"].append(rates.receipted)
        return rates.handed

    def _send(self, workspace: Workspace, gateway: Gateway) -> float:
        """Plan with the gateway paused, let go, and wait for the last outcome and receipt."""
        campaign = self._plan(workspace, gateway)
        analyze()
        resume_gateway(workspace_id=workspace.id, gateway_id=gateway.id, actor=ACTOR)
        handed_s = self._wait(campaign, OPEN_BATCHES)
        receipted_s = self._wait(campaign, OPEN_RECEIPTS)
        self._judge(campaign, self._people)
        self._receipted["ours"].append(self._people / receipted_s)
        return self._people / handed_s

    def _plan(self, workspace: Workspace, gateway: Gateway) -> Campaign:
        campaign = self._launch(workspace, gateway)
        # After the launch, which wants an active gateway; before the plan has made a batch.
        pause_gateway(workspace_id=workspace.id, gateway_id=gateway.id, actor=ACTOR)
        self._wait_for_plan(campaign)
        return campaign

    def _launch(self, workspace: Workspace, gateway: Gateway) -> Campaign:
        campaign = create_campaign(
            workspace_id=workspace.id,
            actor=ACTOR,
            name=f"Bench {time.time_ns()}",
            body=BODY,
            fallbacks={"first_name": "dear friend", "points": "many"},
            audience={"all": True},
            links=[{"url": "https://shop.lotus.example/weekend"}],
            gateway_id=gateway.id,
            sender=SENDER,
            cap_count=0,
        )
        launch_campaign(campaign=campaign, actor=ACTOR)
        return campaign

    def _wait_for_plan(self, campaign: Campaign) -> None:
        until = time.monotonic() + PATIENCE_S
        while campaign.state in {"draft", "scheduled", "planning"}:
            if time.monotonic() > until:
                raise RuntimeError(f"the campaign was not planned: it is {campaign.state}")
            time.sleep(LOOK_S)
            campaign.refresh_from_db()
        if campaign.state in {"failed", "canceled"}:
            raise RuntimeError(f"the campaign was not planned: it is {campaign.state}")

    def _wait(self, campaign: Campaign, open_sql: str) -> float:
        """Seconds from the first mark until nothing is open; looked at twenty times a second."""
        ends = [campaign.first_message_id, campaign.last_message_id]
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            time.sleep(LOOK_S)
            with connection.cursor() as cursor:
                cursor.execute(open_sql, [campaign.id])
                if cursor.fetchone()[0]:
                    continue
                cursor.execute(_SINCE_FIRST_MARK, ends)
                return float(cursor.fetchone()[0])
        raise RuntimeError(f"not through after {PATIENCE_S:.0f} s: see `textwell doctor`")

    def _judge(self, campaign: Campaign, wanted: int) -> None:
        """One log holds all rounds, so of the verdict only what a single campaign answers for."""
        campaign.refresh_from_db()
        equation = campaign_equation(campaign)
        judgement = judge(campaign, equation, self._log)
        if judgement.lost_count or not judgement.is_balanced or judgement.unknown_count:
            self._faults += judgement.lines()
        if equation["delivered"] != wanted:
            self._faults.append(f"{equation['delivered']:,} delivered of {wanted:,}")
