"""Why a PostgreSQL of ours went down, by its log: whoever connects is not told."""

import os
import re
from pathlib import Path

from textwell.core.room import NO_SPACE

LOG_OCTETS = 65_536  # of the end of a log
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


def stop_reason(log: Path) -> str:
    """Why a PostgreSQL of ours went down and has not come back, by the end of its log; empty if unknown.

    Who connects is told only that there is no server, or that it recovers.
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
