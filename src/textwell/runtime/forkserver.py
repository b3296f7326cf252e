"""Children that start at once: forked from a process that has imported everything already.

Each role on its own takes a second of a core to import what the others import too. Here that is
done once, in a process without threads, sockets or connections (the standard library's fork
server), and a role is a copy of it: there in a few hundredths of a second, again after a death too,
and what was imported is in memory once. Where processes cannot be copied safely (anything but
Linux), a child is a new interpreter.
"""

import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from typing import Protocol

import setproctitle
import structlog

from textwell.runtime.boot import PARENT_VARIABLE, adopt
from textwell.runtime.stores.process import is_alive

log = structlog.get_logger()

PROGRAM = "textwell.cli.main"
PRELOADED = "textwell.runtime.preload"
HELD_BACK = (signal.SIGTERM, signal.SIGINT)  # from the fork server: they are its children's to heed
SERVER_LOST = 255  # multiprocessing's exit code of a child whose server is gone
LOOK_S = 0.05
CAN_FORK = sys.platform == "linux"


class Running(Protocol):
    """What a supervisor needs of a child; `subprocess.Popen` has it."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """The exit code. Raises subprocess.TimeoutExpired after `timeout` seconds."""

    def send_signal(self, sig: int) -> None:
        """Nothing happens where it has ended."""


def warm_up() -> None:
    """Begin to import in the background; the first child waits for it. Calling it twice is safe."""
    if not CAN_FORK:
        return
    with suppress(OSError):  # whoever starts a child is told
        _ensure_server()


def _ensure_server() -> None:
    multiprocessing.set_forkserver_preload([PRELOADED])
    resource_tracker.ensure_running()  # first: it unblocks signals
    # The server keeps them blocked, and its children until they can heed them: none is lost.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD_BACK)
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def start_command(command: Sequence[str], *, is_silent: bool = False) -> Running:
    """`textwell <command>` as a child in a session of its own, which ends when this process does.

    It reads nothing, and writes to our standard output and error as they were at `warm_up`;
    `is_silent`: its standard output is thrown away.
    """
    if CAN_FORK:
        try:
            return _Forked(command, is_silent=is_silent)
        except (OSError, EOFError) as error:  # its socket in the temporary folder is gone, say
            log.warning("no fork server: a child is a new interpreter", error=repr(error))
    return subprocess.Popen(
        [sys.executable, "-m", PROGRAM, *command],
        env=os.environ | {PARENT_VARIABLE: str(os.getpid())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if is_silent else None,
        start_new_session=True,  # Ctrl-C reaches us alone, and we drain them in order
    )


class _Forked:
    """A child of the fork server, by what its pipe tells."""

    def __init__(self, command: Sequence[str], *, is_silent: bool) -> None:
        _ensure_server()
        context = multiprocessing.get_context("forkserver")
        self._command = tuple(command)
        self._process = context.Process(target=_run_command, args=(self._command, is_silent))
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        code = self._process.exitcode
        if code == SERVER_LOST and is_alive(self.pid):
            return None  # not the child has ended, but who would tell of it: it is on its way out
        return code

    def wait(self, timeout: float | None = None) -> int:
        until = None if timeout is None else time.monotonic() + timeout
        self._process.join(timeout)
        while (code := self.poll()) is None:
            if until is not None and time.monotonic() >= until:
                raise subprocess.TimeoutExpired(list(self._command), timeout or 0)
            time.sleep(LOOK_S)
        return code

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, sig)


def _run_command(command: tuple[str, ...], is_silent: bool) -> None:
    """In the child: what a new interpreter would be given, then the program."""
    os.setsid()  # Ctrl-C reaches the supervisor alone, and it drains us in order
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD_BACK)
    adopt(os.getppid())
    setproctitle.setproctitle(" ".join(("textwell", *command)))
    if is_silent:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
    sys.argv = ["textwell", *command]
    importlib.import_module(PROGRAM).main()
