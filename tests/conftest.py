"""A real PostgreSQL and a real NATS for each process of pytest, in a folder and on ports of its own.

They start when the first test asks for them, and end with the run, also by Ctrl-C or kill -9.
Nothing waits for the disk here: that is the only difference from real stores. `make test` shares
the tests among processes (pytest-xdist) by the groups made here.
"""

import gc
import os
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

# Before anything imports the settings: this run's own data folder, and no store of the operator's.
DATA_DIR = Path(tempfile.mkdtemp(prefix="twt-"))
DATA_DIR.chmod(0o755)
os.environ["TEXTWELL_DATA"] = str(DATA_DIR)
os.environ["DJANGO_SETTINGS_MODULE"] = "textwell.config.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the builders use the ORM, in async tests too
for name in ("DATABASE_URL", "NATS_URL"):
    os.environ.pop(name, None)

import django  # noqa: E402 - the environment comes first
import pytest  # noqa: E402
from django.conf import settings as django_settings  # noqa: E402

if django_settings.configured:  # they were read before this file, from somebody's real folder
    raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: the tests have settings of their own.")

from textwell.core.catalogs import compile_catalogs  # noqa: E402

compile_catalogs()  # pages in the languages of their readers, as a first run has them
django.setup()

# A tenth of the time of tests that ask pages and operations went into looking for garbage among what
# stays until the end.
gc.freeze()
gc.set_threshold(50_000, 20, 20)

# Fixed costs of each test: a hash for each person, and a walk through all static files for each
# test client. The processes that tests start know nothing of this.
django_settings.PASSWORD_HASHERS = ["hashing.CheapArgon2"]
django_settings.WHITENOISE_AUTOREFRESH = True

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.utils import translation  # noqa: E402
from pytest_django.plugin import DjangoDbBlocker  # noqa: E402

import wide  # noqa: E402, F401 - sets how many examples hypothesis tries
from builders import make_owner, make_workspace  # noqa: E402 - the models come after the set-up
from textwell.accounts.models import User, Workspace  # noqa: E402
from textwell.core.bus import Bus, close_sync_bus, connect_bus, ensure_streams  # noqa: E402
from textwell.core.settings import Settings, load_settings  # noqa: E402
from textwell.core.streams import STREAMS  # noqa: E402
from textwell.runtime.stores import StoreOptions, Stores, open_stores  # noqa: E402

# Django gives async code a connection of its own; here an async test shares the one (and the
# transaction) of its fixtures, which run in the same thread.
connections._connections = threading.local()  # type: ignore[attr-defined]


# Whole processes, kills and things that take their time. Of each set one test runs after the other;
# the sets run first and side by side: their sums decide how long the whole takes.
WAITING = ({"dispatch"}, {"drill", "edge", "runtime"}, {"e2e"})


def _group(nodeid: str) -> str:
    """Who shares a process: the tests of a file, for its fixtures; all of one set of `WAITING`."""
    file = nodeid.partition("::")[0]
    for number, folders in enumerate(WAITING):
        if folders & {*file.split("/")}:
            return f"waiting {number}"
    return file


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    yield
    items.sort(
        key=lambda item: not _group(item.nodeid).startswith("waiting ")
    )  # stable: Django's own order stays


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:  # Any: pytest-xdist's own
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _group(nodeid)

    return ByGroup(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Each process reads the settings only when it has a folder of its own."""
    del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_unconfigure() -> None:
    shutil.rmtree(DATA_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def conf() -> Settings:
    """Settings of this run."""
    return load_settings()


@pytest.fixture(scope="session")
def stores(conf: Settings) -> Iterator[Stores]:
    """Both stores, running."""
    opened = open_stores(conf, StoreOptions(is_durable=False, dies_with_us=True))
    yield opened
    close_sync_bus()
    opened.close()


@pytest.fixture(scope="session")
def django_db_setup(stores: Stores, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database as the real migrations make it; the whole run uses the one of the stores."""
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(autouse=True)
def _empty_ledger(request: pytest.FixtureRequest) -> Iterator[None]:
    """After tests that commit: empty the tables made by hand-written SQL, which Django leaves."""
    marker = request.node.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction"))
    if not commits and "transactional_db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    tables = [model._meta.db_table for model in apps.get_models() if not model._meta.managed]
    if tables:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(tables)}")


@pytest.fixture(autouse=True)
def _no_language_left() -> Iterator[None]:
    """A page leaves the language of its reader on in this thread; the next test starts in English."""
    yield
    translation.deactivate()


@pytest.fixture
async def bus(stores: Stores) -> AsyncIterator[Bus]:
    """A connected bus; all streams exist and are empty."""
    connected = await connect_bus(name="test", timeout_s=10)
    await ensure_streams(connected)
    for spec in STREAMS:
        await connected.js.purge_stream(spec.name)
    yield connected
    await connected.close()


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make_workspace()


@pytest.fixture
def owner(workspace: Workspace) -> User:
    """A user who owns `workspace`; the password is `correct horse battery`."""
    return make_owner(workspace=workspace)
