"""People as tracking libraries tell of them: by an id of their own, a number or an address.

Nothing here touches consent. A number is who a person is for us: it is never changed by a trait, so
that a consent stays with the number that gave it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.db import connection, transaction
from django.db.models.functions import Upper

from textwell.accounts.actions import record_audit
from textwell.contacts.bulk.actions import GivenContact, upsert_contacts
from textwell.contacts.models import Contact, FieldDefinition
from textwell.contacts.values import check_known, read_value
from textwell.core.errors import FieldError

_LONGEST: Final = {"first_name": 80, "last_name": 80, "email": 254, "language": 8, "zone": 64}
LONGEST_ID: Final = 120
_KNOWN_KEYS = (
    "SELECT source_key FROM contacts_eventkey WHERE workspace_id = %s AND source_key = ANY(%s)"
)


@dataclass(frozen=True, slots=True)
class Identified:
    """What was told of one person. `msisdn` is E.164 or ""; `texts` are columns, `traits` the rest.

    `source_key` is that of the event which told it: what was told before is not told again.
    """

    source_key: str
    external_id: str = ""
    msisdn: str = ""
    email: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    traits: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Person:
    msisdn: str
    external_id: str | None


def identify_people(*, workspace_id: int, given: Sequence[Identified], actor: str) -> int:
    """Make or change the people that are told of; answers how many rows were new or changed.

    A person is found by external id, else by number, else by an address that one person alone has.
    Whoever is unknown becomes a contact if a number is given. A person with another external id is
    left alone. Values that cannot be used, and traits that are no field, are left out. Twice is once.

    Raises:
        Conflict: an external id was taken meanwhile: call again.
    """
    fresh = _not_told_before(workspace_id, given)
    if not fresh:
        return 0
    kinds = FieldDefinition.objects.filter(workspace_id=workspace_id).values_list("name", "kind")
    rows = _merge(fresh, _Found(workspace_id, fresh), dict(kinds))
    with transaction.atomic():
        result = upsert_contacts(workspace_id=workspace_id, rows=rows)
        count = result.created_count + result.updated_count
        if count:
            record_audit(
                workspace_id=workspace_id,
                actor=actor,
                action="contacts.identified",
                after={"created": result.created_count, "updated": result.updated_count},
            )
    return count


def _not_told_before(workspace_id: int, given: Sequence[Identified]) -> list[Identified]:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN_KEYS, [workspace_id, [each.source_key for each in given]])
        known = {row[0] for row in cursor.fetchall()}
    return [each for each in given if each.source_key not in known]


class _Found:
    """People that may be meant, read at once."""

    def __init__(self, workspace_id: int, given: Sequence[Identified]) -> None:
        people = Contact.objects.filter(workspace_id=workspace_id)
        columns = ("msisdn", "external_id")
        ids = [each.external_id for each in given if each.external_id]
        numbers = [each.msisdn for each in given if each.msisdn]
        by_id = people.filter(external_id__in=ids).values_list(*columns)
        by_number = people.filter(msisdn__in=numbers).values_list(*columns)
        self.by_id = {row[1]: _Person(*row) for row in by_id}
        self.by_number = {row[0]: _Person(*row) for row in by_number}
        self.by_email: dict[str, list[_Person]] = {}
        emails = [each.email.upper() for each in given if each.email and not each.msisdn]
        if emails:
            named = people.exclude(email="").annotate(upper=Upper("email"))
            for email, *row in named.filter(upper__in=emails).values_list("upper", *columns):
                self.by_email.setdefault(email, []).append(_Person(*row))

    def find(self, each: Identified) -> _Person | None:
        """Whose row to write; None: nobody's."""
        known = self.by_id.get(each.external_id)
        if known is not None:
            return known
        if each.msisdn:
            known = self.by_number.get(each.msisdn, _Person(each.msisdn, None))
        else:
            alike = self.by_email.get(each.email.upper(), [])
            known = alike[0] if len(alike) == 1 else None
        if known is None or (known.external_id and each.external_id):
            return None  # unknown, or somebody whom the sender calls by another id
        person = replace(known, external_id=known.external_id or each.external_id or None)
        self.by_number[person.msisdn] = person
        if each.external_id:
            self.by_id[each.external_id] = person
        return person


def _merge(
    given: Sequence[Identified], found: _Found, kinds: Mapping[str, str]
) -> list[GivenContact]:
    """One row for each person: later values go over earlier ones."""
    rows: dict[str, GivenContact] = {}
    for each in given:
        person = found.find(each)
        if person is None:
            continue
        row = rows.get(person.msisdn) or GivenContact(person.msisdn)
        texts = _usable_texts({**each.texts, "email": each.email})
        fields = {**row.fields, **_usable_fields(each.traits, kinds)}
        rows[person.msisdn] = replace(
            row, external_id=person.external_id or row.external_id, fields=fields, **texts
        )
    return list(rows.values())


def _usable_texts(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text and _is_usable(name, text)}


def _is_usable(name: str, text: str) -> bool:
    if name not in _LONGEST or len(text) > _LONGEST[name] or "\x00" in text:
        return False
    try:
        check_known(name, text)
    except FieldError:
        return False
    return True


def _usable_fields(traits: Mapping[str, object], kinds: Mapping[str, str]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in traits.items():
        if name not in kinds or isinstance(value, dict | list):
            continue
        if isinstance(value, str) and "\x00" in value:
            continue
        try:
            fields[name] = None if value in (None, "") else read_value(kinds[name], value)
        except ValueError:
            continue
    return fields
