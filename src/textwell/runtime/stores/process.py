"""Starting, finding and ending a store's process, whichever store it is."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from textwell.core.errors import TextwellError

LOWERED = Path(__file__).with_name("lowered.py")
LOG_LIMIT_OCTETS = 10_000_000


class StoreFailed(TextwellError):
    """A store in the box could not be started or reached; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """How the stores are run. The defaults are for real data.

    `is_durable` False: nothing waits for the disk (tests only: a power cut loses data).
    `dies_with_us`: the stores end when the starting process ends, even by kill -9 (Linux).
    """

    is_durable: bool = True
    dies_with_us: bool = False


def is_alive(pid: int) -> bool:
    """Whether a process runs under that id; a zombie does not run."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _linux_state(pid) != "Z"


def _linux_state(pid: int) -> str:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "?"
    return stat.rpartition(")")[2].split()[0]


def command_line(pid: int) -> str:
    """The command line of a process, blank-separated; empty where it cannot be read."""
    try:
        return (
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        )
    except OSError:
        pass
    shown = subprocess.run(  # macOS has no /proc
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip()


def wait_until(condition: Callable[[], bool], *, timeout_s: float, every_s: float = 0.02) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every_s)
    return True


def start_process(
    command: Sequence[str], *, log_path: Path, lowering: Sequence[str] = (), cwd: Path
) -> "subprocess.Popen[bytes]":
    """Start a store apart from our terminal, so that Ctrl-C reaches only us. Output to the log."""
    log_path.parent.mkdir(parents=True, exist_ok=True)
    if log_path.exists() and log_path.stat().st_size > LOG_LIMIT_OCTETS:
        log_path.replace(log_path.with_suffix(".old.log"))
    whole = [sys.executable, "-I", str(LOWERED), *lowering, "--", *command] if lowering else command
    try:
        with log_path.open("ab") as output:
            return subprocess.Popen(
                list(whole),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=cwd,
                start_new_session=True,
            )
    except OSError as error:
        raise StoreFailed(f"{whole[0]} cannot be started: {error.strerror or error}") from error


def run_lowered(command: Sequence[str], *, lowering: Sequence[str], cwd: Path) -> None:
    """Run to the end; StoreFailed with what it said if it fails."""
    whole = [sys.executable, "-I", str(LOWERED), *lowering, "--", *command] if lowering else command
    done = subprocess.run(list(whole), capture_output=True, text=True, cwd=cwd, check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise StoreFailed(f"{Path(command[0]).name} failed: {said}")


def end_process(
    pid: int, steps: Sequence[tuple[signal.Signals, float]], *, gone: Callable[[], bool]
) -> None:
    """Send each signal in turn, giving the process that many seconds; return when it is gone."""
    for number, patience_s in steps:
        if gone():
            return
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        if wait_until(gone, timeout_s=patience_s):
            return


def write_whole(path: Path, text: str) -> None:
    """Replace the file, or leave it as it is: a full disk must not leave half a configuration."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_text(text)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise StoreFailed(f"{path} cannot be written: {error.strerror or error}.") from error


def log_tail(path: Path, *, lines: int = 8) -> str:
    """The last lines of a log, for error messages; empty if there is none."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
