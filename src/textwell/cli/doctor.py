"""`textwell doctor`: what is wrong here, and the mend. Works when nothing runs."""

import sys

import click

MARKS = {"ok": "ok  ", "warn": "look", "bad": "BAD "}


@click.command()
def command() -> None:
    """Check stores, streams, settings, clock, disk, gateways and roles.

    Each line says ok, or what is wrong and what to do. The exit code is 1 if something is wrong.
    """
    from textwell.core.logs import configure_logs
    from textwell.core.settings import load_leniently
    from textwell.runtime.doctor import examine

    settings, problems = load_leniently()
    configure_logs("doctor", level="ERROR")
    has_fault = False
    for finding in examine(settings, problems):
        has_fault = has_fault or finding.level == "bad"
        click.echo(f"{MARKS[finding.level]}  {finding.subject}: {finding.text}")
        if finding.mend:
            click.echo(f"      → {finding.mend}")
    sys.exit(1 if has_fault else 0)
