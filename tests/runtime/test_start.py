"""`textwell run` where something is wrong: one line with the mend, and no role started."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from django.core import management
from django.db import OperationalError

from runtime.small_disk import small_disk
from textwell.core.errors import StoreUnavailable
from textwell.core.settings import Settings
from textwell.runtime import migrate as migrate_module
from textwell.runtime.context import RoleContext, StoppedEarly
from textwell.runtime.ports import free_ports
from textwell.runtime.readiness import nats_problem, postgres_problem, require_stores
from textwell.runtime.stores import StoreFailed, Stores, open_stores
from textwell.runtime.stores import nats as nats_module
from textwell.runtime.stores.nats import free_port
from textwell.runtime.stores.process import start_process


def run(folder: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | free_ports() | {"TEXTWELL_DATA": str(folder)} | variables
    return subprocess.run(
        [sys.executable, "-m", "textwell.cli.main", "run", *arguments],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def lines_of_ours(done: "subprocess.CompletedProcess[str]") -> list[str]:
    return [line for line in done.stderr.splitlines() if line.startswith("textwell: ")]


@contextmanager
def speaker(says: bytes) -> Iterator[int]:
    """Somebody who listens, says one thing to whoever comes first, and leaves."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            link, _peer = server.accept()
            with link:
                link.sendall(says)

        thread = Thread(target=speak, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)


