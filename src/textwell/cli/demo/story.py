"""What the demo does and says: people, launch, progress, report."""

import time
from pathlib import Path

import click
from django.db import DatabaseError, connection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from textwell.campaigns.models import Campaign
from textwell.campaigns.selectors import campaign_equation
from textwell.cli.demo import scene
from textwell.cli.demo.judge import judge
from textwell.core.settings import Settings
from textwell.messaging.types import Equation
from textwell.reports.selectors import campaign_report
from textwell.reports.types import Report
from textwell.web.words import INTENTS, STATE_LABELS, word

QUIET_S = 12.0  # receipts of the demo's carrier come within eight seconds, late ones within sixty
LATEST_S = 90.0
LOOK_S = 0.5


class Story:
    """One campaign from the people to its report."""

    def __init__(
        self,
        *,
        people: int,
        rate: float,
        seed: int,
        port: int,
        log: Path,
        settings: Settings,
        patience_s: float = LATEST_S,
    ) -> None:
        self._people = people
        self._rate = rate
        self._seed = seed
        self._port = port
        self._log = log
        self._settings = settings
        self._patience_s = patience_s
        self._console = Console(stderr=False)

    def tell(self, *, is_headless: bool) -> int:
        """Answers the exit code: 0 if the carrier's log and the ledger agree."""
        workspace = scene.ensure_workspace()
        gateway = scene.ensure_gateway(workspace, port=self._port, rate=self._rate)
        with self._progress() as bars:
            people = bars.add_task("people", total=self._people)
            scene.add_people(
                workspace,
                self._people,
                seed=self._seed,
                on_progress=lambda done: bars.update(people, completed=done),
            )
        if not is_headless:
            scene.ensure_programme(workspace, gateway)
        campaign = scene.launch(workspace, gateway)
        if not is_headless:
            self._welcome(campaign)
            return 0
        self.on_launched(campaign)
        equation = self._watch(campaign)
        campaign.refresh_from_db()
        self._show(campaign_report(campaign), equation)
        judgement = judge(campaign, equation, self._log)
        for line in judgement.lines():
            click.echo(line)
        return 0 if judgement.is_good else 1

    def on_launched(self, campaign: Campaign) -> None:
        """The campaign is on its way; a drill begins its faults here."""

    def _progress(self) -> Progress:
        return Progress(
            TextColumn("{task.description:>10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
        )

    def _welcome(self, campaign: Campaign) -> None:
        address = self._settings.public_url.rstrip("/")
        click.echo("")
        click.echo(f"  Textwell runs at   {address}/")
        click.echo(f"  Sign in with       {scene.EMAIL}   {scene.PASSWORD}")
        click.echo(f"  The campaign       {address}/campaigns/{campaign.id}/live")
        say = f"textwell simulate say {scene.STRANGER} {scene.KEYWORD} --to {scene.NUMBER}"
        click.echo(f"  Join by keyword    {say}")
        click.echo("  Ctrl-C stops everything.")
        click.echo("")

    def _watch(self, campaign: Campaign) -> Equation:
        """Until nothing waits and receipts have stopped coming."""
        quiet_since = time.monotonic()
        last: dict[str, int] = {}
        with self._progress() as bars:
            handed = bars.add_task("handed off", total=self._people)
            final = bars.add_task("receipts", total=self._people)
            while True:
                time.sleep(LOOK_S)
                try:
                    campaign.refresh_from_db()
                    equation = campaign_equation(campaign)
                except DatabaseError:  # a drill stops PostgreSQL; it comes back
                    connection.close()
                    quiet_since = time.monotonic()
                    continue
                total = max(1, equation.audience - equation["skipped"])
                done = total - equation["waiting"] - equation["canceled"]
                bars.update(handed, completed=done, total=total)
                bars.update(final, completed=done - equation["accepted"], total=total)
                if equation.terms != last:
                    last, quiet_since = equation.terms, time.monotonic()
                if self._is_over(campaign, equation, time.monotonic() - quiet_since):
                    return equation

    def _is_over(self, campaign: Campaign, equation: Equation, quiet_s: float) -> bool:
        if campaign.state in {"finished", "failed", "canceled"}:
            return quiet_s > QUIET_S / 4
        is_sent = campaign.state == "sending" and not equation["waiting"]
        if not is_sent:
            return quiet_s > max(60.0, self._patience_s * 2)
        is_nearly_all = equation["accepted"] < equation.audience // 20
        return quiet_s > (min(QUIET_S, self._patience_s) if is_nearly_all else self._patience_s)

    def _show(self, report: Report, equation: Equation) -> None:
        table = Table(title="The send equation", show_header=False, title_justify="left")
        table.add_column("term")
        table.add_column("people", justify="right")
        for name, count in equation.terms.items():
            table.add_row(name, f"{count:,}")
        table.add_row("sum", f"{equation.total:,}", style="bold")
        table.add_row("audience", f"{equation.audience:,}", style="bold")
        self._console.print(table)
        facts = Table(title="The report", show_header=False, title_justify="left")
        facts.add_column("what")
        facts.add_column("value", justify="right")
        facts.add_row("handed off", f"{equation.handed_count:,}")
        facts.add_row("refused at hand-off", f"{equation.refused_count:,}")
        facts.add_row("segments handed off", f"{equation.handed_segments:,}")
        facts.add_row("cost", f"{equation.cost_micros / 1_000_000:,.2f} {report.currency}")
        facts.add_row("people who clicked", f"{report.clicks.human_people:,}")
        clicks = report.clicks
        facts.add_row(
            "of those it reached",
            f"{clicks.clicked_and_delivered:,} of {clicks.delivered_people:,} = {clicks.rate:.1%}",
        )
        for share in report.replies:
            facts.add_row(f"replies: {word(INTENTS, share.intent)}", f"{share.people_count:,}")
        facts.add_row("opt-outs", f"{report.opted_out_people:,}")
        self._console.print(facts)
        self._console.print(_failures(report))
        self._console.print(_countries(report))


def _failures(report: Report) -> Table:
    """Every failure by cause and code; they add up to the failed and unknown of the equation."""
    table = Table(title="Failures", title_justify="left", show_footer=True)
    total = sum(failure.people_count for failure in report.failures)
    table.add_column("state", footer="sum")
    table.add_column("cause")
    table.add_column("code")
    table.add_column("people", justify="right", footer=f"{total:,}")
    for failure in report.failures:
        count = f"{failure.people_count:,}"
        table.add_row(word(STATE_LABELS, failure.state), failure.cause, failure.code or "–", count)
    return table


def _countries(report: Report) -> Table:
    """Every country of the numbers; each column adds up."""
    table = Table(title="Countries", title_justify="left", show_footer=True)
    table.add_column("country", footer="sum")
    columns = {
        "people": [group.people_count for group in report.countries],
        "handed off": [group.handed_count for group in report.countries],
        "delivered": [group.terms["delivered"] for group in report.countries],
        "failed": [group.failed_count for group in report.countries],
        "clicked": [group.clicked_count for group in report.countries],
        "segments": [group.segment_count for group in report.countries],
    }
    for name, counts in columns.items():
        table.add_column(name, justify="right", footer=f"{sum(counts):,}")
    for group, *counts in zip(report.countries, *columns.values(), strict=True):
        table.add_row(group.value or "not known", *(f"{count:,}" for count in counts))
    return table
