"""What a workspace chose of the rules, as it stood at any moment: to judge once more what went out then."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from textwell.compliance.choices import write_choices
from textwell.messaging.law_choices import whole_choices
from textwell.messaging.models import ExceptionDay, ExceptionState, LenientReading

ChosenAs = Literal["then", "now"]


@dataclass(frozen=True, slots=True)
class _Stood:
    """One choice, from when to when it held; `until` None: it holds."""

    since: datetime
    until: datetime | None
    free_day: tuple[str, date] | None = None
    lenient: str = ""

    def holds_at(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class ChosenThen:
    """`words[n]` holds until `changes[n]`, the last one since; words as `compliance.choices` writes them."""

    changes: tuple[datetime, ...]
    words: tuple[str, ...]

    def at(self, moment: datetime) -> str:
        return self.words[bisect_right(self.changes, moment)]


def load_choices(workspace_id: int, chosen: ChosenAs) -> ChosenThen:
    """As they stood at each moment, or as they stand now whenever it was."""
    if chosen == "now":
        return ChosenThen((), (whole_choices(workspace_id),))
    stood = [*_days(workspace_id), *_readings(workspace_id)]
    changes = sorted(
        {each.since for each in stood} | {each.until for each in stood if each.until is not None}
    )
    return ChosenThen(tuple(changes), ("", *(_word(stood, moment) for moment in changes)))


def _word(stood: Iterable[_Stood], moment: datetime) -> str:
    holding = [each for each in stood if each.holds_at(moment)]
    return write_choices(
        free_days=[each.free_day for each in holding if each.free_day is not None],
        lenient=[each.lenient for each in holding if each.lenient],
    )


def _days(workspace_id: int) -> Iterator[_Stood]:
    """Those that somebody approved, also where they were withdrawn later."""
    mine = ExceptionDay.objects.filter(workspace_id=workspace_id, approved_at__isnull=False)
    for each in mine:
        is_over = each.state == ExceptionState.WITHDRAWN
        if each.approved_at is not None:
            until = each.decided_at if is_over else None
            yield _Stood(each.approved_at, until, free_day=(each.country, each.day))


def _readings(workspace_id: int) -> Iterator[_Stood]:
    for each in LenientReading.objects.filter(workspace_id=workspace_id):
        yield _Stood(each.chosen_at, each.ended_at, lenient=each.chosen_name)