@pytest.mark.parametrize("arguments", [(), ("--role", "worker")])
def test_a_wrong_database_url_ends_the_start_with_one_line(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    port = free_port()
    done = run(
        tmp_path, *arguments,
        DATABASE_URL=f"postgresql://textwell@127.0.0.1:{port}/textwell",
        NATS_URL=f"nats://127.0.0.1:{free_port()}",
    )  # fmt: skip

    [line] = lines_of_ours(done)
    assert done.returncode == 1
    assert line.startswith("textwell: PostgreSQL cannot be used: connection failed")
    assert "Connection refused" in line
    assert line.endswith("Check DATABASE_URL, and that the server runs and lets us in.")
    assert "Traceback" not in done.stderr
    assert "Textwell runs at" not in done.stderr


def test_a_wrong_nats_url_ends_the_start_with_one_line(
    tmp_path: Path, stores: Stores, conf: Settings
) -> None:
    port = free_port()
    done = run(tmp_path, DATABASE_URL=conf.dsn(), NATS_URL=f"nats://127.0.0.1:{port}")

    [line] = lines_of_ours(done)
    assert done.returncode == 1
    assert line == (
        f"textwell: NATS cannot be used: 127.0.0.1:{port}: Connection refused. "
        "Check NATS_URL, and that the server runs with JetStream."
    )
    assert "Textwell runs at" not in done.stderr


def test_a_taken_port_ends_the_start_before_the_stores(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = run(tmp_path, TEXTWELL_WEB_PORT=str(port))

    assert done.returncode == 1
    assert lines_of_ours(done)[0].startswith(f"textwell: TEXTWELL_WEB_PORT: port {port} is taken.")
    assert not (tmp_path / "pg").exists()


def test_a_data_folder_that_others_own_ends_the_start_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "stores.lock").mkdir()  # as little to be opened as another user's file

    with pytest.raises(StoreFailed) as caught:
        open_stores(Settings(data=tmp_path))

    assert str(caught.value) == (
        f"The data folder cannot be used: {tmp_path}/stores.lock: Is a directory."
        f" Give {tmp_path} and all in it to the user that runs Textwell,"
        " or set TEXTWELL_DATA to a folder that it may write."
    )


def test_a_new_folder_is_not_begun_on_a_disk_that_is_nearly_full(tmp_path: Path) -> None:
    with small_disk(tmp_path / "data", mb=60) as folder:
        with pytest.raises(StoreFailed) as caught:
            open_stores(Settings(data=folder))

        assert str(caught.value) == (
            f"A new data folder takes 64 MB at once, and 60 MB are free under {folder}."
            f" Free space under {folder}, then start again."
        )
        assert list(folder.iterdir()) == []


@pytest.mark.django_db
def test_migrations_on_a_full_disk_stop_with_the_mend(
    conf: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_words: object, **_options: object) -> None:
        raise OperationalError from psycopg.errors.DiskFull("could not extend file\nHINT: more")

    monkeypatch.setattr(migrate_module, "pending_migrations", lambda: ["core.0009_x"])
    monkeypatch.setattr(management, "call_command", fail)

    with pytest.raises(StoreUnavailable) as caught:
        migrate_module.migrate(conf)

    assert str(caught.value) == (
        "The migrations stopped, as the disk of PostgreSQL is full: could not extend file."
        f" Free space under {conf.data_dir}, then start again. It goes on where it stopped."
    )


@pytest.mark.parametrize(
    ("says", "problem"),
    [
        (b'INFO {"server_id": "A", "jetstream": true}\r\n', ""),
        (b'INFO {"server_id": "A"}\r\n', "the server runs without JetStream"),
        (b"SSH-2.0-OpenSSH_9\r\n", "what listens there is no NATS server"),
        (b"", "what listens there is no NATS server"),
    ],
)
def test_what_listens_is_asked_whether_it_is_nats_with_jetstream(says: bytes, problem: str) -> None:
    with speaker(says) as port:
        found = nats_problem(Settings(nats_url=f"nats://127.0.0.1:{port}"))

    assert found == (f"127.0.0.1:{port}: {problem}" if problem else "")


def test_postgres_says_the_cause_and_not_the_hint() -> None:
    port = free_port()
    problem = str(postgres_problem(Settings(database_url=f"postgresql://a@127.0.0.1:{port}/a")))

    assert "Connection refused" in problem
    assert "\n" not in problem


def test_the_edge_needs_no_database(stores: Stores, conf: Settings) -> None:
    away = conf.model_copy(update={"database_url": "postgresql://a@127.0.0.1:1/a"})

    require_stores(away, needs_postgres=False)
    with pytest.raises(StoreUnavailable, match="PostgreSQL cannot be used"):
        require_stores(away)


async def test_a_role_that_waits_for_nats_stops_when_it_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    away = Settings(nats_url=f"nats://127.0.0.1:{free_port()}")
    monkeypatch.setattr("textwell.core.bus.client.load_settings", lambda: away)
    context = RoleContext(settings=away, role="worker", name="worker@here:1")
    connecting = asyncio.create_task(context.connect_bus())
    await asyncio.sleep(0)
    context.stop.set()

    with pytest.raises(StoppedEarly):
        await asyncio.wait_for(connecting, 5)


def test_a_role_without_nats_ends_at_once_and_says_why_it_waited(
    tmp_path: Path, stores: Stores, conf: Settings
) -> None:
    environment = os.environ | free_ports() | {
        "TEXTWELL_DATA": str(tmp_path),
        "DATABASE_URL": conf.dsn(),
        "NATS_URL": f"nats://127.0.0.1:{free_port()}",
        "TEXTWELL_PARENT": str(os.getpid()),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "textwell.cli.main", "run", "--role", "worker"],
        env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    with process.stderr:
        for line in process.stderr:
            if "NATS does not answer, trying again" in line:
                break
        process.send_signal(signal.SIGTERM)
        rest = process.stderr.read()

    assert process.wait(20) == 0
    assert "stopped before NATS answered" in rest
    assert "role ended" in rest


def test_a_program_of_a_store_that_is_gone_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreFailed, match="cannot be started: No such file"):
        start_process([str(tmp_path / "none")], log_path=tmp_path / "log", cwd=tmp_path)

    class Gone:
        name = "nats-server"

        def locate(self) -> Path:
            return tmp_path / "nats-server"

    monkeypatch.setattr(nats_module, "files", lambda _name: [Gone()])
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreFailed, match="There is no NATS server in the box here"):
        nats_module.server_program()
