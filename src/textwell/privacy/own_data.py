"""What is held of one person: all of it as a file for them, and what they correct of it themselves."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction

from textwell.accounts.actions import record_audit
from textwell.consent.preferring import list_preference_events
from textwell.contacts.actions import upsert_contact
from textwell.contacts.models import Contact, ContactList, ListMember
from textwell.contacts.selectors import access_contact
from textwell.contacts.tracked.selectors import list_events
from textwell.core.clock import now
from textwell.core.masks import mask_msisdn
from textwell.inbox.models import Reply
from textwell.links.models import Click
from textwell.messaging.models import Message, Outcome
from textwell.privacy.receipts import build_receipt, moment_text

MOST_EACH: Final = 2_000  # of texts, answers, clicks: the newest


def correct_person(
    *,
    workspace_id: int,
    contact_id: int,
    first_name: str,
    last_name: str,
    language: str,
    actor: str,
) -> Contact:
    """The person says how they are called and which language they read.

    Raises:
        NotFound: they are not here (any more).
        FieldError: a value cannot be used.
    """
    with transaction.atomic():
        access_contact(workspace_id, contact_id)
        # Locked: who is erased meanwhile would be made anew.
        kept = Contact.objects.select_for_update().get(id=contact_id)
        return upsert_contact(
            workspace_id=workspace_id,
            msisdn=kept.msisdn,
            first_name=first_name,
            last_name=last_name,
            language=language,
            actor=actor,
        )


def export_own_data(*, contact: Contact, actor: str) -> dict[str, Any]:  # Any: JSON
    """All that is held of a person, for themselves. The number is masked: links are passed on.

    The log tells that it was handed out.
    """
    with transaction.atomic():
        record_audit(
            workspace_id=contact.workspace_id,
            actor=actor,
            action="contacts.data_downloaded",
            subject=f"contact:{contact.id}",
        )
    return read_own_data(contact)


def read_own_data(contact: Contact) -> dict[str, Any]:
    workspace_id = contact.workspace_id
    receipt = build_receipt(contact, "")
    lists = ListMember.objects.filter(contact_id=contact.id).values("list_id")
    return {
        "made_at": moment_text(now()),
        "held_by": receipt.controller,
        "person": {
            "number": receipt.number,
            "first_name": contact.first_name,
            "last_name": contact.last_name,
            "email": contact.email,
            "language": contact.language,
            "country": contact.country,
            "operator": contact.operator,
            "zone": contact.zone,
            "external_id": contact.external_id,
            "fields": contact.fields,
            "tags": contact.tags,
            "lists": list(
                ContactList.objects.filter(id__in=lists)
                .order_by("id")
                .values_list("name", flat=True)
            ),
            "added_at": moment_text(contact.created_at),
        },
        "consent": {
            "is_stopped": receipt.is_stopped,
            "paused_until": receipt.paused_until,
            "standings": receipt.standings,
            "statements": receipt.statements,
            "channels": [
                {
                    "choice": each.choice,
                    "at": moment_text(each.given_at),
                    "source": each.source,
                    "wording": each.wording,
                    "evidence": each.evidence,
                }
                for each in list_preference_events(workspace_id, contact.id)
            ],
        },
        **_conversation(contact),
        "events": [
            {"at": moment_text(each.at), "name": each.name, "properties": each.properties}
            for each in list_events(workspace_id, contact.id, limit=MOST_EACH)
        ],
        "most_of_each": MOST_EACH,
    }


def _conversation(contact: Contact) -> dict[str, Any]:
    """Texts, answers and clicks, the newest first."""
    mine = {"workspace_id": contact.workspace_id}
    sent = Message.objects.filter(**mine, contact_id=contact.id)
    texts = list(sent.order_by("-id")[:MOST_EACH])
    ids = [row.id for row in texts]
    words = dict(
        Outcome.objects.filter(message_id__in=ids)
        .exclude(text="")
        .order_by("id")
        .values_list("message_id", "text")
    )
    replies = Reply.objects.filter(**mine, contact_id=contact.id).order_by("-id")
    clicks = Click.objects.filter(**mine, message_id__in=ids).order_by("-at")
    return {
        "texts": [
            {
                "at": _maybe(row.handed_at or row.planned_at),
                "to": mask_msisdn(row.msisdn),
                "sender": row.sender,
                "state": row.state,
                "text": words.get(row.id, ""),
            }
            for row in texts
        ],
        "answers": [
            {"at": _maybe(row.received_at), "text": row.text} for row in replies[:MOST_EACH]
        ],
        "clicks": [
            {
                "at": _maybe(row.at),
                "device": row.device,
                "os": row.os,
                "browser": row.browser,
                "address": row.raw_ip,
            }
            for row in clicks[:MOST_EACH]
        ],
    }


def _maybe(at: datetime | None) -> str:
    return moment_text(at) if at else ""
