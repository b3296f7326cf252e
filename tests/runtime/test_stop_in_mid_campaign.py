"""The demo stopped as a person stops it, by a signal to its process group, while it sends."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from prepared import prepare
from runtime.demo_run import PEOPLE, START_S, demo, handed_count, told, verdicts, waiting
from textwell.core.settings import Settings
from textwell.runtime.stores import find_stores
from textwell.runtime.stores.process import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

RATE = 250  # eight seconds for all: time to stop it in the middle
FULL_RATE = 2_000
ENOUGH = 400  # handed off


@pytest.fixture
def folder(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    data = tmp_path / "data"
    prepare(data, tmp_path_factory)
    yield data
    for store in find_stores(Settings(data=data)).members:
        store.stop()


def stop_in_the_middle(folder: Path, signals: list[signal.Signals]) -> None:
    before = handed_count(folder)
    with demo(folder, rate=RATE) as process:
        is_sending = wait_until(
            lambda: handed_count(folder) > before + ENOUGH, timeout_s=START_S, every_s=0.1
        )
        assert is_sending, told(folder)[-3000:]
        for number in signals:
            os.killpg(process.pid, number)
        assert process.wait(60) == 0

    assert before + ENOUGH < handed_count(folder) < before + PEOPLE
    assert find_stores(Settings(data=folder)).dead() == ["postgres", "nats"]


def calm_verdicts(folder: Path) -> list[dict[str, Any]]:
    """At a moment without an answer on its way: people write STOP after their text, when they like."""
    found: list[dict[str, Any]] = []

    def is_calm() -> bool:
        found[:] = verdicts(folder)
        return not any(one["answering_count"] for one in found)

    assert wait_until(is_calm, timeout_s=START_S, every_s=0.5), found
    return found


def test_stops_in_mid_campaign_kill_no_role_and_the_next_start_goes_on(folder: Path) -> None:
    # GNU make passes SIGTERM on to its child, which the group's signal has reached already.
    stop_in_the_middle(folder, [signal.SIGTERM, signal.SIGTERM])
    stop_in_the_middle(folder, [signal.SIGINT])

    with demo(folder, rate=FULL_RATE) as process:
        is_over = wait_until(
            lambda: not waiting(folder, campaigns=3), timeout_s=START_S, every_s=0.5
        )
        assert is_over, told(folder)[-3000:]
        found = calm_verdicts(folder)
        os.killpg(process.pid, signal.SIGTERM)
        assert process.wait(60) == 0

    assert [one["audience"] for one in found] == [PEOPLE] * 3
    for one in found:
        faults = [one[f"{name}_count"] for name in ("lost", "doubled", "unknown")]
        assert faults == [0, 0, 0]
        assert one["is_balanced"]
    # By its own log each text of a carrier is one of the two other campaigns', or an answer.
    of_campaigns = sum(one["handed"] for one in found)
    assert sum(one["unrecorded_count"] for one in found) == 2 * of_campaigns
    assert of_campaigns <= handed_count(folder)
    assert "role killed" not in told(folder)
    assert "Traceback" not in told(folder)
