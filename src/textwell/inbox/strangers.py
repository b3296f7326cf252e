"""Texts of numbers that are nobody's: they make no contact by themselves, but somebody may take them up."""

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.contacts.actions import upsert_contact
from textwell.core.db import cursor
from textwell.core.errors import Conflict, NotFound
from textwell.inbox import sql
from textwell.inbox.models import Reply, Thread


def access_reply(workspace_id: int, reply_id: int) -> Reply:
    """The text that came, or NotFound (also for another workspace's)."""
    found = Reply.objects.filter(workspace_id=workspace_id, id=reply_id).first()
    if found is None:
        raise NotFound("reply", reply_id)
    return found


def take_up(*, reply: Reply, actor: str) -> Thread:
    """The thread of whoever wrote this; a stranger becomes a contact, without any consent. Twice is once.

    Raises:
        FieldError: on `msisdn`: what wrote is a short code or a name, which cannot be answered.
        Conflict: all that the person wrote was handled by itself, such as STOP.
    """
    with transaction.atomic():
        contact_id = reply.contact_id
        if contact_id is None:
            made = upsert_contact(workspace_id=reply.workspace_id, msisdn=reply.msisdn, actor=actor)
            contact_id = made.id
            strangers = Reply.objects.filter(workspace_id=reply.workspace_id, contact_id=None)
            strangers.filter(msisdn=reply.msisdn).update(contact_id=contact_id)
        known = {"workspace_id": reply.workspace_id, "contact_id": contact_id}
        if not Thread.objects.filter(**known).exists():
            with cursor() as raw:
                raw.execute(sql.MAKE_THREAD, known)
        thread = Thread.objects.filter(**known).first()
        if thread is None:
            raise Conflict(_("Nothing that this person wrote waits for an answer."))
        if reply.contact_id is None:
            audit_row(thread, "thread", actor, "inbox.taken_up", after={"reply_id": reply.id})
    return thread
