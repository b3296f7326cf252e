"""Proofs of decisions at hand-off: signed a moment after they were written, read, and let go in time.

Connectors write them with the outcomes (`messaging.proof.collecting`); here the store and the key are.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, cast

import msgspec
import structlog
from django.db import connection, transaction

from textwell.core.clock import now
from textwell.core.merkle import digest_text
from textwell.core.seal import Unsealable
from textwell.core.settings import load_settings
from textwell.core.signatures import encode
from textwell.core.signing import Signer
from textwell.messaging import sql
from textwell.messaging.proof.form import (
    SUBJECT,
    Block,
    Head,
    Leaf,
    Proof,
    make_block,
    write_head,
    write_proof,
)
from textwell.messaging.proof.judged import LAST_LOOK, Judged, facts_of

log = structlog.get_logger()

_BLOCKS_AT_ONCE: Final = 500
_ROUNDS: Final = 20  # of a run: 320,000 messages, some seconds
_FORGOTTEN_AT_ONCE: Final = 20_000
_WIPED_LENGTH: Final = 43  # of a key whose person is erased: its hash stands there
_encode = msgspec.json.Encoder().encode
_told_failed: set[int] = set()  # workspaces whose key could not be opened: told once


class _Stored(NamedTuple):
    """A block, as the statements read it."""

    id: int
    workspace_id: int
    version: int
    nonce: str
    leaves: str
    records: str
    grounds: str
    keys: str


class _Line(NamedTuple):
    """A leaf as it is stored."""

    message_id: str
    to: str
    text: str
    event_id: str
    record: str
    grounds: str
    handed: str
    place: str


@dataclass(frozen=True, slots=True)
class Latest:
    """`judged` None: the record was made by a version that wrote it otherwise."""

    judged: Judged | None


def sign_proofs() -> int:
    """Sign what connectors wrote; answers how many blocks. Safe to repeat, also beside itself.

    A workspace whose key cannot be opened is left out, and the log says so: the others go on.
    """
    count = 0
    failed: set[int] = set()
    for _round in range(_ROUNDS):
        params = {"limit": _BLOCKS_AT_ONCE, "failed": [*failed]}
        seen, signed = _sign_some(sql.UNSIGNED_PROOFS, params, failed)
        count += signed
        if seen < _BLOCKS_AT_ONCE:
            break
    return count


def sign_between(workspace_id: int, first_id: int, last_id: int) -> None:
    """Sign what is not of the messages with these ids; waits for whoever is signing it just now.

    Raises:
        Unsealable: the workspace's key was sealed with another secret key of the installation.
    """
    params = {"workspace_id": workspace_id, "first_id": first_id, "last_id": last_id}
    failed: set[int] = set()
    while _has_unsigned(params):
        _sign_some(sql.UNSIGNED_PROOFS_BETWEEN, {**params, "limit": _BLOCKS_AT_ONCE}, failed)
        if failed:
            raise Unsealable


def _has_unsigned(params: dict[str, Any]) -> bool:
    """What somebody else is signing just now counts."""
    with connection.cursor() as cursor:
        cursor.execute(sql.HAS_UNSIGNED_BETWEEN, params)
        return bool(cursor.fetchone()[0])


def _sign_some(statement: str, params: dict[str, Any], failed: set[int]) -> tuple[int, int]:
    """How many blocks were seen and signed; whose key cannot be opened is added to `failed`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows = [_Stored(*row) for row in cursor.fetchall()]
        signers = _open_signers({row.workspace_id for row in rows}, failed)
        ready = [row for row in rows if row.workspace_id in signers]
        if not ready:
            return len(rows), 0
        parsed = [_lines(row.leaves) for row in ready]
        hashes = _consent_hashes(parsed)
        signed_at = now()
        signed = [
            _signed(signers[row.workspace_id], row, lines, hashes, signed_at)
            for row, lines in zip(ready, parsed, strict=True)
        ]
        ids, consents, key_ids, signatures = zip(*signed, strict=True)
        cursor.execute(
            sql.SIGN_PROOFS,
            {
                "ids": list(ids),
                "consents": list(consents),
                "key_ids": list(key_ids),
                "signatures": list(signatures),
                "signed_at": signed_at,
            },
        )
    return len(rows), len(ready)


