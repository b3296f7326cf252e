"""The signing key in the data folder: made once, and whole before anybody can see it."""

import os
import secrets
import tempfile
from pathlib import Path

from textwell.core.errors import FieldError

NAME = "TEXTWELL_SECRET_KEY"
FILE_NAME = "secret.key"


def read_or_make_key(path: Path) -> str:
    """The key that this file keeps, readable by us alone. Processes that start at once get the same.

    Raises:
        FieldError: the file cannot be written or read, or is empty. A new key in its place would hide
            that the old one is lost.
    """
    try:
        if not path.exists():
            _make(path)
        key = path.read_text().strip()
    except OSError as error:
        raise FieldError(
            NAME,
            f"is not set, and {path} cannot be used: {error.strerror or error}.",
            "Give the file and its folder to the user that runs Textwell, or set the key.",
        ) from error
    if not key:
        raise FieldError(
            NAME,
            f"is not set, and {path} is empty.",
            "Put the old key back from a backup; or delete the file, and a new key is made: everybody"
            " signs in again, and passwords of gateways must be entered again.",
        )
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    draft = Path(name)
    try:
        with os.fdopen(number, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(number)
        _give_name(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _give_name(draft: Path, path: Path) -> None:
    """What others wrote a moment ago stays: a link takes no name that there is."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # what is sealed from now on must find its key after a power cut
    finally:
        os.close(folder)
