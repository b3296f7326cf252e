"""A file system of its own that a test really fills."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, *, mb: int) -> Iterator[Path]:
    """`folder` with room for so many megabytes; the test is skipped where nothing may be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={mb}m,mode=755", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no program mount")
    if done.returncode:
        pytest.skip(f"no file system may be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """A file that takes all the room there is, most of it at a stroke: nobody sees it half full.

    Again: it takes what was given back meanwhile.
    """
    path = folder / "fill"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        free = shutil.disk_usage(folder).free
        if free:
            os.posix_fallocate(handle, os.fstat(handle).st_size, free)
        while True:
            os.write(handle, b"\0" * 65_536)
    except OSError:
        return path
    finally:
        os.close(handle)
