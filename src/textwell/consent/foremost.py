"""What follows from a number's reasons, for all who change them: the foremost, whose it is, who is told."""

from collections.abc import Sequence
from typing import Any

import orjson

from textwell.consent import sql
from textwell.consent.types import SUPPRESSION_RANK
from textwell.core.bus import publish_core_after_commit
from textwell.core.db import cursor


def derive_foremost(workspace_id: int, msisdns: Sequence[str]) -> None:
    """After reasons were taken away, in the transaction that did it and had locked the numbers."""
    params: dict[str, Any] = {
        "workspace_id": workspace_id,
        "msisdns": sorted(msisdns),
        "rank": list(SUPPRESSION_RANK),
    }
    with cursor() as raw:
        raw.execute(sql.FREE_NUMBERS, params)
        raw.execute(sql.DERIVE_FOREMOST, params)


def owners_of(workspace_id: int, msisdns: Sequence[str]) -> list[int]:
    """Ids of the people who have these numbers."""
    with cursor() as raw:
        params: dict[str, Any] = {"workspace_id": workspace_id, "msisdns": list(msisdns)}
        raw.execute(sql.OWNERS_OF, params)
        return [row[0] for row in raw.fetchall()]


def tell_connectors(what: str, workspace_id: int, contact_ids: Sequence[int]) -> None:
    """Once this is committed: suppressed, lifted, revoked, narrowed or agreed."""
    publish_core_after_commit(f"control.{what}.{workspace_id}", orjson.dumps(list(contact_ids)))
