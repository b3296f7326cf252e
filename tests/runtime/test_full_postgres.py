"""The disk of everything fills in the middle of a campaign: it says so, loses nothing and goes on."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

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

RATE = 400
PEOPLE = 8_000  # more than fits into the room that PostgreSQL has taken before
ENOUGH = 400


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A small data folder; the carrier's log is elsewhere, as a real carrier's is."""
    (tmp_path / "carrier").mkdir()
    with small_disk(tmp_path / "data", mb=320) as data:
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


def is_starved(folder: Path, variables: dict[str, str]) -> bool:
    """Whether the connector says that PostgreSQL fails; what a store gave back meanwhile is taken."""
    fill(folder)
    return "postgres" in readiness(variables, "connector")


def test_a_full_disk_is_named_with_its_mend_and_costs_no_message(folder: Path) -> None:
    variables = environment(folder)
    mend = f"Free space under {folder}"
    with demo(folder, rate=RATE, people=PEOPLE, variables=variables) as process:
        assert wait_until(lambda: handed_count(folder) > ENOUGH, timeout_s=START_S), told(folder)

        filler = fill(folder)
        is_stuck = wait_until(lambda: is_starved(folder, variables), timeout_s=60, every_s=0.5)
        found = readiness(variables, "connector")
        told_by_doctor = doctor(variables)
        filler.unlink()

        assert is_stuck
        assert found["disk"].startswith(f"the disk is full: 0 MB free under {folder}. {mend}")
        assert mend in found["postgres"]
        assert (
            f"BAD   disk: the disk is full: 0 MB free under {folder}\n      → {mend}"
            in told_by_doctor
        )
        is_over = wait_until(
            lambda: not waiting(folder, campaigns=1, people=PEOPLE), timeout_s=START_S, every_s=2.0
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
    assert f"the disk is full: 0 MB free under {folder}" in said
    assert f"mend='{mend}" in said
    assert "there is room on the disk again" in said


def doctor(variables: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "textwell.cli.main", "doctor"],
        env=os.environ | variables, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    return done.stdout
