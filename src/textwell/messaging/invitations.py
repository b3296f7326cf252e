"""Who has the one invitation of a number, and what they answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

from textwell.consent.models import Invitation
from textwell.core.clock import now
from textwell.messaging import sql


def claim_single(cursor: CursorWrapper, message_id: int, *, topic: str, brand: str) -> None:
    """Give the invitation of its number to a text just recorded, unless another one has it."""
    params: dict[str, Any] = {"message_ids": [message_id], "topic": topic, "brand": brand}
    cursor.execute(sql.CLAIM_LISTED, params)


def find_open(contact_ids: Iterable[int], *, since: datetime) -> dict[int, Invitation]:
    """Invitations that wait for an answer and were made since, by person; locked until the commit."""
    rows = Invitation.objects.select_for_update().filter(contact_id__in=set(contact_ids))
    return {
        row.contact_id: row for row in rows.filter(answer="", made_at__gte=since).order_by("id")
    }


def note_answer(found: Invitation, *, is_yes: bool) -> None:
    """Said once: nobody is asked a second time, whatever it was."""
    found.answer, found.answered_at = "yes" if is_yes else "other", now()
    found.save(update_fields=["answer", "answered_at"])
