"""Runs one role in this process until it is told to stop."""

import asyncio
import importlib
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping

import structlog

from textwell.core.memory import calm_collector
from textwell.core.metrics import ROLE_STARTED, MetricsServer, serve_metrics
from textwell.core.settings import Settings, load_settings
from textwell.runtime.boot import leave_with_parent, process_name, start_django
from textwell.runtime.context import RoleContext, StoppedEarly
from textwell.runtime.readiness import remember_store_problems
from textwell.runtime.rolelist import find_role

log = structlog.get_logger()

HTTP_ROLES = frozenset({"web", "edge"})  # served by granian, in a process of its own making

Run = Callable[[RoleContext], Awaitable[None]]


def run_role(name: str) -> None:
    """Run until SIGTERM or SIGINT, then drain and return."""
    if name in HTTP_ROLES:
        from textwell.runtime.http import serve_http

        serve_http(name)
        return
    start_django(name)
    from textwell.messaging.own_packs import follow_packs  # Django first

    follow_packs()
    leave_with_parent()
    settings = load_settings()
    run: Run = importlib.import_module(f"textwell.runtime.roles.{name}").run
    if sys.platform == "win32":
        asyncio.run(_run(name, settings, run))
    else:
        import uvloop

        uvloop.run(_run(name, settings, run))


async def _run(name: str, settings: Settings, run: Run) -> None:
    context = RoleContext(settings=settings, role=name, name=process_name(name))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, context.stop.set)
    metrics = show_metrics(name, settings, context.problems, context.notes)
    calm_collector()
    log.info("role started", name=context.name)
    try:
        await run(context)
    except StoppedEarly:
        log.info("stopped before NATS answered")
    finally:
        if metrics is not None:
            metrics.close()
    log.info("role ended")


def show_metrics(
    name: str,
    settings: Settings,
    problems: Callable[[], Mapping[str, str]],
    notes: Callable[[], Mapping[str, str]] = dict,
) -> MetricsServer | None:
    """`/metrics`, `/healthz` and `/readyz` of this process; None where the port is taken.

    A taken port (a second process of a role on one machine) costs the page, not the role.
    """
    ROLE_STARTED.labels(role=name).set_to_current_time()
    stores = remember_store_problems(settings)
    port = settings.metrics_port + find_role(name).metrics_offset
    try:
        return serve_metrics(
            port,
            lambda: {**stores.get(), **problems()},
            notes=notes,
            host=settings.bind_host,
        )
    except OSError as error:
        log.warning("no metrics page", port=port, error=str(error))
        return None
