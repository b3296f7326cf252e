"""Both stores of a data folder, and who else uses them now."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog

from textwell.core.room import MB, NEW_OCTETS, NO_SPACE, free_and_start
from textwell.core.settings import Settings
from textwell.runtime.stores.nats import Nats
from textwell.runtime.stores.postgres import Postgres
from textwell.runtime.stores.process import StoreFailed, StoreOptions

log = structlog.get_logger()


class Stores:
    """The stores that we are responsible for; `members` is empty where both are the operator's."""

    def __init__(self, data_dir: Path, members: tuple[Postgres | Nats, ...]) -> None:
        self.members = members
        self._data_dir = data_dir
        self._users: int | None = None  # an open file with a shared lock: "we use them"

    def start(self) -> None:
        """Start what does not run. Safe to call again: a store that died is started anew.

        Raises:
            StoreFailed: with the reason and the end of the store's log.
        """
        if not self.members:
            return
        with _locked(self._data_dir / "stores.lock"):
            self._note_use()
            for store in self.members:
                # In this thread: a store that dies with us dies with the thread that started it.
                is_new = store.start()
                log.debug("store", name=store.name, started=is_new, pid=store.pid())

    def dead(self) -> list[str]:
        """Names of stores whose process is gone."""
        return [store.name for store in self.members if store.pid() is None]

    def close(self) -> bool:
        """Stop both unless another process uses them; True if they were stopped."""
        if not self.members or self._users is None:
            return False
        with _locked(self._data_dir / "stores.lock"):
            is_last = self._drop_use()
            if is_last:
                for store in self.members:
                    store.stop()
        return is_last

    def _note_use(self) -> None:
        if self._users is None:
            self._users = os.open(self._data_dir / "stores.users", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def _drop_use(self) -> bool:
        """Give up our share; True if nobody else has one. A killed process has none."""
        assert self._users is not None
        is_last = False
        with suppress(BlockingIOError):
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_last = True
        os.close(self._users)
        self._users = None
        return is_last


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def find_stores(settings: Settings, options: StoreOptions | None = None) -> Stores:
    """The stores of the data folder as they are; nothing is started."""
    chosen = options or StoreOptions()
    members: list[Postgres | Nats] = []
    if not settings.database_url:
        members.append(Postgres(settings.data_dir, chosen))
    if not settings.nats_url:
        members.append(Nats(settings.data_dir, chosen))
    return Stores(settings.data_dir, tuple(members))


def open_stores(settings: Settings, options: StoreOptions | None = None) -> Stores:
    """Make the data folder and start what the settings leave to us.

    Raises:
        StoreFailed: with the reason and what to do.
    """
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreFailed(
            f"The data folder {settings.data_dir} cannot be made: {error.strerror}. "
            "Set TEXTWELL_DATA to a folder that you may write."
        ) from error
    stores = find_stores(settings, options)
    _require_room(settings)
    try:
        stores.start()
    except OSError as error:
        stores.close()
        raise StoreFailed(_unwritable(settings, error)) from error
    except StoreFailed as error:
        stores.close()
        if NO_SPACE not in str(error):
            raise
        raise StoreFailed(f"{error}\n{free_and_start(settings)}") from error
    except BaseException:
        stores.close()
        raise
    return stores


def _require_room(settings: Settings) -> None:
    """A new PostgreSQL must not run out of room half-made. Raises StoreFailed."""
    if settings.database_url or (settings.data_dir / "pg" / "PG_VERSION").exists():
        return
    free = shutil.disk_usage(settings.data_dir).free
    if free < NEW_OCTETS:
        raise StoreFailed(
            f"A new data folder takes {NEW_OCTETS // MB} MB at once, and {free // MB} MB are free under"
            f" {settings.data_dir}. {free_and_start(settings)}"
        )


def _unwritable(settings: Settings, error: OSError) -> str:
    """What a file of the data folder did to us, and the mend."""
    cause = f"{error.filename or settings.data_dir}: {error.strerror or error}."
    if error.errno == errno.ENOSPC:
        return f"The data folder cannot be used: {cause} {free_and_start(settings)}"
    return (
        f"The data folder cannot be used: {cause} Give {settings.data_dir} and all in it to the user"
        " that runs Textwell, or set TEXTWELL_DATA to a folder that it may write."
    )
