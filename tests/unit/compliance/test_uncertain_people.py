"""A year of texts to people of whom nobody knows where they are: none in a closed hour anywhere.

What the hand-off asks is asked here, over a year; what comes out is looked at by an oracle that knows the
hours as they stand on paper, the zones of a country as the IANA's own table lists them, and nothing of packs.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from random import Random
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone

from textwell.compliance.engine import decide
from textwell.compliance.types import (
    Case,
    Consent,
    ConsentKind,
    Layer,
    MessageClass,
    Recipient,
    Verdict,
)
from textwell.messaging.law import judge_hours, place_of
from wide import WIDE

PEOPLE = 10_000 if WIDE else 200
DAYS = range(0, 365, 1 if WIDE else 11)
CAMPAIGNS = 40 if WIDE else 3  # a day; everybody is in one of them
FIRST = datetime(2027, 1, 1, tzinfo=UTC)

Hours = tuple[tuple[range, str, str], ...]
EVERY_DAY, WORKDAYS, UNTIL_SATURDAY, SATURDAY, SUNDAY = (
    range(7), range(5), range(6), range(5, 6), range(6, 7),
)  # fmt: skip

# Hours of law, and where a country has none the ones that we propose.
PAPER: dict[str, Hours] = {
    "US": ((EVERY_DAY, "08:00", "21:00"),),
    "MX": ((EVERY_DAY, "08:00", "20:30"),),
    "CL": ((WORKDAYS, "09:00", "19:00"),),
    "BR": ((UNTIL_SATURDAY, "09:00", "22:00"),),
    "MY": ((EVERY_DAY, "08:00", "23:00"),),
    "FR": ((UNTIL_SATURDAY, "08:00", "22:00"),),
    "IN": ((EVERY_DAY, "10:00", "21:00"),),
}
PROPOSED: dict[str, Hours] = {
    "AU": ((WORKDAYS, "09:00", "20:00"), (SATURDAY, "09:00", "17:00")),
    "CA": ((WORKDAYS, "09:00", "20:00"), (range(5, 7), "10:00", "18:00")),
    "ES": ((WORKDAYS, "09:00", "21:00"), (SATURDAY, "10:00", "20:00")),
    "PT": ((UNTIL_SATURDAY, "09:00", "20:00"),),
    "NZ": ((EVERY_DAY, "09:00", "20:00"),),
    "ID": ((EVERY_DAY, "08:00", "20:00"),),
}
# States by an area code of theirs: their hours hold beside those of the country, wherever the person is.
STATES: dict[str, Hours] = {
    "+1305": ((EVERY_DAY, "08:00", "20:00"),),  # Florida
    "+1512": ((UNTIL_SATURDAY, "09:00", "21:00"), (SUNDAY, "12:00", "21:00")),  # Texas
    "+1401": ((WORKDAYS, "09:00", "18:00"), (SATURDAY, "10:00", "17:00")),  # Rhode Island
    "+1702": ((EVERY_DAY, "09:00", "20:00"),),  # Nevada
    "+1502": ((EVERY_DAY, "10:00", "21:00"),),  # Kentucky
    "+1205": ((UNTIL_SATURDAY, "08:00", "20:00"),),  # Alabama
    "+1206": ((EVERY_DAY, "08:00", "20:00"),),  # Washington
    "+1202": (),  # the capital, which has none of its own
}
BRAZILIAN = ("+5511", "+5521", "+5568", "+5571", "+5581", "+5592")
TOLD = ("+1305", "+1401", "+1202") if not WIDE else tuple(STATES)
MOVED = ("FR", "IN", "MX", "BR")  # with a number of the United States


@dataclass(frozen=True)
class Person:
    """`country` of the number; `address` another that they may live in as well."""

    country: str
    msisdn: str
    zone: str = ""
    address: str = ""


def _people() -> list[Person]:
    random = Random(7)
    kinds = [
        *(Person("US", f"{start}5550100") for start in STATES),
        *(Person("US", f"{start}5550100", zone="Mars/Phobos") for start in STATES),
        *(Person("BR", f"{start}961234567") for start in BRAZILIAN),
        *(Person(country, "") for country in (*PAPER, *PROPOSED) if country not in {"FR", "IN"}),
        *(Person("US", f"{start}5550100", address=home) for start in TOLD for home in MOVED),
    ]
    return [random.choice(kinds) for _ in range(PEOPLE)]


def _offer(person: Person, at: datetime) -> datetime | None:
    """When the text goes that is due at that moment; None: never."""
    layer = Layer.RECOMMENDED if person.country in PROPOSED else Layer.LEGAL
    if person.address:
        recipient = Recipient(person.address, number=person.msisdn)
        consent = Consent(ConsentKind.EXPRESS_WRITTEN)
        said = decide(Case(at, recipient, MessageClass.MARKETING, consent, layer))
        return at if said.verdict is Verdict.ALLOW else said.until
    law = judge_hours(place_of(person.country, person.msisdn, person.zone), at, layer)
    return law.lawful_at if law.reason else at


# -- the oracle --------------------------------------------------------------------------


@cache
def _zones_of_countries() -> dict[str, list[ZoneInfo]]:
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    found = defaultdict(list)
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _where, name, *_comment = line.split("\t")
            found[country].append(_zone(name))
    return found


@cache
def _zone(name: str) -> ZoneInfo:
    """Of the pinned edition, whatever the machine has: British Columbia has moved its clocks for good."""
    path = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with path.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@cache
def _zones(person: Person) -> list[ZoneInfo]:
    """Wherever they may be: an American number tells nothing, a Brazilian one its state."""
    if person.country == "BR" and person.msisdn:
        return [_zone(name) for name in _of_number(person.msisdn)]
    countries = (person.country, person.address) if person.address else (person.country,)
    return [zone for country in countries for zone in _zones_of_countries()[country]]


def _of_number(msisdn: str) -> tuple[str, ...]:
    return tuple(timezone.time_zones_for_number(phonenumbers.parse(msisdn)))


@cache
def _hours(person: Person) -> list[Hours]:
    countries = (person.country, person.address) if person.address else (person.country,)
    found = [PAPER.get(country) or PROPOSED[country] for country in countries]
    return found + [
        state for start, state in STATES.items() if state and person.msisdn[:5] == start
    ]


@cache
def _is_closed_somewhere(person: Person, at: datetime) -> bool:
    for zone in _zones(person):
        local = at.astimezone(zone)
        clock = local.strftime("%H:%M")
        for hours in _hours(person):
            if not any(local.weekday() in days and a <= clock < b for days, a, b in hours):
                return True
    return False


def _moments(random: Random, day: int) -> list[datetime]:
    """Half at any minute, half around a full or half hour, where windows begin and end."""
    found = []
    for number in range(CAMPAIGNS):
        minute = random.randrange(24 * 60)
        if number % 2:
            minute = minute // 30 * 30 + random.choice((-1, 0, 1))
        found.append(FIRST + timedelta(days=day, minutes=minute))
    return found


def test_nobody_gets_a_text_in_a_closed_hour_of_any_place_they_may_be_in() -> None:
    random, people = Random(11), _people()
    going: dict[tuple[Person, datetime], datetime | None] = {}
    closed: list[tuple[Person, str]] = []
    unsent: set[Person] = set()

    for day in DAYS:
        moments = _moments(random, day)
        for person in people:
            asked = (person, random.choice(moments))
            if asked not in going:
                going[asked] = _offer(*asked)
            handed_at = going[asked]
            if handed_at is None:
                unsent.add(person)
            elif _is_closed_somewhere(person, handed_at):
                closed.append((person, handed_at.isoformat()))

    assert closed == []
    assert [each for each in unsent if not each.address] == []  # two countries may share no hour
