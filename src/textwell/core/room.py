"""Room on the disk where our stores write: how little is too little, and what mends it."""

import errno
import os
import shutil

from textwell.core.settings import Settings

NO_SPACE = os.strerror(errno.ENOSPC)  # so PostgreSQL says it too
ROOM_OCTETS = 32 * 1024**2  # with less the stores cannot go on: two files of PostgreSQL's log
NEW_OCTETS = 2 * ROOM_OCTETS  # what a new PostgreSQL takes before its first row
MB = 1024**2


def find_room_problem(settings: Settings) -> str:
    """Why the stores of the data folder cannot write; empty if they can, or are not there."""
    if settings.database_url and settings.nats_url:
        return ""
    try:
        free = shutil.disk_usage(settings.data_dir).free
    except OSError:
        return ""  # the folder is not made yet
    if free >= ROOM_OCTETS:
        return ""
    return f"the disk is full: {free // MB} MB free under {settings.data_dir}"


def room_mend(settings: Settings) -> str:
    """What to do where the disk of a store is full while it runs."""
    return (
        f"Free space {_where(settings)}: it goes on by itself then."
        " No message is lost or doubled meanwhile."
    )


def free_and_start(settings: Settings) -> str:
    """What to do where a full disk keeps a store from its start."""
    return f"Free space {_where(settings)}, then start again."


def _where(settings: Settings) -> str:
    if settings.database_url and settings.nats_url:
        return "on the disks of PostgreSQL and NATS"
    return "on the disk of PostgreSQL" if settings.database_url else f"under {settings.data_dir}"
