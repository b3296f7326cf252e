"""The HTTP roles under granian: web (WSGI, threads) and edge (RSGI, one event loop).

granian's main process starts and watches one worker process, which imports `roles.web` or
`roles.edge` and serves. Run several processes behind one port by running the role several times
on several machines; a second worker here would hide its metrics behind the first one's.
"""

import logging
import multiprocessing
import os
import signal
from typing import Any

import structlog
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server
from granian.server.common import AbstractServer

from textwell.core.logs import configure_logs
from textwell.core.settings import Settings, load_settings
from textwell.runtime.boot import adopt, leave_with_parent, process_name
from textwell.runtime.limits import count_cpus

# More than cores: most of them wait for the commit that their group shares (`api.quick`).
WEB_THREADS = min(32, 6 * count_cpus())
WEB_QUEUE = 256  # requests that wait for a thread; more are refused, so that answers stay quick
DRAIN_S = 15
GRANIAN_LOG = "_granian"

log = structlog.get_logger()


def build_server(name: str, settings: Settings) -> "AbstractServer[Any]":
    """The configured server of `web` or `edge`, not yet serving."""
    is_web = name == "web"
    return Server(
        f"textwell.runtime.roles.{name}:application",
        address=settings.bind_host,
        port=settings.web_port if is_web else settings.edge_port,
        interface=Interfaces.WSGI if is_web else Interfaces.RSGI,
        http=HTTPModes.http1,
        websockets=False,
        loop=Loops.uvloop,
        workers=1,
        blocking_threads=WEB_THREADS if is_web else None,
        backpressure=WEB_QUEUE if is_web else None,
        respawn_failed_workers=True,
        respawn_interval=1.0,
        workers_kill_timeout=DRAIN_S,
        process_name=f"textwell run --role {name}",
        log_level=LogLevels.warning,
    )


def serve_http(name: str) -> None:
    """Serve until SIGTERM or SIGINT; open requests are answered first."""
    configure_logs(name)
    leave_with_parent()
    logging.getLogger(GRANIAN_LOG).addFilter(_is_news)
    fork_workers()
    server = build_server(name, load_settings())
    adopt(os.getpid())  # the worker process lives as long as this one
    os.register_at_fork(after_in_child=_end_on_signal)
    log.info("role started", name=process_name(name))
    try:
        server.serve()
    finally:
        log.info("role ended")


def fork_workers() -> None:
    """Let granian's worker be a copy of this process, whose memory it shares.

    The fork server leaves its own method behind in its children, from which granian makes new
    interpreters: 90 MB and most of a second for each.
    """
    if multiprocessing.get_start_method() == "forkserver":
        multiprocessing.set_start_method("fork", force=True)


def _is_news(record: logging.LogRecord) -> bool:
    """Not that there are more threads than cores: that is meant."""
    return "Python threads" not in record.getMessage()


def _end_on_signal() -> None:
    """Until the forked worker serves, a signal ends it: its parent's handler would only be noted."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
