"""What waits for a person when they refuse a part of what they get."""

from dataclasses import asdict
from typing import Any

from django.db import connection, transaction

from textwell.consent.types import ConsentScope
from textwell.core.clock import now
from textwell.messaging import sql


def skip_scope(*, workspace_id: int, contact_id: int, purpose: str, scope: ConsentScope) -> int:
    """Skip what waits for a person of one scope, in the caller's transaction; the rest goes on."""
    with transaction.atomic(), connection.cursor() as cursor:
        params: dict[str, Any] = {
            "workspace_id": workspace_id,
            "contact_id": contact_id,
            "purpose": purpose,
            **asdict(scope),
            "now": now(),
        }
        cursor.execute(sql.SKIP_SCOPE, params)
        return int(cursor.fetchone()[0])
