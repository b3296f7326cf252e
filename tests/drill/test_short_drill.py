"""The drill in its short form: real processes, real kills, the carrier's log as judge."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from prepared import prepare
from textwell.runtime.ports import free_ports


@pytest.mark.drill
@pytest.mark.timeout(240)
def test_a_campaign_under_faults_loses_and_doubles_nothing(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    program = [
        sys.executable, "-m", "textwell.cli.main", "drill", "--people", "1500", "--rate", "200",
        "--faults", "6", "--every", "1", "--patience", "12", "--seed", "4",
    ]  # fmt: skip
    data = tmp_path / "data"
    prepare(data, tmp_path_factory)

    done = subprocess.run(
        program,
        env=os.environ | free_ports() | {"TEXTWELL_DATA": str(data)},
        capture_output=True,
        text=True,
        timeout=220,
        check=False,
    )

    verdict = [line.split() for line in done.stdout.splitlines()]
    assert ["lost", "0"] in verdict, done.stdout[-3000:] + done.stderr[-3000:]
    assert ["doubled", "0"] in verdict
    assert ["equation", "balanced", "yes"] in verdict
    assert done.returncode == 0, done.stdout[-3000:]
