"""Whether the stores answer: asked by `/readyz` of every role and by `textwell doctor`."""

import socket
import threading
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import psycopg

from textwell.core.settings import Settings

ASK_S = 2.0
REMEMBER_S = 1.0  # a scrape storm must not become a storm of connections


def postgres_problem(settings: Settings) -> str:
    """Why PostgreSQL cannot be used now; empty if it can."""
    try:
        with psycopg.connect(settings.dsn(), connect_timeout=int(ASK_S)) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        return str(error).strip().splitlines()[-1]
    return ""


def nats_problem(settings: Settings) -> str:
    """Why NATS cannot be reached now; empty if one server of the list can."""
    problem = "no address"
    for address in settings.nats_address().split(","):
        parts = urlsplit(address if "://" in address else f"nats://{address}")
        try:
            with socket.create_connection((parts.hostname, parts.port or 4222), timeout=ASK_S):
                return ""
        except OSError as error:
            problem = f"{parts.hostname}:{parts.port}: {error.strerror or error}"
    return problem


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
                found = {
                    "postgres": postgres_problem(self._settings),
                    "nats": nats_problem(self._settings),
                }
                self._problems = {name: text for name, text in found.items() if text}
                self._asked_at = time.monotonic()
            return dict(self._problems)
