"""A changed octet anywhere is found: in events, seals, blocks and roots each one is tried, not a sample."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
import pytest
from django.db import connection

from domain.consent.test_chain import events, keys_of, person
from textwell.accounts.models import Workspace
from textwell.consent.chain import sql
from textwell.consent.chain.form import check_root, write_line
from textwell.consent.chain.roots import daily_root
from textwell.consent.chain.verifying import Verdict, _blocks, _problem
from textwell.core.clock import now
from textwell.messaging.promise_form import check_promise
from textwell.messaging.promises import publish_promise

pytestmark = pytest.mark.django_db
__all__ = ["events", "person"]

_BITS: Final = 40  # of a number in these tests, and of microseconds: twelve days
# What the walk over the ledger says of a fact, of rows that are as `changed` has them.
_JUDGE: Final = f"""
SELECT v.what, {sql._PROBLEM}
FROM jsonb_to_recordset(%(changed)s::jsonb) AS v(what text, event jsonb, seal jsonb)
CROSS JOIN LATERAL jsonb_populate_record(NULL::consent_consentevent, v.event) e
CROSS JOIN LATERAL jsonb_populate_record(NULL::consent_sealedfact, v.seal) s
LEFT JOIN consent_withdrawnimport w ON false
"""
_ROWS: Final = """
SELECT to_jsonb(e), to_jsonb(s) FROM consent_consentevent e
JOIN consent_sealedfact s ON s.fact = 'e' AND s.fact_id = e.id ORDER BY e.id
"""
# How an event is found: with another one it is not, which `test_chain` shows. So is a seal.
_OCTETS: Final = re.compile(r"\\x[0-9a-f]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PLACES: Final = frozenset({"id", "fact", "fact_id", "workspace_id"})


def others(value: Any) -> Iterator[Any]:
    """The value with each octet of it changed, as far as the column can hold that."""
    if isinstance(value, dict):
        yield from _other_objects(orjson.dumps(value).decode())
    elif isinstance(value, int):
        yield from (value ^ (1 << bit) for bit in range(_BITS))
    elif isinstance(value, str) and _is_time(value):
        at = datetime.fromisoformat(value)
        yield from ((at + timedelta(microseconds=1 << bit)).isoformat() for bit in range(_BITS))
    elif isinstance(value, str) and _OCTETS.fullmatch(value):
        for place, digit in enumerate(value):
            if digit not in "\\x-":  # in `\\x00` and in the places of a UUID
                yield value[:place] + format(int(digit, 16) ^ 1, "x") + value[place + 1 :]
    elif isinstance(value, str):
        for place, letter in enumerate(value):
            yield value[:place] + chr(ord(letter) ^ 1) + value[place + 1 :]
        yield value + "x"
        yield value + " "


def _other_objects(text: str) -> Iterator[Any]:
    for place, letter in enumerate(text):
        try:
            yield orjson.loads(text[:place] + chr(ord(letter) ^ 1) + text[place + 1 :])
        except orjson.JSONDecodeError:
            continue  # the column holds JSON alone


def _is_time(text: str) -> bool:
    return text[4:5] == "-" and text[10:11] == "T"


def changed_rows() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        rows = [(orjson.loads(event), orjson.loads(seal)) for event, seal in cursor.fetchall()]
    found = []
    for event, seal in rows:
        for name in event.keys() - _PLACES:
            for other in others(event[name]):
                what = f"{name} {event['id']}: {other}"
                found.append({"what": what, "event": event | {name: other}, "seal": seal})
        for name in seal.keys() - _PLACES:
            for other in others(seal[name]):
                what = f"seal's {name} {event['id']}: {other}"
                found.append({"what": what, "event": event, "seal": seal | {name: other}})
    return found


def test_each_octet_of_each_event_and_seal_counts(workspace: Workspace, events: list[int]) -> None:
    changed = changed_rows()

    with connection.cursor() as cursor:
        cursor.execute(_JUDGE, {"changed": orjson.dumps(changed).decode()})
        told = cursor.fetchall()

    assert [what for what, problem in told if problem != "changed"] == []
    assert len(told) == len(changed) > 2_000


def test_each_octet_of_each_block_counts(workspace: Workspace, events: list[int]) -> None:
    verdict = Verdict(0, 0, "")
    row = _blocks(workspace.id, 0)[0]
    assert _problem(workspace.id, verdict, row) == ""

    for column in (3, 4, 6):  # root, digest, the digests of its facts
        octets = bytes(row[column])
        for place in range(len(octets)):
            other = octets[:place] + bytes([octets[place] ^ 1]) + octets[place + 1 :]
            changed = [*row[:column], other, *row[column + 1 :]]
            assert _problem(workspace.id, verdict, changed) != "", (column, place)


def test_each_octet_of_a_root_and_of_a_promise_counts(
    workspace: Workspace, events: list[int]
) -> None:
    root = daily_root(workspace.id, now().date())
    assert root is not None
    keys = keys_of(workspace)
    promise = publish_promise(workspace=workspace, most=4, actor="user:1").document.strip().encode()
    assert check_root(write_line(root), keys)[1] == check_promise(promise, keys).problem == ""

    for other in other_octets(write_line(root)):
        assert check_root(other, keys)[1] != "", other
    for other in other_octets(promise):
        assert check_promise(other, keys).problem != "", other


def other_octets(line: bytes) -> Iterator[bytes]:
    """Each one changed, left out, and doubled."""
    for place in range(len(line)):
        yield line[:place] + bytes([line[place] ^ 1]) + line[place + 1 :]
        yield line[:place] + line[place + 1 :]
        yield line[:place] + line[place : place + 1] + line[place:]
