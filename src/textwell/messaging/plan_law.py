"""Law for many at once: the places of an audience, and from when each may get its text.

The statements of `messaging.sql.plan` name a place by a word; here the words are read, each place is
judged once, and the answers go back as rows that the statements join.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import orjson

from textwell.core.clock import now
from textwell.messaging.law import NO_LAW, NUMBER_STARTS, Law, Place, judge_hours
from textwell.messaging.purposes import is_marketing
from textwell.messaging.register_law import NO_TERMS, register_terms

NO_LAWS: Final = "[]"
_STARTS: Final = orjson.dumps(NUMBER_STARTS).decode()


def law_layer(*, purpose: str, is_simulated: bool, layer: str) -> str:
    """Which rules hold for a text: none for what is no marketing or reaches no phone."""
    return NO_LAW if is_simulated or not is_marketing(purpose) else layer


def law_params(layer: str) -> dict[str, Any]:
    """What LAW_KEY, LAW_JOIN and OWN_REGISTERS bind; `law` becomes what `write_laws` answers."""
    return {
        "law_layer": layer,
        "law_starts": _STARTS,
        "law": NO_LAWS,
        "register_terms": NO_TERMS if layer == NO_LAW else register_terms(now().date()),
    }


def judge_places(keys: Iterable[str], *, at: datetime, layer: str) -> dict[str, Law]:
    """What holds at each place at that moment, by its word."""
    return {key: judge_hours(place_of_key(key), at, layer) for key in keys if key}


def place_of_key(key: str) -> Place:
    """The place that a LAW_KEY names."""
    country, start, zone = key.split("|", 2)
    return Place(country, start, zone)


def write_laws(laws: dict[str, Law]) -> str:
    """Rows of LAW_JOIN: where nothing speaks against the time there is none."""
    rows = [
        {"key": key, "due_at": law.lawful_at, "reason": "" if law.lawful_at else law.reason}
        for key, law in laws.items()
        if law.reason
    ]
    return orjson.dumps(rows).decode()
