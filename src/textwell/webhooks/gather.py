"""From the ledgers to happenings and deliveries: a step a second, by the scheduler's leader.

While nothing happens a step is one query: it sees where every source ends, and reads those that have
something new, or had until lately (rows may be committed late).

A step without any endpoint only moves its cursors: what happened before an endpoint was made is not
told to it.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import connection, transaction

from textwell.core.clock import now
from textwell.core.models import Cursor
from textwell.webhooks import sql

CHUNK_ROWS: Final = 20_000
OVERLAP: Final = timedelta(seconds=30)
AWAKE: Final = 3 * OVERLAP  # the cursor follows in two steps of OVERLAP
CODES_EVERY_S: Final = 60.0  # nothing tells that a code was given: pools are looked at
KEPT: Final = timedelta(days=30)  # as sql.FORGET_OLD


@dataclass(frozen=True, slots=True)
class Source:
    """A table with rising ids.

    `fold` names the fold's cursor where there is one; `first` is a statement that goes before, over
    the same rows.
    """

    name: str
    table: str
    statement: str
    fold: str = ""
    first: str = ""


FOLDED: Final = (
    Source("outcomes", "messaging_outcome", sql.OUTCOMES, "fold.outcome"),
    Source("reports", "messaging_dlr", sql.REPORTS, "fold.dlr", first=sql.KEEP_UNMATCHED),
)
OVERLAPPED: Final = (
    Source("replies", "inbox_reply", sql.REPLIES),
    Source("answers", "inbox_threadentry", sql.ANSWERS),
    Source("clicks", "links_click", sql.CLICKS),
    Source("consents", "consent_consentevent", sql.CONSENTS),
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What `sql.SIGNS` saw. `ends` are the highest ids of OVERLAPPED, in their order."""

    workspaces: list[int]
    cursors: dict[str, int]
    ends: list[int]
    finished: str
    roots: str
    has_unmatched: bool
    codes: list[int]  # workspaces that asked to hear of codes that run out


def gather() -> int:
    """One step over every source; answers how many deliveries were made. Calling twice is safe."""
    return Gatherer().step()


class Gatherer:
    """Gathers, and remembers which sources are quiet. A new one looks at all of them."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[str, object] = {}
        self._changed_at: dict[str, float] = {}
        self._codes_at = -CODES_EVERY_S

    def step(self) -> int:
        """Read what has something new; answers how many deliveries were made.

        After a step that failed all sources are looked at anew.
        """
        try:
            return self._step(_look())
        except BaseException:
            self._seen.clear()
            raise

    def _step(self, signs: Signs) -> int:
        workspaces = signs.workspaces
        made = sum(_gather_folded(s, workspaces) for s in FOLDED if _is_behind(s, signs.cursors))
        for source, end in zip(OVERLAPPED, signs.ends, strict=True):
            if self._is_awake(source.name, (end, workspaces)):
                made += _gather_overlapped(source, workspaces)
        if workspaces and self._is_awake("campaigns", (signs.finished, workspaces)):
            made += _run(sql.CAMPAIGNS, workspaces)
        if workspaces and self._is_awake("roots", (signs.roots, workspaces)):
            made += _run(sql.ROOTS, workspaces)
        if signs.codes and self._clock() - self._codes_at >= CODES_EVERY_S:
            self._codes_at = self._clock()
            made += _run(sql.CODES_LOW, signs.codes)
        if workspaces and signs.has_unmatched:
            made += _run(sql.LATE_REPORTS, workspaces)
            _execute(sql.FORGET_UNMATCHED)
        return made

    def _is_awake(self, name: str, sign: object) -> bool:
        """Whether the source changed just now or within AWAKE: cursors are at its end after that."""
        at = self._clock()
        if name not in self._seen or self._seen[name] != sign:
            self._seen[name], self._changed_at[name] = sign, at
        return at - self._changed_at[name] <= AWAKE.total_seconds()


def _look() -> Signs:
    ends = ", ".join(f"({sql.HIGHEST.replace('__TABLE__', s.table)})" for s in OVERLAPPED)
    names = [name for s in FOLDED for name in (s.fold, f"webhooks.{s.name}")]
    with connection.cursor() as cursor:
        cursor.execute(sql.SIGNS.replace("__ENDS__", ends), {"cursors": names})
        workspaces, cursors, *others = cursor.fetchone()
    return Signs(workspaces, json.loads(cursors), *others)


def _is_behind(source: Source, cursors: Mapping[str, int]) -> bool:
    """Whether the fold is ahead of what was gathered, or nothing was gathered yet."""
    position = cursors.get(f"webhooks.{source.name}")
    return position is None or cursors.get(source.fold, 0) > position


def forget_old_happenings() -> int:
    """Drop what is older than thirty days, deliveries with it; answers how many."""
    with connection.cursor() as cursor:
        cursor.execute(sql.FORGET_OLD)
        return int(cursor.rowcount)


def _gather_folded(source: Source, workspaces: Sequence[int]) -> int:
    """Up to the fold's cursor, some thousand rows in a transaction."""
    made = 0
    while True:
        with transaction.atomic():
            folded = _fold_position(source.fold)
            position = _lock(f"webhooks.{source.name}", start=folded)
            until = min(folded, position + CHUNK_ROWS) if workspaces else folded
            if until <= position:
                return made
            if workspaces:
                if source.first:
                    _execute(source.first, workspaces, position, until)
                made += _run(source.statement, workspaces, position, until)
            _move(f"webhooks.{source.name}", until)


def _gather_overlapped(source: Source, workspaces: Sequence[int]) -> int:
    """From where things stood at least `OVERLAP` ago: rows that were committed late are met too."""
    with transaction.atomic():
        highest = _highest(source.table)
        after = _lock(f"webhooks.{source.name}", start=highest)
        made = _run(source.statement, workspaces, after, highest) if workspaces else 0
        _rotate(source.name, highest)
    return made


def _rotate(name: str, highest: int) -> None:
    """Let the cursor follow to where it saw the end of the table `OVERLAP` ago."""
    seen, is_new = Cursor.objects.get_or_create(
        name=f"webhooks.{name}.seen", defaults={"position": highest}
    )
    if not is_new and seen.updated_at < now() - OVERLAP:
        _move(f"webhooks.{name}", seen.position)
        _move(seen.name, highest)


def _lock(name: str, *, start: int) -> int:
    """The cursor's position, ours until commit; a new one starts at `start`: at the present."""
    held, _is_new = Cursor.objects.select_for_update().get_or_create(
        name=name, defaults={"position": start}
    )
    return held.position


def _move(name: str, position: int) -> None:
    Cursor.objects.filter(name=name).update(position=position, updated_at=now())


def _fold_position(name: str) -> int:
    found = Cursor.objects.filter(name=name).values_list("position", flat=True).first()
    return found or 0


def _highest(table: str) -> int:
    return int(_execute(sql.HIGHEST.replace("__TABLE__", table))[0])


def _run(
    statement: str, workspaces: Sequence[int], after: int | None = None, until: int | None = None
) -> int:
    """Run a statement that gathers; answers how many deliveries it made."""
    return int(_execute(statement, workspaces, after, until)[1])


def _execute(
    statement: str,
    workspaces: Sequence[int] = (),
    after: int | None = None,
    until: int | None = None,
) -> tuple[Any, ...]:
    """The first row of the answer; () of a statement that gives none."""
    params: dict[str, Any] = {"workspaces": list(workspaces), "after": after, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return () if cursor.description is None else tuple(cursor.fetchone())
