"""A group of calls in one transaction, on a connection of its own with prepared statements."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
import structlog
from psycopg import Connection, Cursor

from textwell.accounts.secrets import USE_NOTED_EVERY
from textwell.accounts.types import KeyHolder, Scope
from textwell.api import sql as api_sql
from textwell.api.auth import CALLER, SANDBOX
from textwell.api.errors import RateExceeded
from textwell.api.found import (
    Found,
    asked_facts,
    facts_params,
    gate_facts,
    law_of,
    read_found,
)
from textwell.api.idempotency import FORGET, KEPT_DAYS, SWEEP_ROWS, is_sweep_due, kept_answer
from textwell.api.quick import sql
from textwell.api.quick.reading import CONTENT_TYPE, PATH, Answer, Call
from textwell.api.rates import STANDING, spend_in
from textwell.api.schemas.messages import Purpose
from textwell.api.sending import build_single
from textwell.compliance.completing import lacks
from textwell.consent import sql as consent_sql
from textwell.consent.erased import digest_of
from textwell.core.bus import publish_nudges
from textwell.core.clock import now
from textwell.core.db import as_literal, connect_sync
from textwell.core.masks import mask_msisdn
from textwell.core.wire import BatchPointer, encode
from textwell.messaging import sql as messaging_sql
from textwell.messaging.actions import SingleMessage, single_row, submit_subject
from textwell.messaging.adding import asks_words
from textwell.messaging.gate import Facts, is_clear
from textwell.messaging.purposes import is_marketing
from textwell.messaging.sender_law import needs_template
from textwell.text import find_carrier

LOCK_MS = 200
STATEMENT_MS = 5_000  # half of `door.PATIENCE_S`: whoever waits is answered by the complete way
_RESERVE = "SELECT messaging_reserve_block(%(count)s)"

log = structlog.get_logger()

Db = Connection[Any]  # Any: rows are tuples of whatever was selected


@dataclass(slots=True)
class _Made:
    """One message that is recorded once the transaction commits."""

    call: Call
    message: SingleMessage
    answer: Answer
    batch_id: int = 0


class Ledger:
    """Used by one thread at a time; any."""

    def __init__(self) -> None:
        self._connection: Db | None = None

    def decide(self, calls: Sequence[Call]) -> None:
        """Give every call that can be taken its answer; what is committed is on the work stream then.

        The others are left as they are, for the complete way; a key that was read, and a request that
        was spent, are noted in their environment. Never raises.
        """
        try:
            made = self._decide(calls)
        except Exception as error:
            log.warning("calls take the complete way", count=len(calls), exc_info=error)
            self.close()
            return
        try:
            self._follow_up(made)
        except Exception as error:  # they are recorded: a sweep finds what has no nudge
            log.warning("calls are answered without what follows", count=len(made), exc_info=error)

    def close(self) -> None:
        """The next group connects again. Twice is safe."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _decide(self, calls: Sequence[Call]) -> Sequence[_Made]:
        db = self._connected()
        admitted = _without_twins(_admit(db, calls))
        if not admitted:
            return ()
        with db.transaction():
            made = _record(db, admitted)
            for each in made:
                each.call.is_in_doubt = True
        for each in made:
            each.call.answer, each.call.is_in_doubt = each.answer, False
        return made

    def _follow_up(self, made: Sequence[_Made]) -> None:
        if made:
            publish_nudges(_nudges(made))
        if is_sweep_due():
            self._connected().execute(as_literal(FORGET), [KEPT_DAYS, SWEEP_ROWS])

    def _connected(self) -> Db:
        if self._connection is None or self._connection.closed:
            self._connection = connect_sync(application="textwell-quick")
            limits = f"SET lock_timeout = {LOCK_MS}; SET statement_timeout = {STATEMENT_MS}"
            self._connection.execute(as_literal(limits))
        return self._connection


def _rows(rows: Sequence[dict[str, Any]]) -> str:
    return orjson.dumps(rows).decode()


def _execute(db: Db, statement: str, params: dict[str, Any]) -> Cursor[Any]:
    return db.execute(as_literal(statement), params, prepare=True)


def _fetch(db: Db, statement: str, params: dict[str, Any]) -> list[Any]:
    return _execute(db, statement, params).fetchall()


