"""The demo as a process of its own and a browser to look at it: once for all tests of this folder."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import find_browser
from playwright.sync_api import Browser, expect, sync_playwright

from e2e.demo import PEOPLE, RATE, START_S, Demo
from prepared import prepare
from runtime.conftest import first_tree  # noqa: F401 - a fixture here too
from textwell.runtime.ports import free_ports

CHROMIUM = find_browser()
expect.set_options(
    timeout=30_000
)  # a busy machine takes its time; what comes at once waits for nothing
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: v for name, v in os.environ.items() if name not in {"DATABASE_URL", "NATS_URL"}}
    return kept | {
        **free_ports(),
        "TEXTWELL_DATA": str(folder),
        "PYTHONUNBUFFERED": "1",
    }


def _read_welcome(
    log: Path, process: "subprocess.Popen[bytes]", environment: dict[str, str]
) -> Demo:
    """Wait for the lines that say where it runs and how to sign in."""
    ends_at = time.monotonic() + START_S
    while time.monotonic() < ends_at and process.poll() is None:
        text = log.read_text(errors="replace")
        runs = re.search(r"Textwell runs at\s+(\S+?)/?\s", text)
        signs = re.search(r"Sign in with\s+(\S+)\s+(\S.*)", text)
        if runs and signs:
            return Demo(runs[1], signs[1], signs[2].strip(), environment)
        time.sleep(0.2)
    pytest.fail(f"the demo did not say where it runs:\n{log.read_text(errors='replace')[-3000:]}")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("d")
    prepare(folder, tmp_path_factory)
    log = folder / "demo.log"
    program = [sys.executable, "-m", "textwell.cli.main", "demo", "--people", str(PEOPLE)]
    environment = _environment(folder)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*program, "--rate", str(RATE)],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield _read_welcome(log, process, environment)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")  # no longer: its loop would be in the way of asyncio's tests
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None, "CI is set and there is no browser: make browser"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()
