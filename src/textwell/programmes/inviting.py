"""Answers to an invitation: a yes is consent with its proof, anything else a no; nobody is asked twice."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from textwell.consent.actions import record_opt_in
from textwell.consent.models import Invitation
from textwell.consent.types import ConsentScope
from textwell.core.db import cursor
from textwell.inbox.events import ArrivedText
from textwell.messaging.invitations import find_open, note_answer
from textwell.messaging.selectors import message_texts
from textwell.programmes import sql

ANSWER_WITHIN: Final = timedelta(days=30)  # later a yes may be to something else
SOURCE: Final = "invitation"


def take_invited(texts: Sequence[ArrivedText], *, yes: frozenset[str], actor: str) -> None:
    """The first answer of people who were invited, in the transaction that stores the texts.

    It may come to another number than that which asked: an advertiser's name cannot be answered.
    """
    asked = [each for each in texts if each.contact_id]
    if not asked:
        return
    since = min(each.received_at for each in asked) - ANSWER_WITHIN
    found = find_open((each.contact_id or 0 for each in asked), since=since)
    handed = _handed(list(found.values()))
    for each in asked:
        invitation = found.get(each.contact_id or 0)
        at = handed.get(invitation.message_id) if invitation else None
        if invitation is None or at is None or at > each.received_at:
            continue
        del found[invitation.contact_id]
        is_yes = each.understanding.intent in yes
        note_answer(invitation, is_yes=is_yes)
        if is_yes:
            _agree(each, invitation, actor)


def _handed(invitations: Sequence[Invitation]) -> dict[int, Any]:
    """When they left, by message; those that did not are not there."""
    if not invitations:
        return {}
    with cursor() as raw:
        raw.execute(sql.HANDED, {"message_ids": [each.message_id for each in invitations]})
        return dict(raw.fetchall())


def _agree(text: ArrivedText, invitation: Invitation, actor: str) -> None:
    asked = message_texts([invitation.message_id]).get(invitation.message_id, "")
    record_opt_in(
        workspace_id=text.workspace_id,
        contact_id=invitation.contact_id,
        source=SOURCE,
        wording=asked or text.text,
        given_at=text.received_at,
        actor=actor,
        basis="express_written",
        scope=ConsentScope(invitation.topic, invitation.brand),
        evidence={
            "message_id": invitation.message_id,
            "campaign_id": invitation.campaign_id,
            "gateway_id": text.gateway_id,
            "source_key": text.source_key,
            "recipient": text.recipient,
            "answer": text.text,
        },
    )
    text.taken_by = invitation.contact_id
