"""What a copied child is given, beside a new interpreter."""

import os
import subprocess
import sys

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
