"""A demo of its own, by which tests that stop and starve real processes judge what became of it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg import OperationalError, connect
from psycopg.errors import UndefinedTable

from textwell.gateways.providers.simulator.log import Handed, read_log
from textwell.messaging.states import WAITING
from textwell.runtime.ports import free_ports

PEOPLE = 2_000
START_S = 90
VERDICT = Path(__file__).with_name("verdict.py")


def environment(folder: Path) -> dict[str, str]:
    kept = {name: v for name, v in os.environ.items() if name not in {"DATABASE_URL", "NATS_URL"}}
    return kept | free_ports() | {"TEXTWELL_DATA": str(folder), "PYTHONUNBUFFERED": "1"}


@contextmanager
def demo(
    folder: Path, *, rate: int, people: int = PEOPLE, variables: dict[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """A running demo, leader of a process group of its own; its output is beside the folder."""
    program = [sys.executable, "-m", "textwell.cli.main", "demo"]
    with _log(folder).open("ab") as output:
        process = subprocess.Popen(
            [*program, "--people", str(people), "--rate", str(rate)],
            env=variables or environment(folder),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def handed_count(folder: Path) -> int:
    """What the carriers' own logs say they were handed and took."""
    logs = (folder / "demo").glob("carrier-*.log")
    return sum(
        1 for log in logs for one in read_log(log) if isinstance(one, Handed) and not one.status
    )


def verdicts(folder: Path) -> list[dict[str, Any]]:
    """Of every campaign, against the logs of all carriers; the stores must run."""
    done = subprocess.run(
        [sys.executable, str(VERDICT)],
        env=environment(folder),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def told(folder: Path) -> str:
    """What the demos of this folder printed and logged."""
    return _log(folder).read_text(errors="replace")


def _log(folder: Path) -> Path:
    return folder.parent / "run.log"


def waiting(folder: Path, *, campaigns: int, people: int = PEOPLE) -> int:
    """People of all campaigns who wait; everybody of those that are not planned yet."""
    everybody = campaigns * people
    told = (
        "SELECT count(*) FILTER (WHERE state = ANY(%s)), count(*) FROM messaging_message"
        " WHERE campaign_id IS NOT NULL"
    )
    try:
        with connect(
            host=str(folder / "pg-socket"), user="textwell", dbname="textwell"
        ) as database:
            row = database.execute(told, [[*WAITING]]).fetchone()
    except (OperationalError, UndefinedTable):  # the store is starting
        return everybody
    assert row is not None
    return everybody - int(row[1]) + int(row[0])
