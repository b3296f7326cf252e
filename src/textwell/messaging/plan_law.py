"""Law for many at once: the places of an audience, and from when each may get its text.

The statements of `messaging.sql.plan` name a place by a word; here the words are read, each place is
judged once, and the answers go back as rows that the statements join.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from textwell.core.clock import now
from textwell.messaging.consent_law import NO_TERMS as NO_CONSENT_TERMS
from textwell.messaging.consent_law import consent_terms
from textwell.messaging.invitation_law import invitation_terms
from textwell.messaging.law import (
    NO_LAW,
    NUMBER_STARTS,
    Law,
    Place,
    cap_terms,
    judge_hours,
    judge_law,
)
from textwell.messaging.purposes import is_marketing
from textwell.messaging.register_law import NO_TERMS, register_terms

NO_LAWS: Final = "[]"
_STARTS: Final = orjson.dumps(NUMBER_STARTS).decode()


def law_layer(*, purpose: str, is_simulated: bool, layer: str) -> str:
    """Which rules hold for a text: none for what is no marketing or reaches no phone."""
    return NO_LAW if is_simulated or not is_marketing(purpose) else layer


def law_params(layer: str) -> dict[str, Any]:
    """What LAW_KEY, LAW_JOIN, CAP_JOIN, OWN_REGISTERS and `consent_reason` bind.

    `law` becomes what `write_laws` answers, and `law_capped` what `write_capped` does, where `cap_terms`
    asks for anything.
    """
    return {
        "law_layer": layer,
        "law_starts": _STARTS,
        "law": NO_LAWS,
        "law_capped": NO_LAWS,
        "cap_terms": NO_LAWS,
        **terms_of(layer),
    }


def terms_of(layer: str) -> dict[str, Any]:
    """What law has to say of consents, registers and invitations.

    Nothing where none holds, but where strangers may be invited: that is asked on the way to no phone too.
    """
    day = now().date()
    invited = {"invitation_terms": invitation_terms(day, asks_registers=layer != NO_LAW)}
    if layer == NO_LAW:
        return {"register_terms": NO_TERMS, "consent_terms": NO_CONSENT_TERMS, **invited}
    return {"register_terms": register_terms(day), "consent_terms": consent_terms(day), **invited}


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


def write_cap_terms(keys: Iterable[str]) -> str:
    """Which of these places have caps of law, and what CAP_MOMENTS reads for them."""
    here = {part for key in keys if key for part in key.split("|", 2)[:2]}
    terms = [asdict(term) for term in cap_terms(now().date()) if term.place in here]
    return orjson.dumps(terms).decode()


def write_capped(
    groups: Iterable[tuple[str, str]], laws: Mapping[str, Law], *, at: datetime, layer: str
) -> str:
    """Rows of CAP_JOIN: people of a place who had their texts at the same moments are judged once."""
    rows = []
    for key, moments in groups:
        opened = laws[key].lawful_at or at
        law = judge_law(place_of_key(key), opened, layer, read_moments(moments))
        if law.reason:
            reason = "" if law.lawful_at else law.reason
            rows.append({"key": key, "moments": moments, "due_at": law.lawful_at, "reason": reason})
    return orjson.dumps(rows).decode()


def read_moments(word: str) -> list[datetime]:
    """The moments that a CAP_MOMENTS word names: quarters of an hour since 1970."""
    return [datetime.fromtimestamp(int(each) * 900, UTC) for each in word.split(",")]
