"""Texts of a campaign in groups that no rule of some packs can tell apart: one statement a chunk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import orjson

from textwell.campaigns.models import Campaign
from textwell.compliance.library import Library
from textwell.compliance.places import codes_under, find_places
from textwell.compliance.schema import CapRule, ConsentRule, Pack, RegisterRule
from textwell.compliance.types import Recipient
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.messaging.law import NUMBER_STARTS, Place, zones_of
from textwell.messaging.register_law import key_of
from textwell.messaging.states import WAITING, State
from textwell.reports.rejudging.sql import (
    GROUPS,
    PLACES,
    SINGLE_GROUPS,
    SINGLE_PLACES,
    WAITING_GROUPS,
    WAITING_PLACES,
)

_STARTS: Final = orjson.dumps(NUMBER_STARTS).decode()
WAITING_STATES: Final = sorted(WAITING - {State.HANDING})
_WEEK: Final = 168  # hours of a calendar week


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that are judged alike: `key` tells them apart.

    `message_id`, `given_at` and `handed` are of one of them; `ids` of all, where they wait.
    """

    key: tuple[object, ...]
    country: str
    start: str
    zone: str
    language: str
    minute: datetime
    kind: str  # of the consent's last event, "" for none
    basis: str
    count: int
    message_id: int
    given_at: datetime | None
    handed: tuple[datetime, ...]
    ids: tuple[int, ...] = ()
    registers: tuple[str, ...] = ()  # of what waits: key+ names the number, key- does not


@dataclass(frozen=True, slots=True)
class Terms:
    """What the packs look at that a group must be told apart by."""

    library: Library
    months: tuple[int, ...]  # lifetimes of a consent
    hours: tuple[int, ...]  # periods of caps; 0: a calendar day, -1: a calendar week
    day: date | None = None  # on which packs are asked for caps; None: today
    countries: tuple[str, ...] = ()  # only of what waits: whose texts are looked at
    registers: tuple[str, ...] = ()  # keys of lists that are asked about it

    def zones(self, places: list[Place]) -> dict[str, list[str]]:
        """Every plausible zone of the places that have a cap, by their key."""
        day = self.day or now().date()
        found = {}
        for place in places:
            recipient = Recipient(place.country, number=place.number_start, zones=zones_of(place))
            here = find_places(recipient, day, self.library)
            if any(isinstance(rule, CapRule) for pack in here.packs for rule in pack.rule):
                key = f"{place.country}|{place.number_start}|{place.zone}"
                found[key] = list(here.zones)
        return found


def terms_of(campaign: Campaign, library: Library) -> Terms:
    """What any pack of the library may ask of these texts."""
    day = (campaign.launched_at or now()).date()
    packs = (library.find(name, day) for name in library.ids)
    return _terms(library, (pack for pack in packs if pack))


def terms_of_change(pack: Pack, old: Library, new: Library) -> Terms:
    """What this pack and those that hold without it may ask of texts that wait."""
    names = [name for name in old.ids | new.ids | {pack.id} if name.startswith(pack.country)]
    today = now().date()
    asked = (
        library.find(name, day)
        for library in (old, new)
        for name in names
        for day in (today, pack.effective_from)
    )
    packs = [pack, *(each for each in asked if each)]
    keys = {
        key_of(name)
        for each in packs
        for rule in each.rule
        if isinstance(rule, RegisterRule)
        for name in rule.name.split(";")
    }
    return replace(
        _terms(new, packs),
        day=max(today, pack.effective_from),
        countries=tuple(codes_under(pack.country)),
        registers=tuple(sorted(keys)),
    )


def _terms(library: Library, packs: Iterable[Pack]) -> Terms:
    months: set[int] = set()
    hours: set[int] = set()
    for rule in (rule for pack in packs for rule in pack.rule):
        if isinstance(rule, ConsentRule):
            months |= {rule.lifetime_months or 0, rule.soft_expiry_months or 0}
        if isinstance(rule, CapRule) and rule.counts == "messages":
            hours.add({"calendar_day": 0, "calendar_week": -1}.get(rule.period, rule.period_hours))
    return Terms(library, tuple(sorted(months - {0})), tuple(sorted(hours)))


def list_groups(campaign: Campaign, terms: Terms, first_id: int, last_id: int) -> Iterator[Group]:
    """The groups of the texts with these ids; of those that wait alone, if the terms name countries."""
    waits = bool(terms.countries)
    params: dict[str, Any] = {
        "first_id": first_id,
        "last_id": last_id,
        "campaign_id": campaign.id,
        "purpose": campaign.purpose,
        "topic": campaign.topic,
        "brand": campaign.brand,
        "waiting": WAITING_STATES if waits else sorted(WAITING),
    }
    statements = (WAITING_PLACES, WAITING_GROUPS) if waits else (PLACES, GROUPS)
    yield from _groups(statements, params, terms)


def list_single_groups(ids: Sequence[int], terms: Terms) -> Iterator[Group]:
    """Of single texts that wait, each alone."""
    params = {"ids": list(ids), "waiting": WAITING_STATES}
    yield from _groups((SINGLE_PLACES, SINGLE_GROUPS), params, terms)


def _groups(statements: tuple[str, str], params: dict[str, Any], terms: Terms) -> Iterator[Group]:
    params |= {"starts": _STARTS, "countries": list(terms.countries)}
    with cursor() as opened:
        opened.execute(statements[0], params)
        places = [Place(*row) for row in opened.fetchall()]
        params |= {
            "months": list(terms.months),
            "hours": list(terms.hours),
            "longest": max((*terms.hours, _WEEK)),
            "zones": orjson.dumps(terms.zones(places)).decode(),
            "registers": list(terms.registers),
        }
        opened.execute(statements[1], params)
        for row in opened.fetchall():
            country, start, zone, language, minute, kind, basis, ended, counts, listed, *rest = row
            count, message_id, given_at, handed, ids = rest
            yield Group(
                (*row[:7], tuple(ended), tuple(counts or ()), tuple(listed)), country, start, zone,
                language, minute, kind, basis, count, message_id, given_at, tuple(handed or ()),
                tuple(ids), tuple(listed),
            )  # fmt: skip
