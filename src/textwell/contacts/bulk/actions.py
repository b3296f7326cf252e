"""Many people in one call: what `upsert_contact` does for one, in a handful of statements.

For programs that keep a list in step (up to 10,000 at a time); files go through the import.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from textwell.contacts.bulk import sql
from textwell.contacts.events import PeopleAdded
from textwell.contacts.field_names import refuse_reserved
from textwell.contacts.labels import clean_tags
from textwell.contacts.models import Contact, FieldDefinition
from textwell.contacts.values import FieldValue, check_known, no_number, read_region, read_value
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import Conflict, FieldError
from textwell.core.events import publish_now
from textwell.text import BulkNumber, find_carrier, normalise_bulk

MAX_ROWS = 10_000
_LONGEST = {  # of the columns
    "external_id": 120, "email": 254, "first_name": 80, "last_name": 80, "language": 8, "zone": 64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GivenContact:
    """One person as given; what is None stays as it is. `tags` are added, never taken away."""

    msisdn: str
    external_id: str | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    language: str | None = None
    zone: str | None = None
    fields: Mapping[str, object] = field(default_factory=dict)
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was left out, by its place from 0, and why."""

    place: int
    error: FieldError


@dataclass(frozen=True, slots=True)
class BulkResult:
    """`contact_ids` by place, of the rows that were taken."""

    created_count: int
    updated_count: int
    unchanged_count: int
    contact_ids: Mapping[int, int]
    rejected: tuple[RejectedRow, ...]


def upsert_contacts(
    *, workspace_id: int, rows: Sequence[GivenContact], region: str | None = None
) -> BulkResult:
    """Make or change people by number; bad rows are left out and reported, good ones are stored.

    Of two rows with the same number the later one counts. Twice is once.

    Raises:
        FieldError: too many rows, or no such region.
        Conflict: an external id was taken by somebody else while this ran: call again.
    """
    if len(rows) > MAX_ROWS:
        mend = _("Give at most %(count)d at once.") % {"count": MAX_ROWS}
        raise FieldError("contacts", _("are too many"), mend)
    accepted, rejected = _read_rows(workspace_id, rows, read_region(region))
    try:
        with transaction.atomic():
            rejected += _drop_foreign_external_ids(workspace_id, accepted)
            created, updated, ids = _store(workspace_id, accepted)
    except IntegrityError as error:
        raise Conflict(_("An external id was taken meanwhile. Call again.")) from error
    unchanged = len(ids) - created - updated
    ordered = tuple(sorted(rejected, key=lambda each: each.place))
    return BulkResult(created, updated, unchanged, ids, ordered)


Accepted = dict[str, tuple[int, dict[str, object]]]  # by number: (place, stored values)


def _read_rows(
    workspace_id: int, rows: Sequence[GivenContact], region: str | None
) -> tuple[Accepted, list[RejectedRow]]:
    kinds = dict(
        FieldDefinition.objects.filter(workspace_id=workspace_id).values_list("name", "kind")
    )
    accepted: Accepted = {}
    rejected: list[RejectedRow] = []
    numbers = normalise_bulk([row.msisdn for row in rows], region)
    for place, (row, number) in enumerate(zip(rows, numbers, strict=True)):
        try:
            values = _read_row(row, number, kinds)
        except FieldError as error:
            rejected.append(RejectedRow(place, error))
        else:
            accepted[str(values["msisdn"])] = (place, values)
    return accepted, rejected


def _read_row(row: GivenContact, number: BulkNumber, kinds: Mapping[str, str]) -> dict[str, object]:
    if number.e164 is None or number.type is None:
        raise no_number(row.msisdn)
    return {
        "msisdn": number.e164,
        "country": number.region or "",
        "operator": find_carrier(number.e164, number.type) or "",
        **{name: _read_text(name, getattr(row, name)) for name in _LONGEST},
        "fields": {name: _read_field(name, value, kinds) for name, value in row.fields.items()},
        "tags": clean_tags(row.tags),
    }


def _read_text(name: str, value: str | None) -> str | None:
    if value is None:
        return None
    text = value.strip()
    longest = _LONGEST[name]
    if len(text) > longest or "\x00" in text:
        mend = _("At most %(count)d characters.") % {"count": longest}
        raise FieldError(name, _("The value is too long or holds a null character."), mend)
    check_known(name, text)
    return (text or None) if name == "external_id" else text


def _read_field(name: str, value: object, kinds: Mapping[str, str]) -> FieldValue | None:
    if name not in kinds:
        refuse_reserved(name, field=f"fields.{name}")
        names = ", ".join(sorted(kinds)) or "–"
        mend = _("Define it first, or use one of: %(names)s.") % {"names": names}
        raise FieldError(f"fields.{name}", _("There is no such field."), mend)
    if value in (None, ""):
        return None
    try:
        return read_value(kinds[name], value)
    except ValueError as error:
        problem = _("%(value)r cannot be used.") % {"value": value}
        raise FieldError(f"fields.{name}", problem, str(error)) from None


def _drop_foreign_external_ids(workspace_id: int, accepted: Accepted) -> list[RejectedRow]:
    """Take out rows whose external id belongs to another number, stored or earlier in the call."""
    owner = dict(
        Contact.objects.filter(
            workspace_id=workspace_id,
            external_id__in=[v["external_id"] for _p, v in accepted.values() if v["external_id"]],
        ).values_list("external_id", "msisdn")
    )
    rejected = []
    for msisdn, (place, values) in list(accepted.items()):
        external_id = values["external_id"]
        if external_id is None or owner.setdefault(str(external_id), msisdn) == msisdn:
            continue
        problem = _("%(value)s belongs to another person.") % {"value": external_id}
        mend = _("Use another one, or change that person first.")
        rejected.append(RejectedRow(place, FieldError("external_id", problem, mend)))
        del accepted[msisdn]
    return rejected


def _store(workspace_id: int, accepted: Accepted) -> tuple[int, int, dict[int, int]]:
    """(created, updated, ids by place)."""
    rows = json.dumps([values for _place, values in accepted.values()])
    params: dict[str, Any] = {
        "w": workspace_id,
        "rows": rows,
        "now": now(),
        "numbers": list(accepted),
    }
    with cursor() as opened:
        opened.execute(sql.INSERT_NEW, params)
        added = tuple(row[0] for row in opened.fetchall())
        if added:
            publish_now(PeopleAdded(workspace_id, added))
        opened.execute(sql.LOCK, params)
        ids = {accepted[msisdn][0]: contact_id for contact_id, msisdn in opened.fetchall()}
        opened.execute(sql.UPDATE_CHANGED, params)
        return len(added), opened.rowcount, ids
