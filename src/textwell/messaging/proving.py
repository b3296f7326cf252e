"""Proofs of decisions at hand-off: signed a moment after they were written, read, and let go in time.

Connectors write them with the outcomes (`messaging.proof.collecting`); here the store and the key are.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

import msgspec
from django.db import connection, transaction

from textwell.core.clock import now
from textwell.core.settings import load_settings
from textwell.core.signatures import encode
from textwell.core.signing import Signer
from textwell.messaging import sql
from textwell.messaging.proof.form import (
    SUBJECT,
    VERSION,
    Block,
    Head,
    Leaf,
    Proof,
    make_block,
    write_head,
    write_proof,
)
from textwell.messaging.proof.judged import Judged
from textwell.messaging.proof.tree import digest_text

_BLOCKS_AT_ONCE: Final = 500
_ROUNDS: Final = 20  # of a run: 320,000 messages, some seconds
_FORGOTTEN_AT_ONCE: Final = 20_000
_encode = msgspec.json.Encoder().encode
Row = Sequence[Any]  # of a statement; typed by position


def sign_proofs() -> int:
    """Sign what connectors wrote; answers how many blocks. Safe to repeat, also beside itself."""
    count = 0
    for _round in range(_ROUNDS):
        signed = _sign_some()
        count += signed
        if signed < _BLOCKS_AT_ONCE:
            break
    return count


def _sign_some() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.UNSIGNED_PROOFS, {"limit": _BLOCKS_AT_ONCE})
        rows = sorted(cursor.fetchall(), key=lambda row: (row[1], row[0]))
        if not rows:
            return 0
        hashes = _consent_hashes(rows)
        signed_at = now()
        signed = [
            _signed(signer, row, hashes, signed_at)
            for workspace_id, group in groupby(rows, key=lambda row: int(row[1]))
            for signer in [Signer(workspace_id)]
            for row in group
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
    return len(rows)


def _consent_hashes(rows: Sequence[Row]) -> dict[int, str]:
    event_ids = {int(leaf.split(",")[3]) for row in rows for leaf in row[3].split(" ")}
    with connection.cursor() as cursor:
        cursor.execute(sql.CONSENT_HASHES, {"event_ids": list(event_ids)})
        return {event_id: encode(bytes(digest)) for event_id, digest in cursor.fetchall()}


def _signed(
    signer: Signer, row: Row, hashes: dict[int, str], signed_at: datetime
) -> tuple[int, str, str, bytes]:
    block_id, workspace_id, nonce, leaves, records = row
    block = make_block(_leaves(leaves, records, hashes))
    head = _head(workspace_id, nonce, block, signer.key_id, signed_at)
    used = sorted({leaf.consent for leaf in block.leaves} & set(hashes))
    consents = " ".join(f"{event_id}={hashes[event_id]}" for event_id in used)
    return block_id, consents, signer.key_id, signer.sign(SUBJECT, write_head(head)).value


def _head(workspace_id: int, nonce: str, block: Block, key_id: str, signed_at: datetime) -> Head:
    return Head(
        v=VERSION,
        workspace=workspace_id,
        nonce=nonce,
        count=len(block.leaves),
        root=block.root,
        key=key_id,
        signed_at=msgspec.to_builtins(signed_at),
    )


def _records(records: str) -> list[Judged]:
    return msgspec.json.decode(records, type=list[Judged])


def _leaves(leaves: str, records: str, hashes: dict[int, str]) -> list[Leaf]:
    digests = [digest_text(_encode(record)) for record in _records(records)]
    made = []
    for line in leaves.split(" "):
        message_id, to, text, event, place = line.split(",")
        event_id = int(event)
        made.append(
            Leaf(int(message_id), to, text, event_id, hashes.get(event_id, ""), digests[int(place)])
        )
    return made


def proofs_between(workspace_id: int, first_id: int, last_id: int) -> Iterator[bytes]:
    """Proofs of the messages with these ids, in the order in which they were judged, a line each.

    A message that was held and judged again has several. What is not signed yet is signed first.
    """
    ends = {"workspace_id": workspace_id, "first_id": first_id, "last_id": last_id}
    with connection.cursor() as cursor:
        cursor.execute(sql.HAS_UNSIGNED_BETWEEN, ends)
        if cursor.fetchone()[0]:
            sign_proofs()
    after_id = 0
    while rows := _blocks_between(ends, after_id):
        for row in rows:
            yield from _lines(row, first_id, last_id)
        after_id = rows[-1][0]


def _blocks_between(ends: dict[str, int], after_id: int) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql.PROOFS_BETWEEN, {**ends, "after_id": after_id, "limit": _BLOCKS_AT_ONCE})
        return list(cursor.fetchall())


def _lines(row: Row, first_id: int, last_id: int) -> Iterator[bytes]:
    _id, workspace_id, nonce, leaves, records, consents, key_id, signed_at, signature = row
    pairs = (pair.split("=") for pair in consents.split())
    hashes = {int(event_id): digest for event_id, digest in pairs}
    block = make_block(_leaves(leaves, records, hashes))
    head = _head(workspace_id, nonce, block, key_id, signed_at)
    judged = _records(records)
    places = [int(line.rpartition(",")[2]) for line in leaves.split(" ")]
    for index, leaf in enumerate(block.leaves):
        if first_id <= leaf.message <= last_id:
            path = block.path(index)
            yield write_proof(
                Proof(head, leaf, judged[places[index]], path, encode(bytes(signature)))
            )


def forget_old_proofs() -> int:
    """Delete proofs older than the setting `proof_days`; answers how many blocks. 0 keeps all."""
    days = load_settings().proof_days
    if not days:
        return 0
    params: dict[str, Any] = {
        "older_than": now() - timedelta(days=days),
        "limit": _FORGOTTEN_AT_ONCE,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.FORGET_PROOFS, params)
        return int(cursor.rowcount)


def find_latest(workspace_id: int, message_id: int) -> Judged | None:
    """What the gate saw and said last of a message, signed or not yet; None: its turn never came."""
    params = {"workspace_id": workspace_id, "message_id": message_id}
    with connection.cursor() as cursor:
        cursor.execute(sql.NEWEST_PROOFS, params)
        for leaves, records in cursor.fetchall():
            for line in reversed(leaves.split(" ")):
                if line.startswith(f"{message_id},"):
                    return _records(records)[int(line.rpartition(",")[2])]
    return None
