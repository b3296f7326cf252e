"""Whether the stores answer: asked at start, by `/readyz` of every role and by `textwell doctor`."""

import json
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from textwell.core.errors import StoreUnavailable
from textwell.core.room import NO_SPACE, find_room_problem, room_mend
from textwell.core.settings import Settings
from textwell.runtime.remembered import Remembered
from textwell.runtime.stop_reasons import stop_reason

ASK_S = 2.0
REMEMBER_S = 1.0  # a scrape storm must not become a storm of connections


@dataclass(frozen=True, slots=True)
class PostgresProblem:
    """Why PostgreSQL cannot be used. `stopped`: why ours went down, empty where nobody knows."""

    cause: str
    stopped: str = ""

    def __str__(self) -> str:
        return f"{self.cause}{self.told_stop}"

    @property
    def told_stop(self) -> str:
        """The end of the sentence, with its semicolon."""
        return f"; it stopped: {self.stopped}" if self.stopped else ""


def postgres_problem(settings: Settings) -> PostgresProblem | None:
    """Why PostgreSQL cannot be used now; None if it can."""
    try:
        with psycopg.connect(settings.dsn(), connect_timeout=int(ASK_S)) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        stopped = "" if settings.database_url else stop_reason(_log(settings, "postgres"))
        return PostgresProblem(cause_of(error), stopped)
    return None


def down_problem(settings: Settings, store: str) -> str:
    """What the supervisor tells of a store of ours that it found dead, with the mend."""
    stopped = stop_reason(_log(settings, store)) if store == "postgres" else ""
    problem = PostgresProblem("is down", stopped)
    mend = postgres_mend(settings, problem) if stopped else _own_mend(settings, store)
    return f"{problem}. {mend}"


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
    found = postgres_problem(settings) if needs_postgres else None
    if found:
        raise StoreUnavailable(
            f"PostgreSQL cannot be used: {found}. {postgres_mend(settings, found)}"
        )
    problem = nats_problem(settings)
    if problem:
        raise StoreUnavailable(f"NATS cannot be used: {problem}. {nats_mend(settings)}")


def postgres_mend(settings: Settings, problem: PostgresProblem) -> str:
    """What to do about it."""
    if NO_SPACE in str(problem):  # libpq and the log both give the system's words
        return room_mend(settings)
    if settings.database_url:
        return "Check DATABASE_URL, and that the server runs and lets us in."
    if problem.stopped:
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
    if stopped := postgres_problem(settings):
        found["postgres"] = f"{stopped}. {postgres_mend(settings, stopped)}"
    if problem := nats_problem(settings):
        found["nats"] = f"{problem}. {nats_mend(settings)}"
    return found


def remember_store_problems(settings: Settings) -> Remembered[dict[str, str]]:
    """`store_problems`, asked at most once a second."""
    return Remembered(lambda: store_problems(settings), seconds=REMEMBER_S)
