"""Who is being erased, in temporary tables that the registry's statements look at."""

from collections.abc import Sequence
from typing import Any, Final, LiteralString, NamedTuple

import phonenumbers
from django.db.backends.utils import CursorWrapper

from textwell.core.db import cursor

_MOST_DIGITS: Final = 9
_LEAST_DIGITS: Final = 7
_MAKE: Final[tuple[LiteralString, ...]] = (
    """CREATE TEMP TABLE IF NOT EXISTS erasing_person (contact_id bigint PRIMARY KEY, msisdn text,
    email text, external_id text) ON COMMIT DELETE ROWS""",
    "CREATE TEMP TABLE IF NOT EXISTS erasing_message (id bigint PRIMARY KEY) ON COMMIT DELETE ROWS",
    """CREATE TEMP TABLE IF NOT EXISTS erasing_number (msisdn text PRIMARY KEY)
    ON COMMIT DELETE ROWS""",
    "CREATE TEMP TABLE IF NOT EXISTS erasing_text (text text PRIMARY KEY) ON COMMIT DELETE ROWS",
    "TRUNCATE erasing_person, erasing_message, erasing_number, erasing_text",
)
_LOCK_PEOPLE: Final[LiteralString] = """
INSERT INTO erasing_person (contact_id, msisdn, email, external_id)
SELECT id, msisdn, email, coalesce(external_id, '') FROM contacts_contact
WHERE workspace_id = %(workspace_id)s AND id = ANY(%(contact_ids)s) ORDER BY id FOR UPDATE
RETURNING contact_id, msisdn, email
"""
# Gone already. What is somebody else's by now, or theirs again who came back, is not looked for.
_NAME_PEOPLE: Final[LiteralString] = """
INSERT INTO erasing_person (contact_id, msisdn, email, external_id)
SELECT t.contact_id, '',
    CASE WHEN EXISTS (SELECT FROM contacts_contact c
        WHERE c.workspace_id = %(workspace_id)s AND lower(c.email) = lower(t.email)) THEN ''
        ELSE t.email END,
    CASE WHEN EXISTS (SELECT FROM contacts_contact c
        WHERE c.workspace_id = %(workspace_id)s AND c.external_id = t.external_id) THEN ''
        ELSE t.external_id END
FROM unnest(%(contact_ids)s::bigint[], %(emails)s::text[], %(external_ids)s::text[])
    AS t (contact_id, email, external_id)
RETURNING email
"""
_NAME_NUMBERS: Final[LiteralString] = """
INSERT INTO erasing_number (msisdn)
SELECT DISTINCT t.msisdn FROM unnest(%(msisdns)s::text[]) AS t (msisdn) WHERE NOT EXISTS (
    SELECT FROM contacts_contact c WHERE c.workspace_id = %(workspace_id)s AND c.msisdn = t.msisdn)
RETURNING msisdn
"""
_MESSAGES: Final[LiteralString] = """
INSERT INTO erasing_message (id)
SELECT id FROM messaging_message WHERE workspace_id = %(workspace_id)s
  AND contact_id IN (SELECT contact_id FROM erasing_person)
"""
# Their numbers, but none that is somebody else's by now.
_NUMBERS: Final[LiteralString] = """
INSERT INTO erasing_number (msisdn)
SELECT DISTINCT found.msisdn FROM (
    SELECT msisdn FROM erasing_person
    UNION SELECT m.msisdn FROM messaging_message m JOIN erasing_message e ON e.id = m.id
) found
WHERE found.msisdn <> '' AND NOT EXISTS (
    SELECT FROM contacts_contact c WHERE c.workspace_id = %(workspace_id)s AND c.msisdn = found.msisdn
      AND c.id NOT IN (SELECT contact_id FROM erasing_person))
RETURNING msisdn
"""
# With the plus sign and without; an address in small letters.
_TEXTS: Final[LiteralString] = """
INSERT INTO erasing_text (text)
SELECT ltrim(msisdn, '+') FROM erasing_number
UNION SELECT lower(email) FROM erasing_person WHERE email <> ''
"""


