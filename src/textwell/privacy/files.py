"""Copies of imported files and of their rows: a person's lines are blanked where they stand, all others stay.

Every line is looked at, as a number may be written in any way: nobody else waits for it.
"""

import fcntl
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, LiteralString

from textwell.contacts.models import ImportRun
from textwell.core.db import cursor
from textwell.privacy.registry import BLANK_ROW
from textwell.privacy.staging import national_part

_NO_DIGIT = re.compile(rb"\D")


_NUMBERS: Final[LiteralString] = """
SELECT DISTINCT found.msisdn FROM (
    SELECT msisdn FROM contacts_contact
    WHERE workspace_id = %(workspace_id)s AND id = ANY(%(contact_ids)s)
    UNION SELECT msisdn FROM messaging_message
    WHERE workspace_id = %(workspace_id)s AND contact_id = ANY(%(contact_ids)s)
) found
WHERE found.msisdn <> '' AND NOT EXISTS (
    SELECT FROM contacts_contact c WHERE c.workspace_id = %(workspace_id)s AND c.msisdn = found.msisdn
      AND c.id <> ALL(%(contact_ids)s))
"""
_EMAILS: Final[LiteralString] = """
SELECT DISTINCT lower(email) FROM contacts_contact
WHERE workspace_id = %(workspace_id)s AND id = ANY(%(contact_ids)s) AND email <> ''
"""
_WIPE_RAW: Final[LiteralString] = f"""
{BLANK_ROW}
  AND raw <> '' AND (
    EXISTS (SELECT FROM unnest(%(emails)s::text[]) AS t(text) WHERE strpos(lower(raw), t.text) > 0)
    OR EXISTS (SELECT FROM unnest(%(nationals)s::text[]) AS t(text)
               WHERE strpos(regexp_replace(raw, '\\D', '', 'g'), t.text) > 0
                 AND EXISTS (SELECT FROM regexp_matches(raw, '"[^"]*"|[^,"]+', 'g') AS f(part)
                             WHERE strpos(regexp_replace(f.part[1], '\\D', '', 'g'), t.text) > 0)))
"""  # noqa: S608 - of constants alone


def wipe_copies(workspace_id: int, contact_ids: Sequence[int]) -> None:
    """Blank the lines of people who are about to be erased. Twice is once.

    Before their erasure takes its locks: this may read gigabytes.
    """
    params: dict[str, Any] = {"workspace_id": workspace_id, "contact_ids": list(contact_ids)}
    with cursor() as raw:
        raw.execute(_NUMBERS, params)
        nationals = [national_part(row[0]) for row in raw.fetchall()]
        raw.execute(_EMAILS, params)
        emails = [row[0] for row in raw.fetchall()]
    wipe_texts(workspace_id, nationals=nationals, emails=emails)


def wipe_texts(
    workspace_id: int, *, nationals: Sequence[str], emails: Sequence[str]
) -> tuple[int, int]:
    """Blank the rows and lines that hold one of these; answers how many rows, and in how many files."""
    if not nationals and not emails:
        return 0, 0
    params: dict[str, Any] = {
        "workspace_id": workspace_id, "nationals": list(nationals), "emails": list(emails),
    }  # fmt: skip
    with cursor() as raw:
        raw.execute(_WIPE_RAW, params)
        count = raw.rowcount
    return count, wipe_lines(workspace_id, nationals=nationals, emails=emails)


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
    with _alone(path.parent):
        try:
            with path.open("rb") as source, draft.open("wb") as target:
                for line in source:
                    is_theirs = _holds(line, delimiter, digits, addresses)
                    count += is_theirs
                    target.write(_blank(line, delimiter) if is_theirs else line)
            if count:
                os.replace(draft, path)  # noqa: PTH105 - atomic, as it says
        finally:
            draft.unlink(missing_ok=True)
    return count > 0


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One wipes at a time: of two, the last would put back what the first has blanked."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _holds(
    line: bytes, delimiter: bytes, digits: Iterable[bytes], addresses: Iterable[bytes]
) -> bool:
    only = _NO_DIGIT.sub(b"", line)
    suspected = [each for each in digits if each in only]  # of few lines; the columns tell
    if suspected:
        columns = re.findall(rb'"[^"]*"|[^"%b]+' % re.escape(delimiter), line)
        if any(each in _NO_DIGIT.sub(b"", column) for column in columns for each in suspected):
            return True
    small = line.replace(b"\0", b"").lower()
    return any(each in small for each in addresses)


def _blank(line: bytes, delimiter: bytes) -> bytes:
    kept = {*delimiter, *b'"\r\n\0'}
    return bytes(octet if octet in kept else 0x78 for octet in line)  # x
