"""What every process of ours does first: logs, Django, its parent's life."""

import multiprocessing
import os
import signal
import socket
import sys
import threading
import time

from textwell.core.logs import configure_logs

PARENT_VARIABLE = "TEXTWELL_PARENT"  # process id of who started us, set for its children
WATCH_S = 0.5


def start_django(role: str) -> None:
    """Configure logs and Django in this process. Calling it twice is safe."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "textwell.config.settings")
    configure_logs(role)
    import django

    django.setup()


def leave_in_order() -> None:
    """SIGTERM and SIGINT raise SystemExit once: what is being started is stopped, not left behind.

    For the time before a supervisor listens. A repeated signal changes nothing.
    """

    def leave(number: int, _frame: object) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_IGN)
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)


def process_name(role: str) -> str:
    """`ingest@host:1234`: who holds a lease, a lock, a connection."""
    return f"{role}@{socket.gethostname()}:{os.getpid()}"


def leave_with_parent() -> None:
    """Get SIGTERM when the process that started us ends, however it ends.

    A thread looks twice a second: whether our parent is still who it was and, where that is only
    the fork server, whether the supervisor that asked it for us is there. Without a supervisor
    nothing happens.
    """
    text = os.environ.get(PARENT_VARIABLE, "")
    if not text.isdigit():
        return
    parent = int(text)
    watcher = threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True)
    watcher.start()


def adopt(parent: int) -> None:
    """Children started from here on live as long as `parent`."""
    os.environ[PARENT_VARIABLE] = str(parent)


def _watch(parent: int) -> None:
    asked_by = multiprocessing.parent_process()
    while os.getppid() == parent and (asked_by is None or asked_by.is_alive()):
        time.sleep(WATCH_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(30)  # drained by then, or stuck
    sys.stderr.write("The supervisor is gone and this role does not end by itself: leaving.\n")
    os._exit(1)