def _admit(db: Db, calls: Sequence[Call]) -> list[Call]:
    """Those whose key is right, may send, and has not made too many requests."""
    params = {
        "prefixes": sorted({call.prefix for call in calls}),
        "noted_every": USE_NOTED_EVERY,
    }
    found = {row[0]: row[1:] for row in _fetch(db, sql.FIND_KEYS, params)}
    unnoted = [key_id for _hash, key_id, *_rest, is_due in found.values() if is_due]
    if unnoted:
        db.execute(sql.NOTE_USE, {"ids": unnoted})
    admitted = []
    for call in calls:
        row = found.get(call.prefix)
        if row is None or not hmac.compare_digest(row[0], call.secret_hash):
            continue
        _hash, key_id, workspace_id, scopes, door_purpose, rate_per_s, is_sandbox, _is_due = row
        holder = KeyHolder(
            key_id, workspace_id, frozenset(scopes), door_purpose, rate_per_s, is_sandbox=is_sandbox
        )
        call.holder = call.environ[CALLER] = holder
        call.environ[SANDBOX] = is_sandbox
        if holder.allows(Scope.MESSAGES_SEND) and _has_spent(db, call, holder):
            admitted.append(call)
    return admitted


def _has_spent(db: Db, call: Call, holder: KeyHolder) -> bool:
    # Not Django's connection, which is looked after by the requests of the complete way alone.
    def fetch(statement: str, params: dict[str, Any]) -> tuple[Any, ...]:
        row: tuple[Any, ...] = _fetch(db, statement, params)[0]
        return row

    try:
        spend_in(call.environ, holder, fetch)
    except RateExceeded:
        del call.environ[STANDING]  # the complete way asks again, and refuses
        return False
    return True


def _without_twins(calls: Iterable[Call]) -> list[Call]:
    """Of calls that one transaction cannot tell apart only the first.

    A lock is given twice to one session, and a cap does not count what is being written.
    """
    seen: set[object] = set()
    first = []
    for call in calls:
        assert call.holder is not None
        marks: set[object] = set()
        if call.key is not None:
            marks.add((call.holder.api_key_id, call.key))
        if is_marketing(call.read.new.purpose.value):
            marks.add((call.holder.workspace_id, call.read.number.e164, "marketing"))
        if seen.isdisjoint(marks):
            first.append(call)
        seen |= marks
    return first


def _facts(call: Call, found: Found) -> Facts:
    new = call.read.new
    return gate_facts(new, found, law_of(new, found))


def _record(db: Db, calls: Sequence[Call]) -> list[_Made]:
    """Write all that the gate clearly allows; in a transaction."""
    clear = _find_clear(db, _lock(db, calls))
    people = _find_people(db, clear)
    going = [(call, found, people[who]) for call, found in clear if (who := _who(call)) in people]
    if not going:
        return []
    first_id = _fetch(db, _RESERVE, {"count": len(going)})[0][0]
    moment = now()
    made: dict[int, _Made] = {}
    rows = []
    for message_id, (call, found, contact_id) in enumerate(going, first_id):
        assert call.holder is not None
        message = build_single(call.holder, call.read, found, contact_id)
        message = replace(message, words=found.words)
        actor = call.holder.actor
        rows.append(single_row(message, message_id, actor=actor, moment=moment))
        made[message_id] = _Made(call, message, _answer(call, message, message_id))
    kept = [_kept(each.call, each.answer) for each in made.values() if each.call.key is not None]
    if kept:
        _execute(db, sql.KEEP_ANSWERS, {"rows": _rows(kept)})
    added = _fetch(db, messaging_sql.ADD_SINGLES, {"rows": _rows(rows)})
    if len(added) < len(rows):  # rolled back; the complete way says which, and takes the others
        raise LookupError("a gateway was taken away since it was found")
    for batch_id, message_id in added:
        made[message_id].batch_id = batch_id
    return list(made.values())


def _lock(db: Db, calls: Sequence[Call]) -> list[Call]:
    """Those whose Idempotency-Key nobody else is working on, until the transaction ends."""
    numbers = {call.asked().lock_number(): call for call in calls if call.key is not None}
    free = [call for call in calls if call.key is None]
    if numbers:
        given = _fetch(db, sql.TRY_LOCKS, {"numbers": list(numbers)})
        free += [numbers[number] for number, is_given in given if is_given]
    return free


