"""What a copied child is given, beside a new interpreter."""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

from granian.server.mp import WorkerProcess

from textwell.runtime.http import fork_workers

_ASK = """
import importlib, os, sys
importlib.import_module("textwell.runtime.preload")
from django.db import connections
threads = len(os.listdir("/proc/self/task"))
sockets = [name for name in os.listdir("/proc/self/fd") if "socket:" in read(name)]
opened = [each for each in connections.all() if each.connection is not None]
print(threads, sockets, opened)
"""
_READ = """
def read(name):
    import os
    try:
        return os.readlink(f"/proc/self/fd/{name}")
    except OSError:
        return ""
"""


def test_the_process_that_is_copied_has_one_thread_and_nothing_open() -> None:
    """A copy has only the thread that forked: another's lock would be held for ever."""
    told = subprocess.run(
        [sys.executable, "-c", _READ + _ASK],
        env=os.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.split() == ["1", "[]", "[]"], told.stderr


_CHILDREN = """
import os, signal, time
from multiprocessing import forkserver
from textwell.runtime.forkserver import start_command

def start():
    return start_command(["simulate", "carrier", "--quiet", "--port", "0", "--http-port", "0"],
                         is_silent=True)

if __name__ == "__main__":
    codes = []
    for delay in (0, 0, 0.002, 0.005):
        child = start()
        time.sleep(delay)
        child.send_signal(signal.SIGTERM)
        codes.append(child.wait(20) is not None)
    print("heeded", codes)

    child = start()
    time.sleep(1)
    os.kill(child.pid, signal.SIGSTOP)
    os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)
    time.sleep(0.2)
    print("lives", child.poll())
    child.send_signal(signal.SIGKILL)
    print("lost", child.wait(20))

    child = start()
    os.remove(forkserver._forkserver._forkserver_address)
    other = start()
    print("anew", type(other).__name__, other.poll())
    for each in (child, other):
        each.send_signal(signal.SIGKILL)
        each.wait(20)
"""


def test_a_child_heeds_what_comes_at_once_and_is_known_without_its_server(tmp_path: Path) -> None:
    program = tmp_path / "children.py"
    program.write_text(_CHILDREN)

    told = subprocess.run(
        [sys.executable, program],
        env=os.environ | {"TEXTWELL_DATA": str(tmp_path / "data")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )

    lines = told.stdout.splitlines()
    assert "no fork server: a child is a new interpreter" in told.stdout
    assert [line for line in lines if "[warning" not in line] == [
        "heeded [True, True, True, True]",
        "lives None",
        "lost 255",
        "anew Popen None",
    ], told.stderr


def test_the_worker_of_a_copied_role_is_a_copy_too() -> None:
    """A copied child makes new interpreters, unless it is told otherwise: 90 MB each."""
    before = multiprocessing.get_start_method()
    multiprocessing.set_start_method("forkserver", force=True)
    try:
        fork_workers()

        assert WorkerProcess(None, 0, print, ())._spawn_method == "fork"
    finally:
        multiprocessing.set_start_method(before, force=True)
