"""Suppressions that the workspaces of a group share: put down and taken away with those of the first.

`share` and `unshare` belong into the transaction that changes a workspace's own reasons, after it.
Only what a workspace was told itself is shared, so nothing goes round. Two that share one number at one
moment may wait for each other; the database ends that, and one of them is tried again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from textwell.consent import sql
from textwell.consent.events import NumbersSuppressed
from textwell.consent.foremost import derive_foremost, owners_of, tell_connectors
from textwell.consent.types import SHAREABLE
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.events import publish_now

Owners = dict[int, list[int]]  # ids of people by workspace


def share(workspace_id: int, msisdns: Sequence[str], reason: str) -> Owners:
    """Put down with the others of the group what this workspace has put down for a reason.

    Answers whose numbers they are there and were not shared before: what waits for them is still to
    be withdrawn.
    """
    others = others_of(workspace_id, reason) if reason in SHAREABLE and msisdns else []
    if not others:
        return {}
    params: dict[str, Any] = {"msisdns": list(msisdns), "others": others, "now": now()}
    with cursor() as raw:
        raw.execute(sql.SHARE_NUMBERS, params)
        raw.execute(sql.SHARE_REASONS, params)
        return owners_elsewhere(raw.fetchall())


def unshare(workspace_id: int, msisdns: Sequence[str]) -> None:
    """Take away with the others what this workspace has no reason for any more, unless a third one has."""
    others = others_of(workspace_id, "") if msisdns else []
    if not others:
        return
    params: dict[str, Any] = {"msisdns": list(msisdns), "others": others}
    with cursor() as raw:
        raw.execute(sql.LOCK_SHARED, params)
        raw.execute(sql.UNSHARE_REASONS, params)
        taken = _by_workspace(raw.fetchall())
        for other_id, numbers in taken.items():
            derive_foremost(other_id, numbers)
            raw.execute(sql.STILL_SUPPRESSED, {"workspace_id": other_id, "msisdns": numbers})
            free = set(numbers) - {row[0] for row in raw.fetchall()}
            if free:
                tell_connectors("lifted", other_id, owners_of(other_id, sorted(free)))


def others_of(workspace_id: int, reason: str) -> list[int]:
    """Workspaces that it shares this reason with ("": any); nobody joins or leaves until the commit."""
    params: dict[str, Any] = {"workspace_id": workspace_id, "reason": reason}
    with cursor() as raw:
        raw.execute(sql.LOCK_GROUP, params)
        if raw.fetchone() is None:
            return []
        raw.execute(
            sql.SHARES_WITH, params
        )  # apart: it must see who joined while the lock was waited for
        return [row[0] for row in raw.fetchall()]


def owners_elsewhere(pairs: Iterable[tuple[int, str]]) -> Owners:
    """Whose numbers these (workspace, number) are; connectors hear of them after the commit."""
    found = {
        other_id: owners_of(other_id, numbers) for other_id, numbers in _by_workspace(pairs).items()
    }
    for other_id, contact_ids in found.items():
        tell_connectors("suppressed", other_id, contact_ids)
    return {other_id: contact_ids for other_id, contact_ids in found.items() if contact_ids}


def withdraw_elsewhere(owners: Mapping[int, Sequence[int]]) -> None:
    """Revoke what waits for these people, in the present transaction."""
    for other_id, contact_ids in owners.items():
        publish_now(NumbersSuppressed(other_id, tuple(contact_ids)))


def _by_workspace(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for workspace_id, msisdn in pairs:
        found[workspace_id].append(msisdn)
    return found
