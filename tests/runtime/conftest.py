"""Stores and processes of their own for tests that kill them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from prepared import prepare
from textwell.cli.bench.servers import wait_for_answer, web_role
from textwell.core.settings import Settings
from textwell.runtime.ports import free_ports
from textwell.runtime.stores import StoreOptions, Stores, find_stores, open_stores
from textwell.runtime.stores.nats import free_port

# Durable as for real data: these tests count what is left after kill -9.
REAL = StoreOptions(dies_with_us=True)


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """Settings of a data folder that no store has used yet."""
    (tmp_path / "data").mkdir()
    return Settings(data=tmp_path / "data")


@pytest.fixture
def own_stores(own: Settings) -> Iterator[Stores]:
    opened = open_stores(own, REAL)
    yield opened
    opened.close()
    stop_all(own)


@pytest.fixture(scope="session")
def web(stores: Stores, django_db_setup: None) -> Iterator[int]:
    """The port of a web role at the stores of the tests."""
    port = free_port()
    with web_role(port):
        wait_for_answer(port, "GET", "/api/v1/contacts", 401)
        yield port


def stop_all(settings: Settings) -> None:
    for store in find_stores(settings).members:
        store.stop()


@dataclass
class Tree:
    """A `textwell run` of its own: its process, and where it listens."""

    settings: Settings
    process: "subprocess.Popen[bytes]"
    log: Path

    def url(self, offset: int, path: str) -> str:
        return f"http://127.0.0.1:{self.settings.metrics_port + offset}{path}"


def start_tree(data: Path) -> Tree:
    ports = free_ports()
    environment = os.environ | ports | {"TEXTWELL_DATA": str(data)}
    data.mkdir(exist_ok=True)
    log = data / "run.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("textwell"), "run"],
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    web, edge, metrics = (
        int(ports[f"TEXTWELL_{name}_PORT"]) for name in ("WEB", "EDGE", "METRICS")
    )
    settings = Settings(data=data, web_port=web, edge_port=edge, metrics_port=metrics)
    return Tree(settings, process, log)


@pytest.fixture
def tree(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    """Everything, started as an operator would, and not for the first time."""
    prepare(tmp_path / "data", tmp_path_factory)
    yield from _running(tmp_path / "data")


@pytest.fixture
def first_tree(tmp_path: Path) -> Iterator[Tree]:
    """Everything, started in an empty folder."""
    yield from _running(tmp_path / "data")


def _running(data: Path) -> Iterator[Tree]:
    started = start_tree(data)
    yield started
    started.process.terminate()
    with suppress(subprocess.TimeoutExpired):
        started.process.wait(40)
    started.process.kill()
    started.process.wait()
    stop_all(started.settings)