def _find_clear(db: Db, calls: Sequence[Call]) -> list[tuple[Call, Found]]:
    """Those that are new, have a route, and that the gate allows."""
    if not calls:
        return []
    asked = []
    for n, call in enumerate(calls):
        assert call.holder is not None
        about = {"n": n, "api_key_id": call.holder.api_key_id, "key": call.key}
        asked.append(about | asked_facts(call.holder.workspace_id, call.read.new, call.read.number))
    rows = _fetch(db, api_sql.MESSAGE_FACTS, {"asked": _rows(asked), **facts_params()})
    clear = []
    for call, row in zip(calls, rows, strict=True):
        found = read_found(row, call.read.number)
        if found.has_promise or call.read.new.purpose is Purpose.INVITATION:
            continue  # the complete way asks what was promised, and gives a number its one invitation
        if not found.is_answered and is_clear(_facts(call, found)) and _says_all(call, found):
            clear.append((call, found))
    return clear


def _says_all(call: Call, found: Found) -> bool:
    """Whether nothing that law asks for is added to the text, nor approved words are asked for.

    What is, the complete way makes out.
    """
    purpose = call.read.new.purpose.value
    if not found.is_simulated and needs_template(
        found.country, found.sender_kind, purpose, on=now().date()
    ):
        return False
    if found.words is None:
        return found.is_simulated or not asks_words(purpose, found.country, now().date())
    demands = found.words.terms.demands(found.place, found.words.language)
    return demands.is_met and not demands.needs_link and not lacks(call.read.new.body, demands)


def _who(call: Call) -> tuple[int, str]:
    assert call.holder is not None
    assert call.read.number.e164 is not None
    return call.holder.workspace_id, call.read.number.e164


def _find_people(db: Db, clear: Sequence[tuple[Call, Found]]) -> dict[tuple[int, str], int]:
    """Their ids by workspace and number, newcomers too; without those that somebody else just made."""
    people = {}
    newcomers: dict[tuple[int, str], dict[str, Any]] = {}
    for call, found in clear:
        who, number = _who(call), call.read.number
        if found.contact_id is not None:
            people[who] = found.contact_id
            continue
        assert number.type is not None
        newcomers[who] = {
            "workspace_id": who[0],
            "msisdn": who[1],
            "country": number.region or "",
            "operator": find_carrier(who[1], number.type) or "",
            "now": now(),
        }
    if newcomers:
        # Who was erased here is put down again as such: the complete way does.
        digests = {digest_of(*who): who for who in newcomers}
        for (digest,) in _fetch(db, consent_sql.KNOWN_ERASED, {"digests": list(digests)}):
            del newcomers[digests[bytes(digest)]]
    if newcomers:
        made = _fetch(db, sql.ADD_PEOPLE, {"rows": _rows(list(newcomers.values()))})
        people |= {(workspace_id, msisdn): made_id for workspace_id, msisdn, made_id in made}
    return people


def _answer(call: Call, message: SingleMessage, message_id: int) -> Answer:
    assert call.holder is not None
    is_shown = call.holder.allows(Scope.CONTACTS_NUMBERS)
    accepted = {
        "id": message_id,
        "contact_id": message.contact_id,
        "to": message.msisdn if is_shown else mask_msisdn(message.msisdn),
        "state": "planned",
        "gateway_id": message.gateway_id,
        "sender": message.sender,
        "lane": message.lane,
        "encoding": call.read.encoding,
        "segment_count": call.read.segment_count,
        "due_at": message.due_at,
        "adds": [],
    }
    return Answer(orjson.dumps(accepted), f"{PATH}/{message_id}")


def _kept(call: Call, answer: Answer) -> dict[str, Any]:
    asked = call.asked()
    headers = {"Content-Type": CONTENT_TYPE, "Location": answer.location}
    return {
        "api_key_id": asked.api_key_id,
        "key": asked.key,
        "path": asked.path,
        "body_hash": asked.body_hash,
        "answer": kept_answer(answer.content.decode(), headers),
    }


def _nudges(made: Iterable[_Made]) -> list[tuple[str, bytes]]:
    """One for each gateway and lane."""
    batch_ids: dict[str, list[int]] = {}
    for each in made:
        subject = submit_subject(each.message.gateway_id, each.message.lane)
        batch_ids.setdefault(subject, []).append(each.batch_id)
    return [
        (subject, encode(BatchPointer(first, more)))
        for subject, (first, *more) in batch_ids.items()
    ]
