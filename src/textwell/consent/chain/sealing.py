"""Seal what was recorded, a moment after its commit: nobody who records waits for the chain.

Facts are sealed in the order of their ids as they are seen; one whose transaction ends late comes late.
The scheduler does a bounded part at a time.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.db import transaction

from textwell.consent.chain import sql
from textwell.consent.chain.form import Block
from textwell.consent.chain.settling import move_settled, settle, settled_id
from textwell.consent.models import SealedBlock
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.merkle import make_levels
from textwell.core.signatures import encode

LOCK_CLASS: Final = 0x7478  # advisory locks (class, workspace): one sealer of a workspace at a time
LOOK_BACK: Final = 50_000  # ids: a number may be taken a moment before its transaction has one
IN_BLOCK: Final = 2_048
_AT_ONCE: Final = 16_384
_ROUNDS: Final = 4  # of a run: 65,536 facts, some seconds
_STATEMENTS: Final = {"e": sql.SEAL_EVENTS, "w": sql.SEAL_WITHDRAWALS}


def seal_consents() -> int:
    """Seal some of what waits, of every workspace; answers how many. Safe to repeat, also beside itself."""
    count = 0
    settled = settle()
    for _round in range(_ROUNDS):
        ids = _seal_some("e", sql.UNSEALED_EVENTS, settled_id() - LOOK_BACK)
        count += len(ids)
        # All that is seen up to here is sealed now: in the order of ids it was taken.
        move_settled(settled if len(ids) < _AT_ONCE else min(settled, max(ids)))
        if len(ids) < _AT_ONCE:
            break
    return count + len(_seal_some("w", sql.UNSEALED_WITHDRAWALS, 0))


def seal_all_consents() -> int:
    """All that waits."""
    count = 0
    while sealed := seal_consents():
        count += sealed
    return count


def block_at(moment: datetime) -> str:
    """A block's `sealed_at` as its digest has it."""
    return moment.isoformat(timespec="microseconds")


def _seal_some(fact: str, statement: str, from_id: int) -> list[int]:
    """The ids that it saw, at most `_AT_ONCE`."""
    with cursor() as raw:
        raw.execute(statement, {"from_id": from_id, "limit": _AT_ONCE})
        rows = sorted(raw.fetchall(), key=lambda row: (row[1], row[0]))
    for workspace_id, group in groupby(rows, key=lambda row: int(row[1])):
        _seal(fact, workspace_id, [row[0] for row in group])
    return [row[0] for row in rows]


def _seal(fact: str, workspace_id: int, ids: Sequence[int]) -> None:
    with transaction.atomic():
        lock_chain(workspace_id)
        last = SealedBlock.objects.filter(workspace_id=workspace_id).order_by("-number").first()
        first = last.first + last.count if last else 0
        params: dict[str, Any] = {"workspace_id": workspace_id, "first": first, "ids": list(ids)}
        with cursor() as raw:
            raw.execute(_STATEMENTS[fact], params)
            digests = [bytes(digest) for _, digest in sorted(raw.fetchall())]
        SealedBlock.objects.bulk_create(_blocks(workspace_id, last, first, digests))


def lock_chain(workspace_id: int) -> None:
    """Until the transaction ends nobody else adds to the chain."""
    with cursor() as raw:
        raw.execute(sql.LOCK, [LOCK_CLASS, workspace_id % 2**31])


def _blocks(
    workspace_id: int, last: SealedBlock | None, first: int, digests: Sequence[bytes]
) -> Iterator[SealedBlock]:
    sealed_at = now()
    day = max(sealed_at.date(), last.sealed_on) if last else sealed_at.date()
    number, before = (last.number + 1, encode(bytes(last.digest))) if last else (0, "")
    for start in range(0, len(digests), IN_BLOCK):
        leaves = digests[start : start + IN_BLOCK]
        root = make_levels(leaves)[-1][0]
        form = Block(
            workspace_id, number, first + start, len(leaves), encode(root), before,
            block_at(sealed_at),
        )  # fmt: skip
        yield SealedBlock(
            workspace_id=workspace_id, number=number, first=form.first, count=form.count, root=root,
            digest=form.digest, sealed_at=sealed_at, sealed_on=day,
        )  # fmt: skip
        number, before = number + 1, encode(form.digest)
