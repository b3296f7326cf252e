"""The table of places by number: what fills it, and how a statement joins it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Final

import phonenumbers
from django.db import transaction

from textwell.core.db import copy_rows, cursor
from textwell.core.jobs import enqueue_job, is_under_way
from textwell.core.models import Cursor
from textwell.text.numbers.place_keys import KEY_LENGTHS

PLACES_JOB: Final = "contacts.places"
_EDITION: Final = "contacts.places"
_LOW_PRIORITY: Final = 10
_COLUMNS: Final = ("prefix", "region", "local_region")
_WAIT_S: Final = 1.0


def _go_on() -> None:
    """Nobody asks us to stop."""


def place_key_sql(msisdn: str) -> str:
    """The expression that joins `contacts_numberplace.prefix`; null where a number names no place."""
    cases = " ".join(
        f"WHEN {msisdn} LIKE '{start}%%' THEN left({msisdn}, {length})"
        for start, length in KEY_LENGTHS.items()
    )
    return f"(CASE {cases} END)"


def present_edition() -> int:
    """The edition of libphonenumber's tables that is installed: 9.0.43 is 9000043."""
    major, minor, patch = (int(part) for part in phonenumbers.__version__.split(".")[:3])
    return major * 1_000_000 + minor * 1_000 + patch


def request_places() -> bool:
    """Have a worker load the table if it is empty or of another edition; True: it was asked now.

    Calling it again while a worker loads does nothing.
    """
    edition = present_edition()
    if Cursor.objects.filter(name=_EDITION, position=edition).exists():
        return False
    payload = {"edition": edition}
    if is_under_way(workspace_id=None, kind=PLACES_JOB, payload=payload):
        return False
    enqueue_job(workspace_id=None, kind=PLACES_JOB, payload=payload)
    return True


def load_places(on_wait: Callable[[], None] = _go_on) -> int:
    """Replace the whole table in one transaction; answers how many rows it has. Twice is safe.

    `on_wait` is called about once a second while the tables are read; what it raises ends that.

    Raises:
        subprocess.CalledProcessError: the process that reads the tables failed; nothing changed.
    """
    edition = present_edition()
    text = _read_text(on_wait)
    with transaction.atomic(), cursor() as opened:
        opened.execute("DELETE FROM contacts_numberplace")
        count = copy_rows(opened, "contacts_numberplace", _COLUMNS, _rows(text))
        Cursor.objects.update_or_create(name=_EDITION, defaults={"position": edition})
    with cursor() as opened:
        opened.execute("ANALYZE contacts_numberplace")
    return count


def _read_text(on_wait: Callable[[], None]) -> str:
    """From a process of its own, whose end gives back what the tables take."""
    command = [sys.executable, "-m", "textwell.text.numbers.places"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        if hasattr(os, "setpriority"):  # a new installation has more urgent work for its cores
            os.setpriority(os.PRIO_PROCESS, process.pid, _LOW_PRIORITY)
        text = _output(process, on_wait)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return text


def _rows(text: str) -> Iterator[tuple[str, ...]]:
    """One after the other: all of them at once would take five times the text."""
    for line in StringIO(text):
        yield tuple(line.rstrip("\n").split("\t"))


def _output(process: "subprocess.Popen[str]", on_wait: Callable[[], None]) -> str:
    try:
        while True:
            try:
                return process.communicate(timeout=_WAIT_S)[0]
            except subprocess.TimeoutExpired:
                on_wait()
    except BaseException:
        process.kill()
        raise
