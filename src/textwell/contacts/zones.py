"""The zones a person may be in: the one that was given, or else every one that the number allows.

Nothing is stored on people, so that an import costs nothing more, a changed number counts at once,
and what a person or a file gave is never mixed up with what a number suggests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from textwell.contacts.models import Contact, NumberZone
from textwell.contacts.places import present_edition
from textwell.core.db import copy_rows, cursor
from textwell.core.models import Cursor
from textwell.text.numbers.zone_starts import list_zone_starts

_EDITION: Final = "contacts.zones"
_COLUMNS: Final = ("start", "zones")


@dataclass(frozen=True, slots=True)
class Zones:
    """Where a person may be: IANA names, sorted; none where nothing is known."""

    names: tuple[str, ...]
    is_given: bool  # by the person or a file; False: from the number


def zones_sql(person: str) -> str:
    """An expression: text[] of the zones that a row of contacts_contact (by alias) may be in.

    One probe of a small index a person, and none where a zone was given. What the law or a
    campaign allows at certain hours must be allowed in all of them; an empty array says that
    nothing is known. Null while the table is empty.
    """
    return (
        f"(CASE WHEN {person}.zone <> '' THEN ARRAY[{person}.zone]::varchar[] ELSE"  # noqa: S608 - an alias
        " (SELECT nz.zones FROM contacts_numberzone nz"
        f' WHERE nz.start <= {person}.msisdn COLLATE "C" ORDER BY nz.start DESC LIMIT 1) END)'
    )


def find_zones(contact: Contact) -> Zones:
    """What `zones_sql` says, for one person."""
    if contact.zone:
        return Zones((contact.zone,), is_given=True)
    return Zones(list_zones([contact])[0], is_given=False)


def list_zones(people: Sequence[Contact]) -> list[tuple[str, ...]]:
    """The names of the zones of each person in turn, given or from the number: one query."""
    found = find_number_zones([person.msisdn for person in people if not person.zone])
    return [(person.zone,) if person.zone else found[person.msisdn] for person in people]


def find_number_zones(msisdns: list[str]) -> dict[str, tuple[str, ...]]:
    """The zones of each number in E.164, in one query."""
    with cursor() as opened:
        opened.execute(
            f"SELECT n.msisdn, {zones_sql('n')}"  # noqa: S608 - no value in it
            " FROM (SELECT unnest(%s::varchar[]) AS msisdn, '' AS zone) n",
            [msisdns],
        )
        return {msisdn: tuple(zones or ()) for msisdn, zones in opened.fetchall()}


def refresh_zones() -> bool:
    """Load the table if it is empty or of another edition of libphonenumber; True: it did."""
    edition = present_edition()
    is_present = Cursor.objects.filter(name=_EDITION, position=edition).exists()
    if is_present and NumberZone.objects.exists():
        return False
    load_zones()
    return True


def load_zones() -> int:
    """Replace the whole table in one transaction; answers how many rows it has. Twice is safe."""
    rows = [(row.start, list(row.zones)) for row in list_zone_starts()]
    with transaction.atomic(), cursor() as opened:
        opened.execute("DELETE FROM contacts_numberzone")
        count = copy_rows(opened, "contacts_numberzone", _COLUMNS, rows)
        edition = present_edition()
        Cursor.objects.update_or_create(name=_EDITION, defaults={"position": edition})
    with cursor() as opened:
        opened.execute("ANALYZE contacts_numberzone")
    return count
