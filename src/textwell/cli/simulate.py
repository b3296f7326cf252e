"""`textwell simulate carrier`: the carrier in a box, as a process of its own."""

from __future__ import annotations

import asyncio
import gc
import urllib.error
import urllib.request
from pathlib import Path

import click
import orjson

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


@simulate.command()
@click.argument("msisdn")
@click.argument("text")
@click.option("--to", "recipient", required=True, help="The sender that they text, as 6868.")
@click.option("--http-port", type=_PORT, help="The carrier's; else that of the running demo.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where the carrier is.")
def say(*, msisdn: str, text: str, recipient: str, http_port: int | None, host: str) -> None:
    """Somebody with a phone of the simulated carrier texts us, as STOP, YES or a keyword."""
    from textwell.core.settings import load_settings

    if http_port is None:
        known = load_settings().data_dir / "demo" / "carrier-port"
        if not known.exists():
            raise click.ClickException("No demo runs on this data folder: give --http-port.")
        http_port = int(known.read_text())
    order = {"msisdn": msisdn, "recipient": recipient, "text": text, "intent": "other"}
    request = urllib.request.Request(
        f"http://{host}:{http_port}/say", data=orjson.dumps(order), method="POST"
    )
    try:
        urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 - http alone, see above
    except urllib.error.HTTPError as error:
        raise click.ClickException("No gateway is bound to the carrier yet.") from error
    except OSError as error:
        raise click.ClickException(f"The carrier does not answer: {error}.") from error
    click.echo(f"{msisdn} texted {recipient}: {text}")


def _run(options: Options, *, quiet: bool) -> None:
    try:
        import uvloop
    except ImportError:  # not made for every system
        asyncio.run(run(options, quiet=quiet))
    else:
        uvloop.run(run(options, quiet=quiet))


command = simulate
