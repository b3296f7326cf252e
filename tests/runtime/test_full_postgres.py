"""The disk of everything fills in the middle of a campaign: it says so, loses nothing and goes on."""

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg import OperationalError, connect

from prepared import prepare
from runtime.demo_run import (
    START_S,
    demo,
    environment,
    handed_count,
    told,
    verdicts,
    waiting,
)
from runtime.small_disk import fill, small_disk
from textwell.core.settings import Settings
from textwell.runtime.rolelist import find_role
from textwell.runtime.stores import find_stores
from textwell.runtime.stores.process import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

RATE = 300
PEOPLE = 2_500
ENOUGH = 300
OLD_OCTETS = 96 << 20
WAL_OCTETS = 4 << 20  # written at once to use up the room that PostgreSQL has taken before


@pytest.fixture
def folder(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small data folder; the carrier's log is elsewhere, as a real carrier's is."""
    (tmp_path / "carrier").mkdir()
    with small_disk(tmp_path / "data", mb=400) as data:
        prepare(data, tmp_path_factory)
        with (data / "old").open("wb") as old:  # what somebody deletes in the end
            os.posix_fallocate(old.fileno(), 0, OLD_OCTETS)
        (data / "demo").symlink_to(tmp_path / "carrier")
        yield data
        for store in find_stores(Settings(data=data)).members:
            store.stop()


def readiness(variables: dict[str, str], role: str) -> dict[str, str]:
    """The problems that `/readyz` of a role tells."""
    port = int(variables["TEXTWELL_METRICS_PORT"]) + find_role(role).metrics_offset
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            body = answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            body = refused.read()
    return {str(name): str(text) for name, text in json.loads(body)["problems"].items()}


def starve(folder: Path) -> None:
    """Take all the room there is, then what PostgreSQL holds in stock: segments of its log, 128 MB."""
    fill(folder)
    message = "SELECT pg_logical_emit_message(false, 'filler', repeat('x', %s))"
    try:
        with connect(host=str(folder / "pg-socket"), user="textwell", dbname="textwell") as log:
            while True:
                log.execute(message, [WAL_OCTETS])
    except OperationalError:
        return  # it stopped, or is not back yet


def problems_when_starved(folder: Path, variables: dict[str, str]) -> dict[str, str]:
    """What the connector says once it has felt that PostgreSQL fails."""
    found: dict[str, str] = {}

    def is_felt() -> bool:
        starve(folder)  # again: a server that comes back has given room back
        found.update(readiness(variables, "connector"))
        return "postgres" in found

    assert wait_until(is_felt, timeout_s=60, every_s=0.2), found
    return found


def test_a_full_disk_is_named_with_its_mend_and_costs_no_message(folder: Path) -> None:
    variables = environment(folder)
    mend = f"Free space under {folder}"
    with demo(folder, rate=RATE, people=PEOPLE, variables=variables) as process:
        assert wait_until(lambda: handed_count(folder) > ENOUGH, timeout_s=START_S), told(folder)

        found = problems_when_starved(folder, variables)
        fill(folder)
        told_by_doctor = doctor(variables)
        fill(folder).unlink()
        (folder / "old").unlink()

        full = rf"the disk is full: \d+ MB free under {folder}"
        assert re.match(rf"{full}\. {mend}", found["disk"])
        assert mend in found["postgres"]
        assert re.search(rf"BAD   disk: {full}\n      → {mend}", told_by_doctor), told_by_doctor
        is_over = wait_until(
            lambda: not waiting(folder, campaigns=1, people=PEOPLE), timeout_s=START_S, every_s=0.5
        )
        assert is_over, told(folder)[-3000:]
        assert readiness(variables, "connector") == {}
        [verdict] = verdicts(folder)
        process.terminate()
        assert process.wait(60) == 0

    faults = [verdict[f"{name}_count"] for name in ("lost", "doubled", "unrecorded", "unknown")]
    assert faults == [0, 0, 0, 0]
    assert verdict["is_balanced"]
    assert verdict["audience"] == PEOPLE
    said = told(folder)
    assert re.search(full, said)
    assert f"mend='{mend}" in said
    assert "there is room on the disk again" in said


def doctor(variables: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "textwell.cli.main", "doctor"],
        env=os.environ | variables, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    return done.stdout
