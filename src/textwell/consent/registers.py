"""Do-not-contact registers: numbers that a public list names, taken from its file as a whole."""

import csv
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.consent.models import Register, RegisterNumber
from textwell.core.clock import now
from textwell.core.db import copy_rows, cursor
from textwell.core.errors import FieldError, NotFound
from textwell.text import normalise_bulk

SLICE: Final = 10_000  # lines read at a time
_DIGITS: Final = 6  # that a cell has at least, if it is a number and no heading
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('register.' || %s, 0))"
_STAGED: Final = "CREATE TEMP TABLE register_staged (msisdn text) ON COMMIT DROP"
_PUT: Final = """
INSERT INTO consent_registernumber (register_id, msisdn)
SELECT %(id)s, msisdn FROM register_staged GROUP BY msisdn
"""


@dataclass(frozen=True, slots=True)
class Imported:
    """`rejected_count`: lines that hold no number of any country, and were left out."""

    register: Register
    rejected_count: int


def replace_register(
    *,
    workspace_id: int,
    key: str,
    name: str,
    country: str,
    lines: Iterable[str],
    filename: str,
    checked_at: datetime,
    actor: str,
) -> Imported:
    """Put the numbers of a file in the place of those that the register had. Twice is once.

    One number a line, or a CSV file: the first column that holds numbers is read. Numbers without a
    country code are read as of `country`. Plans and hand-offs go by the old list until it is done.

    Raises:
        FieldError: `checked_at` cannot be, or there is no number in the file; nothing is changed.
    """
    _check_time(checked_at)
    with transaction.atomic():
        with cursor() as raw:
            raw.execute(_LOCK, [f"{workspace_id}.{key}"])
        before = Register.objects.filter(workspace_id=workspace_id, key=key).first()
        _check_newer(before, checked_at)
        rejected_count = _stage(lines, country)
        register = before or Register(workspace_id=workspace_id, key=key)
        told = (
            {"number_count": before.number_count, "checked_at": before.checked_at} if before else {}
        )
        register.name, register.country = name, country
        register.filename, register.checked_at = filename[:200], checked_at
        register.actor, register.imported_at = actor, now()
        register.number_count = 0
        register.save()
        register.number_count = _put(register.id)
        register.save(update_fields=["number_count"])
        record_audit(
            workspace_id=workspace_id,
            actor=actor,
            action="registers.imported",
            subject=f"register:{register.id}",
            before=told,
            after={
                "name": name,
                "number_count": register.number_count,
                "rejected_count": rejected_count,
                "checked_at": checked_at,
            },
        )
    return Imported(register, rejected_count)


def delete_register(*, workspace_id: int, register_id: int, actor: str) -> None:
    """Forget a register and its numbers: what its country asks is as if it had never been imported.

    Raises:
        NotFound: there is no such register here.
    """
    with transaction.atomic():
        register = access_register(workspace_id, register_id)
        RegisterNumber.objects.filter(register_id=register.id).delete()
        register.delete()
        record_audit(
            workspace_id=workspace_id,
            actor=actor,
            action="registers.removed",
            subject=f"register:{register_id}",
            before={"name": register.name, "number_count": register.number_count},
        )


def access_register(workspace_id: int, register_id: int) -> Register:
    """Raises NotFound where there is none of this id here."""
    found = Register.objects.filter(workspace_id=workspace_id, id=register_id).first()
    if found is None:
        raise NotFound("register", register_id)
    return found


def list_registers(workspace_id: int) -> list[Register]:
    """All of a workspace, by name: there are few."""
    return list(Register.objects.filter(workspace_id=workspace_id).order_by("name", "id"))


def _check_time(checked_at: datetime) -> None:
    if checked_at.tzinfo is None:
        mend = _("Give it with its offset, as 2026-11-24T09:30:00+01:00.")
        raise FieldError("checked_at", _("has no time zone"), mend)
    if checked_at > now():
        mend = _("Say when the list was taken from the register.")
        raise FieldError("checked_at", _("is in the future"), mend)


def _check_newer(before: Register | None, checked_at: datetime) -> None:
    if before is not None and checked_at < before.checked_at:
        mend = _("Import the latest list. Remove the register first if its time was wrong.")
        raise FieldError("checked_at", _("is before that of the list on file"), mend)


def _stage(lines: Iterable[str], country: str) -> int:
    """The numbers into a table of this transaction; how many lines hold none."""
    rejected = kept = 0
    with cursor() as raw:
        raw.execute(_STAGED)
        every = _cells(lines)
        while cells := list(itertools.islice(every, SLICE)):
            found = [one.e164 for one in normalise_bulk(cells, country) if one.e164]
            copy_rows(raw, "register_staged", ["msisdn"], ([each] for each in found))
            kept += len(found)
            rejected += len(cells) - len(found)
    if not kept:
        mend = _("Give a file with a number on each line, or a CSV file with a column of them.")
        raise FieldError("file", _("holds no number"), mend)
    return rejected


def _put(register_id: int) -> int:
    RegisterNumber.objects.filter(register_id=register_id).delete()
    with cursor() as raw:
        raw.execute(_PUT, {"id": register_id})
        count = int(raw.rowcount)
        raw.execute("DROP TABLE register_staged")
    return count


def _cells(lines: Iterable[str]) -> Iterator[str]:
    """What stands in the column of numbers, without empty lines and headings."""
    clean = (line.replace("\x00", "").lstrip("\ufeff") for line in lines)
    first = next(clean, "")
    delimiter = max(",;\t", key=first.count)
    column: int | None = None
    try:
        for row in csv.reader(itertools.chain([first], clean), delimiter=delimiter):
            if column is None:
                column = next((n for n, cell in enumerate(row) if _is_numeric(cell)), None)
            if column is not None and column < len(row) and row[column].strip():
                yield row[column].strip()
    except csv.Error as error:
        mend = _("Save it as CSV in UTF-8.")
        raise FieldError("file", _("is no CSV file"), mend) from error


def _is_numeric(cell: str) -> bool:
    return len(re.findall(r"[0-9]", cell)) >= _DIGITS
