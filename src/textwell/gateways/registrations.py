"""Every write to the registry of senders: what is registered where, in which state, with which papers.

It says what we were told; nothing is registered by writing it here.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.core.bus import publish_core_after_commit
from textwell.core.errors import Conflict, FieldError, NotFound
from textwell.gateways.actions import CONTROL_SUBJECT
from textwell.gateways.models import (
    RegisteredTemplate,
    Registration,
    RegistrationDocument,
    RegistrationState,
    Sender,
)
from textwell.gateways.rights import CLASSES, access_registration
from textwell.gateways.settings import Values
from textwell.gateways.values import check_country, check_sender

MAX_DOCUMENT_BYTES: Final = 5 * 1024 * 1024
MAX_DOCUMENTS: Final = 20
MAX_NOTES: Final = 10_000
_TYPES: Final = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}


@transaction.atomic
def create_registration(
    *,
    workspace_id: int,
    actor: str,
    value: str,
    kind: str,
    country: str,
    purpose: str,
    operator: str = "",
    state: str = RegistrationState.DRAFT,
    reference: str = "",
    expires_on: date | None = None,
    notes: str = "",
) -> Registration:
    """Put down how a sender is registered in a country for a class of texts.

    Raises FieldError, or Conflict where that is on file already.
    """
    made = Registration(
        workspace_id=workspace_id,
        value=check_sender(value.strip(), kind),
        kind=kind,
        country=_check_country(country),
        purpose=_check_class(purpose),
        operator=check_length("operator", operator, most=60),
        state=check_state(state),
        reference=check_length("reference", reference, most=120),
        expires_on=expires_on,
        notes=check_length("notes", notes, most=MAX_NOTES),
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise Conflict(
            _("This sender is on file there for this class and operator already.")
        ) from None
    note_change(made, actor, "registration.created", after=_facts(made))
    return made


@transaction.atomic
def change_registration(
    *,
    workspace_id: int,
    registration_id: int,
    actor: str,
    state: str | None = None,
    reference: str | None = None,
    expires_on: date | None = None,
    has_no_end: bool = False,
    notes: str | None = None,
) -> Registration:
    """Change what is given; `has_no_end` takes the last day away. Connectors hear of it at once.

    Raises FieldError, NotFound.
    """
    found = lock_registration(workspace_id, registration_id)
    before = _facts(found)
    set_standing(found, state, reference, expires_on, has_no_end=has_no_end)
    if notes is not None:
        found.notes = check_length("notes", notes, most=MAX_NOTES)
    if _facts(found) != before:
        found.save(update_fields=["state", "reference", "notes", "expires_on", "updated_at"])
        note_change(found, actor, "registration.changed", before=before, after=_facts(found))
    return found


@transaction.atomic
def delete_registration(*, workspace_id: int, registration_id: int, actor: str) -> None:
    """Forget it with its papers; the audit log keeps what it said. Raises NotFound."""
    found = lock_registration(workspace_id, registration_id)
    note_change(found, actor, "registration.deleted", before=_facts(found))
    found.delete()


@transaction.atomic
def add_document(
    *, workspace_id: int, registration_id: int, actor: str, name: str, body: bytes
) -> RegistrationDocument:
    """Keep a paper with a registration. The same one twice is kept once.

    Raises FieldError: `file`: it is empty, too large, of another kind, or there are too many.
    """
    found = lock_registration(workspace_id, registration_id)
    content_type = _check_document(body)
    digest = hashlib.sha256(body).hexdigest()
    same = found.documents.filter(sha256=digest).first()
    if same is not None:
        return same
    if found.documents.count() >= MAX_DOCUMENTS:
        mend = _("Remove one that is no longer needed.")
        raise FieldError("file", _("is one too many"), mend)
    made = RegistrationDocument.objects.create(
        registration=found,
        name=name.strip().replace("\0", "")[:120] or digest[:12],
        content_type=content_type,
        size=len(body),
        sha256=digest,
        body=body,
    )
    told = {"document": made.name, "sha256": digest, "size": made.size}
    note_change(found, actor, "registration.document_added", after=told)
    return made


@transaction.atomic
def remove_document(
    *, workspace_id: int, registration_id: int, document_id: int, actor: str
) -> None:
    """Throw a paper away; the audit log keeps its hash. Raises NotFound."""
    found = lock_registration(workspace_id, registration_id)
    document = access_document(found, document_id)
    told = {"document": document.name, "sha256": document.sha256, "size": document.size}
    note_change(found, actor, "registration.document_removed", before=told)
    document.delete()


def access_document(registration: Registration, document_id: int) -> RegistrationDocument:
    """A paper of this registration. Raises NotFound."""
    found = registration.documents.filter(id=document_id).first()
    if found is None:
        raise NotFound("document", document_id)
    return found


def lock_registration(workspace_id: int, registration_id: int) -> Registration:
    """The registration, held until the transaction ends. Raises NotFound."""
    mine = Registration.objects.filter(workspace_id=workspace_id, id=registration_id)
    mine.select_for_update().first()
    return access_registration(workspace_id, registration_id)


def set_standing(
    found: Registration | RegisteredTemplate,
    state: str | None,
    reference: str | None,
    expires_on: date | None,
    *,
    has_no_end: bool,
) -> None:
    """Change what is given of how a registry has it; nothing is saved. Raises FieldError."""
    if state is not None:
        found.state = check_state(state)
    if reference is not None:
        found.reference = check_length("reference", reference, most=120)
    if expires_on is not None or has_no_end:
        found.expires_on = expires_on


def standing_facts(found: Registration | RegisteredTemplate) -> Values:
    """How a registry has it, as the audit log keeps it."""
    end = found.expires_on
    return {
        "state": str(found.state),
        "reference": found.reference,
        "expires_on": end.isoformat() if end else None,
    }


def note_change(
    registration: Registration,
    actor: str,
    action: str,
    *,
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    """Into the audit log, and to the connectors that show the sender."""
    audit_row(registration, "registration", actor, action, before=before, after=after)
    gateways = Sender.objects.filter(
        workspace_id=registration.workspace_id, value=registration.value
    ).values_list("gateway_id", flat=True)
    for gateway_id in set(gateways):  # whoever shows it judges by this from now on
        publish_core_after_commit(CONTROL_SUBJECT, str(gateway_id).encode())


def _facts(registration: Registration) -> Values:
    return {
        "value": registration.value,
        "kind": registration.kind,
        "country": registration.country,
        "purpose": registration.purpose,
        "operator": registration.operator,
        **standing_facts(registration),
        "notes": registration.notes,
    }


def _check_country(country: str) -> str:
    if not country:
        mend = _("Say in which country it is registered, as VN.")
        raise FieldError("country", _("is missing"), mend)
    return check_country(country)


def _check_class(purpose: str) -> str:
    if purpose not in CLASSES:
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(CLASSES)}
        raise FieldError("purpose", _("is unknown."), mend)
    return purpose


def check_state(state: str) -> str:
    """Of RegistrationState. Raises FieldError."""
    if state not in RegistrationState.values:
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(RegistrationState.values)}
        raise FieldError("state", _("is unknown."), mend)
    return state


def check_length(field: str, text: str, *, most: int) -> str:
    """Without white space around it. Raises FieldError."""
    text = text.strip()
    if len(text) > most:
        mend = _("Shorten it to %(most)d characters.") % {"most": most}
        raise FieldError(field, _("is too long"), mend)
    return text


def _check_document(body: bytes) -> str:
    """What kind of file it is, by its first bytes: whoever names it may say anything."""
    if not body:
        raise FieldError("file", _("is empty"), _("Choose a file."))
    if len(body) > MAX_DOCUMENT_BYTES:
        mend = _("Keep it below %(most)d MB.") % {"most": MAX_DOCUMENT_BYTES // 1024**2}
        raise FieldError("file", _("is too large"), mend)
    for start, content_type in _TYPES.items():
        if body.startswith(start):
            return content_type
    raise FieldError("file", _("is no kind of file that is kept here"), _("Use PDF, PNG or JPEG."))
