"""What was promised to whom: how many texts, by which senders, about which topics. Pure.

A promise that is lowered holds for everybody at once. One that is raised, or taken back, holds for those
who agree from then on: to everybody else stays promised what held when they agreed, or any less since.
Senders and topics are those of the present version.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

# The longest month: so neither a calendar month nor any 31 days in a row ever hold more.
PROMISED_DAYS: Final = 31
PROMISED_HOURS: Final = PROMISED_DAYS * 24


class Step(NamedTuple):
    """Who agreed from `since` on (None: at any time) gets at most so many; 0: nothing is promised."""

    since: datetime | None
    most: int


class Named(NamedTuple):
    """By whom and about what marketing is promised to come. A text without a topic is about none."""

    senders: frozenset[tuple[str, str]]  # and their countries, "" for every other
    topics: frozenset[str]


SENDER_NOT_PROMISED: Final = "sender_not_promised"
TOPIC_NOT_PROMISED: Final = "topic_not_promised"


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
    """From what `sql.promise_of` answers; null: nothing was ever promised."""
    return make_steps((datetime.fromisoformat(at), most) for at, most in published or ())


def read_named(promise: Mapping[str, Any] | None) -> Named | None:  # Any: JSON
    """From the body of the present version; None: none promises anything."""
    if not promise or not promise["most"]:
        return None
    return Named(
        frozenset((each["value"], each["country"]) for each in promise["senders"]),
        frozenset(each["key"] for each in promise["topics"]),
    )


def list_unpromised(named: Named | None, sender: str, topic: str) -> dict[str, str]:
    """The gate's reason against marketing by a sender about a topic, by country; "" is every other."""
    if named is None:
        return {}
    if topic and topic not in named.topics:
        return {"": TOPIC_NOT_PROMISED}
    countries = {country for value, country in named.senders if value == sender}
    if "" in countries:
        return {}
    return {"": SENDER_NOT_PROMISED} | dict.fromkeys(sorted(countries), "")


def find_unpromised(unpromised: Mapping[str, str], country: str) -> str:
    """The reason in one country; "" for none."""
    return unpromised.get(country, unpromised.get("", ""))


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