def _open_signers(workspace_ids: set[int], failed: set[int]) -> dict[int, Signer]:
    signers = {}
    for workspace_id in sorted(workspace_ids):
        try:
            signers[workspace_id] = Signer(workspace_id)
        except (Unsealable, ValueError) as error:
            failed.add(workspace_id)
            if workspace_id not in _told_failed:
                _told_failed.add(workspace_id)
                log.warning(
                    "a signing key cannot be opened", workspace=workspace_id, error=str(error)
                )
    _told_failed.difference_update(signers)
    return signers


def _consent_hashes(parsed: Iterable[list[_Line]]) -> dict[int, str]:
    event_ids = {int(line.event_id) for lines in parsed for line in lines}
    with connection.cursor() as cursor:
        cursor.execute(sql.CONSENT_HASHES, {"event_ids": list(event_ids)})
        return {event_id: encode(bytes(digest)) for event_id, digest in cursor.fetchall()}


def _signed(
    signer: Signer,
    row: _Stored,
    lines: list[_Line],
    hashes: dict[int, str],
    signed_at: datetime,
) -> tuple[int, str, str, bytes]:
    block = make_block(_leaves(row, lines, _records(row, lines), hashes))
    head = _head(row, block, signer.key_id, signed_at)
    used = sorted({leaf.consent for leaf in block.leaves} & set(hashes))
    consents = " ".join(f"{event_id}={hashes[event_id]}" for event_id in used)
    return row.id, consents, signer.key_id, signer.sign(SUBJECT, write_head(head)).value


def _head(row: _Stored, block: Block, key_id: str, signed_at: datetime) -> Head:
    return Head(
        v=row.version,
        workspace=row.workspace_id,
        nonce=row.nonce,
        count=len(block.leaves),
        root=block.root,
        key=key_id,
        signed_at=msgspec.to_builtins(signed_at),
    )


def _lines(leaves: str) -> list[_Line]:
    return [_Line(*leaf.split(",", 7)) for leaf in leaves.split(" ")]


def _records(row: _Stored, lines: list[_Line]) -> list[bytes]:
    """What was judged of each leaf, as it is written in proofs: one object for all that is alike.

    Field by field, whatever they are: what another version of ours wrote stays as it is.
    """
    shared: list[dict[str, Any]] = msgspec.json.decode(row.records)
    grounds: list[dict[str, Any]] = msgspec.json.decode(row.grounds)
    known: dict[tuple[str, str, str, str], bytes] = {}
    made = []
    for line in lines:
        alike = (line.record, line.grounds, line.handed, line.place)
        written = known.get(alike)
        if written is None:
            record = shared[int(line.record)]
            if line.grounds:
                own = {"place": line.place, "handed": line.handed.split(";") if line.handed else []}
                record = {**record, **grounds[int(line.grounds)], **own}
            written = known[alike] = _encode(record)
        made.append(written)
    return made


def _key_hash(key: str) -> str:
    return key if len(key) == _WIPED_LENGTH else digest_text(key.encode())


def _leaves(
    row: _Stored, lines: list[_Line], records: Sequence[bytes], hashes: dict[int, str]
) -> list[Leaf]:
    made = []
    keys = row.keys.split(" ")
    digests = {record: digest_text(record) for record in set(records)}
    for line, record, key in zip(lines, records, keys, strict=True):
        event_id = int(line.event_id)
        consent_hash, judged = hashes.get(event_id, ""), digests[record]
        made.append(
            Leaf(
                int(line.message_id),
                line.to,
                _key_hash(key),
                line.text,
                event_id,
                consent_hash,
                judged,
            )
        )
    return made


def proofs_between(
    workspace_id: int, first_id: int, last_id: int, *, with_keys: bool = False
) -> Iterator[bytes]:
    """Proofs of the messages with these ids, in the order in which they were judged, a line each.

    A message that was held and judged again has several. What is not signed yet is signed first.
    `with_keys`: for who may see numbers, as they can be found by trying then.

    Raises:
        Unsealable: some cannot be signed; before the first line.
    """
    sign_between(workspace_id, first_id, last_id)
    return _proofs_between(workspace_id, first_id, last_id, with_keys=with_keys)


