"""Clicks that could not reach the stream wait in a file of the data folder until they can.

Each process appends to a file of its own, locked while the process lives; on replay a process takes
its own file and those that dead processes left behind.
"""

import errno
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

_LONGEST_FILE = 4 << 20  # octets; then a new one, so that a replay reads little at once


class SpooledBatch(msgspec.Struct):
    """One publish that did not succeed. `message_id` lets the stream recognise it if it did."""

    subject: str
    message_id: str
    payload: msgspec.Raw


class Spool:
    """Append-only files of batches. Calls block for one fsync: use a thread from asyncio."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None
        # Appends come from threads; a replay on the loop must not close the file under one.
        self._lock = threading.Lock()

    def append(self, batch: SpooledBatch) -> None:
        """Keep a batch; durable when this returns. Raises OSError if the disk will not."""
        line = msgspec.json.encode(batch) + b"\n"
        with self._lock:
            file = self._own_file()
            try:
                if os.write(file, line) != len(line):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # noqa: TRY301 - as the disk would
                os.fsync(file)
            except OSError:
                self._leave_file()  # half a line may be in it: the next batch begins a new file
                raise
            if os.fstat(file).st_size >= _LONGEST_FILE:
                self._leave_file()

    def close(self) -> None:
        """Give up the present file, for another process to replay. Twice is safe."""
        with self._lock:
            self._leave_file()

    def is_empty(self) -> bool:
        return not any(self._folder.glob("*.jsonl"))

    @contextmanager
    def taken(self) -> Iterator[list[SpooledBatch]]:
        """The batches of one file that nobody else holds; it is deleted if the block succeeds.

        A crash in the block replays them: the stream knows their message ids for a while, and the
        ledger counts people, not requests.
        """
        with self._lock:
            self._leave_file()
            found = self._take_file()
        if found is None:
            yield []
            return
        file, path = found
        try:
            yield list(_read(path))
            path.unlink(missing_ok=True)
        finally:
            os.close(file)

    def _own_file(self) -> int:
        while self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = self._folder / f"{time.time_ns()}-{os.getpid()}.jsonl"
            made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            fcntl.flock(made, fcntl.LOCK_EX)
            if os.fstat(made).st_nlink:
                self._file = made
            else:  # before it was locked another process replayed it as a dead one's, and deleted it
                os.close(made)
        return self._file

    def _leave_file(self) -> None:
        if self._file is not None:
            os.close(self._file)  # gives up the lock: the next append opens a new file
            self._file = None

    def _take_file(self) -> tuple[int, Path] | None:
        for path in sorted(self._folder.glob("*.jsonl")):
            try:
                file = os.open(path, os.O_RDONLY)
            except FileNotFoundError:
                continue  # another process replayed it a moment ago
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
                continue
            if path.exists():
                return file, path
            os.close(file)
        return None


def _read(path: Path) -> Iterator[SpooledBatch]:
    for line in path.read_bytes().splitlines():
        try:
            yield msgspec.json.decode(line, type=SpooledBatch)
        except msgspec.DecodeError:
            continue  # the last line of a process that was killed while writing: never answered for
