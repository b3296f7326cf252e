"""`textwell bench`: the heavy ways measured against plain twins, in the same run."""

from pathlib import Path

import click

LEGS = (
    "render",
    "plan",
    "plan-law",
    "gate",
    "proof-verify",
    "consent-verify",
    "send",
    "send-20ms",
    "whole",
    "api",
    "kannel",
    "smpplib",
    "redirect",
    "webhooks",
    "start",
    "import",
    "pages",
)


@click.command()
@click.argument("leg", type=click.Choice([*LEGS, "all"]), default="all")
@click.option(
    "--people",
    type=click.IntRange(1_000, 10_000_000),
    help="People of plan, plan-law, import (200,000 if left out), whole, pages (1,000,000) and"
    " start (20,000), messages of send (100,000), people of api's campaign (100,000).",
)
@click.option(
    "--rounds",
    type=click.IntRange(1, 50),
    default=2,
    show_default=True,
    help="Pairs of a leg and its twin; every other pair begins with the twin.",
)
@click.option(
    "--json",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Append the results to this file, one JSON object a line.",
)
def command(*, leg: str, people: int | None, rounds: int, file: Path | None) -> None:
    """Measure the heavy ways against plain twins; legs alternate A B B A.

    Use a data folder of its own (TEXTWELL_DATA): send, whole, api and pages leave workspaces with
    campaigns there.
    Exits with 1 if a run is void: a message twice in the carrier's log, one lost, or a bad answer.
    """
    from textwell.cli.bench.run import run_legs

    raise SystemExit(run_legs(LEGS if leg == "all" else (leg,), people, rounds, file))
