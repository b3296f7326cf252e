"""A data folder as a first start leaves it: made once for all processes of a run, then copied.

For tests of what comes later. An empty folder costs each start a cluster, all migrations and the
table of places: some fifteen seconds of a core.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_RUN = "PYTEST_XDIST_TESTRUNUID"  # the same in all processes of a run
_MAKE = """
from pathlib import Path
from textwell.core.settings import load_settings
from textwell.runtime.boot import start_django
from textwell.runtime.stores import StoreOptions, open_stores

start_django("prepare")
from textwell.contacts.places import load_places
from textwell.runtime.migrate import migrate

settings = load_settings()
stores = open_stores(settings, StoreOptions(is_durable=False))
try:
    migrate(settings)
    load_places()
finally:
    stores.close()
"""


def prepare(data: Path, factory: pytest.TempPathFactory) -> None:
    """Make `data` the folder of an installation that was started once; nobody has signed up yet."""
    made = _template(factory)
    data.mkdir(exist_ok=True)
    for folder in (data, *list(data.parents)[:3]):
        folder.chmod(0o755)  # PostgreSQL runs as another user where the tests run as root
    # -a keeps that user; shutil would make the files root's.
    subprocess.run(["cp", "-a", str(made / "pg"), str(data)], check=True)


def _template(factory: pytest.TempPathFactory) -> Path:
    base = factory.getbasetemp()
    shared = base.parent if _RUN in os.environ else base
    made = shared / "prepared"
    with (shared / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the others wait for who came first
        if not (made / "pg").exists():
            _make(made)
    return made


def _make(made: Path) -> None:
    raw = made.with_name("prepared.raw")
    shutil.rmtree(raw, ignore_errors=True)  # of one who died over it
    raw.mkdir()
    for folder in (raw, *list(raw.parents)[:2]):
        folder.chmod(0o755)
    subprocess.run(
        [sys.executable, "-c", _MAKE], env=os.environ | {"TEXTWELL_DATA": str(raw)}, check=True
    )
    raw.rename(made)