def _proofs_between(
    workspace_id: int, first_id: int, last_id: int, *, with_keys: bool
) -> Iterator[bytes]:
    ends = {"workspace_id": workspace_id, "first_id": first_id, "last_id": last_id}
    after_id = 0
    while rows := _blocks_between(ends, after_id):
        for row in rows:
            for message_id, line in _write_lines(row, with_keys=with_keys):
                if first_id <= message_id <= last_id:
                    yield line
        after_id = rows[-1][0]


Row = Sequence[Any]  # of a statement; typed by position


def _blocks_between(ends: dict[str, int], after_id: int) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql.PROOFS_BETWEEN, {**ends, "after_id": after_id, "limit": _BLOCKS_AT_ONCE})
        return list(cursor.fetchall())


def _write_lines(row: Row, *, with_keys: bool) -> Iterator[tuple[int, bytes]]:
    *stored, consents, key_id, signed_at, signature = row
    one = _Stored(*stored)
    pairs = (pair.split("=") for pair in consents.split())
    hashes = {int(event_id): digest for event_id, digest in pairs}
    lines = _lines(one.leaves)
    records = _records(one, lines)
    block = make_block(_leaves(one, lines, records, hashes))
    head = _head(one, block, key_id, signed_at)
    keys = one.keys.split(" ")
    for index, leaf in enumerate(block.leaves):
        key = keys[index] if with_keys and len(keys[index]) != _WIPED_LENGTH else ""
        judged = cast("Judged", msgspec.Raw(records[index]))  # written as it stands
        proof = Proof(head, leaf, judged, block.path(index), encode(bytes(signature)), key)
        yield leaf.message, write_proof(proof)


class NotedLook(NamedTuple):
    """One look of the gate at a message, as it was noted; no event id: no consent was on file."""

    judged: Judged
    consent_event_id: int
    consent_hash: str  # "" until it is signed


def list_looks(workspace_id: int, message_id: int) -> list[NotedLook]:
    """Each look at a message, signed or not yet, the latest last. Nothing is written.

    Records that another version of ours wrote otherwise are left out: their proofs have all of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.PROOFS_OF_ONE, {"workspace_id": workspace_id, "message_id": message_id})
        rows = cursor.fetchall()
    found = []
    for *stored, consents in rows:
        one = _Stored(*stored)
        hashes = dict(pair.split("=") for pair in consents.split())
        lines = _lines(one.leaves)
        for line, record in zip(lines, _records(one, lines), strict=True):
            judged = _read_judged(record) if line.message_id == str(message_id) else None
            if judged is not None:
                event_id = line.event_id
                found.append(NotedLook(judged, int(event_id), hashes.get(event_id, "")))
    return found


def _read_judged(record: bytes) -> Judged | None:
    try:
        judged = msgspec.json.decode(record, type=Judged)
        if judged.rules != LAST_LOOK:
            facts_of(judged)
    except msgspec.ValidationError:
        return None
    return judged


def forget_old_proofs() -> int:
    """Delete proofs older than the setting `proof_days`; answers how many blocks. 0 keeps all."""
    days = load_settings().proof_days
    if not days:
        return 0
    params: dict[str, Any] = {
        "older_than": now() - timedelta(days=days),
        "limit": _FORGOTTEN_AT_ONCE,
    }
    count: int = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql.FORGET_PROOFS, params)
            count += int(cursor.rowcount)
            if cursor.rowcount < _FORGOTTEN_AT_ONCE:
                return count


def find_latest(workspace_id: int, message_id: int) -> Latest | None:
    """What the gate saw and said last of a message, signed or not yet; None: its turn never came."""
    params = {"workspace_id": workspace_id, "message_id": message_id}
    with connection.cursor() as cursor:
        cursor.execute(sql.NEWEST_PROOF, params)
        found = cursor.fetchone()
    if found is None:
        return None
    row = _Stored(*found)
    lines = _lines(row.leaves)
    ids = [line.message_id for line in lines]
    last = len(ids) - 1 - ids[::-1].index(str(message_id))
    try:
        return Latest(msgspec.json.decode(_records(row, lines)[last], type=Judged))
    except msgspec.ValidationError:
        return Latest(None)
