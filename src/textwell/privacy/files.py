"""Copies of imported files: the lines of a person are blanked where they stand, all others stay."""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from textwell.contacts.models import ImportRun

_NO_DIGIT = re.compile(rb"\D")


def wipe_lines(workspace_id: int, *, nationals: Sequence[str], emails: Sequence[str]) -> int:
    """Blank the lines that hold one of these; answers how many files had some.

    A line keeps its length and its delimiters: the places of the others, and what is staged, hold.
    """
    found = ImportRun.objects.filter(workspace_id=workspace_id).exclude(path="")
    return sum(
        _wipe_file(Path(run.path), run.delimiter.encode(), nationals, emails)
        for run in found.only("path", "delimiter").iterator()
    )


def _wipe_file(
    path: Path, delimiter: bytes, nationals: Sequence[str], emails: Sequence[str]
) -> bool:
    if not path.is_file():
        return False
    digits = [each.encode() for each in nationals]
    addresses = [each.lower().encode() for each in emails]
    draft = path.with_suffix(".wiping")
    count = 0
    with path.open("rb") as source, draft.open("wb") as target:
        for line in source:
            is_theirs = _holds(line, digits, addresses)
            count += is_theirs
            target.write(_blank(line, delimiter) if is_theirs else line)
    if not count:
        draft.unlink()
        return False
    os.replace(draft, path)  # noqa: PTH105 - atomic, as it says
    return True


def _holds(line: bytes, digits: Iterable[bytes], addresses: Iterable[bytes]) -> bool:
    only = _NO_DIGIT.sub(b"", line)
    if any(each in only for each in digits):
        return True
    small = line.replace(b"\0", b"").lower()
    return any(each in small for each in addresses)


def _blank(line: bytes, delimiter: bytes) -> bytes:
    kept = {*delimiter, *b'"\r\n\0'}
    return bytes(octet if octet in kept else 0x78 for octet in line)  # x
