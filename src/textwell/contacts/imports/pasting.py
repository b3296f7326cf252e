"""People pasted as lines, made the CSV file that an import reads: there is no second way in."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.contacts.imports.actions import set_mapping, start_import
from textwell.contacts.imports.staging import as_csv
from textwell.contacts.imports.steps import begin_step
from textwell.contacts.models import ImportRun
from textwell.core.errors import FieldError

MAX_LINES: Final = 10_000
HEADER: Final = ("number", "name")
MAPPING: Final = {"number": "msisdn", "name": "first_name"}
# Digits in any spelling, of any script that a telephone shows: (0)90-123 45 67, +84.90.123.4567.
_NUMBER: Final = re.compile(r"[+＋(]*\d(?:[\s().\-/–·]*\d){6,}")
_BETWEEN: Final = re.compile(r"[,;|\t，；、]+")
_MARKS: Final = " \t：，；、,;:|<>()[]\"'–-"


def read_lines(text: str) -> Iterator[tuple[str, str]]:
    """(number, name) of each line that is not empty, as they are written; what is no number stays.

    A line holds a number, or a name and a number in either order, or several numbers between commas.
    """
    for line in text.splitlines():
        if line.strip():
            yield from _read_line(line.strip())


def _read_line(line: str) -> list[tuple[str, str]]:
    parts = [part.strip() for part in _BETWEEN.split(line) if part.strip(_MARKS)]
    if len(parts) > 1 and all(_NUMBER.fullmatch(part.strip("<>")) for part in parts):
        return [(part.strip("<>"), "") for part in parts]
    found = [match for part in parts for match in _NUMBER.findall(part)]
    if len(found) != 1:
        return [(line, "")]  # the dry run says what is wrong with it
    before, _number, after = line.partition(found[0])
    name = " ".join(part.strip(_MARKS) for part in (before, after) if part.strip(_MARKS))
    return [(found[0], name)]


def import_pasted(
    *, workspace_id: int, text: str, region: str, consent: Mapping[str, str], actor: str
) -> ImportRun:
    """Start an import of pasted people and enqueue its dry run. Nothing is stored before it is applied.

    Raises:
        FieldError: on `people` (nobody, or too many) or `consent.…` (a part of the proof is missing).
    """
    rows = list(read_lines(text.replace("\x00", "")))
    if not rows:
        mend = _("Write a number a line, with a name before or after it if you have one.")
        raise FieldError("people", _("Nobody is here."), mend)
    if len(rows) > MAX_LINES:
        mend = _("Paste %(most)d at most, or choose a CSV file.") % {"most": MAX_LINES}
        raise FieldError("people", _("These are too many."), mend)
    with (
        tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file,
        transaction.atomic(),
    ):
        file.writelines(as_csv(row) + "\r\n" for row in (HEADER, *rows))
        file.flush()
        run = start_import(
            workspace_id=workspace_id,
            path=Path(file.name),
            filename=_("Pasted people"),
            actor=actor,
            region=region,
        )
        set_mapping(run=run, mapping=MAPPING, consent=consent)
        return begin_step(run=run, kind="contacts.dry_run", actor=actor)
