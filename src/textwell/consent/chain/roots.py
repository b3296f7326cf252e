"""Daily roots, signed; and proofs that an event belongs to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.models import Workspace
from textwell.consent.chain import sql
from textwell.consent.chain.form import (
    SUBJECT,
    VERSION,
    Block,
    Head,
    Proof,
    Root,
    root_of_blocks,
    write_head,
    write_line,
    write_path,
)
from textwell.consent.chain.sealing import (
    block_at,
    lock_chain,
    seal_all_consents,
    seal_consents,
)
from textwell.consent.models import SealedBlock, SealedDay, SealedFact
from textwell.consent.types import GENERAL, ConsentScope
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import Conflict
from textwell.core.merkle import make_levels
from textwell.core.signatures import encode
from textwell.core.signing import Signer


def close_days() -> int:
    """Sign the days that are over; answers how many. The scheduler calls it; twice is once."""
    count = 0
    for workspace_id in Workspace.objects.order_by("id").values_list("id", flat=True):
        for day in _open_days(workspace_id):
            count += daily_root(workspace_id, day) is not None
    return count


def _open_days(workspace_id: int) -> Sequence[date]:
    blocks = SealedBlock.objects.filter(workspace_id=workspace_id, sealed_on__lt=now().date())
    closed = SealedDay.objects.filter(workspace_id=workspace_id).order_by("-day").first()
    if closed is not None:
        blocks = blocks.filter(sealed_on__gt=closed.day)
    return list(blocks.values_list("sealed_on", flat=True).distinct().order_by("sealed_on"))


def daily_root(workspace_id: int, day: date) -> Root | None:
    """The root of a day, signed: of today as far as it is sealed. None: nothing was sealed on it.

    A day that is over is signed once, and its line kept.
    """
    with transaction.atomic():
        lock_chain(workspace_id)
        kept = SealedDay.objects.filter(workspace_id=workspace_id, day=day).first()
        if kept is not None:
            return read_line(kept.line)
        head_root = _sign(workspace_id, day)
        if head_root is not None and day < now().date():
            line = write_line(head_root).decode()
            SealedDay.objects.create(workspace_id=workspace_id, day=day, line=line)
    return head_root


def read_line(line: str) -> Root:
    """Of one that we wrote."""
    return msgspec.json.decode(line, type=Root)


def blocks_of(workspace_id: int, day: date) -> list[SealedBlock]:
    found = SealedBlock.objects.filter(workspace_id=workspace_id, sealed_on=day)
    return list(found.order_by("number"))


def has_root(head: Head) -> bool:
    """Whether the chain is still what this head says of it."""
    blocks = blocks_of(head.workspace, date.fromisoformat(head.day))[: head.blocks]
    if len(blocks) != head.blocks or not blocks:
        return False
    levels = root_of_blocks([bytes(block.digest) for block in blocks])
    last = blocks[-1]
    said = (head.root, head.chain, head.facts)
    return said == (encode(levels[-1][0]), encode(bytes(last.digest)), last.first + last.count)


def _sign(workspace_id: int, day: date) -> Root | None:
    blocks = blocks_of(workspace_id, day)
    if not blocks:
        return None
    signer, last = Signer(workspace_id), blocks[-1]
    head = Head(
        v=VERSION,
        workspace=workspace_id,
        day=day.isoformat(),
        blocks=len(blocks),
        facts=last.first + last.count,
        root=encode(root_of_blocks([bytes(block.digest) for block in blocks])[-1][0]),
        chain=encode(bytes(last.digest)),
        key=signer.key_id,
        signed_at=now().isoformat(timespec="seconds"),
    )
    return Root(head, encode(signer.sign(SUBJECT, write_head(head)).value))


def prove_state(
    workspace_id: int,
    contact_id: int,
    at: datetime,
    *,
    channel: str = "sms",
    purpose: str = "marketing",
    scope: ConsentScope = GENERAL,
    is_awaited: bool = False,
) -> Proof | None:
    """The event that said what this person wanted at that moment, of what was on record then, and its proof.

    None: nothing was on record. `is_awaited`: somebody waits for the answer, so only a bounded part of what
    is not sealed yet is sealed for it.

    Raises:
        Conflict: it is awaited, and too much waits to be sealed before it.
    """
    params: dict[str, Any] = {
        "workspace_id": workspace_id, "contact_id": contact_id, "at": at, "channel": channel,
        "purpose": purpose, "topic": scope.topic, "brand": scope.brand, "sender": scope.sender,
    }  # fmt: skip
    with cursor() as raw:
        raw.execute(sql.STATE_AT, params)
        found = raw.fetchone()
    if found is None:
        return None
    row = _sealed_leaf(workspace_id, found[0], seal_consents if is_awaited else seal_all_consents)
    if row is None and is_awaited:
        raise Conflict(_("This consent is not sealed yet. Ask again in a minute."))
    # None otherwise: slipped in; `verifying` tells of it
    return None if row is None else _prove_leaf(workspace_id, *row)


def _sealed_leaf(
    workspace_id: int, event_id: int, seal: Callable[[], int]
) -> tuple[int, str] | None:
    found = _leaf_of(workspace_id, event_id)
    if found is None:
        seal()
        found = _leaf_of(workspace_id, event_id)
    return found


def _prove_leaf(workspace_id: int, number: int, leaf: str) -> Proof | None:
    own = SealedBlock.objects.filter(workspace_id=workspace_id)
    block = own.filter(first__lte=number).order_by("-first")[0]
    root = daily_root(workspace_id, block.sealed_on)
    if root is None:
        return None
    facts = SealedFact.objects.filter(
        workspace_id=workspace_id, number__gte=block.first, number__lt=block.first + block.count
    )
    leaves = [bytes(digest) for digest in facts.order_by("number").values_list("digest", flat=True)]
    day = blocks_of(workspace_id, block.sealed_on)[: root.head.blocks]
    levels = root_of_blocks([bytes(each.digest) for each in day])
    return Proof(
        head=root.head,
        signature=root.signature,
        block=form_of(block, before_of(block)),
        leaf=leaf,
        path=write_path(make_levels(leaves), number - block.first),
        day_path=write_path(levels, block.number - day[0].number),
    )


def _leaf_of(workspace_id: int, event_id: int) -> tuple[int, str] | None:
    with cursor() as raw:
        raw.execute(sql.LEAF_OF_EVENT, {"workspace_id": workspace_id, "event_id": event_id})
        found = raw.fetchone()
    return None if found is None else (found[0], found[1])


def before_of(block: SealedBlock) -> str:
    """The digest of the block before, "" of the first."""
    before = SealedBlock.objects.filter(workspace_id=block.workspace_id, number=block.number - 1)
    digest = before.values_list("digest", flat=True).first()
    return encode(bytes(digest)) if digest is not None else ""


def form_of(block: SealedBlock, before: str) -> Block:
    return Block(
        block.workspace_id, block.number, block.first, block.count, encode(bytes(block.root)), before,
        block_at(block.sealed_at),
    )  # fmt: skip
