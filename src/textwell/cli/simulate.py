"""`textwell simulate carrier`: the carrier in a box, as a process of its own."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

import click

from textwell.gateways.providers.simulator.process import Options, run
from textwell.gateways.providers.simulator.script import BUILT_IN, ScriptInvalid, load_script
from textwell.runtime.boot import leave_with_parent

_PORT = click.IntRange(0, 65535)


@click.group()
def simulate() -> None:
    """Stand-ins for the world outside."""


@simulate.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=_PORT, default=2775, show_default=True, help="Port of the SMPP door; 0: any."
)
@click.option(
    "--http-port", type=_PORT, help="Port of the HTTP and control doors; none if left out."
)
@click.option(
    "--script",
    default="demo",
    show_default=True,
    help=f"{', '.join(BUILT_IN)}, or a JSON file.",
)
@click.option("--seed", default=1, show_default=True, help="Same seed, same people and failures.")
@click.option("--log", type=click.Path(path_type=Path, dir_okay=False), help="Append what happens.")
@click.option("--eager-log", is_flag=True, help="Write the log before answering: survives kill -9.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0.01, max=1000),
    default=1.0,
    show_default=True,
    help="How many times faster than life receipts and people are.",
)
@click.option("--quiet", is_flag=True, help="No line a second.")
def carrier(
    *,
    host: str,
    port: int,
    http_port: int | None,
    script: str,
    seed: int,
    log: Path | None,
    eager_log: bool,
    speed: float,
    quiet: bool,
) -> None:
    """A simulated carrier: SMPP 3.4 and HTTP, with operators, failures and people who answer."""
    try:
        played = load_script(script)
    except ScriptInvalid as error:
        raise click.BadParameter(str(error), param_hint="--script") from error
    # Hundreds of thousands of receipts wait at a time, none in a cycle: the collector would walk
    # through them again and again.
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
    options = Options(
        script=played,
        host=host,
        port=port,
        http_port=http_port,
        seed=seed,
        speed=speed,
        log=log,
        is_log_eager=eager_log,
    )
    leave_with_parent()  # started by the demo or a drill it ends with them, however they end
    try:
        _run(options, quiet=quiet)
    except OSError as error:
        raise click.ClickException(f"{error}. Choose other ports or files.") from error


def _run(options: Options, *, quiet: bool) -> None:
    try:
        import uvloop
    except ImportError:  # not made for every system
        asyncio.run(run(options, quiet=quiet))
    else:
        uvloop.run(run(options, quiet=quiet))


command = simulate
