"""Walk the whole chain and name the first fact that is not as it was sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from textwell.consent.chain import sql
from textwell.consent.chain.form import HASH_OCTETS, Block, check_root
from textwell.consent.chain.roots import has_root
from textwell.consent.chain.sealing import LOOK_BACK, block_at, seal_all_consents
from textwell.consent.chain.settling import settled_id
from textwell.consent.models import SealedDay
from textwell.core.db import cursor
from textwell.core.merkle import make_levels
from textwell.core.signatures import encode
from textwell.core.signing import list_public_keys

_BLOCKS_AT_ONCE: Final = 64
_NAMES: Final = {"e": "event", "w": "withdrawn import"}
Row = Sequence[Any]  # of a statement; typed by position


@dataclass(frozen=True, slots=True)
class Verdict:
    """`problem` "": all is as it was sealed. `fact_count`: how many are whole, up to the first that is not.

    `chain`: the digest of the last whole block.
    """

    fact_count: int
    block_count: int
    chain: str
    problem: str = ""

    @property
    def is_whole(self) -> bool:
        return not self.problem


def verify_ledger(workspace_id: int) -> Verdict:
    """Walk everything. What nobody has sealed yet is sealed first."""
    seal_all_consents()
    verdict = Verdict(0, 0, "")
    with transaction.atomic(), cursor() as raw:
        raw.execute(sql.BY_KEYS)
        while rows := _blocks(workspace_id, verdict.block_count):
            for row in rows:
                problem = _problem(workspace_id, verdict, row)
                if problem:
                    whole = row[7] if row[7] is not None else verdict.fact_count
                    return Verdict(whole, verdict.block_count, verdict.chain, problem)
                end = verdict.fact_count + row[2]
                verdict = Verdict(end, verdict.block_count + 1, encode(bytes(row[4])))
    problem = _added(workspace_id, verdict) or _wrong_day(workspace_id)
    return Verdict(verdict.fact_count, verdict.block_count, verdict.chain, problem)


def _blocks(workspace_id: int, first: int) -> list[Row]:
    """Also the next ones after a gap, so that a removed block is told from the end."""
    with cursor() as raw:
        params = {
            "workspace_id": workspace_id,
            "block": first,
            "limit": _BLOCKS_AT_ONCE,
        }
        raw.execute(sql.CHECK_BLOCKS, params)
        return list(raw.fetchall())


def _problem(workspace_id: int, verdict: Verdict, row: Row) -> str:
    """What is wrong with the next block of the walk; "": nothing."""
    number, first, count, root, digest, sealed_at, digests, wrong = row
    if wrong is not None:
        return _name_wrong(workspace_id, wrong)
    if number != verdict.block_count or first != verdict.fact_count:
        return f"block {verdict.block_count} was removed or moved"
    leaves = _split(bytes(digests or b""))
    if len(leaves) != count:
        return f"a seal of block {number} (facts {first} to {first + count - 1}) was removed"
    if make_levels(leaves)[-1][0] != bytes(root):
        return (
            f"seals of block {number} (facts {first} to {first + count - 1}) were changed or moved"
        )
    form = Block(
        workspace_id, number, first, count, encode(bytes(root)), verdict.chain, block_at(sealed_at)
    )
    return "" if form.digest == bytes(digest) else f"block {number} was changed or moved"


def _split(digests: bytes) -> list[bytes]:
    return [digests[at : at + HASH_OCTETS] for at in range(0, len(digests), HASH_OCTETS)]


def _name_wrong(workspace_id: int, number: int) -> str:
    with cursor() as raw:
        params = {"workspace_id": workspace_id, "first": number, "end": number + 1}
        raw.execute(sql.ONE_FACT, params)
        fact, fact_id, problem = raw.fetchone()
    return f"{_NAMES[fact]} {fact_id} was {problem}"


def _added(workspace_id: int, verdict: Verdict) -> str:
    """Facts or seals that were slipped in beside the chain."""
    params = {
        "workspace_id": workspace_id,
        "first": verdict.fact_count,
        "block": verdict.block_count,
        "before_id": settled_id() - LOOK_BACK,
    }
    with cursor() as raw:
        raw.execute(sql.FACTS_BEYOND, params)
        beyond = raw.fetchone()
        if beyond is not None:
            return f"a seal of {_NAMES[beyond[0]]} {beyond[1]} was added, or its block removed"
        raw.execute(sql.SLIPPED_IN, params)
        event_id = raw.fetchone()[0]
    return f"event {event_id} was added behind what was sealed" if event_id else ""


def _wrong_day(workspace_id: int) -> str:
    keys = {key.key_id: key.value for key in list_public_keys(workspace_id)}
    for kept in SealedDay.objects.filter(workspace_id=workspace_id).order_by("day"):
        root, problem = check_root(kept.line.encode(), keys)
        if problem or root is None:
            return f"the root of {kept.day} was changed: {problem}"
        if not has_root(root.head):
            return f"the root of {kept.day} is not that of its blocks"
    return ""
