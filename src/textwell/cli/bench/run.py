"""Runs the legs one after the other and says what came out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from textwell.cli.bench.figures import LegResult, json_line, machine_facts, print_results

PLAN_PEOPLE = 200_000
SEND_PEOPLE = 100_000
FAR_PEOPLE = 100_000  # twenty seconds at the bound of the link: the first and the last count little
IMPORT_ROWS = 200_000
WHOLE_ROWS = 1_000_000
PAGES_PEOPLE = 1_000_000


@contextmanager
def _open_stores() -> Iterator[None]:
    """PostgreSQL and NATS of the data folder, migrated; stopped again unless others use them."""
    from textwell.core.logs import configure_logs
    from textwell.core.settings import load_settings
    from textwell.runtime.boot import start_django
    from textwell.runtime.migrate import migrate
    from textwell.runtime.stores import open_stores

    configure_logs("bench")
    settings = load_settings()
    stores = open_stores(settings)
    try:
        start_django("bench")
        migrate(settings)
        yield
    finally:
        _let_go()
        stores.close()


def _let_go() -> None:
    """Close what this thread holds open to the stores: the next leg starts them anew."""
    from django.conf import settings
    from django.db import connections

    from textwell.core.bus import close_sync_bus

    if not settings.configured:  # the leg was skipped, or failed before it began
        return
    close_sync_bus()
    connections.close_all()


def _render(people: int | None, rounds: int) -> LegResult:
    del people  # a text costs the same however many there are
    from textwell.cli.bench.render import run_render

    return run_render(rounds)


def _plan(people: int | None, rounds: int) -> LegResult:
    with _open_stores():
        from textwell.cli.bench.plan import run_plan  # needs Django set up

        return run_plan(people or PLAN_PEOPLE, rounds)


def _plan_law(people: int | None, rounds: int) -> LegResult:
    with _open_stores():
        from textwell.cli.bench.plan_law import run_plan_law  # needs Django set up

        return run_plan_law(people or PLAN_PEOPLE, rounds)


def _gate(people: int | None, rounds: int) -> LegResult:
    del people  # a message costs the same however many there are
    with _open_stores():
        from textwell.cli.bench.gate import run_gate  # needs Django set up

        return run_gate(rounds)


def _proof_verify(people: int | None, rounds: int) -> LegResult:
    del people  # a line costs the same however many there are
    with _open_stores():
        from textwell.cli.bench.verifying import run_proof_verify  # needs Django set up

        return run_proof_verify(rounds)


def _consent_verify(people: int | None, rounds: int) -> LegResult:
    with _open_stores():
        from textwell.cli.bench.verifying import EVENTS, run_consent_verify  # needs Django set up

        return run_consent_verify(rounds, people or EVENTS)


def _send(people: int | None, rounds: int) -> LegResult:
    from textwell.cli.bench.send import run_send

    try:
        return run_send(people or SEND_PEOPLE, rounds)
    finally:
        _let_go()


def _send_far(people: int | None, rounds: int) -> LegResult:
    from textwell.cli.bench.send import FAR, run_send

    try:
        return run_send(people or FAR_PEOPLE, rounds, FAR)
    finally:
        _let_go()


def _whole(people: int | None, rounds: int) -> LegResult:
    from textwell.cli.bench.send import run_whole

    try:
        return run_whole(people or WHOLE_ROWS, rounds)
    finally:
        _let_go()


def _api(people: int | None, rounds: int) -> LegResult:
    from textwell.cli.bench.send import run_api

    try:
        return run_api(people or SEND_PEOPLE, rounds)
    finally:
        _let_go()


def _kannel(people: int | None, rounds: int) -> LegResult:
    from textwell.cli.bench.send import run_kannel

    try:
        return run_kannel(people or SEND_PEOPLE, rounds)
    finally:
        _let_go()


def _smpplib(people: int | None, rounds: int) -> LegResult:
    from textwell.cli.bench.send import run_smpplib

    return run_smpplib(people or SEND_PEOPLE, rounds)


def _redirect(people: int | None, rounds: int) -> LegResult:
    del people  # wrk runs for a time, not for a number
    with _open_stores():
        from textwell.cli.bench.redirect import run_redirect  # needs Django set up

        return run_redirect(rounds)


def _webhooks(people: int | None, rounds: int) -> LegResult:
    del people  # wrk runs for a time, not for a number
    with _open_stores():
        from textwell.cli.bench.webhooks import run_webhooks  # needs Django set up

        return run_webhooks(rounds)


def _start(people: int | None, rounds: int) -> LegResult:
    from textwell.cli.bench.start import PEOPLE, run_start

    return run_start(people or PEOPLE, rounds)


def _import(people: int | None, rounds: int) -> LegResult:
    with _open_stores():
        from textwell.cli.bench.people_import import run_import  # needs Django set up

        return run_import(people or IMPORT_ROWS, rounds)


def _pages(people: int | None, rounds: int) -> LegResult:
    with _open_stores():
        from textwell.cli.bench.pages import run_pages  # needs Django set up

        return run_pages(people or PAGES_PEOPLE, rounds)


_LEGS: dict[str, Callable[[int | None, int], LegResult]] = {
    "render": _render,
    "plan": _plan,
    "plan-law": _plan_law,
    "gate": _gate,
    "proof-verify": _proof_verify,
    "consent-verify": _consent_verify,
    "send": _send,
    "send-20ms": _send_far,
    "whole": _whole,
    "api": _api,
    "kannel": _kannel,
    "smpplib": _smpplib,
    "redirect": _redirect,
    "webhooks": _webhooks,
    "start": _start,
    "import": _import,
    "pages": _pages,
}


def run_legs(legs: tuple[str, ...], people: int | None, rounds: int, file: Path | None) -> int:
    """The exit code: 1 if any leg is void. Results are appended to `file` as each leg ends."""
    facts = machine_facts()
    results: list[LegResult] = []
    for leg in legs:
        click.echo(f"{leg} …", err=True)
        result = _LEGS[leg](people, rounds)
        results.append(result)
        if file is not None:
            with file.open("ab") as lines:
                lines.write(json_line(result, facts))
    print_results(results, facts)
    return 1 if any(result.void for result in results) else 0
