"""Whether the stores answer: asked at start, by `/readyz` of every role and by `textwell doctor`."""

import json
import os
import re
import socket
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from textwell.core.errors import StoreUnavailable
from textwell.core.room import NO_SPACE, find_room_problem, room_mend
from textwell.core.settings import Settings

ASK_S = 2.0
LOG_OCTETS = 65_536  # of the end of a log
_STOPPED = "it stopped: "
_KILLED = re.compile(r".* process \(PID \d+\) was terminated by signal ")
_GONE = ("starting PostgreSQL", "database system is shut down")
# FATAL lines before "starting PostgreSQL", and those told to who comes while the server is away.
_AT_START = (
    "configuration file",
    "data directory",
    "database files are",
    "lock file",
    "could not create",
)
_TO_CLIENTS = ("the database system is", "terminating connection")
REMEMBER_S = 1.0  # a scrape storm must not become a storm of connections


def postgres_problem(settings: Settings) -> str:
    """Why PostgreSQL cannot be used now; empty if it can."""
    try:
        with psycopg.connect(settings.dsn(), connect_timeout=int(ASK_S)) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        stopped = "" if settings.database_url else stop_reason(_log(settings, "postgres"))
        return f"{cause_of(error)}; {_STOPPED}{stopped}" if stopped else cause_of(error)
    return ""


def find_stop(problem: str) -> str:
    """The end of `postgres_problem` that says why ours stopped, with its semicolon; empty without."""
    _cause, found, stopped = problem.partition(f"; {_STOPPED}")
    return f"{found}{stopped}"


def down_problem(settings: Settings, store: str) -> str:
    """What the supervisor tells of a store of ours that it found dead, with the mend."""
    stopped = stop_reason(_log(settings, store)) if store == "postgres" else ""
    problem = f"is down; {_STOPPED}{stopped}" if stopped else "is down"
    mend = postgres_mend(settings, problem) if stopped else _own_mend(settings, store)
    return f"{problem}. {mend}"


def stop_reason(log: Path) -> str:
    """Why a PostgreSQL of ours went down and has not come back, by the end of its log; empty if unknown.

    Whoever connects is told only that there is no server, or that it recovers.
    """
    try:
        with log.open("rb") as opened:
            opened.seek(max(0, os.fstat(opened.fileno()).st_size - LOG_OCTETS))
            lines = opened.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    reason, is_up = "", True
    for line in lines:
        level, _colon, told = line.partition(":  ")
        if told.startswith("database system is ready to accept connections"):
            reason, is_up = "", True
        elif told.startswith(_GONE):
            is_up = False
        elif level.endswith("PANIC"):
            reason, is_up = told, False
        elif _KILLED.match(told):  # after a PANIC too, which says more
            reason, is_up = reason or told, False
        elif level.endswith("FATAL") and _ends_server(told, is_up=is_up):
            reason = told
    return reason


def _ends_server(told: str, *, is_up: bool) -> bool:
    """Whether a FATAL line tells of the server's end, and not of one connection's."""
    if NO_SPACE in told or told.startswith(_AT_START):
        return True
    return not is_up and not told.startswith(_TO_CLIENTS)


def cause_of(error: psycopg.Error) -> str:
    """The line of libpq's message that says what is wrong; hints come after it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def nats_problem(settings: Settings) -> str:
    """Why NATS cannot be used now; empty if one server of the list can."""
    problem = "no address"
    for address in settings.nats_address().split(","):
        problem = _server_problem(address.strip())
        if not problem:
            return ""
    return problem


def _server_problem(address: str) -> str:
    try:
        parts = urlsplit(address if "://" in address else f"nats://{address}")
        host, port = parts.hostname or "", parts.port or 4222
        with socket.create_connection((host, port), timeout=ASK_S) as link:
            if parts.scheme != "nats":
                return ""  # it may speak only after TLS or HTTP
            line = link.makefile("rb").readline(65_536)
    except ValueError as error:
        return f"{address.rpartition('@')[2]}: {error}"
    except OSError as error:
        return f"{host}:{port}: {error.strerror or error}"
    return _greeting_problem(line, f"{host}:{port}")


def _greeting_problem(line: bytes, where: str) -> str:
    """NATS speaks first: INFO and what the server can do."""
    try:
        told = json.loads(line.removeprefix(b"INFO ")) if line.startswith(b"INFO ") else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        return f"{where}: what listens there is no NATS server"
    if not told.get("jetstream"):
        return f"{where}: the server runs without JetStream"
    return ""


def require_stores(settings: Settings, *, needs_postgres: bool = True) -> None:
    """Return if the stores can be used.

    Raises:
        StoreUnavailable: with what is wrong and the mend.
    """
    problem = postgres_problem(settings) if needs_postgres else ""
    if problem:
        raise StoreUnavailable(
            f"PostgreSQL cannot be used: {problem}. {postgres_mend(settings, problem)}"
        )
    problem = nats_problem(settings)
    if problem:
        raise StoreUnavailable(f"NATS cannot be used: {problem}. {nats_mend(settings)}")


def postgres_mend(settings: Settings, problem: str = "") -> str:
    """What to do about it."""
    if NO_SPACE in problem:
        return room_mend(settings)
    if settings.database_url:
        return "Check DATABASE_URL, and that the server runs and lets us in."
    if _STOPPED in problem:
        return (
            f"textwell run starts it again and again until it stays: mend what it says, see "
            f"{_log(settings, 'postgres')}; where its files are damaged, bring back a backup. "
            "What arrives waits in NATS meanwhile."
        )
    return _own_mend(settings, "postgres")


def nats_mend(settings: Settings) -> str:
    if settings.nats_url:
        return "Check NATS_URL, and that the server runs with JetStream."
    return _own_mend(settings, "nats")


def _log(settings: Settings, store: str) -> Path:
    return settings.data_dir / "logs" / f"{store}.log"


def _own_mend(settings: Settings, store: str) -> str:
    """A log is named where there is one: not before the first start."""
    path = _log(settings, store)
    told = f"; its log is {path}" if path.exists() else ""
    return f"textwell run starts it{told}."


def store_problems(settings: Settings) -> dict[str, str]:
    """What keeps the stores from work, by name, each with its mend; empty when nothing does."""
    found = {}
    if problem := find_room_problem(settings):
        found["disk"] = f"{problem}. {room_mend(settings)}"
    if problem := postgres_problem(settings):
        found["postgres"] = f"{problem}. {postgres_mend(settings, problem)}"
    if problem := nats_problem(settings):
        found["nats"] = f"{problem}. {nats_mend(settings)}"
    return found


class StoreReadiness:
    """Problems of both stores, remembered for a second."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._problems: dict[str, str] = {}

    def problems(self) -> Mapping[str, str]:
        with self._lock:
            if time.monotonic() - self._asked_at > REMEMBER_S:
                self._problems = store_problems(self._settings)
                self._asked_at = time.monotonic()
            return dict(self._problems)