# As the audit log calls what is theirs.
_SUBJECTS: Final[LiteralString] = """
SELECT 'contact:' || contact_id FROM erasing_person
UNION ALL SELECT 'message:' || id FROM erasing_message
UNION ALL SELECT 'thread:' || t.id FROM inbox_thread t JOIN erasing_person USING (contact_id)
UNION ALL SELECT 'suppression:' || r.id FROM consent_suppressionreason r
    JOIN erasing_number n USING (msisdn) WHERE r.workspace_id = %(workspace_id)s
"""
_NAMES: Final[LiteralString] = """
SELECT first_name || ' ' || last_name FROM contacts_contact
WHERE workspace_id = %(workspace_id)s AND first_name <> '' AND last_name <> ''
  AND id IN (SELECT contact_id FROM erasing_person)
"""


_TRACES: Final[LiteralString] = """
SELECT p.contact_id, p.email, p.external_id,
    CASE WHEN c.first_name <> '' AND c.last_name <> '' THEN c.first_name || ' ' || c.last_name ELSE '' END,
    ARRAY(SELECT n.msisdn FROM erasing_number n WHERE n.msisdn = p.msisdn OR n.msisdn IN (
        SELECT m.msisdn FROM messaging_message m JOIN erasing_message e ON e.id = m.id
        WHERE m.workspace_id = %(workspace_id)s AND m.contact_id = p.contact_id) ORDER BY n.msisdn)
FROM erasing_person p JOIN contacts_contact c ON c.id = p.contact_id ORDER BY p.contact_id
"""


class Trace(NamedTuple):
    """By what one erased person is found in what was written down meanwhile."""

    contact_id: int
    email: str = ""
    external_id: str = ""
    name: str = ""
    msisdns: Sequence[str] = ()


def read_subjects(workspace_id: int) -> tuple[list[str], list[str]]:
    """What entries of the audit log are about the staged people, and their full names."""
    params: dict[str, Any] = {"workspace_id": workspace_id}
    with cursor() as raw:
        raw.execute(_SUBJECTS, params)
        subjects = [row[0] for row in raw.fetchall()]
        raw.execute(_NAMES, params)
        return subjects, [row[0] for row in raw.fetchall()]


def stage_people(
    raw: CursorWrapper, workspace_id: int, contact_ids: Sequence[int]
) -> tuple[list[int], list[str], list[str]]:
    """Lock these people and write down how they are found: their ids, numbers and addresses."""
    params: dict[str, Any] = {"workspace_id": workspace_id, "contact_ids": list(contact_ids)}
    for statement in _MAKE:
        raw.execute(statement)
    raw.execute(_LOCK_PEOPLE, params)
    people = raw.fetchall()
    raw.execute(_MESSAGES, params)
    raw.execute(_NUMBERS, params)
    numbers = sorted(row[0] for row in raw.fetchall())
    raw.execute(_TEXTS)
    return [row[0] for row in people], numbers, [row[2] for row in people if row[2]]


def read_traces(raw: CursorWrapper, workspace_id: int) -> list[Trace]:
    """By what the staged people are found once they are gone."""
    raw.execute(_TRACES, {"workspace_id": workspace_id})
    return [Trace(*row) for row in raw.fetchall()]


def stage_gone(
    raw: CursorWrapper, workspace_id: int, traces: Sequence[Trace]
) -> tuple[list[str], list[str]]:
    """The same of people who are erased already; answers the numbers and addresses looked for."""
    params: dict[str, Any] = {
        "workspace_id": workspace_id,
        "contact_ids": [trace.contact_id for trace in traces],
        "emails": [trace.email for trace in traces],
        "external_ids": [trace.external_id for trace in traces],
        "msisdns": [msisdn for trace in traces for msisdn in trace.msisdns],
    }
    for statement in _MAKE:
        raw.execute(statement)
    raw.execute(_NAME_PEOPLE, params)
    emails = [row[0] for row in raw.fetchall() if row[0]]
    raw.execute(_MESSAGES, params)
    raw.execute(_NAME_NUMBERS, params)
    numbers = sorted(row[0] for row in raw.fetchall())
    raw.execute(_TEXTS)
    return numbers, emails


def national_part(msisdn: str) -> str:
    """The digits by which a file may name it without its country, nine at most.

    Some countries have eight or less; where they are so few that any line may hold them, the country's
    stay before them.
    """
    digits = msisdn.lstrip("+")
    try:
        own = str(phonenumbers.parse(f"+{digits}").national_number)[-_MOST_DIGITS:]
    except phonenumbers.NumberParseException:
        return digits[-_MOST_DIGITS:]
    return own if len(own) >= _LEAST_DIGITS else digits
