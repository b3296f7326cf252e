"""Whether the stores answer: asked at start, by `/readyz` of every role and by `textwell doctor`."""

import json
import socket
import threading
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import psycopg

from textwell.core.errors import StoreUnavailable
from textwell.core.room import NO_SPACE, find_room_problem, room_mend
from textwell.core.settings import Settings

ASK_S = 2.0
REMEMBER_S = 1.0  # a scrape storm must not become a storm of connections


def postgres_problem(settings: Settings) -> str:
    """Why PostgreSQL cannot be used now; empty if it can."""
    try:
        with psycopg.connect(settings.dsn(), connect_timeout=int(ASK_S)) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        return cause_of(error)
    return ""


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
        raise StoreUnavailable(f"PostgreSQL cannot be used: {problem}. {postgres_mend(settings)}")
    problem = nats_problem(settings)
    if problem:
        raise StoreUnavailable(f"NATS cannot be used: {problem}. {nats_mend(settings)}")


def postgres_mend(settings: Settings, problem: str = "") -> str:
    """What to do about it."""
    if NO_SPACE in problem:
        return room_mend(settings)
    if settings.database_url:
        return "Check DATABASE_URL, and that the server runs and lets us in."
    return _own_mend(settings, "postgres.log")


def nats_mend(settings: Settings) -> str:
    if settings.nats_url:
        return "Check NATS_URL, and that the server runs with JetStream."
    return _own_mend(settings, "nats.log")


def _own_mend(settings: Settings, log: str) -> str:
    """A log is named where there is one: not before the first start."""
    path = settings.data_dir / "logs" / log
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
