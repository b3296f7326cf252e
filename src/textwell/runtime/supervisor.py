"""The process tree of one machine: stores, migrations, every role; what dies is started again."""

import os
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from textwell.core.bus import close_sync_bus
from textwell.core.metrics import ROLE_RESTARTS, MetricsServer, gauge, serve_metrics
from textwell.core.room import find_room_problem, room_mend
from textwell.core.settings import Settings
from textwell.runtime.forkserver import Running, start_command
from textwell.runtime.readiness import down_problem
from textwell.runtime.rolelist import ROLE_NAMES, SUPERVISOR_OFFSET
from textwell.runtime.stores import StoreFailed, Stores

log = structlog.get_logger()

LOOK_S = 0.1
STORES_LOOK_S = 1.0
DRAIN_S = 25.0  # roles drain in 20 seconds; what is left then is killed
SAME_WISH_S = 1.0  # make passes on a SIGTERM that its whole process group got already
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_S = 60.0  # a role that ran so long starts again at once
ROLE_UP = gauge("role_up", "1 while the role's process runs.", ["role"])


@dataclass(slots=True)
class Child:
    """One role's process, or the time at which it is started again. `command`: after `textwell`."""

    role: str
    command: tuple[str, ...] = ()
    process: Running | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause_s: float = 0.0

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process is not None else None


def next_pause(pause_s: float, *, ran_s: float) -> float:
    """How long a dead role waits: nothing after a steady run, else twice as long as last time."""
    if ran_s >= STEADY_S:
        return 0.0
    return min(LONGEST_PAUSE_S, max(FIRST_PAUSE_S, pause_s * 2))


class Supervisor:
    """Runs roles as children until SIGTERM or SIGINT, then drains them and stops the stores."""

    def __init__(
        self,
        *,
        settings: Settings,
        stores: Stores,
        roles: Sequence[str] = ROLE_NAMES,
        companions: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """`companions`: name and command of programs of ours that roles talk to; they end last."""
        self._settings = settings
        self._stores = stores
        self.children = {role: Child(role, ("run", "--role", role)) for role in roles}
        self._companions = frozenset(companions or ())
        for name, command in (companions or {}).items():
            self.children[name] = Child(name, tuple(command))
        self._is_stopping = False
        self._is_hurried = False
        self._told_at = float("inf")
        self._stores_at = 0.0
        self._is_full = False
        self._metrics: MetricsServer | None = None

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop: stores and roles are going, or gone."""
        return self._is_stopping

    def run(self) -> None:
        """Return after everything has ended. Call it from the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        self._serve_metrics()
        try:
            while not self._is_stopping:
                self.look()
                time.sleep(LOOK_S)
        finally:
            self.close()

    def look(self) -> None:
        """Start what is due and note what has died; called about ten times a second."""
        for child in self.children.values():
            self._look_after(child)
        if time.monotonic() - self._stores_at > STORES_LOOK_S:
            self._stores_at = time.monotonic()
            self._look_after_stores()

    def close(self) -> None:
        """Drain the roles, kill what does not end, stop the stores last."""
        if self._metrics is not None:
            self._metrics.close()
        running = [child for child in self.children.values() if child.process is not None]
        self._drain([child for child in running if child.role not in self._companions])
        self._drain([child for child in running if child.role in self._companions])
        close_sync_bus()  # our own connection, if a demo made one: its end is no news
        self._stores.close()

    def _drain(self, running: list[Child]) -> None:
        for child in running:
            _send(child, signal.SIGTERM)
        deadline = time.monotonic() + DRAIN_S
        while any(_is_running(child) for child in running):
            if time.monotonic() > deadline or self._is_hurried:
                break
            time.sleep(LOOK_S / 2)
        for child in running:
            if _is_running(child):
                if self._is_hurried:
                    log.warning("role killed: told to stop a second time", child=child.role)
                else:
                    log.warning("role killed: it did not drain in time", child=child.role)
                _send(child, signal.SIGKILL)
            assert child.process is not None
            child.process.wait()

    def _on_signal(self, number: int, _frame: object) -> None:
        is_first = not self._is_stopping
        self._is_stopping = True  # before anything else: the next signal may come meanwhile
        if is_first:
            self._told_at = time.monotonic()
            log.info("stopping", signal=signal.Signals(number).name)
        elif time.monotonic() - self._told_at > SAME_WISH_S:
            self._is_hurried = True  # a second Ctrl-C: the person does not want to wait

    def _look_after(self, child: Child) -> None:
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return
            ran_s = time.monotonic() - child.started_at
            child.pause_s = next_pause(child.pause_s, ran_s=ran_s)
            child.start_at = time.monotonic() + child.pause_s
            child.process = None
            ROLE_UP.labels(role=child.role).set(0)
            ROLE_RESTARTS.labels(role=child.role).inc()
            log.warning("role died", child=child.role, code=code, again_in_s=child.pause_s)
        if time.monotonic() >= child.start_at:
            self._start(child)

    def _start(self, child: Child) -> None:
        child.process = start_command(child.command)
        child.started_at = time.monotonic()
        ROLE_UP.labels(role=child.role).set(1)

    def _look_after_stores(self) -> None:
        self._look_for_room()
        for store in self._stores.members:
            if store.is_stuck():
                log.warning("there is room again: starting the store anew", store=store.name)
                store.stop()
        dead = self._stores.dead()
        if not dead or self._is_full:  # without room none would start
            return
        log.warning("store died, starting it again", stores=dead)
        try:
            self._stores.start()
        except (StoreFailed, OSError) as error:
            log.error("store does not start", error=str(error))  # noqa: TRY400 - the text says all

    def _look_for_room(self) -> None:
        """Say once that the disk is full, and once that there is room again."""
        problem = find_room_problem(self._settings) if self._stores.members else ""
        if problem and not self._is_full:
            log.error(problem, mend=room_mend(self._settings))
        elif self._is_full and not problem:
            log.info("there is room on the disk again")
        self._is_full = bool(problem)

    def _serve_metrics(self) -> None:
        port = self._settings.metrics_port + SUPERVISOR_OFFSET
        try:
            self._metrics = serve_metrics(port, self._problems, host=self._settings.bind_host)
        except OSError as error:
            log.warning("no metrics page", port=port, error=str(error))

    def _problems(self) -> dict[str, str]:
        down = {child.role: "is down" for child in self.children.values() if child.process is None}
        full = find_room_problem(self._settings) if self._stores.members else ""
        room = {"disk": f"{full}. {room_mend(self._settings)}"} if full else {}
        dead = {name: down_problem(self._settings, name) for name in self._stores.dead()}
        return down | dead | room


def _is_running(child: Child) -> bool:
    return child.process is not None and child.process.poll() is None


def _send(child: Child, number: signal.Signals) -> None:
    if _is_running(child):
        assert child.process is not None
        # The role's whole group: granian's worker process must not outlive a killed role.
        try:
            if number == signal.SIGKILL:
                os.killpg(child.process.pid, number)
                return
        except ProcessLookupError:  # it leads no group yet
            pass
        child.process.send_signal(number)
