"""The signing key in the data folder: made once, and whole before anybody can see it."""

import errno
import os
import secrets
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from textwell.core.errors import FieldError

NAME = "TEXTWELL_SECRET_KEY"
FILE_NAME = "secret.key"
MOST_WRITING_S = 0.5  # an empty file is waited for so long
_NO_HARD_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)  # of some file systems


def read_or_make_key(path: Path) -> str:
    """The key that this file keeps, readable by us alone. Processes that start at once get the same.

    Raises:
        FieldError: the file cannot be written or read, or is empty. A new key in its place would hide
            that the old one is lost.
    """
    try:
        if not path.exists():
            _make(path)
        key = _read(path)
    except OSError as error:
        raise FieldError(
            NAME,
            f"is not set, and {path} cannot be used: {error.strerror or error}.",
            "Give the file and its folder to the user that runs Textwell, or set the key.",
        ) from error
    if not key.strip():
        raise FieldError(
            NAME,
            f"is not set, and {path} is empty.",
            "Put the old key back from a backup; or delete the file, and a new key is made: everybody"
            " signs in again, and passwords of gateways must be entered again.",
        )
    return key


def _read(path: Path) -> str:
    """As it stands there: what is sealed is sealed with every character of it, a line end too."""
    ends_at = time.monotonic() + MOST_WRITING_S
    while not (key := path.read_text()).strip() and time.monotonic() < ends_at:
        time.sleep(0.02)  # where there are no hard links another process may be writing it
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    draft = Path(name)
    try:
        _write(number, secrets.token_urlsafe(48))
        _give_name(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _write(number: int, key: str) -> None:
    with os.fdopen(number, "w") as file:
        file.write(key)
        file.flush()
        os.fsync(number)


def _give_name(draft: Path, path: Path) -> None:
    """What others wrote a moment ago stays: a link takes no name that there is."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        with suppress(FileExistsError):
            new = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            _write(new, draft.read_text())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # what is sealed from now on must find its key after a power cut
    finally:
        os.close(folder)
