"""How many texts were promised to whom: what a workspace published, and when a person agreed. Pure.

A promise that is lowered holds for everybody at once. One that is raised, or taken back, holds for those
who agree from then on: to everybody else stays promised what held when they agreed, or any less since.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

import orjson

# The longest month: so neither a calendar month nor any 31 days in a row ever hold more.
PROMISED_DAYS: Final = 31
PROMISED_HOURS: Final = PROMISED_DAYS * 24


class Step(NamedTuple):
    """Who agreed from `since` on (None: at any time) gets at most so many; 0: nothing is promised."""

    since: datetime | None
    most: int


def make_steps(published: Iterable[tuple[datetime, int]]) -> tuple[Step, ...]:
    """From all versions, the oldest first; a count of 0 took the promise back. Empty: it binds nobody."""
    versions = list(published)
    steps: list[Step] = []
    least = 0
    for at, most in reversed(versions):
        least = min(filter(None, (least, most)), default=0)
        steps.append(Step(at, least))
    if not least:
        return ()
    return (Step(None, least), *reversed(steps))


def find_promised(steps: tuple[Step, ...], agreed_at: datetime | None) -> int:
    """What was promised to somebody; 0: nothing. Of whom nobody knows when they agreed: the least."""
    for step in reversed(steps):
        if step.since is None or (agreed_at is not None and step.since <= agreed_at):
            return step.most
    return 0


def read_steps(published: list[tuple[str, int]] | None) -> tuple[Step, ...]:
    """From the rows of `sql.LEASE_BATCHES`; null: nothing was ever promised."""
    return make_steps((datetime.fromisoformat(at), most) for at, most in published or ())


def write_steps(steps: tuple[Step, ...]) -> str:
    """As the statements of messaging.sql read them."""
    rows = [
        {
            "since": step.since.isoformat() if step.since else "-infinity",
            "most": step.most or None,
        }
        for step in steps
    ]
    return orjson.dumps(rows).decode()
